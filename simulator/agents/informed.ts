import { callExecutor } from '../execute/calls.ts'
import { hopOf } from '../market.ts'
import { accountOf, executorOf } from './accounts.ts'
import { type Agent, alone, type PlannedTransaction, type Slot } from './agent.ts'
import { ordinaryTip } from './schedule.ts'
import { limited, listPools } from './trades.ts'

/** Professionals who see prices elsewhere, and trade here before these have caught up. */
export type InformedOptions = {
  /** Number of them; 3 unless given. */
  traders?: number
  /** Median time from the price elsewhere to the arrival of their trade, in milliseconds; 40 unless given. */
  latencyMs?: number
  /** Share of the chances that they take; 0.5 unless given. */
  share?: number
}

const MILLISECOND = 1_000
/** What a trade must leave beyond the fee, as a part of the price. */
const EDGE = 0.0008
const PIPS = 1e6
/** Of what would close the gap they trade so much. */
const SIZE = 0.6

/** Creates them. */
export function createInformed({ traders = 3, latencyMs = 40, share = 0.5 }: InformedOptions): Agent {
  return {
    plan: (slot) => listPools(slot).flatMap((pool) => planTrade(slot, pool, { traders, latencyMs, share }) ?? []),
  }
}

function planTrade(
  slot: Slot,
  pool: ReturnType<typeof listPools>[number],
  { traders, latencyMs, share }: Required<InformedOptions>,
): PlannedTransaction | null {
  const { random, market, world, startUs, endUs } = slot
  const premium = market.premium(pool)
  const edge = Math.abs(premium) - pool.feePips / PIPS - EDGE
  if (edge <= 0 || slot.isClaimed([pool.address]) || !random.chance(share)) return null
  const number = random.int(0, traders - 1)
  // Where token0 is dear here it is paid in.
  const hop = hopOf(pool, premium > 0 ? pool.token0 : pool.token1)
  const usd = (market.depthUsd(pool) * edge * SIZE) / 4
  const route = limited(world, [hop], 'EXACT_IN', market.amountOf(hop.tokenIn, usd), Math.round(edge * 1e4) + 1)
  if (route === null) return null
  const arrivalUs = startUs + Math.ceil(random.logNormal(latencyMs, 0.6)) * MILLISECOND
  return {
    ...{ ...alone, arrivalUs: Math.min(arrivalUs, endUs - 1), tipWei: ordinaryTip(random) * 2n },
    from: accountOf('informed', number),
    flow: { behaviour: 'INFORMED', family: 'elsewhere', parentId: null },
    decide: () => callExecutor(executorOf('informed', number), [route]),
  }
}
