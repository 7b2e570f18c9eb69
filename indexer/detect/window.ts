import type { Curve } from '../derive/curve.ts'
import { rulesOf } from '../derive/families/index.ts'
import type { Decimals } from '../derive/families/rules.ts'
import type { Action, BlockActions, LiquidityAction, SwapAction } from '../types/action.ts'
import type { Address, Transaction } from '../types/block.ts'
import type { LegRole, MevLeg } from '../types/mev.ts'
import type { Pool, PoolState } from '../types/pool.ts'
import { describeTransaction, type WindowTransaction } from './actors.ts'
import type { DetectContext } from './context.ts'
import type { Leg } from './legs.ts'

/** An action of a pool. */
export type PoolAction = SwapAction | LiquidityAction

/** The last blocks, as the detectors look at them at the end of the last one. It goes on with the next block, so nobody keeps it. */
export type Window = {
  /** Ascending; the last one is the block that came last. */
  blocks: readonly BlockActions[]
  /** What ends from this block on is judged: mostly the last one alone. */
  judgedFrom: number
  /** The block that no later window has; below all blocks where the window has not its full length yet. */
  leavingBlock: number
  /** All actions by pool, in order. */
  byPool: ReadonlyMap<Address, readonly PoolAction[]>
  /** What each transaction did to a pool, by pool, in order. */
  legs: ReadonlyMap<Address, readonly Leg[]>
  /** The changes of ranges by pool. */
  ranges: ReadonlyMap<Address, readonly LiquidityAction[]>
  /** All transactions in order. */
  transactions: readonly WindowTransaction[]
  /** The same by what their actions have in common. */
  byTransaction: ReadonlyMap<Transaction, WindowTransaction>
  /** The same by what they can be known by, in order: sender, contract called, holder. */
  bySender: ReadonlyMap<Address, readonly WindowTransaction[]>
  byContract: ReadonlyMap<Address, readonly WindowTransaction[]>
  byHolder: ReadonlyMap<Address, readonly WindowTransaction[]>
  /** Curves before actions by `order`, where they do not come from the states; only in windows that never were. */
  curves: ReadonlyMap<number, Curve | null> | null
}

/** A window that goes on from block to block. */
export type RollingWindow = {
  /** Takes in the next block, and drops the oldest where there are more than `length` before it. */
  push(actions: BlockActions): Window
}

type Content = {
  byPool: Map<Address, PoolAction[]>
  legs: Map<Address, Leg[]>
  ranges: Map<Address, LiquidityAction[]>
  transactions: WindowTransaction[]
  byTransaction: Map<Transaction, WindowTransaction>
  bySender: Map<Address, WindowTransaction[]>
  byContract: Map<Address, WindowTransaction[]>
  byHolder: Map<Address, WindowTransaction[]>
}

function createContent(): Content {
  return {
    ...{ byPool: new Map(), legs: new Map(), ranges: new Map(), transactions: [], byTransaction: new Map() },
    ...{ bySender: new Map(), byContract: new Map(), byHolder: new Map() },
  }
}

/**
 * Begins a window of consecutive blocks; `length` is how many it has before the last one when it is full. Who is public is looked up
 * when a block comes: what becomes known later changes nothing about it.
 */
export function createRollingWindow(length: number, context: Pick<DetectContext, 'isPublic'>): RollingWindow {
  const blocks: BlockActions[] = []
  const content = createContent()
  return {
    push: (actions) => {
      blocks.push(actions)
      if (blocks.length > length + 1) dropBlock(content, blocks.shift()!.block.number)
      addActions(content, actions.actions.filter(isOfPool), context)
      const { number } = actions.block
      return { ...content, blocks, judgedFrom: number, leavingBlock: number - length, curves: null }
    },
  }
}

/** A window over some blocks at once. */
export function createWindow(
  blocks: readonly BlockActions[],
  length: number,
  context: Pick<DetectContext, 'isPublic'>,
): Window {
  const rolling = createRollingWindow(length, context)
  return blocks.map((block) => rolling.push(block)).at(-1)!
}

/** The same blocks with other actions on other curves, all of them judged. */
export function otherWindow(
  window: Window,
  actions: readonly PoolAction[],
  curves: ReadonlyMap<number, Curve | null>,
  context: Pick<DetectContext, 'isPublic'>,
): Window {
  const content = createContent()
  addActions(content, actions, context)
  return { ...window, ...content, judgedFrom: window.blocks[0]!.block.number, curves }
}

function isOfPool(action: Action): action is PoolAction {
  return action.kind !== 'liquidation'
}

/** Adds actions that come after all others; those of one transaction stand next to each other. */
function addActions(content: Content, actions: readonly PoolAction[], context: Pick<DetectContext, 'isPublic'>): void {
  const { byPool, legs, ranges, transactions, byTransaction } = content
  let its: PoolAction[] = []
  for (const [index, action] of actions.entries()) {
    append(byPool, action.pool.address, action)
    if (action.kind === 'liquidity' && action.event.kind !== 'collect' && action.event.range !== null) {
      append(ranges, action.pool.address, action)
    }
    its.push(action)
    if (actions[index + 1]?.transaction === action.transaction) continue
    const transaction = describeTransaction(its, context)
    transactions.push(transaction)
    byTransaction.set(action.transaction, transaction)
    forMarks(content, transaction, (list, mark) => append(list, mark, transaction))
    for (const leg of transaction.legs) append(legs, leg.swaps[0]!.pool.address, leg)
    its = []
  }
}

type Marked = Map<Address, WindowTransaction[]>

/** Goes through what a transaction can be known by, and where it is listed so. */
function forMarks(
  { bySender, byContract, byHolder }: Content,
  { from, contract, holders }: WindowTransaction,
  visit: (list: Marked, mark: Address) => void,
): void {
  visit(bySender, from)
  if (contract !== null) visit(byContract, contract)
  for (const holder of holders) visit(byHolder, holder)
}

function append<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [item])
  else list.push(item)
}

/** Takes the oldest block out again. */
function dropBlock(content: Content, blockNumber: number): void {
  const { byPool, legs, ranges, transactions, byTransaction } = content
  const isNewer = ({ block }: PoolAction) => block.number > blockNumber
  const isLater = (transaction: WindowTransaction) => transaction.blockNumber > blockNumber
  const pools = new Set<Address>()
  for (const dropped of dropBefore(transactions, isLater)) {
    byTransaction.delete(dropped.transaction)
    forMarks(content, dropped, (list, mark) => dropFrom(list, mark, isLater))
    for (const { pool } of dropped.actions) pools.add(pool.address)
  }
  for (const pool of pools) {
    dropFrom(byPool, pool, isNewer)
    dropFrom(ranges, pool, isNewer)
    dropFrom(legs, pool, ({ transaction }) => isLater(transaction))
  }
}

function dropFrom<Key, Item>(lists: Map<Key, Item[]>, key: Key, isKept: (item: Item) => boolean): void {
  const list = lists.get(key)
  if (list === undefined) return
  dropBefore(list, isKept)
  if (list.length === 0) lists.delete(key)
}

function dropBefore<Item>(items: Item[], isKept: (item: Item) => boolean): Item[] {
  const first = items.findIndex(isKept)
  return items.splice(0, first < 0 ? items.length : first)
}

/** The transactions whose first action lies from one order to another, both included. */
export function sliceTransactions({ transactions }: Window, from: number, to: number): readonly WindowTransaction[] {
  return sliceBetween(transactions, ({ actions }) => actions[0]!.order, from - 1, to + 1)
}

/** The transactions that are judged, in order. */
export function judgedTransactions({ transactions, judgedFrom }: Window): readonly WindowTransaction[] {
  let first = transactions.length
  while (first > 0 && transactions[first - 1]!.blockNumber >= judgedFrom) first--
  return transactions.slice(first)
}

/** True for a transaction that something joins to another one of the window. */
export function isRepeated(
  { bySender, byContract, byHolder }: Window,
  { from, contract, holders }: WindowTransaction,
): boolean {
  if (bySender.get(from)!.length > 1) return true
  if (contract !== null && byContract.get(contract)!.length > 1) return true
  for (const holder of holders) if (byHolder.get(holder)!.length > 1) return true
  return false
}

/** The transactions of the window that something joins to one, itself among them, by what joins them. */
export function listJoined(
  { bySender, byContract, byHolder }: Window,
  { from, contract, holders }: WindowTransaction,
): (readonly WindowTransaction[])[] {
  const joined = [bySender.get(from)!]
  if (contract !== null) joined.push(byContract.get(contract)!)
  for (const holder of holders) joined.push(byHolder.get(holder)!)
  return joined
}

/** The curve of a pool right before one of its actions in the window; null when not known. */
export function curveBefore(window: Window, action: PoolAction, decimals: Decimals): Curve | null {
  if (window.curves !== null) return window.curves.get(action.order) ?? null
  const state = stateBefore(window, action)
  return state === null ? null : rulesOf(action.pool.family).curve(action.pool, state, decimals, action.block.timestamp)
}

function stateBefore({ ranges }: Window, { before, pool, order }: PoolAction): PoolState | null {
  if (before?.kind !== 'ticks' || before.ticks === null) return before
  const later = (ranges.get(pool.address) ?? []).filter((change) => change.order >= order)
  if (later.length === 0) return before
  // The map is that of the pool at the end of the window: what came since the action is taken out again.
  const ticks = new Map(before.ticks)
  for (const { event } of later) {
    const { tickLower, tickUpper, liquidity } = event.range!
    addNet(ticks, tickLower, -liquidity, -liquidity)
    addNet(ticks, tickUpper, -liquidity, liquidity)
  }
  return { ...before, ticks }
}

/** Adds liquidity to a tick of a map; a tick without any is dropped. */
export function addNet(
  ticks: Map<number, { gross: bigint; net: bigint }>,
  tick: number,
  gross: bigint,
  net: bigint,
): void {
  const known = ticks.get(tick) ?? { gross: 0n, net: 0n }
  const after = { gross: known.gross + gross, net: known.net + net }
  if (after.gross === 0n) ticks.delete(tick)
  else ticks.set(tick, after)
}

/** Token at a position of a pool. */
export function tokenAt(pool: Pool, position: number): Address {
  return pool.tokens[position]!
}

/** Of a list in order, the part whose `order` lies between two others. */
export function sliceBetween<Item>(
  items: readonly Item[],
  orderOf: (item: Item) => number,
  from: number,
  to: number,
): readonly Item[] {
  const countUpTo = (order: number): number => {
    let [low, high] = [0, items.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (orderOf(items[middle]!) <= order) low = middle + 1
      else high = middle
    }
    return low
  }
  return items.slice(countUpTo(from), countUpTo(to - 1))
}

/** An action as a leg of a bundle. */
export function toLeg(role: LegRole, { block, transaction, event, pool }: PoolAction): MevLeg {
  return {
    ...{ role, blockNumber: block.number, transactionIndex: transaction.transactionIndex },
    ...{ transactionHash: transaction.hash, logIndex: event.logIndex, pool: pool.address },
  }
}
