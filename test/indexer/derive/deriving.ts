import { findProfile } from '../../../contracts/chains/index.ts'
import { factory } from '../../../contracts/chains/profile.ts'
import { decodeBlock } from '../../../indexer/decode/index.ts'
import { deriveRows } from '../../../indexer/derive/index.ts'
import { listClaims } from '../../../indexer/derive/pools.ts'
import { createPriceBook } from '../../../indexer/derive/prices/book.ts'
import { createChainState } from '../../../indexer/derive/state.ts'
import type { Address, Log } from '../../../indexer/types/block.ts'
import type { ChainState, FoundPool, TicksState, Token } from '../../../indexer/types/pool.ts'
import type { StepRows } from '../../../indexer/types/rows.ts'
import { address, encodeLog, hash, makeBundle } from '../../support/logs.ts'

/** A pair, a pool with ticks, a contract that is neither, a trader. */
export const PAIR = address(0xa2)
export const TICKED = address(0xa3)
export const STRANGER = address(0xa9)
export const TRADER = address(0x51)
/** A price of one. */
export const PRICE = 2n ** 96n
/** Factories of the profile. */
export const FACTORY_V2 = address(0xf2)
export const FACTORY_V3 = address(0xf3)
/** The tokens of both pools. */
export const tokens = { token0: address(0x01), token1: address(0x02) }
/** A chain whose profile names a factory of each family. */
export const profile = {
  ...findProfile(99_999),
  factories: [
    factory(FACTORY_V2, 'good-swap', 'uniswap-v2', 3000, null),
    factory(FACTORY_V3, 'good-ticks', 'uniswap-v3', null, null),
  ],
}

/** Logs, by what they tell. */
export const createPair = encodeLog('v2PairCreated', FACTORY_V2, { ...tokens, pair: PAIR, index: 1n })
export const createTicked = encodeLog('v3PoolCreated', FACTORY_V3, {
  ...tokens,
  fee: 500,
  tickSpacing: 10,
  pool: TICKED,
})
export const sync = (reserve0: bigint, reserve1: bigint, pool = PAIR) =>
  encodeLog('v2Sync', pool, { reserve0, reserve1 })
export const swap = (amount0In: bigint, pool = PAIR) =>
  encodeLog('v2Swap', pool, { sender: TRADER, to: TRADER, amount0In, amount1In: 0n, amount0Out: 0n, amount1Out: 1n })
export const initialize = encodeLog('v3Initialize', TICKED, { sqrtPriceX96: PRICE, tick: 0 })
export const position = { sender: TRADER, owner: TRADER, recipient: TRADER, tickLower: -60, tickUpper: 60 }
export const change = (name: 'v3Mint' | 'v3Burn' | 'v3Collect', amount: bigint) =>
  encodeLog(name, TICKED, { ...position, amount, amount0: 1n, amount1: 2n })
export const tickedSwap = (tick: number, liquidity: bigint) =>
  encodeLog('v3Swap', TICKED, {
    sender: TRADER,
    recipient: TRADER,
    amount0: 1n,
    amount1: -1n,
    sqrtPriceX96: PRICE + 1n,
    liquidity,
    tick,
  })
/** The log in another transaction. */
export const inTransaction = (log: Log, transactionIndex: number): Log => ({
  ...log,
  transactionIndex,
  transactionHash: hash(transactionIndex),
})

/** What the chain answers about an address, besides what is in `answers`; and the tokens it then brings. */
type Said = { answers?: Record<Address, FoundPool>; tokens?: Token[] }
/** Derives the blocks 10, 11, …, each given as its logs, as one range. */
export const derive = (
  blocks: readonly Log[][],
  state: ChainState,
  { answers = {}, tokens = [] }: Said = {},
): StepRows => {
  const decoded = blocks.map((logs, offset) => decodeBlock(makeBundle(10 + offset, logs)))
  const claims = listClaims(decoded, state, profile)
  const found = claims.flatMap((claim) => {
    const answer = answers[claim.address]
    return answer === undefined ? [] : [[claim, answer] as const]
  })
  const prices = createPriceBook(profile, state)
  const knowledge = { claims, answers: new Map(found), tokens, liquidations: new Map(), profile, prices }
  return deriveRows(decoded, state, knowledge)
}
/** A state that knows PAIR and TICKED. */
export const known = (): ChainState => {
  const state = createChainState()
  derive([[createPair, createTicked]], state)
  return state
}
/** What TICKED answers, with the state before its first event or without. */
export const foundPool = (snapshot: TicksState | null): FoundPool => ({
  family: 'uniswap-v3',
  tokens: [tokens.token0, tokens.token1],
  factory: null,
  stable: null,
  isDenied: false,
  feePips: 500,
  tickSpacing: 10,
  snapshot,
})
export const snapshot = (): TicksState => ({
  kind: 'ticks',
  sqrtPriceX96: PRICE,
  tick: 0,
  liquidity: 5n,
  feePips: 500,
  extra: null,
  doubts: 0,
  ticks: new Map([
    [-120, { gross: 5n, net: 5n }],
    [120, { gross: 5n, net: -5n }],
  ]),
})
