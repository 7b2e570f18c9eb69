import type { Address } from '../../../indexer/types/block.ts'
import type { Call } from '../../execute/call.ts'
import { callExecutor, callRouter } from '../../execute/calls.ts'
import type { Execution } from '../../execute/index.ts'
import type { Hop, Route } from '../../pools/world.ts'
import { accountOf, executorOf } from '../accounts.ts'
import type { Agent, Moment, PlannedTransaction, Slot } from '../agent.ts'
import { endOf, placesFor } from '../schedule.ts'
import { layOut, type Scheme, type SchemeName, schemesFor } from './schemes.ts'
import { bestFront, reversed } from './size.ts'
import { pickWay } from './targets.ts'
import { pickVictims, type Victim } from './victims.ts'

/** Attackers who trade before and after others. */
export type SandwichOptions = {
  /** Mean number of attacks begun in a block; 0.2 unless given. */
  attacksPerBlock?: number
  /** Ways to attack; all that the ordering allows unless given. */
  schemes?: readonly SchemeName[]
  /** Number of attackers; 12 unless given. */
  attackers?: number
  /** Share of the attacks that use a public router instead of the attacker's contract; 0.2 unless given. */
  routerShare?: number
}

/** Creates them. */
export function createSandwichers(options: SandwichOptions): Agent {
  const { attacksPerBlock = 0.2 } = options
  return {
    plan: (slot) =>
      Array.from({ length: slot.random.poisson(attacksPerBlock) }, () => planAttack(slot, options)).flat(),
  }
}

/** What the legs of one attack share. */
type Attack = {
  scheme: Scheme
  hops: readonly Hop[]
  victims: readonly Victim[]
  executor: Address | null
  /** Payment of all fronts; null before the first, or when it does not pay. */
  payment: bigint | null
  /** Not yet paid by fronts, and what they have paid and got. */
  unpaid: bigint
  paid: bigint
  got: bigint
  backsLeft: number
  /** Where the attacker sells first, the same amount may be bought back exactly. */
  isBoughtBack: boolean
}

function planAttack(slot: Slot, { schemes, attackers = 12, routerShare = 0.2 }: SandwichOptions): PlannedTransaction[] {
  const { random } = slot
  const scheme = layOut(random.pick(schemes ?? schemesFor(slot.ordering)), random)
  const hops = pickWay(slot, scheme)
  const pools = hops?.map(({ pool }) => pool)
  if (hops === null || pools === undefined || !slot.claim(pools, endOf(slot, scheme.spread))) return []
  const roles = [...scheme.legs]
  const count = roles.filter((role) => role === 'V').length
  const victims = pickVictims(slot, scheme, hops, count)
  if (victims.length < count) return []
  const attacker = random.int(0, attackers - 1)
  const senders = [accountOf('sandwicher', attacker), accountOf('sandwicher', attacker + attackers)] as const
  const executor = !scheme.isSplit && random.chance(routerShare) ? null : executorOf('sandwicher', attacker)
  const group = slot.newGroup({
    ...{ kind: 'SANDWICH', decoy: null, variants: scheme.variants, pools, size: roles.length },
    accounts: [senders[0], ...(scheme.isSplit ? [senders[1]] : []), ...(executor === null ? [] : [executor])],
  })
  const attack: Attack = {
    ...{ scheme, hops, victims, executor, payment: null, unpaid: 0n, paid: 0n, got: 0n },
    backsLeft: roles.filter((role) => role === 'B').length,
    isBoughtBack: scheme.isSellFirst && random.chance(0.5),
  }
  const places = placesFor(slot, roles.length, scheme.spread)
  const waiting = [...victims]
  return roles.map((role, index): PlannedTransaction => {
    const same = { ...places[index]!, group }
    if (role === 'V') {
      const { from, call } = waiting.shift()!
      return { ...same, from, isFromL1: scheme.isFromL1, role: 'VICTIM', decide: () => call }
    }
    const from = senders[scheme.isSplit && role === 'B' ? 1 : 0]
    const own = { ...same, from, isFromL1: false }
    if (role === 'B') return { ...own, role: 'BACK', decide: (moment) => decideBack(attack, from, moment) }
    const onExecuted = (execution: Execution) => note(attack, execution)
    return { ...own, role: 'FRONT', decide: (moment) => decideFront(slot, attack, from, moment), onExecuted }
  })
}

function decideFront({ market }: Slot, attack: Attack, from: Address, moment: Moment): Call | null {
  const { hops, victims, scheme } = attack
  const isFirst = attack.payment === null
  if (isFirst) {
    const depth = market.depthUsd(moment.world.get(hops[0]!.pool)!)
    const least = market.amountOf(hops[0]!.tokenIn, depth / 20_000)
    attack.payment = bestFront(moment.world, { hops, victims: victims.map(({ call }) => call), least })
    if (attack.payment === null) return null
    attack.unpaid = attack.payment
  }
  if (attack.unpaid === 0n) return null
  // The first of several fronts pays somewhat more than half.
  const isSplit = isFirst && scheme.legs.replaceAll(/[^F]/g, '').length > 1
  const amount = isSplit ? (attack.unpaid * 55n) / 100n : attack.unpaid
  attack.unpaid -= amount
  return toCall(attack, from, { hops, mode: 'EXACT_IN', amount, limit: null }, moment)
}

function note(attack: Attack, { swaps }: Execution): void {
  for (const steps of swaps) {
    attack.paid += steps[0]!.amountIn
    attack.got += steps.at(-1)!.amountOut
  }
}

const PARTS = 10_000

function decideBack(attack: Attack, from: Address, moment: Moment): Call | null {
  const { scheme, hops, backsLeft, isBoughtBack } = attack
  const held = isBoughtBack ? attack.paid : attack.got
  attack.backsLeft--
  if (held === 0n) return null
  const closed = (held * BigInt(Math.round(scheme.closedPart * PARTS))) / BigInt(PARTS)
  const amount = backsLeft > 1 ? (closed * 52n) / 100n : closed
  if (isBoughtBack) attack.paid -= amount
  else attack.got -= amount
  const mode = isBoughtBack ? 'EXACT_OUT' : 'EXACT_IN'
  return toCall(attack, from, { hops: reversed(hops), mode, amount, limit: null }, moment)
}

function toCall({ executor }: Attack, from: Address, route: Route, { world, timestamp }: Moment): Call {
  return executor === null ? callRouter(world, from, route, timestamp) : callExecutor(executor, [route])
}
