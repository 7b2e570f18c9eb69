import { assetOf } from '../derive/assets.ts'
import type { BlockActions, SwapAction } from '../types/action.ts'
import type { Address, Block } from '../types/block.ts'
import type { Clock } from '../types/clock.ts'
import type { FlowIntent, Route } from '../types/flow.ts'
import type { SwapIntent } from '../types/intent.ts'
import type { PoolState } from '../types/pool.ts'
import type { SwapRow } from '../types/rows.ts'
import type { PairOf } from './pairs.ts'

/** One block as this stage reads it. */
export type FlowBlock = {
  block: Block
  clock: Clock
  actions: BlockActions
  /** The rows of its swaps, in the order of the swaps among `actions`. */
  swaps: readonly SwapRow[]
  /** Unix microseconds by transaction index, where the node tells. */
  receivedAt: ReadonlyMap<number, number>
}

/** What intents need to know of a chain. */
export type IntentContext = {
  wrappedNative: Address | null
  pairOf: PairOf
  routeOf(to: Address | null, from: Address): Route
}

/** A swap with its row. */
type Swap = { action: SwapAction; row: SwapRow }

/**
 * What each transaction of a block traded on balance, in their order: over all its swaps the assets given and got are summed up,
 * and what is less than a thousandth of the largest in dollars is left out as dust. Transactions none of whose swaps has a direction are missing.
 */
export function listIntents(block: FlowBlock, context: IntentContext): { intent: FlowIntent; swaps: Swap[] }[] {
  const byTransaction = new Map<number, Swap[]>()
  let index = 0
  for (const action of block.actions.actions) {
    if (action.kind !== 'swap') continue
    const swap = { action, row: block.swaps[index++]! }
    const its = byTransaction.get(action.transaction.transactionIndex)
    if (its === undefined) byTransaction.set(action.transaction.transactionIndex, [swap])
    else its.push(swap)
  }
  return [...byTransaction.values()].flatMap((swaps) => {
    const intent = toIntent(block, swaps, context)
    return intent === null ? [] : [{ intent, swaps }]
  })
}

/** Change of what a trader holds of an asset. */
type Change = { amount: bigint; usd: number | null }

// Objects of the busy paths are written out: spreading parts into them costs more than all the rest.
function toIntent(
  { block, clock, actions, receivedAt }: FlowBlock,
  swaps: Swap[],
  context: IntentContext,
): FlowIntent | null {
  const { transaction } = swaps[0]!.action
  const { transactionIndex, from, to } = transaction
  const changes = listChanges(swaps, context.wrappedNative)
  if (changes.size === 0) return null
  const { given, got, others } = sortChanges(changes)
  const receivedUs = clock === 'sequencer' ? (receivedAt.get(transactionIndex) ?? null) : null
  const pair = given === null || got === null ? null : context.pairOf(given[0], got[0])
  const asked = actions.intents.get(transactionIndex) ?? null
  return {
    blockNumber: block.number,
    transactionIndex,
    transactionHash: transaction.hash,
    timestamp: block.timestamp,
    timeUs: receivedUs ?? block.timestamp * MICROSECONDS,
    clock: receivedUs === null && clock === 'sequencer' ? 'block' : clock,
    trader: from,
    contract: to,
    route: context.routeOf(to, from),
    tokenIn: given === null ? null : given[0],
    tokenOut: got === null ? null : got[0],
    amountIn: given === null ? null : given[1],
    amountOut: got === null ? null : got[1],
    otherTokens: others,
    pair,
    side: pair === null ? null : got![0] === pair.base ? 'BUY' : 'SELL',
    valueUsd: dollarsOf(swaps),
    relativeSize: largestPart(swaps),
    slippageBps: asked === null ? null : slippageOf(asked, given, got),
    pools: countPools(swaps),
  }
}

function countPools(swaps: readonly Swap[]): number {
  return swaps.length === 1 ? 1 : new Set(swaps.map(({ action }) => action.pool.address)).size
}

const MICROSECONDS = 1_000_000

function listChanges(swaps: readonly Swap[], wrappedNative: Address | null): Map<Address, Change> {
  const changes = new Map<Address, Change>()
  const add = (token: Address, amount: bigint, usd: number | null) => {
    const asset = assetOf(token, wrappedNative)
    const known = changes.get(asset)
    if (known === undefined) changes.set(asset, { amount, usd })
    else {
      known.amount += amount
      known.usd = known.usd === null || usd === null ? null : known.usd + usd
    }
  }
  for (const { action, row } of swaps) {
    if (action.trade === null) continue
    const { tokens } = action.pool
    const { value } = row.usd
    add(tokens[action.trade.tokenIn]!, -action.trade.amountIn, value === null ? null : -value)
    add(tokens[action.trade.tokenOut]!, action.trade.amountOut, value)
  }
  return changes
}

/** Of what a trader gave, and of what they got, the largest in dollars, or the only one. */
function sortChanges(changes: ReadonlyMap<Address, Change>) {
  let [given, got]: [Largest, Largest] = [null, null]
  let [others, largestUsd] = [0, 0]
  for (const { usd } of changes.values()) if (usd !== null && Math.abs(usd) > largestUsd) largestUsd = Math.abs(usd)
  for (const [asset, { amount, usd }] of changes) {
    // What comes back to within a thousandth is the rest of a hop, not a trade.
    if (amount === 0n || (usd !== null && Math.abs(usd) < largestUsd * DUST)) continue
    const size = Math.abs(usd ?? 0)
    const rival = amount < 0n ? given : got
    if (rival !== null) others++
    if (rival !== null && rival[2] >= size) continue
    if (amount < 0n) given = [asset, -amount, size]
    else got = [asset, amount, size]
  }
  return { given, got, others }
}

type Largest = readonly [Address, bigint, number] | null

const DUST = 0.001

/** The dollars of the trade: half of what all its hops moved would count hops, so it is the largest that one asset saw. */
function dollarsOf(swaps: readonly Swap[]): number | null {
  if (swaps.length === 1) return swaps[0]!.action.trade === null ? null : swaps[0]!.row.usd.value
  const byToken = new Map<Address, number>()
  for (const { action, row } of swaps) {
    if (action.trade === null || row.usd.value === null) continue
    const token = action.pool.tokens[action.trade.tokenIn]!
    byToken.set(token, (byToken.get(token) ?? 0) + row.usd.value)
  }
  return byToken.size === 0 ? null : Math.max(...byToken.values())
}

function largestPart(swaps: readonly Swap[]): number | null {
  let largest: number | null = null
  for (const { action } of swaps) {
    if (action.trade === null || action.before === null) continue
    const depth = depthOf(action.before, action.trade.tokenIn, action.feePips ?? 0)
    if (depth === null) continue
    const part = Number(action.trade.amountIn) / depth
    if (Number.isFinite(part) && (largest === null || part > largest)) largest = part
  }
  return largest
}

/** What moves a price by 1 % takes this part of the reserve paid in, before fees. */
const MOVED = Math.sqrt(1.01) - 1
const PIPS = 1e6
const Q96 = 2 ** 96

/**
 * Amount paid in that moves the price of a pool by 1 %, as if all of its liquidity were that at the current price: exact for a constant
 * product, near for ticks; null for other curves, and for an empty pool.
 */
export function depthOf(state: PoolState, tokenIn: number, feePips: number): number | null {
  const reserve = reserveOf(state, tokenIn)
  return reserve === null || reserve === 0 || tokenIn > 1 ? null : (reserve * MOVED) / (1 - feePips / PIPS)
}

function reserveOf(state: PoolState, tokenIn: number): number | null {
  if (state.kind === 'inner') return null
  if (state.kind === 'ticks') {
    const root = Number(state.sqrtPriceX96) / Q96
    return tokenIn === 0 ? Number(state.liquidity) / root : Number(state.liquidity) * root
  }
  const { reserve0, reserve1 } = state.virtual ?? state
  return Number(tokenIn === 0 ? reserve0 : reserve1)
}

const BPS = 10_000

/** By how much the outcome was better than the limit: what the calldata allowed to lose, as far as that is left to see. */
function slippageOf(asked: SwapIntent, given: Largest, got: Largest): number | null {
  if (given === null || got === null) return null
  const exact = asked.kind === 'EXACT_IN'
  const [limit, outcome] = exact ? [asked.amountOut, got[1]] : [asked.amountIn, given[1]]
  if (limit === null || limit <= 0n || outcome <= 0n) return null
  const bps = exact ? (1 - Number(limit) / Number(outcome)) * BPS : (Number(limit) / Number(outcome) - 1) * BPS
  // A limit of next to nothing is none.
  return Number.isFinite(bps) && bps >= 0 ? Math.min(bps, BPS) : null
}
