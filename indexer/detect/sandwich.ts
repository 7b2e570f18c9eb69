import type { LiquidityAction } from '../types/action.ts'
import type { Address } from '../types/block.ts'
import type { MevFinding, MevLeg, MevVictim } from '../types/mev.ts'
import type { Quality } from '../types/pool.ts'
import { groupByActor, identify, searcherOf, type WindowTransaction } from './actors.ts'
import type { DetectContext } from './context.ts'
import { replayWithout, worse } from './counterfactual/index.ts'
import { flowsOfTransaction, listAmounts, sumFlows } from './flows.ts'
import { tradesOtherwise } from './habits.ts'
import { isSame, type Leg } from './legs.ts'
import { isLosing } from './profit.ts'
import { judgeRecord } from './records.ts'
import { findTrips, type Part } from './trips.ts'
import { judgeProvider, judgeVictim, usedSlippage } from './victims.ts'
import {
  isRepeated,
  judgedTransactions,
  type PoolAction,
  sliceBetween,
  sliceTransactions,
  toLeg,
  type Window,
} from './window.ts'

/**
 * Sandwiches whose last leg is in the last block of the window. One actor trades in a pool in one direction (front legs), others
 * after him in the same direction (victims), and then he trades back (back legs), in other transactions than the front; over
 * these transactions, with everything they did in any pool, an asset that the front brought or gave comes back to at most 5 % of it,
 * and he gives no more than one other. The legs are the fewest that close, counted back from the last. Several pools with the same
 * transactions in front and back are one sandwich.
 *
 * An actor is a sender, or contracts that hold what they trade (`actors.ts`). A victim is a transaction of nobody of the
 * actor's that swaps in the direction of the front, or adds or removes liquidity at the price that the
 * front has moved. What it lost is told by doing everything again without the actor's transactions (`counterfactual/`); where nobody has lost
 * anything, it is none.
 */
export function detectSandwiches(window: Window, context: DetectContext): MevFinding[] {
  const parts = listPools(window).map((pool) => findParts(pool, window, context))
  return mergeParts(parts.flat()).flatMap((part) => {
    const finding = judge(part, window, context)
    return finding === null ? [] : [finding]
  })
}

/** The pools in which a trip of somebody with several transactions there may end or be given up, in order of their first action. */
function listPools(window: Window): Address[] {
  const { transactions, leavingBlock, byPool } = window
  const pools = new Set<Address>()
  const add = (transaction: WindowTransaction) => {
    if (!isRepeated(window, transaction)) return
    for (const { swaps } of transaction.legs) {
      const { address } = swaps[0]!.pool
      if (pools.has(address)) continue
      const isJoined = ({ transaction: other }: Leg) => other !== transaction && identify(other, transaction) !== null
      if (window.legs.get(address)!.some(isJoined)) pools.add(address)
    }
  }
  for (const transaction of judgedTransactions(window)) add(transaction)
  for (const transaction of transactions) {
    if (transaction.blockNumber > leavingBlock) break
    add(transaction)
  }
  const orderOf = (pool: Address) => byPool.get(pool)![0]!.order
  return [...pools].sort((a, b) => orderOf(a) - orderOf(b))
}

function findParts(pool: Address, window: Window, context: DetectContext): Part[] {
  const [legs, actions] = [window.legs.get(pool)!, window.byPool.get(pool)!]
  if (legs.length < 2) return []
  // What one bundle has used as a leg of its actor may still be the victim of another.
  const isUnused = ({ swaps }: Leg) => !swaps.some(({ order }) => context.isUsed(order))
  const repeated = legs.filter((leg) => isRepeated(window, leg.transaction) && isUnused(leg))
  const byTransaction = new Map(repeated.map((leg) => [leg.transaction, leg]))
  return groupByActor([...byTransaction.keys()]).flatMap((group) => {
    const [first, last] = [group[0]!.blockNumber, group.at(-1)!.blockNumber]
    if (group.length < 2 || (last < window.judgedFrom && first > window.leavingBlock)) return []
    const own = group.map((transaction) => byTransaction.get(transaction)!)
    const isOwn = new Set(group)
    const between = (first: Leg, last: Leg) => listVictims(first, last, legs, actions, isOwn, window)
    return findTrips(own, between, window, context)
  })
}

/**
 * Transactions of others after the first and before the last leg that swap in the direction of the first, or add or remove
 * liquidity where the front has moved the price to.
 */
function listVictims(
  first: Leg,
  last: Leg,
  legs: readonly Leg[],
  actions: readonly PoolAction[],
  isOwn: ReadonlySet<WindowTransaction>,
  { byTransaction }: Window,
): WindowTransaction[] {
  const [from, to] = [first.swaps[0]!.order, last.swaps[0]!.order]
  const swapping = sliceBetween(legs, ({ swaps }) => swaps[0]!.order, from, to)
    .filter((leg) => isSame(leg, first))
    .map(({ transaction }) => transaction)
  const providing = sliceBetween(actions, ({ order }) => order, from, to)
    .filter((action) => action.kind === 'liquidity' && isAtPrice(action))
    .map((action) => byTransaction.get(action.transaction)!)
  return [...new Set([...swapping, ...providing])].filter((transaction) => !isOwn.has(transaction))
}

/** Added or removed at the price of the moment: always without ranges, else where the range holds the price. */
function isAtPrice({ event: { kind, range }, before }: LiquidityAction): boolean {
  if (kind === 'collect') return false
  if (range === null) return true
  return (
    before?.kind === 'ticks' &&
    range.liquidity !== 0n &&
    range.tickLower <= before.tick &&
    before.tick < range.tickUpper
  )
}

/** Parts with the same transactions in front and back are one. */
function mergeParts(parts: readonly Part[]): Part[] {
  const merged = new Map<string, Part>()
  for (const part of parts) {
    const key = [part.fronts, part.backs]
      .map((legs) => legs.map(({ swaps }) => swaps[0]!.transaction.hash).join())
      .join('|')
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

function judge(part: Part, window: Window, context: DetectContext): MevFinding | null {
  const own = ownTransactions(part)
  const standing = standingOf(part, own, context)
  // Somebody who trades anyway and loses by it has attacked nobody.
  if (standing.facts.includes('trades-otherwise') && standing.facts.includes('gross-negative')) return null
  const left = new Set(own.map(({ transaction }) => transaction))
  const span = spanOf(own)
  const counterfactual = replayWithout(window, span, (transaction) => left.has(transaction), context.decimals)
  const hurt = part.victims
    .toSorted((a, b) => a.actions[0]!.order - b.actions[0]!.order)
    .flatMap((transaction) => {
      const victim = judgeVictim(transaction, counterfactual, context) ?? judgeProvider(transaction, part.pools)
      return victim === null ? [] : [{ transaction, victim }]
    })
  if (hurt.length === 0 || hurt.every(({ victim }) => victim.lossAmount !== null && victim.lossAmount <= 0n))
    return null
  const used = mostUsed(hurt, window)
  const bystanders = sliceTransactions(window, ...span).length - own.length - hurt.length
  const sides = describe(part, own, hurt, bystanders)
  const isApart = bystanders > 0 || own[0]!.blockNumber !== own.at(-1)!.blockNumber
  const isLimited = hurt.some(({ victim }) => victim.mode !== 'LIQUIDITY')
  const { idleTrips, closing } = part
  const { facts, otherTrades, ...rest } = standing
  return {
    ...{ kind: 'SANDWICH', ...sides, ...rest, pools: part.pools, victims: hurt.map(({ victim }) => victim) },
    facts: [...sides.facts, ...limitFacts(used, isApart && isLimited), ...facts],
    legs: listFindingLegs(part, hurt),
    evidence: {
      ...{ idleTrips, otherTrades, usedSlippage: used, positionAsset: closing.asset, positionLeft: closing.left },
      ...closing.naive,
    },
  }
}

/** From the first to the last action of transactions in order. */
function spanOf(own: readonly WindowTransaction[]): readonly [number, number] {
  return [own[0]!.actions[0]!.order, own.at(-1)!.actions.at(-1)!.order]
}

/** What the actor gained, and what is known of it besides: this time, and before. */
function standingOf({ closing, isImbalanced }: Part, own: readonly WindowTransaction[], context: DetectContext) {
  const profits = listAmounts(sumFlows(own.map((transaction) => flowsOfTransaction(transaction, context))))
  const residuals = profits.filter(({ token }) => token === closing.asset)
  const searcher = searcherOf(own)
  const record = context.recordOf(searcher)
  const hashes = own.map(({ actions }) => actions[0]!.transaction.hash)
  const otherTrades = context.countOthers(
    new Set(own.map(({ from }) => from)),
    own.map(({ blockNumber, transaction }) => ({ blockNumber, transactionHash: transaction.hash })),
  )
  const isNegative = isLosing({ profits, residuals }, isImbalanced ? closing.naive.proRataProfit : null, context)
  const facts = [
    ...(isNegative ? ['gross-negative'] : []),
    ...judgeRecord(record),
    ...(tradesOtherwise(otherTrades, record.won) ? ['trades-otherwise'] : []),
  ]
  return { searcher, profits, residuals, ownTransactions: hashes, otherTrades, facts }
}

/** The largest part of the slippage that one of the victims allowed; null when none is known. */
function mostUsed(hurt: readonly Hurt[], { blocks }: Window): number | null {
  const first = blocks[0]!.block.number
  const used = hurt.flatMap(({ transaction: { actions, blockNumber }, victim }) => {
    const intent = blocks[blockNumber - first]?.intents.get(actions[0]!.transaction.transactionIndex)
    return usedSlippage(victim, intent) ?? []
  })
  return used.length === 0 ? null : Math.max(...used)
}

/** Parts of the allowed slippage from which on a limit was all but reached, and near. */
const REACHED_PART = 0.95
const NEARED_PART = 0.5

function limitFacts(used: number | null, isApart: boolean): string[] {
  if (used === null) return isApart ? ['limit-unknown-apart'] : []
  return [used >= REACHED_PART ? 'limit-reached' : used >= NEARED_PART ? 'limit-neared' : 'limit-spared']
}

/** A victim with its transaction. */
type Hurt = { transaction: WindowTransaction; victim: MevVictim }

function ownTransactions({ fronts, backs }: Part): WindowTransaction[] {
  const own = new Set([...fronts, ...backs].map(({ transaction }) => transaction))
  return [...own].sort((a, b) => a.actions[0]!.order - b.actions[0]!.order)
}

/** Transactions that were asked for on L1, where everybody could see them before they ran: of Era, and of ZKsync OS. */
const PRIORITY_TYPES: ReadonlySet<number> = new Set([255, 127])

function describe(
  { fronts, backs, pools, idleTrips, closing: { left }, isImbalanced }: Part,
  own: readonly WindowTransaction[],
  hurt: readonly Hurt[],
  bystanders: number,
): Pick<MevFinding, 'facts' | 'variants' | 'quality'> {
  const [first, last] = [own[0]!, own.at(-1)!]
  const blocks = last.blockNumber - first.blockNumber
  const isLayered = [fronts, backs].some((legs) => new Set(legs.map(({ transaction }) => transaction)).size > 1)
  const isCrossLayer = hurt.some(({ transaction }) => PRIORITY_TYPES.has(transaction.actions[0]!.transaction.type))
  const quality = hurt.reduce<Quality>((worst, { victim }) => worse(worst, victim.quality), 'exact')
  const identity = identify(first, last) ?? 'same-contract'
  const variants = [
    ...(hurt.length > 1 ? ['multi_victim'] : []),
    ...(pools.length > 1 ? ['multi_pool'] : []),
    ...(isLayered ? ['layered'] : []),
    ...(new Set(own.map(({ from }) => from)).size > 1 ? ['split_accounts'] : []),
    ...(isImbalanced ? ['imbalanced'] : []),
    ...(blocks > 0 ? ['cross_block'] : []),
    ...(blocks === 0 && bystanders > 0 ? ['wide_block'] : []),
    ...(isCrossLayer ? ['cross_layer'] : []),
  ].sort()
  const facts = [
    `identity-${identity}`,
    isImbalanced ? 'imbalanced' : left <= 0.001 ? 'closes-exactly' : left <= 0.01 ? 'closes' : 'closes-nearly',
    blocks === 0 ? (bystanders === 0 ? 'adjacent' : 'same-block') : blocks === 1 ? 'next-block' : 'blocks-apart',
    ...(quality === 'exact' && hurt.every(({ victim }) => (victim.lossAmount ?? 0n) > 0n) ? ['losses-exact'] : []),
    ...(quality === 'unknown' ? ['losses-unknown'] : []),
    ...(idleTrips > 0 ? ['idle-trips'] : []),
    own.every(({ contract }) => contract !== null) ? 'own-contract' : 'public-router',
    ...(isCrossLayer ? ['victim-seen-on-l1'] : []),
    ...(pools.length > 1 ? ['multi-pool'] : []),
  ]
  return { facts, variants, quality }
}

function listFindingLegs({ fronts, backs }: Part, hurt: readonly Hurt[]): MevLeg[] {
  const pools = new Set([...fronts, ...backs].map(({ swaps }) => swaps[0]!.pool))
  const legs = [
    ...fronts.flatMap(({ swaps }) => swaps.map((swap) => ({ role: 'FRONT' as const, action: swap }))),
    ...backs.flatMap(({ swaps }) => swaps.map((swap) => ({ role: 'BACK' as const, action: swap }))),
    ...hurt.flatMap(({ transaction }) =>
      transaction.actions.filter(({ pool }) => pools.has(pool)).map((action) => ({ role: 'VICTIM' as const, action })),
    ),
  ]
  return legs.sort((a, b) => a.action.order - b.action.order).map(({ role, action }) => toLeg(role, action))
}
