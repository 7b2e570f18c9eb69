import type { Curve } from '../derive/curve.ts'
import { rulesOf } from '../derive/families/index.ts'
import type { Decimals } from '../derive/families/rules.ts'
import type { BlockActions, LiquidityAction, SwapAction } from '../types/action.ts'
import type { Address, Block } from '../types/block.ts'
import type { LegRole, MevLeg } from '../types/mev.ts'
import type { Pool, PoolState } from '../types/pool.ts'

/** An action of a pool with where it stands. */
export type PoolAction = (SwapAction | LiquidityAction) & { block: Block; order: number }

/** The last blocks, as the detectors look at them at the end of the last one. */
export type Window = {
  /** Ascending; the last one is the block that is judged now. */
  blocks: readonly BlockActions[]
  /** The block that no later window has; below all blocks where the window has not its full length yet. */
  leavingBlock: number
  /** All actions of pools in order, numbered by `order` without a gap. */
  actions: readonly PoolAction[]
  /** The same by pool. */
  byPool: ReadonlyMap<Address, readonly PoolAction[]>
  /** Curves before actions by `order`, where they do not come from the states; only in windows that never were. */
  curves: ReadonlyMap<number, Curve | null> | null
}

/** Makes a window of consecutive blocks; `length` is how many it has before the last one when it is full. */
export function createWindow(blocks: readonly BlockActions[], length: number): Window {
  const actions: PoolAction[] = []
  const byPool = new Map<Address, PoolAction[]>()
  for (const each of blocks) {
    for (const placed of placeActions(each, (actions.at(-1)?.order ?? -1) + 1)) {
      actions.push(placed)
      const known = byPool.get(placed.pool.address)
      if (known === undefined) byPool.set(placed.pool.address, [placed])
      else known.push(placed)
    }
  }
  return { blocks, leavingBlock: blocks.at(-1)!.block.number - length, actions, byPool, curves: null }
}

/** The actions of blocks with their numbers, which go on from window to window. */
const placedOf = new WeakMap<BlockActions, readonly PoolAction[]>()

function placeActions(actions: BlockActions, first: number): readonly PoolAction[] {
  const known = placedOf.get(actions)
  if (known !== undefined) return known
  const placed: PoolAction[] = []
  for (const action of actions.actions) {
    if (action.kind !== 'liquidation') placed.push({ ...action, block: actions.block, order: first + placed.length })
  }
  placedOf.set(actions, placed)
  return placed
}

/** The actions from one order to another, both included. */
export function sliceOrders({ actions }: Window, from: number, to: number): readonly PoolAction[] {
  const first = actions[0]?.order ?? 0
  return actions.slice(Math.max(0, from - first), to - first + 1)
}

/** The curve of a pool right before one of its actions in the window; null when not known. */
export function curveBefore(window: Window, action: PoolAction, decimals: Decimals): Curve | null {
  if (window.curves !== null) return window.curves.get(action.order) ?? null
  const state = stateBefore(window, action)
  return state === null ? null : rulesOf(action.pool.family).curve(action.pool, state, decimals, action.block.timestamp)
}

/** Key of a transaction in a window. */
export function transactionKey({ block, transaction }: PoolAction): string {
  return `${block.number} ${transaction.transactionIndex}`
}

function stateBefore({ byPool }: Window, action: PoolAction): PoolState | null {
  const { before, pool } = action
  if (before?.kind !== 'ticks' || before.ticks === null) return before
  const later = laterRanges(byPool.get(pool.address)!, action)
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

function laterRanges(actions: readonly PoolAction[], { order }: PoolAction): LiquidityAction[] {
  return actions.flatMap((action) =>
    action.kind === 'liquidity' &&
    action.order >= order &&
    action.event.kind !== 'collect' &&
    action.event.range !== null
      ? [action]
      : [],
  )
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
