import type { LiquidityAction } from '../types/action.ts'
import type { Address } from '../types/block.ts'
import type { MevFinding, MevLeg, MevVictim } from '../types/mev.ts'
import type { Quality } from '../types/pool.ts'
import { groupByActor, identify, searcherOf, type WindowTransaction } from './actors.ts'
import { type Closing, findClosing, findPartlyClosing } from './closing.ts'
import type { DetectContext } from './context.ts'
import { replayWithout, worse } from './counterfactual/index.ts'
import { type Flows, flowsOf, listAmounts, sumFlows } from './flows.ts'
import { isOpposite, isSame, type Leg, listLegs } from './legs.ts'
import { judgeProvider, judgeVictim } from './victims.ts'
import { type PoolAction, transactionKey, type Window } from './window.ts'

/**
 * Sandwiches whose last leg is in the last block of the window. One actor trades in a pool in one direction (front legs), others
 * after him in the same direction (victims), and then he trades back (back legs), in other transactions than the front; over
 * these transactions, with everything they did in any pool, an asset that the front brought or gave comes back to at most 5 % of it,
 * and he gives no more than one other. The legs are the fewest that close, counted back from the last. Several pools with the same
 * transactions in front and back are one sandwich.
 *
 * An actor is a sender, or contracts that hold what they trade (`actors.ts`). A victim is a transaction of nobody of the
 * actor's that swaps in the direction of the front, or adds or removes liquidity on one side as such a swap would. What it
 * lost is told by doing everything again without the actor's transactions (`counterfactual/`); where nobody has lost
 * anything, it is none.
 */
export function detectSandwiches(window: Window, context: DetectContext, all: Transactions): MevFinding[] {
  const lastBlock = window.blocks.at(-1)!.block.number
  const parts = [...window.byPool.values()].flatMap((actions) => {
    const [first, last] = [actions[0]!.block.number, actions.at(-1)!.block.number]
    if (last < lastBlock && first > window.leavingBlock) return []
    const unused = actions.filter(({ block, event }) => !context.isUsed(`${block.number} ${event.logIndex}`))
    return findParts(listLegs(unused, all, transactionKey), actions, window, context, all)
  })
  return mergeParts(parts).flatMap((part) => {
    const finding = judge(part, window, context, all)
    return finding === null ? [] : [finding]
  })
}

/** The transactions of a window by key. */
export type Transactions = ReadonlyMap<string, WindowTransaction>

/** A sandwich as far as one or more pools show it. */
type Part = Trip & {
  pools: Address[]
  /** Transactions in between in the direction of the front. */
  victims: WindowTransaction[]
  /** Round trips of the actor in the window without anybody in between. */
  idleTrips: number
  /** The position did not come back whole while the window lasted. */
  isImbalanced: boolean
}

function findParts(
  legs: Leg[],
  actions: readonly PoolAction[],
  window: Window,
  context: DetectContext,
  all: Transactions,
): Part[] {
  if (legs.length < 2) return []
  const byTransaction = new Map(legs.map((leg) => [leg.transaction, leg]))
  return groupByActor(legs.map(({ transaction }) => transaction)).flatMap((group) => {
    if (group.length < 2) return []
    const own = group.map((transaction) => byTransaction.get(transaction)!)
    const between = (first: Leg, last: Leg) => listVictims(first, last, legs, actions, new Set(group), all)
    return findTrips(own, between, window, context)
  })
}

type Between = (first: Leg, last: Leg) => WindowTransaction[]

/** The round trips of one actor that end in the last block and have somebody in between. */
function findTrips(own: readonly Leg[], between: Between, window: Window, context: DetectContext): Part[] {
  const lastBlock = window.blocks.at(-1)!.block.number
  const flows = new Map(own.map((leg) => [leg, flowsOf(leg.transaction.actions, context)]))
  const parts: Part[] = []
  let idleTrips = 0
  // Legs before this one belong to trips that are found already.
  let begin = 0
  for (const [index, last] of own.entries()) {
    const trip = closeTrip(own.slice(begin, index + 1), flows)
    if (trip === null) continue
    begin = index + 1
    const victims = between(trip.fronts[0]!, last)
    if (victims.length === 0) idleTrips++
    else if (last.transaction.blockNumber === lastBlock) {
      parts.push({ ...trip, pools: [last.swaps[0]!.pool.address], victims, idleTrips, isImbalanced: false })
    }
  }
  const open = own.slice(begin)
  if (open[0]?.transaction.blockNumber !== window.leavingBlock) return parts
  const trip = giveUpTrip(open, flows)
  const victims = trip === null ? [] : between(trip.fronts[0]!, trip.backs.at(-1)!)
  if (trip !== null && victims.length > 0) {
    parts.push({ ...trip, pools: [open[0].swaps[0]!.pool.address], victims, idleTrips, isImbalanced: true })
  }
  return parts
}

/** What of a position that leaves the window came back, though not nearly all; null when less than a fifth did. */
function giveUpTrip(open: readonly Leg[], flows: ReadonlyMap<Leg, Flows>): Trip | null {
  const [first] = open
  const fronts = open.filter((leg) => isSame(leg, first!))
  const backs = open.filter((leg) => isOpposite(leg, first!))
  const [front, back] = [fronts, backs].map((legs) => sumFlows(legs.map((leg) => flows.get(leg)!)))
  const closing = findPartlyClosing(front!, back!)
  return closing === null ? null : { fronts, backs, closing }
}

/** How a position came back. */
type Trip = { fronts: Leg[]; backs: Leg[]; closing: Closing }

/** The fewest legs, counted back from the last, that close a position; null when they do not. */
function closeTrip(own: readonly Leg[], flows: ReadonlyMap<Leg, Flows>): Trip | null {
  const last = own.at(-1)!
  const backs: Leg[] = [last]
  const fronts: Leg[] = []
  for (const leg of own.slice(0, -1).toReversed()) {
    if (isSame(leg, last)) backs.unshift(leg)
    else if (isOpposite(leg, last)) {
      fronts.unshift(leg)
      const [front, back] = [fronts, backs].map((legs) => sumFlows(legs.map((each) => flows.get(each)!)))
      const closing = findClosing(front!, back!)
      if (closing !== null) return { fronts, backs, closing }
    }
  }
  return null
}

/**
 * Transactions of others after the first and before the last leg that swap in the direction of the first, or add or remove
 * liquidity on one side only, which comes to the same.
 */
function listVictims(
  first: Leg,
  last: Leg,
  legs: readonly Leg[],
  actions: readonly PoolAction[],
  isOwn: ReadonlySet<WindowTransaction>,
  all: Transactions,
): WindowTransaction[] {
  const [from, to] = [first.swaps[0]!.order, last.swaps[0]!.order]
  const isBetween = ({ order }: PoolAction) => order > from && order < to
  const swapping = legs
    .filter((leg) => isBetween(leg.swaps[0]!) && isSame(leg, first))
    .map(({ transaction }) => transaction)
  const providing = actions
    .filter((action) => isBetween(action) && action.kind === 'liquidity' && isOneSided(action, first))
    .map((action) => all.get(transactionKey(action))!)
  return [...new Set([...swapping, ...providing])].filter((transaction) => !isOwn.has(transaction))
}

/** Liquidity of the token that the front paid in, or taken out in the token that it took out; ranges have sides of their own. */
function isOneSided({ event, amounts }: LiquidityAction, { tokenIn, tokenOut }: Leg): boolean {
  if (event.kind === 'collect' || event.range !== null) return false
  const changes = event.changes ?? (amounts ?? []).map((amount, token) => ({ token, amount }))
  const moved = changes.filter(({ amount }) => amount !== 0n)
  if (moved.length !== 1) return false
  const [{ token, amount }] = moved as [(typeof moved)[number]]
  return amount > 0n ? token === tokenIn : token === tokenOut
}

/** Parts with the same transactions in front and back are one. */
function mergeParts(parts: readonly Part[]): Part[] {
  const merged = new Map<string, Part>()
  for (const part of parts) {
    const key = [part.fronts, part.backs].map((legs) => legs.map(({ transaction }) => transaction.key).join()).join('|')
    const known = merged.get(key)
    if (known === undefined) merged.set(key, { ...part, victims: [...part.victims] })
    else {
      known.pools.push(...part.pools)
      known.fronts.push(...part.fronts)
      known.backs.push(...part.backs)
      known.victims.push(...part.victims.filter((victim) => !known.victims.includes(victim)))
    }
  }
  return [...merged.values()]
}

function judge(part: Part, window: Window, context: DetectContext, all: Transactions): MevFinding | null {
  const { closing } = part
  const own = ownTransactions(part)
  const keys = new Set(own.map(({ key }) => key))
  const orders = own.flatMap(({ actions }) => actions.map(({ order }) => order))
  const span = [Math.min(...orders), Math.max(...orders)] as const
  const counterfactual = replayWithout(window, span, (action) => keys.has(transactionKey(action)), context.decimals)
  const victims: MevVictim[] = part.victims
    .toSorted((a, b) => a.actions[0]!.order - b.actions[0]!.order)
    .flatMap((transaction): MevVictim[] => {
      const victim = judgeVictim(transaction, counterfactual, context) ?? judgeProvider(transaction, part.pools)
      return victim === null ? [] : [victim]
    })
  const known = victims.flatMap(({ lossAmount }) => (lossAmount === null ? [] : [lossAmount]))
  if (victims.length === 0 || (known.length === victims.length && known.every((loss) => loss <= 0n))) return null
  const quality = victims.reduce<Quality>((worst, victim) => worse(worst, victim.quality), 'exact')
  const profits = listAmounts(sumFlows(own.map(({ actions }) => flowsOf(actions, context))))
  const identity = identify(own[0]!, own.at(-1)!) ?? 'same-contract'
  const { facts, variants } = describe(part, own, victims, all, identity, quality)
  return {
    ...{ kind: 'SANDWICH', variants, facts, victims, profits, quality },
    residuals: profits.filter(({ token }) => token === part.closing.asset),
    searcher: searcherOf(own),
    pools: part.pools,
    legs: listFindingLegs(part, victims, all),
    ownTransactions: own.map(({ actions }) => actions[0]!.transaction.hash),
    evidence: {
      identity,
      idleTrips: part.idleTrips,
      positionAsset: closing.asset,
      positionLeft: closing.left,
      ...closing.naive,
    },
  }
}

function ownTransactions({ fronts, backs }: Part): WindowTransaction[] {
  const own = new Set([...fronts, ...backs].map(({ transaction }) => transaction))
  return [...own].sort((a, b) => a.actions[0]!.order - b.actions[0]!.order)
}

function describe(
  { fronts, backs, pools, idleTrips, closing, isImbalanced }: Part,
  own: readonly WindowTransaction[],
  victims: readonly MevVictim[],
  all: Transactions,
  identity: string,
  quality: Quality,
): { facts: string[]; variants: string[] } {
  const [first, last] = [own[0]!, own.at(-1)!]
  const blocks = last.blockNumber - first.blockNumber
  const fronting = new Set(fronts.map(({ transaction }) => transaction))
  const backing = new Set(backs.map(({ transaction }) => transaction))
  const between = [...all.values()].filter(
    ({ actions }) => actions[0]!.order > first.actions[0]!.order && actions[0]!.order < last.actions[0]!.order,
  )
  const bystanders = between.length - victims.length - (own.length - 2)
  const variants = [
    ...(victims.length > 1 ? ['multi_victim'] : []),
    ...(pools.length > 1 ? ['multi_pool'] : []),
    ...(fronting.size > 1 || backing.size > 1 ? ['layered'] : []),
    ...(new Set(own.map(({ from }) => from)).size > 1 ? ['split_accounts'] : []),
    ...(isImbalanced ? ['imbalanced'] : []),
    ...(blocks > 0 ? ['cross_block'] : []),
    ...(blocks === 0 && bystanders > 0 ? ['wide_block'] : []),
    ...(victims.some(({ transactionHash }) => isPriority(all, transactionHash)) ? ['cross_layer'] : []),
  ].sort()
  const facts = [
    `identity-${identity}`,
    isImbalanced
      ? 'imbalanced'
      : closing.left <= 0.001
        ? 'closes-exactly'
        : closing.left <= 0.01
          ? 'closes'
          : 'closes-nearly',
    blocks === 0 ? (bystanders === 0 ? 'adjacent' : 'same-block') : blocks === 1 ? 'next-block' : 'blocks-apart',
    ...(quality === 'exact' && victims.every(({ lossAmount }) => (lossAmount ?? 0n) > 0n) ? ['losses-exact'] : []),
    ...(quality === 'unknown' ? ['losses-unknown'] : []),
    ...(idleTrips > 0 ? ['idle-trips'] : []),
    ...(variants.includes('cross_layer') ? ['victim-seen-on-l1'] : []),
  ]
  return { facts, variants }
}

const PRIORITY_TYPES: ReadonlySet<number> = new Set([255, 127])

function isPriority(all: Transactions, hash: string): boolean {
  for (const { actions } of all.values()) {
    const { transaction } = actions[0]!
    if (transaction.hash === hash) return PRIORITY_TYPES.has(transaction.type)
  }
  return false
}

function listFindingLegs({ fronts, backs }: Part, victims: readonly MevVictim[], all: Transactions): MevLeg[] {
  const legs: (MevLeg & { order: number })[] = []
  const add = (role: MevLeg['role'], { block, transaction, event, pool, order }: PoolAction) =>
    legs.push({
      ...{ role, blockNumber: block.number, transactionIndex: transaction.transactionIndex },
      ...{ transactionHash: transaction.hash, logIndex: event.logIndex, pool: pool.address, order },
    })
  for (const { swaps } of fronts) for (const swap of swaps) add('FRONT', swap)
  for (const { swaps } of backs) for (const swap of swaps) add('BACK', swap)
  const hashes = new Set(victims.map(({ transactionHash }) => transactionHash))
  const pools = new Set([...fronts, ...backs].map(({ swaps }) => swaps[0]!.pool.address))
  for (const { actions } of all.values()) {
    if (!hashes.has(actions[0]!.transaction.hash)) continue
    for (const action of actions) if (pools.has(action.pool.address)) add('VICTIM', action)
  }
  return legs.sort((a, b) => a.order - b.order).map(({ order: _, ...leg }) => leg)
}
