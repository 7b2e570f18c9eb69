import { toFeePips } from '../../../contracts/families.ts'
import type { FeeEvent, ReservesEvent } from '../../types/event.ts'
import type { Pool, PoolState, ReservesState } from '../../types/pool.ts'
import type { Curve } from '../curve.ts'
import { doubtsAfter, replayTrade, type Trade } from '../replay.ts'
import { type Applied, changed, type Decimals, type FamilyRules, type Moment, unchanged } from './rules.ts'

/** What makes one family of pools with two stated reserves different from another. */
export type ReservesFamily = {
  /** `before`: Sync comes before Swap (Uniswap V2, Solidly). `after`: it comes after it (SyncSwap). */
  sync: 'before' | 'after'
  /** True where all that is paid in stays in the reserves, so that they tell what they were before the swap. */
  keepsFees: boolean
  /** True where the caller names the output and the pool checks that it is not too much. */
  callerNames: boolean
  /** Null when the curve needs something that is not known, such as a fee. */
  curve: (pool: Pool, state: ReservesState, decimals: Decimals) => Curve | null
  /** The fee in pips that a trade shows; null when it shows none. */
  inferFee: (pool: Pool, before: ReservesState, after: ReservesState, trade: Trade, decimals: Decimals) => number | null
}

/** Equal replays that a fee needs which is inferred, not told. */
const DOUBTS_OF_INFERRED_FEE = 2

/** Rules of pools that state their two reserves in an event of their own. */
export function reservesRules(family: ReservesFamily): FamilyRules {
  return {
    // A pool that was seen from its creation on begins empty, and may be given a fee before its first reserves.
    begin: (pool) => (pool.stateOrigin === 'creation' ? emptyState(pool) : null),
    curve: (pool, state, decimals) => (state.kind === 'reserves' ? family.curve(pool, state, decimals) : null),
    apply: (pool, state, event, moment) => {
      const known = state?.kind === 'reserves' ? state : null
      if (event.kind === 'reserves') return changed(withReserves(pool, known, event))
      if (event.kind === 'fee') return known === null ? unchanged(state) : changed(withFees(pool, known, event))
      if (event.kind !== 'swap') return unchanged(state)
      const told = toFeePips(pool.family, event.fee)
      if (known === null || moment.trade === null) return unchanged(state, told)
      return replaySwap(family, pool, known, moment, told)
    },
  }
}

function emptyState({ feePips }: Pool): ReservesState {
  const reserves = { reserve0: 0n, reserve1: 0n, virtual: null }
  return { kind: 'reserves', ...reserves, fee0Pips: feePips, fee1Pips: feePips, doubts: 0 }
}

function withReserves(pool: Pool, before: ReservesState | null, event: ReservesEvent): ReservesState {
  const { reserve0, reserve1, virtual } = event
  const fee0Pips = before === null ? pool.feePips : before.fee0Pips
  const fee1Pips = before === null ? pool.feePips : before.fee1Pips
  return { kind: 'reserves', reserve0, reserve1, virtual, fee0Pips, fee1Pips, doubts: before?.doubts ?? 0 }
}

function withFees(pool: Pool, state: ReservesState, event: FeeEvent): ReservesState {
  return { ...state, fee0Pips: toFeePips(pool.family, event.fee0), fee1Pips: toFeePips(pool.family, event.fee1) }
}

function replaySwap(
  family: ReservesFamily,
  pool: Pool,
  state: ReservesState,
  moment: Moment,
  toldFeePips: number | null,
): Applied {
  const trade = moment.trade!
  const before = stateBefore(family, state, moment)
  const side = trade.tokenIn === 0 ? 'fee0Pips' : 'fee1Pips'
  if (before === null) return { ...unchanged(state, toldFeePips ?? state[side]), before }
  const told = toldFeePips === null ? before : { ...before, [side]: toldFeePips }
  const curve = family.curve(pool, told, moment.decimals)
  const gap = curve === null ? null : (replayTrade(curve, trade)?.gap ?? null)
  const inferred = toldFeePips === null && gap !== 0n ? inferFee(family, pool, before, state, moment) : null
  if (inferred === null || inferred === state[side]) {
    const doubts = doubtsAfter(state.doubts, gap, family.callerNames)
    const feePips = toldFeePips ?? state[side]
    return doubts === state.doubts
      ? { ...unchanged(state, feePips), replayGap: gap, before: told }
      : { ...changed({ ...state, doubts }, gap, feePips), before: told }
  }
  // One fee is told for both sides until they are seen to differ.
  const fees = state.fee0Pips === state.fee1Pips ? { fee0Pips: inferred, fee1Pips: inferred } : { [side]: inferred }
  const doubts = gap === null ? DOUBTS_OF_INFERRED_FEE : doubtsAfter(state.doubts, gap, false)
  return { ...changed({ ...state, ...fees, doubts }, gap, inferred), before: { ...told, ...fees } }
}

/** Only where nobody has told the fee of the pool. */
function inferFee(family: ReservesFamily, pool: Pool, before: ReservesState, after: ReservesState, moment: Moment) {
  return pool.feePips === null ? family.inferFee(pool, before, after, moment.trade!, moment.decimals) : null
}

function stateBefore(family: ReservesFamily, state: ReservesState, { before, trade }: Moment): ReservesState | null {
  if (family.sync === 'after') return state
  // Fees may have been set between; the reserves are what the swap began with.
  if (isReserves(before) && before.reserve0 > 0n)
    return { ...before, fee0Pips: state.fee0Pips, fee1Pips: state.fee1Pips }
  return family.keepsFees ? rewound(state, trade!) : null
}

function rewound(state: ReservesState, { tokenIn, amountIn, amountOut }: Trade): ReservesState {
  const [change0, change1] = tokenIn === 0 ? [amountIn, -amountOut] : [-amountOut, amountIn]
  return { ...state, reserve0: state.reserve0 - change0, reserve1: state.reserve1 - change1 }
}

/** The reserves of a state with tokenIn first. */
export function oriented({ reserve0, reserve1 }: ReservesState, trade: Trade): readonly [bigint, bigint] {
  return trade.tokenIn === 0 ? [reserve0, reserve1] : [reserve1, reserve0]
}

/** Narrowing for callers that hold any state. */
export function isReserves(state: PoolState | null | undefined): state is ReservesState {
  return state?.kind === 'reserves'
}
