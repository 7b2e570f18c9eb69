import type { Address } from '../address.ts'
import { type DevnetPool, devnetPools, type PoolName } from './pools.ts'
import type { RpcLog, ViewBlock } from './proxy/block.ts'
import { sqrtPriceToPrice } from './ticks.ts'
import { amountOfUsd, type TokenName } from './tokens.ts'
import type { Hex } from './types.ts'

/** State of a pool after the last block an agent has seen. */
export type PoolState = {
  pool: DevnetPool
  reserve0: bigint
  reserve1: bigint
  sqrtPriceX96: bigint
  liquidity: bigint
  tick: number
}

/** A V3 position held through the position manager. */
export type HeldPosition = {
  tokenId: bigint
  owner: Address
  pool: Address
  tickLower: number
  tickUpper: number
  liquidity: bigint
}

/** What agents know: pool states and positions, read from the logs of the blocks so far. */
export type Market = {
  /** Applies the logs of the next block. */
  apply(view: ViewBlock): void
  /** State of a pool; undefined until it holds liquidity. */
  state(name: PoolName): PoolState | undefined
  /** Positions of an account, oldest first, emptied ones included. */
  positionsOf(owner: Address): HeldPosition[]
  /** LP tokens of a V2 pair that an account holds. */
  pairShares(name: PoolName, owner: Address): bigint
}

const topics = {
  sync: '0x1c411e9a96e071241c2f21f7726b17ae89e3cab4c78be50e062b03a9fffbbad1',
  initialize: '0x98636036cb66a9c19a37435efc1e90142190214e8abeb821bdba3f2990dd4c95',
  swapV3: '0xc42079f94a6350d7e6235f29174924f928cc2ac818eb64fed8004e115fbcca67',
  mintV3: '0x7a53080ba414158be7ec69b987b5fb7d07dee101fe85488f0853ae16239d0bde',
  burnV3: '0x0c396cd989a39f4459b5fa1aed6a9a8dcdbc45908acfd67e028cd568da98982c',
  increase: '0x3067048beee31b25b2f1681f88dac838c8bba36af25bfb2b7cf7473a5847e35f',
  decrease: '0x26f6a048ee9138f2c0ce266f322cb99228e8d619ae2bff30c67f8dcf9d2377b4',
  transfer: '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef',
} as const

/** Creates the market of an empty chain. */
export function createMarket(): Market {
  const states = new Map<Address, PoolState>()
  for (const pool of Object.values(devnetPools()))
    states.set(pool.address, { pool, reserve0: 0n, reserve1: 0n, sqrtPriceX96: 0n, liquidity: 0n, tick: 0 })
  const positions = new Map<bigint, HeldPosition>()
  /** The range of the last pool Mint; the position manager's own event follows it and names none. */
  let minted: Pick<HeldPosition, 'pool' | 'tickLower' | 'tickUpper'> = { pool: '0x', tickLower: 0, tickUpper: 0 }
  const shares = new Map<string, bigint>()

  function applyTransfer(log: RpcLog): void {
    const [, from = '0x', to = '0x', tokenId] = log.topics
    if (tokenId !== undefined) {
      const id = BigInt(tokenId)
      positions.set(id, { ...(positions.get(id) ?? emptyPosition(id)), owner: addressOf(to) })
    } else if (states.has(log.address)) {
      const amount = word(log.data, 0)
      move(shares, `${log.address} ${addressOf(from)}`, -amount)
      move(shares, `${log.address} ${addressOf(to)}`, amount)
    }
  }

  function applyPosition(log: RpcLog, isIncrease: boolean): void {
    const id = BigInt(log.topics[1] ?? '0x0')
    const known = positions.get(id) ?? emptyPosition(id)
    const change = word(log.data, 0)
    if (isIncrease) positions.set(id, { ...known, ...minted, liquidity: known.liquidity + change })
    else positions.set(id, { ...known, liquidity: known.liquidity - change })
  }

  function applyLog(log: RpcLog): void {
    const [topic] = log.topics
    if (topic === topics.transfer) applyTransfer(log)
    if (topic === topics.increase || topic === topics.decrease) applyPosition(log, topic === topics.increase)
    const state = states.get(log.address)
    if (!state) return
    applyPoolLog(state, log)
    if (topic === topics.mintV3) minted = { pool: log.address, ...rangeOf(log) }
  }

  const state = (name: PoolName) => {
    const found = states.get(devnetPools()[name].address)
    return found && (found.reserve0 > 0n || found.liquidity > 0n) ? found : undefined
  }
  return {
    state,
    apply: (view) => view.logs.forEach(applyLog),
    positionsOf: (owner) => [...positions.values()].filter((position) => position.owner === owner),
    pairShares: (name, owner) => shares.get(`${devnetPools()[name].address} ${owner}`) ?? 0n,
  }
}

/** Amount of a swap's output as an agent expects it, in floating point and within one V3 tick range. */
export function expectedOut(state: PoolState, tokenIn: TokenName, amountIn: bigint): bigint {
  const { reserveIn, reserveOut } = virtualReserves(state, tokenIn)
  const effective = Number(amountIn) * (1 - state.pool.feePips / 1e6)
  return BigInt(Math.floor((effective * reserveOut) / (reserveIn + effective)))
}

/** Reserves of a pair, or the V3 range's as if it were one, from the side of `tokenIn`. */
export function virtualReserves(state: PoolState, tokenIn: TokenName): { reserveIn: number; reserveOut: number } {
  const isZeroForOne = state.pool.token0 === tokenIn
  const [reserve0, reserve1] = reservesOf(state)
  return isZeroForOne ? { reserveIn: reserve0, reserveOut: reserve1 } : { reserveIn: reserve1, reserveOut: reserve0 }
}

/** Price of token0 against its starting price: 1.02 means 2 % dearer. */
export function relativePrice(state: PoolState): number {
  const [reserve0, reserve1] = reservesOf(state)
  const start = Number(amountOfUsd(state.pool.token1, 1e6)) / Number(amountOfUsd(state.pool.token0, 1e6))
  return reserve1 / reserve0 / start
}

function reservesOf(state: PoolState): [number, number] {
  if (state.pool.family === 'uniswap-v2') return [Number(state.reserve0), Number(state.reserve1)]
  const root = Math.sqrt(sqrtPriceToPrice(state.sqrtPriceX96))
  return [Number(state.liquidity) / root, Number(state.liquidity) * root]
}

function applyPoolLog(state: PoolState, log: RpcLog): void {
  switch (log.topics[0]) {
    case topics.sync:
      state.reserve0 = word(log.data, 0)
      state.reserve1 = word(log.data, 1)
      return
    case topics.initialize:
      state.sqrtPriceX96 = word(log.data, 0)
      state.tick = Number(BigInt.asIntN(24, word(log.data, 1)))
      return
    case topics.swapV3:
      state.sqrtPriceX96 = word(log.data, 2)
      state.liquidity = word(log.data, 3)
      state.tick = Number(BigInt.asIntN(24, word(log.data, 4)))
      return
    case topics.mintV3:
      // The sender stands first in the data of Mint, the amount second.
      if (isInRange(state, log)) state.liquidity += word(log.data, 1)
      return
    case topics.burnV3:
      if (isInRange(state, log)) state.liquidity -= word(log.data, 0)
  }
}

function isInRange(state: PoolState, log: RpcLog): boolean {
  const { tickLower, tickUpper } = rangeOf(log)
  return tickLower <= state.tick && state.tick < tickUpper
}

function rangeOf(log: RpcLog): { tickLower: number; tickUpper: number } {
  const tickOf = (topic: Hex | undefined) => Number(BigInt.asIntN(24, BigInt(topic ?? '0x0')))
  return { tickLower: tickOf(log.topics[2]), tickUpper: tickOf(log.topics[3]) }
}

function emptyPosition(tokenId: bigint): HeldPosition {
  return { tokenId, owner: '0x', pool: '0x', tickLower: 0, tickUpper: 0, liquidity: 0n }
}

/** Junk logs have short data; a missing word reads as zero. */
function word(data: Hex, index: number): bigint {
  const digits = data.slice(2 + index * 64, 66 + index * 64)
  return digits.length === 64 ? BigInt(`0x${digits}`) : 0n
}

function addressOf(topic: string): Address {
  return `0x${topic.slice(26)}`
}

function move(balances: Map<string, bigint>, key: string, change: bigint): void {
  balances.set(key, (balances.get(key) ?? 0n) + change)
}
