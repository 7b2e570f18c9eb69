import { existsSync, readFileSync } from 'node:fs'
import type { DetectContext } from '../../../indexer/detect/context.ts'
import { createWindow, type Window } from '../../../indexer/detect/window.ts'
import type { Action, LiquidityAction, SwapAction } from '../../../indexer/types/action.ts'
import type { Address, Block, Hex, Transaction } from '../../../indexer/types/block.ts'
import type { Pool } from '../../../indexer/types/pool.ts'

const folder = new URL('../../../../shared/fixtures/mev-inspect-js/', import.meta.url)

/** True where the decoded cases are at hand. */
export const hasDecodedCases = existsSync(folder)

type Asset = { address: Address }
type Base = {
  contract: { address: Address; protocol: { abi: string } }
  block: { number: number }
  transaction: { from: Address; hash: Hex; index: number }
  event: { logIndex: number }
}
type DecodedSwap = Base & {
  from: Address
  to: Address
  assetIn: Asset
  amountIn: string
  assetOut: Asset
  amountOut: string
  metadata: { tick?: number }
}
type DecodedLiquidity = Base & {
  assets: Asset[]
  amounts: string[]
  metadata: { tickLower?: number; tickUpper?: number }
}

/** A case: the calls with their decoded events, and what each is expected to give. */
export type DecodedCase = {
  name: string
  calls: { fn: string; args: (number | DecodedSwap[] | DecodedLiquidity[])[] }[]
  expects: { actual: { result_of_call: number; path: string[] }; toEqual: unknown }[]
}

/** The cases of one file of ../shared/fixtures/mev-inspect-js. */
export function readDecodedCases(file: string): DecodedCase[] {
  return JSON.parse(readFileSync(new URL(`${file}.json`, folder), 'utf8')) as DecodedCase[]
}

/** The decoded events of one call as a window of one block; states are not known, so nothing can be done again. */
export function toWindow(
  swaps: readonly DecodedSwap[],
  deposits: readonly DecodedLiquidity[] = [],
  withdrawals: readonly DecodedLiquidity[] = [],
): { window: Window; context: DetectContext } {
  const all: Base[] = [...swaps, ...deposits, ...withdrawals]
  const pools = new Map<Address, Pool>()
  for (const { contract } of all) {
    const of = (each: Base) => each.contract.address === contract.address
    const tokens = [
      ...swaps.filter(of).flatMap(({ assetIn, assetOut }) => [assetIn.address, assetOut.address]),
      ...[...deposits, ...withdrawals].filter(of).flatMap(({ assets }) => assets.map(({ address }) => address)),
    ]
    const { address } = contract
    // Withdrawals come with what was paid out.
    const family = contract.protocol.abi === 'UniswapV3' ? 'uniswap-v4' : 'uniswap-v2'
    pools.set(address, { address, emitter: address, family, tokens: [...new Set(tokens)].sort() } as unknown as Pool)
  }
  const actions: Action[] = [
    ...swaps.map((swap) => toSwap(swap, pools.get(swap.contract.address)!)),
    ...deposits.map((deposit) => toLiquidity(deposit, pools.get(deposit.contract.address)!, 'mint')),
    ...withdrawals.map((withdrawal) => toLiquidity(withdrawal, pools.get(withdrawal.contract.address)!, 'burn')),
  ].sort((a, b) => a.event.logIndex - b.event.logIndex)
  // Some cases mix swaps of several blocks, whose places collide.
  const hashes = [...new Set(actions.map(({ transaction }) => transaction.hash))]
  const block = { number: all[0]?.block.number ?? 0, timestamp: 0 } as Block
  const transactions = new Map(actions.map(({ transaction }) => [transaction.hash, transaction]))
  for (const [order, action] of actions.entries()) {
    action.transaction = transactions.get(action.transaction.hash)!
    action.transaction.transactionIndex = hashes.indexOf(action.transaction.hash)
    Object.assign(action, { block, order })
  }
  const context: DetectContext = {
    decimals: () => null,
    asset: (token) => token,
    isPool: (account) => pools.has(account),
    isPublic: (account) => pools.has(account),
    valueUsd: () => null,
    isUsed: () => false,
    recordOf: () => ({ won: 0, lost: 0 }),
    countOthers: () => 0,
  }
  return { window: createWindow([{ block, actions, intents: new Map(), idle: [] }], 0, context), context }
}

function placeOf({ transaction, event, contract }: Base, to: Address | null) {
  const { from, hash, index } = transaction
  return {
    transaction: { hash, transactionIndex: index, from, to, type: 2, selector: null } as Transaction,
    emitted: {
      ...{ logIndex: event.logIndex, transactionIndex: index, transactionHash: hash, emitter: contract.address },
      ...{ families: ['uniswap-v2' as const], pool: contract.address },
    },
  }
}

/** Where actions stand is told once all are known. */
const NOWHERE = { block: {} as Block, order: 0 }

/** Whoever pays a pool is taken for the contract called, which the cases do not name. */
function toSwap(swap: DecodedSwap, pool: Pool): SwapAction {
  const { transaction, emitted } = placeOf(swap, swap.from)
  const [tokenIn, tokenOut] = [swap.assetIn, swap.assetOut].map(({ address }) => pool.tokens.indexOf(address)) as [
    number,
    number,
  ]
  const trade = { tokenIn, tokenOut, amountIn: BigInt(swap.amountIn), amountOut: BigInt(swap.amountOut) }
  const { tick } = swap.metadata
  return {
    ...{ ...NOWHERE, kind: 'swap', pool, transaction, trade, before: null, feePips: null, replayGap: null },
    event: {
      ...{ ...emitted, kind: 'swap', sender: swap.from, recipient: swap.to, token0: 0, token1: 1 },
      ...{ amount0: 0n, amount1: 0n, fee: null },
      after: tick === undefined ? null : { sqrtPriceX96: 0n, tick, liquidity: 0n },
    },
  }
}

function toLiquidity(change: DecodedLiquidity, pool: Pool, kind: 'mint' | 'burn'): LiquidityAction {
  const { transaction, emitted } = placeOf(change, null)
  const sign = kind === 'mint' ? 1n : -1n
  const amountOf = (token: Address | undefined): bigint => {
    const index = change.assets.findIndex(({ address }) => address === token)
    return index < 0 ? 0n : sign * BigInt(change.amounts[index]!)
  }
  const amounts = [amountOf(pool.tokens[0]), amountOf(pool.tokens[1])] as const
  const { tickLower, tickUpper } = change.metadata
  // How much liquidity it was is not in the cases; the same is put in and taken out.
  const range =
    tickLower === undefined || tickUpper === undefined ? null : { tickLower, tickUpper, liquidity: sign * 1_000n }
  const changes = pool.tokens.map((token, position) => ({ token: position, amount: amountOf(token) }))
  return {
    ...{ ...NOWHERE, kind: 'liquidity', pool, transaction, amounts, before: null },
    event: { ...emitted, kind, owner: null, range, amount0: amounts[0], amount1: amounts[1], changes },
  }
}
