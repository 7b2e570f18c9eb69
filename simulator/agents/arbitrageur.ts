import type { Address } from '../../indexer/types/block.ts'
import { callExecutor, callInVain } from '../execute/calls.ts'
import { accountOf, executorOf } from './accounts.ts'
import type { Agent, Executed, PlannedTransaction, Slot } from './agent.ts'
import { bestPayment, type Cycle, listCyclesByPool, rateOf } from './cycles.ts'

/** Searchers who trade round two or three pools once others have moved a price. */
export type ArbitrageurOptions = {
  /** Number of searchers; 4 unless given. */
  searchers?: number
  /** Median time from seeing a trade to the arrival of the answer, in milliseconds; 15 unless given. */
  latencyMs?: number
  /** What an arbitrage has to gain, in US dollars; 0.5 unless given. */
  leastUsd?: number
  /** Share of the chances that a second searcher goes for as well; 0.35 unless given. */
  raceShare?: number
  /** Share of the chances for which the first sends the same twice; 0.15 unless given. */
  duplicateShare?: number
}

type Settings = Required<ArbitrageurOptions>

const DEFAULTS: Settings = { searchers: 4, latencyMs: 15, leastUsd: 0.5, raceShare: 0.35, duplicateShare: 0.15 }
const MILLISECOND = 1_000
/** Behind plans that follow each other by less than this, in wei per gas. */
const BEHIND_WEI = 60n
/** How often a searcher goes into a pool in which somebody else's plan is under way. */
const INTRUSION = 0.1

/** Creates them. */
export function createArbitrageurs(options: ArbitrageurOptions): Agent {
  const settings = { ...DEFAULTS, ...options }
  const busyUntilUs = new Map<Cycle, number>()
  let cycles: ReadonlyMap<Address, readonly Cycle[]> | null = null
  return {
    plan: () => [],
    react: (seen, slot) => {
      if (seen.execution.isReverted || seen.planned.role === 'ARBITRAGE') return []
      const pools = new Set(seen.execution.swaps.flat().map(({ before }) => before.address))
      if (pools.size === 0) return []
      cycles ??= listCyclesByPool([...slot.world.values()])
      const free = [...pools].flatMap((pool) => cycles!.get(pool) ?? [])
      const cycle = pickCycle(
        slot,
        free.filter((each) => (busyUntilUs.get(each) ?? 0) < seen.planned.arrivalUs),
      )
      if (cycle === null) return []
      const best = bestPayment(slot.world, cycle, slot.market)
      if (best === null || slot.market.valueOf(cycle[0]!.tokenIn, best.gain) < settings.leastUsd) return []
      if (slot.isClaimed(cycle.map(({ pool }) => pool)) && !slot.random.chance(INTRUSION)) return []
      const sent = send(slot, seen, cycle, settings)
      busyUntilUs.set(cycle, Math.max(...sent.map(({ arrivalUs }) => arrivalUs)))
      return sent
    },
  }
}

function pickCycle({ world }: Slot, cycles: readonly Cycle[]): Cycle | null {
  let best: { cycle: Cycle; rate: number } | null = null
  for (const cycle of cycles) {
    const rate = rateOf(world, cycle)
    if (rate > 1 && (best === null || rate > best.rate)) best = { cycle, rate }
  }
  return best?.cycle ?? null
}

function send(slot: Slot, seen: Executed, cycle: Cycle, settings: Settings): PlannedTransaction[] {
  const { random } = slot
  const first = random.int(0, settings.searchers - 1)
  const delays = [latency()]
  const plans = [planOne(slot, seen, cycle, first, delays[0]!, 'LOST_RACE')]
  if (random.chance(settings.raceShare) && settings.searchers > 1) {
    const rival = (first + random.int(1, settings.searchers - 1)) % settings.searchers
    plans.push(planOne(slot, seen, cycle, rival, latency(), 'LOST_RACE'))
  }
  if (random.chance(settings.duplicateShare)) {
    plans.push(planOne(slot, seen, cycle, first, delays[0]! + random.int(1, 5) * MILLISECOND, 'DUPLICATE'))
  }
  return plans

  function latency(): number {
    return Math.ceil(random.logNormal(settings.latencyMs, 0.5) + 1) * MILLISECOND
  }
}

function planOne(
  slot: Slot,
  seen: Executed,
  cycle: Cycle,
  searcher: number,
  delayUs: number,
  revertedRole: 'LOST_RACE' | 'DUPLICATE',
): PlannedTransaction {
  const from = accountOf('arbitrageur', searcher)
  const executor = executorOf('arbitrageur', searcher)
  const pools = cycle.map(({ pool }) => pool)
  const { arrivalUs, tipWei } = seen.planned
  return {
    arrivalUs: arrivalUs + delayUs,
    // Where tips decide, whoever answers first pays a little more than the next, and less than what is answered.
    tipWei: tipWei > BEHIND_WEI ? tipWei - BEHIND_WEI - BigInt(Math.floor(delayUs / MILLISECOND)) : 0n,
    ...{ from, isFromL1: false, role: 'ARBITRAGE', revertedRole },
    group: slot.newGroup({
      ...{ kind: 'ATOMIC_ARBITRAGE', decoy: null, variants: [], accounts: [from, executor], pools, size: 1 },
    }),
    decide: ({ world }) => {
      const best = bestPayment(world, cycle, slot.market)
      if (best === null) return callInVain(executor, pools)
      return callExecutor(executor, [best.route], cycle[0]!.tokenIn)
    },
  }
}
