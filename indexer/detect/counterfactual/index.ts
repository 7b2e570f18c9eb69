import type { Curve, CurveQuote } from '../../derive/curve.ts'
import type { Decimals } from '../../derive/families/rules.ts'
import type { Trade } from '../../types/action.ts'
import type { Address, Transaction } from '../../types/block.ts'
import type { SwapEvent } from '../../types/event.ts'
import type { SwapIntent } from '../../types/intent.ts'
import type { Quality } from '../../types/pool.ts'
import { curveBefore, type PoolAction, sliceTransactions, type Window } from '../window.ts'
import { afterLiquidity } from './liquidity.ts'
import { modeOf, type SwapMode } from './mode.ts'

/** What a swap would have been. */
export type Outcome = {
  mode: SwapMode
  amountIn: bigint
  amountOut: bigint
  /**
   * `exact`: all replays on the way gave what really happened. `approximate`: one was off, or the pool is known so far only.
   * `unknown`: the amounts are those that happened, for want of a state.
   */
  quality: Quality
}

/** A stretch of the chain without some of its actions. */
export type Counterfactual = {
  /** By `order`, for every swap from the first action left out to the end whose amounts may differ from what happened. */
  outcomes: ReadonlyMap<number, Outcome>
  /** The curves at the end of the pools that are others then; null where not known. */
  curves: ReadonlyMap<Address, Curve | null>
}

type Swap = PoolAction & { kind: 'swap'; trade: Trade }

/**
 * What would have happened from `from` to `to` (by `order`, both included) had the transactions that `isLeftOut` names not been:
 * their pools begin at the state before the first of them, and everything else is done again in order. An exact input keeps
 * what was paid, an exact output what came out; a swap that took over all that an earlier one of its transaction gave takes
 * over what that gives now, pool by pool, also where the pool itself was left alone.
 */
export function replayWithout(
  window: Window,
  [from, to]: readonly [number, number],
  isLeftOut: (transaction: Transaction) => boolean,
  decimals: Decimals,
): Counterfactual {
  const replay = createReplay(window, decimals)
  for (const { transaction, actions } of sliceTransactions(window, from, to)) {
    if (!isLeftOut(transaction)) redo(replay, actions)
    else for (const action of actions) if (!replay.curves.has(action.pool.address)) beginAt(replay, action)
  }
  return replay
}

/**
 * A stretch of the chain in another order: the transactions given, one after the other, from where their pools stood before the first of
 * them in the window. Tells for each action, by `order`, on which curve it came, and for each swap what it gave.
 */
export function replayReordered(
  window: Window,
  transactions: readonly (readonly PoolAction[])[],
  decimals: Decimals,
): Counterfactual & { before: ReadonlyMap<number, Curve | null> } {
  const replay = createReplay(window, decimals)
  const first = new Map<Address, PoolAction>()
  for (const action of transactions.flat()) {
    const known = first.get(action.pool.address)
    if (known === undefined || action.order < known.order) first.set(action.pool.address, action)
  }
  for (const action of first.values()) beginAt(replay, action)
  for (const actions of transactions) redo(replay, actions)
  return replay
}

function createReplay(window: Window, decimals: Decimals): Replay {
  return { window, decimals, curves: new Map(), before: new Map(), outcomes: new Map(), doubted: new Map() }
}

type Replay = {
  window: Window
  decimals: Decimals
  curves: Map<Address, Curve | null>
  /** By `order`, the curves on which actions were done again. */
  before: Map<number, Curve | null>
  outcomes: Map<number, Outcome>
  /** Pools in whose replay something was off, with what their quality is since. */
  doubted: Map<Address, Quality>
}

function beginAt({ window, decimals, curves }: Replay, action: PoolAction): void {
  curves.set(action.pool.address, curveBefore(window, action, decimals))
}

/** Does a transaction again. */
function redo(replay: Replay, actions: readonly PoolAction[]): void {
  // Nothing of it can be otherwise.
  if (!actions.some(({ pool }) => replay.curves.has(pool.address))) return
  const swaps = actions.filter((action): action is Swap => action.kind === 'swap' && action.trade !== null)
  const modes = new Map(swaps.map((swap) => [swap, modeBefore(replay, swap)]))
  // The outputs of a chain of exact outputs are settled from its end on.
  const wanted = wantedOutputs(replay, swaps, modes)
  const given: Given[] = []
  for (const action of actions) {
    const { address } = action.pool
    if (replay.curves.has(address)) replay.before.set(action.order, replay.curves.get(address)!)
    if (action.kind === 'swap' && action.trade !== null) redoSwap(replay, action as Swap, modes, wanted, given)
    else if (replay.curves.has(address)) {
      const curve = replay.curves.get(address) ?? null
      // A swap of several tokens at once is not done again.
      replay.curves.set(address, curve === null || action.kind !== 'liquidity' ? null : afterLiquidity(curve, action))
    }
  }
}

/** What an earlier swap of the transaction gave, then and now. */
type Given = { token: Address; was: bigint; is: bigint }

type Mode = { mode: SwapMode; isReplayed: boolean }

/** Of swaps as they happened; each is looked at from many windows. */
const modes = new WeakMap<SwapEvent, Mode>()

function modeBefore({ window, decimals }: Replay, swap: Swap): Mode {
  const known = window.curves === null ? modes.get(swap.event) : undefined
  if (known !== undefined) return known
  const curve = curveBefore(window, swap, decimals)
  const intent = intentOf(window, swap)
  const mode: Mode =
    curve === null
      ? { mode: intent?.kind ?? 'EXACT_IN', isReplayed: false }
      : modeOf(curve, swap.trade, intent, swap.transaction.selector)
  if (window.curves === null) modes.set(swap.event, mode)
  return mode
}

function intentOf({ blocks }: Window, { block, transaction }: PoolAction): SwapIntent | null {
  const actions = blocks[block.number - blocks[0]!.block.number]
  return actions?.intents.get(transaction.transactionIndex) ?? null
}

function wantedOutputs(replay: Replay, swaps: readonly Swap[], modes: ReadonlyMap<Swap, Mode>): Map<Swap, bigint> {
  const wanted = new Map<Swap, bigint>()
  for (const swap of swaps.toReversed()) {
    if (modes.get(swap)!.mode === 'EXACT_IN') continue
    const { pool, trade } = swap
    const next = swaps.find((other) => other.order > swap.order && takesOver(trade, pool.tokens, other))
    const amount = (next === undefined ? undefined : wanted.get(next)) ?? trade.amountOut
    // What `next` now costs is what this swap has to give.
    const cost = next === undefined ? trade.amountOut : (costOf(replay, next, amount) ?? trade.amountOut)
    wanted.set(swap, next === undefined ? trade.amountOut : cost)
  }
  return wanted
}

function takesOver({ tokenOut, amountOut }: Trade, tokens: readonly Address[], next: Swap): boolean {
  return next.trade.amountIn === amountOut && next.pool.tokens[next.trade.tokenIn] === tokens[tokenOut]
}

function costOf(replay: Replay, swap: Swap, amountOut: bigint): bigint | null {
  const { curves, window, decimals } = replay
  const curve = curves.has(swap.pool.address) ? curves.get(swap.pool.address)! : curveBefore(window, swap, decimals)
  return curve?.quoteOut(swap.trade.tokenIn, swap.trade.tokenOut, amountOut)?.amountIn ?? null
}

function redoSwap(
  replay: Replay,
  swap: Swap,
  modes: ReadonlyMap<Swap, Mode>,
  wanted: ReadonlyMap<Swap, bigint>,
  given: Given[],
): void {
  const { pool, trade } = swap
  const { mode, isReplayed } = modes.get(swap)!
  const carried = mode === 'EXACT_IN' ? carry(given, pool.tokens[trade.tokenIn]!, trade.amountIn) : null
  const amount = mode === 'EXACT_IN' ? (carried?.amount ?? trade.amountIn) : wanted.get(swap)!
  const isSame = amount === (mode === 'EXACT_IN' ? trade.amountIn : trade.amountOut)
  if (isSame && !replay.curves.has(pool.address)) {
    given.push({ token: pool.tokens[trade.tokenOut]!, was: trade.amountOut, is: trade.amountOut })
    return
  }
  if (!replay.curves.has(pool.address)) beginAt(replay, swap)
  const curve = replay.curves.get(pool.address)!
  const quote = curve === null ? null : quoteOf(curve, mode, trade, amount)
  if (!isReplayed || carried?.isShared) doubt(replay, pool.address, 'approximate')
  if (quote === null || curve === null) doubt(replay, pool.address, 'unknown')
  const outcome: Outcome = {
    mode,
    amountIn: quote?.amountIn ?? trade.amountIn,
    amountOut: quote?.amountOut ?? trade.amountOut,
    quality: replay.doubted.get(pool.address) ?? curve!.quality,
  }
  replay.outcomes.set(swap.order, outcome)
  replay.curves.set(pool.address, quote?.after ?? null)
  given.push({ token: pool.tokens[trade.tokenOut]!, was: trade.amountOut, is: outcome.amountOut })
}

function quoteOf(curve: Curve, mode: SwapMode, { tokenIn, tokenOut }: Trade, amount: bigint): CurveQuote | null {
  return mode === 'EXACT_IN' ? curve.quoteIn(tokenIn, tokenOut, amount) : curve.quoteOut(tokenIn, tokenOut, amount)
}

/** What a swap takes over from earlier ones of its transaction; shared where it took only part of what they gave. */
function carry(
  given: readonly Given[],
  token: Address,
  amountIn: bigint,
): { amount: bigint; isShared: boolean } | null {
  const changed = given.filter((each) => each.token === token && each.was !== each.is)
  if (changed.length === 0) return null
  const whole = changed.find(({ was }) => was === amountIn)
  if (whole !== undefined) return { amount: whole.is, isShared: false }
  const { was, is } = changed.at(-1)!
  return { amount: (amountIn * is) / was, isShared: true }
}

const RANK: Readonly<Record<Quality, number>> = { exact: 0, 'single-range': 1, approximate: 2, unknown: 3 }

function doubt(replay: Replay, pool: Address, quality: Quality): void {
  const known = replay.doubted.get(pool)
  if (known === undefined || RANK[known] < RANK[quality]) replay.doubted.set(pool, quality)
}

/** The worse of two qualities. */
export function worse(a: Quality, b: Quality): Quality {
  return RANK[a] >= RANK[b] ? a : b
}
