import type { BlockActions } from '../types/action.ts'
import type { Address } from '../types/block.ts'
import type { DetectContext } from './context.ts'
import { type PoolAction, transactionKey, type Window } from './window.ts'

/** A transaction of the window with its actions on pools. */
export type WindowTransaction = {
  key: string
  blockNumber: number
  actions: PoolAction[]
  /** Who sent it. */
  from: Address
  /** The contract called, if it can be somebody's own. */
  contract: Address | null
  /** Contracts that called a pool in it and got what the pool gave: they hold what is traded. Public ones excluded. */
  holders: ReadonlySet<Address>
}

/** How two transactions are known to be of one actor. */
export type Identity = 'same-sender' | 'same-holder' | 'same-contract'

/** The transactions of blocks as they were looked at when their block was the last. */
const known = new WeakMap<BlockActions, ReadonlyMap<string, WindowTransaction>>()

/**
 * The transactions of a window, by key, in order. Who is public is looked up when a block is first seen: what becomes known later
 * changes nothing about it.
 */
export function listTransactions(window: Window, context: DetectContext): Map<string, WindowTransaction> {
  if (window.curves !== null) return describeAll(window.actions, context)
  const all = new Map<string, WindowTransaction>()
  for (const block of window.blocks) {
    let its = known.get(block)
    if (its === undefined) {
      const { number } = block.block
      its = describeAll(
        window.actions.filter((action) => action.block.number === number),
        context,
      )
      known.set(block, its)
    }
    for (const [key, transaction] of its) all.set(key, transaction)
  }
  return all
}

function describeAll(actions: readonly PoolAction[], context: DetectContext): Map<string, WindowTransaction> {
  const groups = new Map<string, PoolAction[]>()
  for (const action of actions) {
    const key = transactionKey(action)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [action])
    else group.push(action)
  }
  return new Map([...groups].map(([key, its]) => [key, describe(key, its, context)]))
}

function describe(key: string, actions: PoolAction[], { isPublic }: DetectContext): WindowTransaction {
  const { transaction, block } = actions[0]!
  const { from, to } = transaction
  const callers = new Set<Address>()
  const recipients = new Set<Address>()
  for (const { kind, event } of actions) {
    if (kind !== 'swap') continue
    if (event.sender !== null) callers.add(event.sender)
    if (event.recipient !== null) recipients.add(event.recipient)
  }
  if (to !== null) callers.add(to)
  const holders = new Set(
    [...callers].filter((caller) => caller !== from && recipients.has(caller) && !isPublic(caller)),
  )
  return {
    key,
    blockNumber: block.number,
    actions,
    from,
    contract: to === null || to === from || isPublic(to) ? null : to,
    holders,
  }
}

/**
 * Whether two transactions are of one actor: the same sender; one contract that holds what it trades, in both; or, weakly, the
 * same contract called by two senders, which may as well be a router that nobody knows. Null when nothing says so.
 */
export function identify(a: WindowTransaction, b: WindowTransaction): Identity | null {
  if (a.from === b.from) return 'same-sender'
  for (const holder of a.holders) if (b.holders.has(holder)) return 'same-holder'
  return a.contract !== null && a.contract === b.contract ? 'same-contract' : null
}

/** The account that speaks for transactions of one actor: the contract that all of them call, else the sender of the first. */
export function searcherOf(transactions: readonly WindowTransaction[]): Address {
  const [first] = transactions
  const contract = first!.contract
  return contract !== null && transactions.every((each) => each.contract === contract) ? contract : first!.from
}

/** Groups of transactions, each of one actor, in order of their first; in time linear in what identifies them. */
export function groupByActor(transactions: readonly WindowTransaction[]): WindowTransaction[][] {
  const leaders = transactions.map((_, index) => index)
  const leaderOf = (index: number): number => {
    let leader = index
    while (leaders[leader] !== leader) leader = leaders[leader]!
    leaders[index] = leader
    return leader
  }
  const firstWith = new Map<string, number>()
  for (const [index, { from, contract, holders }] of transactions.entries()) {
    const marks = [`from ${from}`, ...(contract === null ? [] : [`contract ${contract}`])]
    for (const holder of holders) marks.push(`holder ${holder}`)
    for (const mark of marks) {
      const other = firstWith.get(mark)
      if (other === undefined) firstWith.set(mark, index)
      else {
        const [a, b] = [leaderOf(other), leaderOf(index)]
        leaders[Math.max(a, b)] = Math.min(a, b)
      }
    }
  }
  const groups = new Map<number, WindowTransaction[]>()
  for (const [index, transaction] of transactions.entries()) {
    const leader = leaderOf(index)
    const group = groups.get(leader)
    if (group === undefined) groups.set(leader, [transaction])
    else group.push(transaction)
  }
  return [...groups.values()]
}
