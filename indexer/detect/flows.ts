import type { Address } from '../types/block.ts'
import type { Family } from '../types/event.ts'
import type { TokenAmount } from '../types/mev.ts'
import type { WindowTransaction } from './actors.ts'
import type { DetectContext } from './context.ts'
import { type PoolAction, tokenAt } from './window.ts'

/** Signed amounts by asset: positive = the other side of the pools got it. */
export type Flows = Map<Address, bigint>

/** What the pools gave to and took from whoever made these actions, by asset. Liquidity counts with its amounts. */
export function flowsOf(actions: readonly PoolAction[], { asset }: Pick<DetectContext, 'asset'>): Flows {
  const flows: Flows = new Map()
  const add = (token: Address, amount: bigint) => {
    const key = asset(token)
    flows.set(key, (flows.get(key) ?? 0n) + amount)
  }
  for (const action of actions) {
    const { pool } = action
    if (action.kind === 'swap') {
      if (action.trade === null) continue
      const { tokenIn, tokenOut, amountIn, amountOut } = action.trade
      add(tokenAt(pool, tokenIn), -amountIn)
      add(tokenAt(pool, tokenOut), amountOut)
    } else if (action.amounts !== null && !isOwed(action)) {
      for (const position of [0, 1] as const) add(tokenAt(pool, position), -action.amounts[position])
    }
  }
  return flows
}

/** Families whose pools pay removed liquidity out in an event of its own, with the fees. */
const COLLECTING: ReadonlySet<Family> = new Set(['uniswap-v3', 'pancake-v3', 'slipstream', 'algebra', 'iziswap'])

function isOwed({ pool, event }: PoolAction & { kind: 'liquidity' }): boolean {
  return event.kind === 'burn' && COLLECTING.has(pool.family)
}

const known = new WeakMap<WindowTransaction, Flows>()

/** The flows of all actions of a transaction, reckoned once. */
export function flowsOfTransaction(transaction: WindowTransaction, context: Pick<DetectContext, 'asset'>): Flows {
  const before = known.get(transaction)
  if (before !== undefined) return before
  const flows = flowsOf(transaction.actions, context)
  known.set(transaction, flows)
  return flows
}

/** The sum of flows. */
export function sumFlows(all: readonly Flows[]): Flows {
  const sum: Flows = new Map()
  for (const flows of all) addFlows(sum, flows)
  return sum
}

/** Adds flows to a sum, in place. */
export function addFlows(sum: Flows, flows: Flows): void {
  for (const [token, amount] of flows) sum.set(token, (sum.get(token) ?? 0n) + amount)
}

/** Flows as a list, by token ascending, without zeros. */
export function listAmounts(flows: Flows): TokenAmount[] {
  return [...flows]
    .filter(([, amount]) => amount !== 0n)
    .map(([token, amount]) => ({ token, amount }))
    .sort((a, b) => (a.token < b.token ? -1 : 1))
}

/** The absolute value. */
export function magnitude(amount: bigint): bigint {
  return amount < 0n ? -amount : amount
}
