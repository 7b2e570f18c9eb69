import type { Address } from '../../indexer/types/block.ts'
import type { Executed } from '../agents/agent.ts'
import type { Call, CallAction } from '../execute/call.ts'
import { commit, type Execution, execute } from '../execute/index.ts'
import type { World } from '../pools/world.ts'

/** The transactions of the last blocks, and the pools between them. */
export type History = {
  add(executed: Executed): void
  /** Those from the first to the last of the given ones, both included, in order. */
  between(first: Executed, last: Executed): Executed[]
  /** Those before a transaction, as far back as is remembered. */
  upTo(executed: Executed): readonly Executed[]
  /** The pools as they were right before a transaction. */
  before(executed: Executed, now: World): World
  /** Forgets the blocks before a number. */
  forget(blockNumber: number): void
}

/** Transactions looked at before one. */
const LOOKED_BACK = 200

/** An empty history. */
export function createHistory(): History {
  const all: Executed[] = []
  return {
    add: (executed) => all.push(executed),
    between: (first, last) => all.slice(all.lastIndexOf(first), all.lastIndexOf(last) + 1),
    upTo: (executed) => all.slice(Math.max(0, all.lastIndexOf(executed) - LOOKED_BACK), all.lastIndexOf(executed)),
    before: (executed, now) => {
      const world: World = new Map(now)
      for (let index = all.length - 1, end = all.lastIndexOf(executed); index >= end; index--) undo(world, all[index]!)
      return world
    },
    forget: (blockNumber) => {
      const kept = all.findIndex((each) => each.blockNumber >= blockNumber)
      all.splice(0, kept < 0 ? all.length : kept)
    },
  }
}

function undo(world: World, { before }: Executed): void {
  for (const [address, pool] of before) {
    if (pool === undefined) world.delete(address)
    else world.set(address, pool)
  }
}

/** What a stretch comes to without some of its transactions. */
export type Redone = {
  /** By transaction, for all that were done again and did not revert now; those that had reverted are left out. */
  executions: ReadonlyMap<Executed, Execution>
  /** The pools at its end. */
  world: World
}

/**
 * Does a stretch again without some of its transactions, on a copy of the pools as they were before it. What each of the others
 * paid in (or wanted out) stays, hop by hop it gets what the pools now give, and no limit stops it.
 */
export function redoWithout(
  world: World,
  stretch: readonly Executed[],
  isLeftOut: (each: Executed) => boolean,
): Redone {
  const copy: World = new Map(world)
  const executions = new Map<Executed, Execution>()
  for (const each of stretch) {
    if (isLeftOut(each) || each.execution.isReverted) continue
    const execution = execute(copy, withoutLimits(each.call))
    if (execution.isReverted) continue
    commit(copy, execution)
    executions.set(each, execution)
  }
  return { executions, world: copy }
}

function withoutLimits(call: Call): Call {
  const actions = call.actions.flatMap((action): CallAction[] => {
    if (action.kind === 'require-gain') return []
    return action.kind === 'swap' ? [{ ...action, route: { ...action.route, limit: null } }] : [action]
  })
  return { ...call, actions }
}

/** All that some accounts got (positive) or gave in transactions, by token, without zeros. */
export function sumBalances(
  executed: readonly Executed[],
  accounts: ReadonlySet<Address>,
): { token: Address; amount: bigint }[] {
  const sums = new Map<Address, bigint>()
  for (const { execution } of executed) {
    for (const [key, amount] of execution.balances) {
      const [token, account] = key.split(' ') as [Address, Address]
      if (accounts.has(account)) sums.set(token, (sums.get(token) ?? 0n) + amount)
    }
  }
  return [...sums].filter(([, amount]) => amount !== 0n).map(([token, amount]) => ({ token, amount }))
}
