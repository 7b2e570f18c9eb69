import type { Address, Transaction } from '../types/block.ts'
import type { DetectContext } from './context.ts'
import { type Leg, listLegs } from './legs.ts'
import type { PoolAction } from './window.ts'

/** A transaction of the window with its actions on pools. */
export type WindowTransaction = {
  transaction: Transaction
  blockNumber: number
  /** In order, one at least. */
  actions: readonly PoolAction[]
  /** Who sent it. */
  from: Address
  /** The contract called, if it can be somebody's own. */
  contract: Address | null
  /** Contracts that called a pool in it and got what the pool gave: they hold what is traded. Public ones excluded. */
  holders: ReadonlySet<Address>
  /** What it did to each pool, as far as that has a direction. */
  legs: readonly Leg[]
}

/** How two transactions are known to be of one actor. */
export type Identity = 'same-sender' | 'same-holder' | 'same-contract'

/** A transaction by its actions, of which there is one at least. */
export function describeTransaction(
  actions: readonly PoolAction[],
  { isPublic }: Pick<DetectContext, 'isPublic'>,
): WindowTransaction {
  const [{ transaction, block }] = actions as [PoolAction]
  const { from, to } = transaction
  const contract = to === null || to === from || isPublic(to) ? null : to
  const holders = listHolders(actions, isPublic)
  const described: WindowTransaction = {
    transaction,
    blockNumber: block.number,
    actions,
    from,
    contract,
    holders,
    legs: NO_LEGS,
  }
  described.legs = listLegs(described)
  return described
}

const NO_LEGS: readonly Leg[] = []
const NOBODY: ReadonlySet<Address> = new Set()

function listHolders(actions: readonly PoolAction[], isPublic: DetectContext['isPublic']): ReadonlySet<Address> {
  const { from, to } = actions[0]!.transaction
  let senders: Set<Address> | null = null
  let holders: Set<Address> | null = null
  for (const { kind, event } of actions) {
    if (kind !== 'swap' || event.recipient === null || event.recipient === from) continue
    const { recipient } = event
    senders ??= listSenders(actions)
    if ((recipient !== to && !senders.has(recipient)) || holders?.has(recipient) || isPublic(recipient)) continue
    holders ??= new Set()
    holders.add(recipient)
  }
  return holders ?? NOBODY
}

function listSenders(actions: readonly PoolAction[]): Set<Address> {
  const senders = new Set<Address>()
  for (const { kind, event } of actions) if (kind === 'swap' && event.sender !== null) senders.add(event.sender)
  return senders
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
  const firstOf = {
    from: new Map<Address, number>(),
    contract: new Map<Address, number>(),
    holder: new Map<Address, number>(),
  }
  const join = (first: Map<Address, number>, mark: Address, index: number) => {
    const other = first.get(mark)
    if (other === undefined) {
      first.set(mark, index)
      return
    }
    const [a, b] = [leaderOf(other), leaderOf(index)]
    leaders[Math.max(a, b)] = Math.min(a, b)
  }
  for (const [index, { from, contract, holders }] of transactions.entries()) {
    join(firstOf.from, from, index)
    if (contract !== null) join(firstOf.contract, contract, index)
    for (const holder of holders) join(firstOf.holder, holder, index)
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
