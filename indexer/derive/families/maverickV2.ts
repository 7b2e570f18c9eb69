import { toFeePips } from '../../../contracts/families.ts'
import type { LiquidityEvent, SwapEvent } from '../../types/event.ts'
import type { InnerState, Pool } from '../../types/pool.ts'
import { toTokenScale } from '../amm/maverickMath.ts'
import { type MaverickV2State, maverickV2, quoteToTick } from '../amm/maverickV2.ts'
import { addShares, type MaverickV2Holdings, removeShares } from '../amm/maverickV2Bins.ts'
import { bindCurve } from '../curve.ts'
import { DOUBTS_AFTER_GAP } from '../replay.ts'
import { BINS_MAX, decimalsOf, isNear, judge, moveOf, PROOFS_WANTED, scalesOf } from './maverick.ts'
import { type Applied, changed, type Decimals, type FamilyRules, type Moment, unchanged } from './rules.ts'

/** What is known of a pool of Maverick V2; fees in parts of 1e18, the protocol's share of them in parts of 1,000. */
export type MaverickV2Inner = {
  feeA: bigint
  feeB: bigint
  protocolFee: bigint
  activeTick: number
  /** The bins that are not merged, and what the ticks hold; null when not known. */
  holdings: MaverickV2Holdings | null
}

/** The kind of bins that stay where they are. */
const STATIC = 0

/**
 * Rules of Maverick V2: shares of bins are told by their numbers, what they cost follows, and swaps are replayed as they were
 * asked for. Bins of kinds that move with the price move without a log, so that pools with such bins are only approximate,
 * and not known any more once a swap shows that they have moved.
 */
export const maverickV2Rules: FamilyRules = {
  begin: (_, creation) => {
    if (creation?.bins === undefined) return null
    return toState({ ...creation.bins, holdings: { bins: new Map(), ticks: new Map() } })
  },
  curve: (pool, state, decimals) => {
    if (state.kind !== 'inner') return null
    const inner = innerOf(state)
    const known = ammState(pool, inner, decimals)
    return known === null ? null : bindCurve(maverickV2, known, hasMovingBins(inner) ? 'approximate' : 'exact')
  },
  apply: (pool, state, event, { decimals }) => {
    if (state?.kind !== 'inner') return unchanged(state, event.kind === 'swap' ? pool.feePips : null)
    const { doubts } = state
    const inner = innerOf(state)
    if (event.kind === 'fee') return changed(toState({ ...inner, feeA: event.fee0, feeB: event.fee1 }, doubts))
    if (event.kind === 'mint' || event.kind === 'burn') return applyChange(pool, state, event, decimals)
    if (event.kind === 'swap') return applySwap(pool, state, event, decimals)
    const isShare = event.kind === 'parameters' && event.name === 'protocol-fee'
    return isShare ? changed(toState({ ...inner, protocolFee: event.values[0]! }, doubts)) : unchanged(state)
  },
}

/** A state with the doubts that there are at first. */
export function toState(inner: MaverickV2Inner, doubts = PROOFS_WANTED): InnerState {
  return { kind: 'inner', inner, doubts }
}

function innerOf({ inner }: InnerState): MaverickV2Inner {
  return inner as MaverickV2Inner
}

function ammState(pool: Pool, inner: MaverickV2Inner, decimals: Decimals): MaverickV2State | null {
  const { holdings, ...terms } = inner
  const both = decimalsOf(pool, decimals)
  if (holdings === null || both === null || pool.tickSpacing === null) return null
  return { ...terms, tickSpacing: pool.tickSpacing, decimals: both, ticks: holdings.ticks }
}

function hasMovingBins({ holdings }: MaverickV2Inner): boolean {
  return [...(holdings?.bins.values() ?? [])].some(({ kind, tickBalance }) => kind !== STATIC && tickBalance > 0n)
}

/** Shares of bins are added or removed; when the amounts told are not near those that follow, the bins are not known. */
function applyChange(pool: Pool, state: InnerState, event: LiquidityEvent, decimals: Decimals): Applied {
  const inner = innerOf(state)
  if (inner.holdings === null) return unchanged(state)
  const change = pool.tickSpacing === null ? null : changeHoldings(inner, pool.tickSpacing, event)
  if (change === null || change.holdings.bins.size > BINS_MAX) {
    return changed(toState({ ...inner, holdings: null }, state.doubts))
  }
  const isAdded = event.kind === 'mint'
  const told = [event.amount0 ?? 0n, event.amount1 ?? 0n].map((amount) => (isAdded ? amount : -amount))
  const scales = scalesOf(pool, decimals)
  const due = scales?.map((scale, token) => toTokenScale(change.amounts[token]!, scale, isAdded)) ?? told
  if (due.every((amount, token) => amount === told[token])) {
    return changed(toState({ ...inner, holdings: change.holdings }, state.doubts))
  }
  const isKnown = due.every((amount, token) => isNear(amount, told[token]!))
  return changed(toState({ ...inner, holdings: isKnown ? change.holdings : null }, DOUBTS_AFTER_GAP))
}

/** The holdings after a change, and what it moves with 18 decimals; null when it does not follow. */
function changeHoldings(inner: MaverickV2Inner, tickSpacing: number, { kind, bins }: LiquidityEvent) {
  let holdings = inner.holdings!
  const amounts: [bigint, bigint] = [0n, 0n]
  if (bins === undefined || bins.length > BINS_MAX) return null
  for (const { id, place, shares } of bins) {
    const change =
      kind === 'burn'
        ? removeShares(holdings, id, shares)
        : place === null
          ? null
          : addShares(holdings, { id, ...place }, shares, { activeTick: inner.activeTick, tickSpacing })
    if (change === null) return null
    holdings = change.after
    amounts[0] += change.amountA
    amounts[1] += change.amountB
  }
  return { holdings, amounts }
}

function applySwap(pool: Pool, state: InnerState, event: SwapEvent, decimals: Moment['decimals']): Applied {
  const inner = innerOf(state)
  const move = moveOf(event)
  const { amount, tickLimit } = event.bins ?? {}
  const feePips = toFeePips(pool.family, move?.tokenIn === 1 ? inner.feeB : inner.feeA)
  if (move === null || amount == null || tickLimit == null || inner.holdings === null) return unchanged(state, feePips)
  const before = ammState(pool, inner, decimals)
  const unknown: MaverickV2Inner = { ...inner, holdings: null }
  if (before === null) return changed(toState(unknown, state.doubts), null, feePips)
  const quote = quoteToTick(before, move.tokenIn, amount, move.isExactOutput, tickLimit)
  const verdict = judge(state.doubts, move, quote, true)
  if (!verdict.isKnown) return changed(toState(unknown, verdict.doubts), verdict.gap, feePips)
  const { activeTick, ticks } = quote!.after
  const next: MaverickV2Inner = { ...inner, activeTick, holdings: { bins: inner.holdings.bins, ticks } }
  return changed(toState(next, verdict.doubts), verdict.gap, feePips)
}
