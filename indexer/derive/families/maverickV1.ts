import { toFeePips } from '../../../contracts/families.ts'
import type { BinChange, LiquidityEvent, ParametersEvent, SwapEvent } from '../../types/event.ts'
import type { InnerState, Pool } from '../../types/pool.ts'
import { clip, toTokenScale } from '../amm/maverickMath.ts'
import { type MaverickV1Bin, type MaverickV1State, maverickV1 } from '../amm/maverickV1.ts'
import type { Quote } from '../amm/quote.ts'
import { bindCurve } from '../curve.ts'
import { DOUBTS_AFTER_GAP } from '../replay.ts'
import { BINS_MAX, type BinMove, decimalsOf, isNear, judge, moveOf, PROOFS_WANTED, scalesOf } from './maverick.ts'
import { type Applied, changed, type Decimals, type FamilyRules, type Moment, unchanged } from './rules.ts'

/** A bin was moved to another tick, or what it held was given to another bin. */
type Move = { id: number; from: number; to: number } | { id: number; into: number; reserveA: bigint; reserveB: bigint }

/** The bins that hold something by their ids; the others by the bin that took what they held. */
type Bins = { held: ReadonlyMap<number, MaverickV1Bin>; merged: ReadonlyMap<number, number> }

/** What is known of a pool of Maverick V1; fee in parts of 1e18, the protocol's share of it in parts of 1,000. */
export type MaverickV1Inner = {
  fee: bigint
  protocolFee: bigint
  activeTick: number
  /** Null when not known. */
  bins: Bins | null
  /**
   * Moves since the last swap or change of liquidity. Those that a swap makes stand in its transaction before its own log or
   * after it, which the next swap decides.
   */
  moves: readonly Move[]
}

/** Merged bins only say whose reserves a removal takes. */
const MERGED_MAX = 20_000
/** A swap moves no more bins than there are. */
const MOVES_MAX = BINS_MAX

/**
 * Rules of Maverick V1: reserves by bin follow from the changes of liquidity, from the moves and merges of bins, which are
 * told, and from replaying the swaps, which tell the tick they ended in.
 */
export const maverickV1Rules: FamilyRules = {
  begin: (_, creation) => {
    if (creation?.bins === undefined) return null
    const { feeA: fee, protocolFee, activeTick } = creation.bins
    return toState({ fee, protocolFee, activeTick, bins: { held: new Map(), merged: new Map() }, moves: [] })
  },
  curve: (pool, state, decimals) => {
    const before = state.kind === 'inner' ? settle(innerOf(state), state.doubts) : null
    const known = before === null ? null : ammState(pool, before.inner, decimals)
    // Moves that do not fit what was known raise doubts that the state does not tell yet.
    return known === null ? null : bindCurve(maverickV1, known, before!.doubts > 0 ? 'approximate' : 'exact')
  },
  apply: (pool, state, event, moment) => {
    const feePips = event.kind === 'swap' ? pool.feePips : null
    const known = state?.kind === 'inner' ? state : null
    if (event.kind === 'mint' || event.kind === 'burn') return applyChange(pool, known, event, moment.decimals)
    if (known === null) return unchanged(state, feePips)
    if (event.kind === 'swap') return applySwap(pool, known, event, moment)
    return event.kind === 'parameters' ? applyParameters(known, event) : unchanged(state, feePips)
  },
}

/** A state with the doubts that there are at first. */
export function toState(inner: MaverickV1Inner, doubts = PROOFS_WANTED): InnerState {
  return { kind: 'inner', inner, doubts }
}

function innerOf({ inner }: InnerState): MaverickV1Inner {
  return inner as MaverickV1Inner
}

function ammState(pool: Pool, inner: MaverickV1Inner, decimals: Decimals): MaverickV1State | null {
  const { fee, protocolFee, activeTick, bins } = inner
  const both = decimalsOf(pool, decimals)
  if (bins === null || both === null || pool.tickSpacing === null) return null
  return { fee, protocolFee, activeTick, tickSpacing: pool.tickSpacing, decimals: both, bins: bins.held }
}

type Known = { inner: MaverickV1Inner; doubts: number }

function unknownAt(inner: MaverickV1Inner, activeTick = inner.activeTick): MaverickV1Inner {
  return { ...inner, activeTick, bins: null, moves: [] }
}

function applyParameters({ inner, doubts }: InnerState, { name, values }: ParametersEvent): Applied {
  const known = inner as MaverickV1Inner
  const [id, second, third, fourth] = values
  if (name === 'protocol-fee') return changed(toState({ ...known, protocolFee: id! }, doubts))
  const move: Move | null =
    name === 'bin-moved'
      ? { id: Number(id), from: Number(second), to: Number(third) }
      : name === 'bin-merged'
        ? { id: Number(id), into: Number(fourth), reserveA: second!, reserveB: third! }
        : null
  if (move === null || known.bins === null) return unchanged({ kind: 'inner', inner, doubts })
  if (known.moves.length >= MOVES_MAX) return changed(toState(unknownAt(known), doubts))
  return changed(toState({ ...known, moves: [...known.moves, move] }, doubts))
}

/** The state after all moves that were told. */
function settle(inner: MaverickV1Inner, doubts: number): Known {
  if (inner.bins === null || inner.moves.length === 0) return { inner, doubts }
  const held = new Map(inner.bins.held)
  const merged = new Map(inner.bins.merged)
  let isSure = true
  for (const move of inner.moves) {
    const bin = held.get(move.id)
    if (bin === undefined) return { inner: unknownAt(inner), doubts: DOUBTS_AFTER_GAP }
    if ('to' in move) {
      isSure &&= bin.tick === move.from
      held.set(move.id, { ...bin, tick: move.to })
      continue
    }
    const root = move.into === move.id ? undefined : held.get(move.into)
    if (root === undefined) return { inner: unknownAt(inner), doubts: DOUBTS_AFTER_GAP }
    isSure &&= bin.reserveA === move.reserveA && bin.reserveB === move.reserveB
    held.delete(move.id)
    merged.set(move.id, move.into)
    const { reserveA, reserveB } = root
    held.set(move.into, { ...root, reserveA: reserveA + move.reserveA, reserveB: reserveB + move.reserveB })
  }
  if (merged.size > MERGED_MAX) return { inner: unknownAt(inner), doubts }
  return { inner: { ...inner, bins: { held, merged }, moves: [] }, doubts: isSure ? doubts : DOUBTS_AFTER_GAP }
}

function applyChange(pool: Pool, state: InnerState | null, event: LiquidityEvent, decimals: Decimals): Applied {
  const changes = event.bins ?? []
  const amounts = amountsOf(pool, event.kind === 'mint', changes, decimals)
  if (state === null) return { ...unchanged(null), amounts }
  const { inner, doubts } = settle(innerOf(state), state.doubts)
  if (inner.bins === null) return { ...unchanged(state), amounts }
  const bins = event.kind === 'mint' ? withAdded(inner.bins, changes) : withRemoved(inner.bins, changes)
  if (bins === null || bins.held.size > BINS_MAX) return { ...changed(toState(unknownAt(inner), doubts)), amounts }
  // How a removal is rounded stands in no log.
  const next = event.kind === 'burn' ? Math.max(doubts, 1) : doubts
  return { ...changed(toState({ ...inner, bins }, next)), amounts }
}

/** What the tokens move by: rounded up when added, down when removed. */
function amountsOf(pool: Pool, isAdded: boolean, changes: readonly BinChange[], decimals: Decimals) {
  const scales = scalesOf(pool, decimals)
  if (scales === null) return null
  const sum = (token: 0 | 1) => changes.reduce((total, { amounts }) => total + (amounts?.[token] ?? 0n), 0n)
  const moved = (token: 0 | 1) => toTokenScale(sum(token), scales[token], isAdded) * (isAdded ? 1n : -1n)
  return [moved(0), moved(1)] as const
}

function withAdded({ held, merged }: Bins, changes: readonly BinChange[]): Bins | null {
  const next = new Map(held)
  for (const { id, place, amounts } of changes) {
    if (place === null || amounts === null || merged.has(id)) return null
    const bin = next.get(id) ?? { ...place, reserveA: 0n, reserveB: 0n }
    if (bin.tick !== place.tick || bin.kind !== place.kind) return null
    next.set(id, { ...bin, reserveA: bin.reserveA + amounts[0], reserveB: bin.reserveB + amounts[1] })
  }
  return { held: next, merged }
}

function withRemoved({ held, merged }: Bins, changes: readonly BinChange[]): Bins | null {
  const holders = new Map<number, number>()
  const next = new Map(held)
  for (const { id, amounts, isActive } of changes) {
    const holder = holderOf(merged, id, holders)
    const bin = next.get(holder)
    if (bin === undefined || amounts === null) return null
    if (!isCovered(amounts[0], bin.reserveA) || !isCovered(amounts[1], bin.reserveB)) return null
    // The contract keeps one unit back of what it reckons.
    const [reserveA, reserveB] = [leftOf(bin.reserveA, amounts[0]), leftOf(bin.reserveB, amounts[1])]
    const isGone = (holder === id && isActive === false) || (reserveA === 0n && reserveB === 0n)
    if (isGone) next.delete(holder)
    else next.set(holder, { ...bin, reserveA, reserveB })
  }
  return { held: next, merged }
}

/** Roundings can make a bin give a little more than it is known to hold. */
function isCovered(removed: bigint, reserve: bigint): boolean {
  return removed <= reserve || isNear(removed, reserve)
}

function leftOf(reserve: bigint, removed: bigint): bigint {
  return removed === 0n ? reserve : clip(reserve, removed + 1n)
}

/** The bin that holds what a merged bin held, through all merges; `known` keeps what was found, for chains are long. */
function holderOf(merged: Bins['merged'], id: number, known: Map<number, number>): number {
  const passed: number[] = []
  let holder = id
  while (merged.has(holder) && !known.has(holder) && passed.length <= merged.size) {
    passed.push(holder)
    holder = merged.get(holder)!
  }
  const last = known.get(holder) ?? holder
  for (const each of passed) known.set(each, last)
  return last
}

function applySwap(pool: Pool, state: InnerState, event: SwapEvent, { decimals }: Moment): Applied {
  const inner = innerOf(state)
  const move = moveOf(event)
  const tickAfter = event.bins?.tickAfter ?? null
  const feePips = toFeePips(pool.family, inner.fee)
  if (move === null || tickAfter === null) return unchanged(state, feePips)
  const settled = settle(inner, state.doubts)
  const first = replay(pool, settled.inner, move, decimals, tickAfter)
  const isFirst = isEqual(first, move, tickAfter) || inner.moves.length === 0
  const second = isFirst ? null : replay(pool, { ...inner, moves: [] }, move, decimals, tickAfter)
  // The moves told before the log may be those that this swap has made.
  const isSecond = isEqual(second, move, tickAfter)
  const [quote, before] = isSecond ? [second, { inner, doubts: state.doubts }] : [first, settled]
  if (quote === null && ammState(pool, before.inner, decimals) === null) {
    return changed(toState(unknownAt(inner, tickAfter), before.doubts), null, feePips)
  }
  const verdict = judge(before.doubts, move, quote, quote?.after.activeTick === tickAfter)
  if (!verdict.isKnown) return changed(toState(unknownAt(inner, tickAfter), verdict.doubts), verdict.gap, feePips)
  const bins = { held: quote!.after.bins, merged: before.inner.bins!.merged }
  const after = { ...before.inner, activeTick: tickAfter, bins, moves: isSecond ? inner.moves : [] }
  const next = isSecond ? settle(after, verdict.doubts) : { inner: after, doubts: verdict.doubts }
  return changed(toState(next.inner, next.doubts), verdict.gap, feePips)
}

function isEqual(quote: Quote<MaverickV1State> | null, move: BinMove, tick: number): boolean {
  if (quote === null || quote.after.activeTick !== tick) return false
  return quote.amountIn === move.amountIn && quote.amountOut === move.amountOut
}

/** A swap of an exact input can pay a unit more than it was asked for. */
function replay(pool: Pool, inner: MaverickV1Inner, move: BinMove, decimals: Decimals, tick: number) {
  const state = ammState(pool, inner, decimals)
  if (state === null) return null
  const { tokenIn, amountIn, amountOut } = move
  if (move.isExactOutput) return maverickV1.quoteOut(state, tokenIn, 1 - tokenIn, amountOut)
  const quote = maverickV1.quoteIn(state, tokenIn, 1 - tokenIn, amountIn)
  if (isEqual(quote, move, tick)) return quote
  const less = maverickV1.quoteIn(state, tokenIn, 1 - tokenIn, amountIn - 1n)
  return isEqual(less, move, tick) ? less : quote
}
