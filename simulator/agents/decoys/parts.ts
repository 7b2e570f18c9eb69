import type { Address } from '../../../indexer/types/block.ts'
import type { Call } from '../../execute/call.ts'
import { callExecutor, callRouter } from '../../execute/calls.ts'
import type { Execution } from '../../execute/index.ts'
import type { Role } from '../../labels.ts'
import type { SimulatedPool } from '../../pools/types.ts'
import type { Hop, Route } from '../../pools/world.ts'
import { accountOf, executorOf } from '../accounts.ts'
import type { Group, Moment, PlannedTransaction, Slot } from '../agent.ts'
import { isVolatile } from '../sandwich/targets.ts'
import { endOf, type Place, placesFor, type Spread } from '../schedule.ts'
import { listPools } from '../trades.ts'

/** Something that looks like an attack: its transactions, which arrive in this block or later; empty when there is no room. */
export type Decoy = (slot: Slot) => PlannedTransaction[]

const PEOPLE = 3_000

/** One of the ordinary people. */
export function anybody({ random }: Slot): Address {
  return accountOf('retail', random.int(0, PEOPLE - 1))
}

/** Somebody who trades in both directions: an account with or without a contract of its own. */
export type Trader = { from: Address; executor: Address | null }

/** A trader out of a few of a kind; every second one has a contract. */
export function traderOf({ random }: Slot, kind: string, count: number): Trader {
  const index = random.int(0, count - 1)
  return { from: accountOf(kind, index), executor: index % 2 === 1 ? executorOf(kind, index) : null }
}

/** The call of a trader's swap. */
export function tradeOf({ from, executor }: Trader, route: Route, { world, timestamp }: Moment): Call {
  return executor === null ? callRouter(world, from, route, timestamp) : callExecutor(executor, [route])
}

/** A volatile pool with places for `count` transactions in order, claimed; null when it is taken. */
export function findRoom(slot: Slot, count: number): { pool: SimulatedPool; places: Place[] } | null {
  const pool = slot.random.pick(listPools(slot).filter(isVolatile))
  const spread = anySpread(slot, count)
  if (!slot.claim([pool.address], endOf(slot, spread))) return null
  return { pool, places: placesFor(slot, count, spread) }
}

/** Tight, wide, or over up to three blocks: as attacks lie. */
export function anySpread({ random, ordering }: Slot, count: number): Spread {
  if (random.chance(0.4)) return 'tight'
  if (ordering === 'tip' || random.chance(0.6)) return 'wide'
  const last = random.int(1, 3)
  const middle = Array.from({ length: count - 2 }, () => random.int(0, last)).sort((a, b) => a - b)
  return [0, ...middle, last]
}

/** A group that is a decoy of a kind; the accounts are those of who stands where an attacker would. */
export function decoyGroup(
  slot: Slot,
  decoy: string,
  pools: readonly Address[],
  size: number,
  accounts: readonly Address[],
): Group {
  return slot.newGroup({ kind: null, decoy, variants: [], accounts, pools, size })
}

/** The accounts of a trader. */
export function accountsOf({ from, executor }: Trader): Address[] {
  return executor === null ? [from] : [from, executor]
}

/** A transaction of a decoy. */
export function act(
  place: Place,
  group: Group,
  role: Role,
  from: Address,
  decide: PlannedTransaction['decide'],
  onExecuted?: (execution: Execution) => void,
): PlannedTransaction {
  const planned = { ...place, from, isFromL1: false, role, group, decide }
  return onExecuted === undefined ? planned : { ...planned, onExecuted }
}

/** The way back of a swap in one pool. */
export function backOf({ pool, tokenIn, tokenOut }: Hop): Hop {
  return { pool, tokenIn: tokenOut, tokenOut: tokenIn }
}

/** An exact input in one pool without a limit. */
export function exactIn(hop: Hop, amount: bigint): Route {
  return { hops: [hop], mode: 'EXACT_IN', amount, limit: null }
}

/** What came out of all swaps of a transaction. */
export function outputOf({ swaps }: Execution): bigint {
  return swaps.reduce((sum, steps) => sum + steps.at(-1)!.amountOut, 0n)
}
