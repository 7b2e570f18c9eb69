import type { Curve } from '../derive/curve.ts'
import { rulesOf } from '../derive/families/index.ts'
import type { Decimals } from '../derive/families/rules.ts'
import type { BlockActions, LiquidityAction, SwapAction } from '../types/action.ts'
import type { Address, Block } from '../types/block.ts'
import type { LegRole, MevLeg } from '../types/mev.ts'
import type { Pool, PoolState } from '../types/pool.ts'
import { describeTransaction, type WindowTransaction } from './actors.ts'
import type { DetectContext } from './context.ts'

/** An action of a pool with where it stands. */
export type PoolAction = (SwapAction | LiquidityAction) & { block: Block; order: number; transactionKey: string }

/** A change of liquidity in a range. */
type RangeAction = PoolAction & LiquidityAction

/** The last blocks, as the detectors look at them at the end of the last one. It goes on with the next block, so nobody keeps it. */
export type Window = {
  /** Ascending; the last one is the block that came last. */
  blocks: readonly BlockActions[]
  /** What ends from this block on is judged: mostly the last one alone. */
  judgedFrom: number
  /** The block that no later window has; below all blocks where the window has not its full length yet. */
  leavingBlock: number
  /** All actions by pool, in order; over all pools they are numbered by `order` without a gap. */
  byPool: ReadonlyMap<Address, readonly PoolAction[]>
  /** The changes of ranges among them by pool. */
  ranges: ReadonlyMap<Address, readonly RangeAction[]>
  /** All transactions in order. */
  transactions: readonly WindowTransaction[]
  /** The same by key. */
  byKey: ReadonlyMap<string, WindowTransaction>
  /** The same by what they can be known by (`WindowTransaction.marks`), in order. */
  byMark: ReadonlyMap<string, readonly WindowTransaction[]>
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
  ranges: Map<Address, RangeAction[]>
  transactions: WindowTransaction[]
  byKey: Map<string, WindowTransaction>
  byMark: Map<string, WindowTransaction[]>
}

function createContent(): Content {
  return {
    ...{ byPool: new Map(), ranges: new Map(), transactions: [], byKey: new Map(), byMark: new Map() },
  }
}

/**
 * Begins a window of consecutive blocks; `length` is how many it has before the last one when it is full. Who is public is looked up
 * when a block comes: what becomes known later changes nothing about it.
 */
export function createRollingWindow(length: number, context: Pick<DetectContext, 'isPublic'>): RollingWindow {
  const blocks: BlockActions[] = []
  const content = createContent()
  let order = 0
  return {
    push: (actions) => {
      blocks.push(actions)
      if (blocks.length > length + 1) dropBlock(content, blocks.shift()!.block.number)
      const placed = placeActions(actions, order)
      order += placed.length
      addActions(content, placed, context)
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

function placeActions({ block, actions }: BlockActions, first: number): PoolAction[] {
  const placed: PoolAction[] = []
  for (const action of actions) {
    if (action.kind === 'liquidation') continue
    const transactionKey = `${block.number} ${action.transaction.transactionIndex}`
    placed.push({ ...action, block, order: first + placed.length, transactionKey })
  }
  return placed
}

/** Adds actions that come after all others; those of one transaction stand next to each other. */
function addActions(content: Content, actions: readonly PoolAction[], context: Pick<DetectContext, 'isPublic'>): void {
  const { byPool, ranges, transactions, byKey, byMark } = content
  let its: PoolAction[] = []
  for (const [index, action] of actions.entries()) {
    append(byPool, action.pool.address, action)
    if (action.kind === 'liquidity' && action.event.kind !== 'collect' && action.event.range !== null) {
      append(ranges, action.pool.address, action)
    }
    its.push(action)
    if (actions[index + 1]?.transactionKey === action.transactionKey) continue
    const transaction = describeTransaction(its, context)
    transactions.push(transaction)
    byKey.set(transaction.key, transaction)
    for (const mark of transaction.marks) append(byMark, mark, transaction)
    its = []
  }
}

function append<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [item])
  else list.push(item)
}

/** Takes the oldest block out again. */
function dropBlock({ byPool, ranges, transactions, byKey, byMark }: Content, blockNumber: number): void {
  const isNewer = ({ block }: PoolAction) => block.number > blockNumber
  const isLater = (transaction: WindowTransaction) => transaction.blockNumber > blockNumber
  const pools = new Set<Address>()
  for (const { key, marks, actions } of dropBefore(transactions, isLater)) {
    byKey.delete(key)
    for (const mark of marks) dropFrom(byMark, mark, isLater)
    for (const { pool } of actions) pools.add(pool.address)
  }
  for (const pool of pools) {
    dropFrom(byPool, pool, isNewer)
    dropFrom(ranges, pool, isNewer)
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
export function isRepeated({ byMark }: Window, { marks }: WindowTransaction): boolean {
  return marks.some((mark) => byMark.get(mark)!.length > 1)
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
