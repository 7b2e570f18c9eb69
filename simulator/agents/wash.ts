import type { Address } from '../../indexer/types/block.ts'
import { callRouter } from '../execute/calls.ts'
import { hopOf } from '../market.ts'
import { accountOf } from './accounts.ts'
import { type Agent, alone, type PlannedTransaction, type Slot } from './agent.ts'
import { isVolatile } from './sandwich/targets.ts'
import { ordinaryTip } from './schedule.ts'
import { listPools } from './trades.ts'

/** Accounts that trade to and fro for the volume. */
export type WashOptions = {
  /** Groups of accounts, each in one pool; 2 unless given. */
  groups?: number
  /** Accounts of a group, which take turns; 1 unless given. What several do together is not seen by their own trades. */
  accounts?: number
  /** Mean seconds between the round trips of a group; 120 unless given. */
  everySeconds?: number
}

const SECOND = 1e6
/** What comes back is within the fees of what was taken; they wait this long in between, in seconds. */
const HOLD_SECONDS = [2, 20] as const
const DEPTH_PART = 0.002

type Group = { number: number; pool: Address | null; turn: number; nextUs: number }

/** Creates them. */
export function createWash({ groups = 2, accounts = 1, everySeconds = 120 }: WashOptions): Agent {
  const all = Array.from({ length: groups }, (_, number): Group => ({ number, pool: null, turn: 0, nextUs: 0 }))
  return {
    plan: (slot) =>
      all.flatMap((group) => {
        const { random } = slot
        group.pool ??= random.pick(listPools(slot).filter(isVolatile)).address
        if (group.nextUs === 0) group.nextUs = slot.startUs + Math.round(random.exponential(everySeconds) * SECOND)
        if (group.nextUs >= slot.endUs) return []
        const atUs = Math.max(group.nextUs, slot.startUs)
        group.nextUs = atUs + Math.round(random.exponential(everySeconds) * SECOND) + HOLD_SECONDS[1] * SECOND
        return planTrip(slot, group, accountOf(`wash ${group.number}`, group.turn++ % accounts), atUs)
      }),
  }
}

function planTrip(slot: Slot, { number, pool }: Group, from: Address, atUs: number): PlannedTransaction[] {
  const { random, market, world } = slot
  const its = world.get(pool!)!
  const hop = hopOf(its, its.token0)
  const amount = market.amountOf(hop.tokenIn, market.depthUsd(its) * DEPTH_PART * random.between(0.5, 1.5))
  const flow = { behaviour: 'WASH', family: 'to and fro', parentId: `wash ${number}` } as const
  let held = 0n
  return [
    {
      ...{ ...alone, arrivalUs: atUs, tipWei: ordinaryTip(random), from, flow },
      decide: ({ world: now, timestamp }) =>
        callRouter(now, from, { hops: [hop], mode: 'EXACT_IN', amount, limit: null }, timestamp),
      onExecuted: ({ swaps }) => {
        held = swaps[0]?.[0]?.amountOut ?? 0n
      },
    },
    {
      ...{ ...alone, arrivalUs: atUs + random.int(...HOLD_SECONDS) * SECOND, tipWei: ordinaryTip(random), from, flow },
      decide: ({ world: now, timestamp }) => {
        const back = { pool: hop.pool, tokenIn: hop.tokenOut, tokenOut: hop.tokenIn }
        return held === 0n
          ? null
          : callRouter(now, from, { hops: [back], mode: 'EXACT_IN', amount: held, limit: null }, timestamp)
      },
    },
  ]
}
