import type { Address } from '../../indexer/types/block.ts'
import type { Executed, Group } from '../agents/agent.ts'
import type { AttackLabel } from '../labels.ts'
import { priceOf, type World } from '../pools/world.ts'
import { type History, redoWithout, sumBalances } from './history.ts'
import { judgeVictim } from './victims.ts'

/** A group as it came to pass; not true when it hurt nobody, or gained nothing. */
export type Judged = { isTrue: boolean; label: AttackLabel }

const OWN = new Set(['FRONT', 'BACK'])

/**
 * The truth about a planned sandwich: what everybody between its first and its last leg lost by it, found by doing the stretch
 * again without them. Null when no front ran.
 * @param executed the transactions of the group that ran, in order; `world` is as it stands after the last that was planned.
 */
export function judgeSandwich(
  group: Group,
  executed: readonly Executed[],
  history: History,
  world: World,
): Judged | null {
  const own = executed.filter(({ planned, execution }) => OWN.has(planned.role ?? '') && !execution.isReverted)
  const fronts = own.filter(({ planned }) => planned.role === 'FRONT')
  const backs = own.filter(({ planned }) => planned.role === 'BACK')
  if (fronts.length === 0) return null
  const [first, last] = [fronts[0]!, own.at(-1)!]
  const stretch = history.between(first, last)
  const isOwn = new Set(own)
  const { executions, world: without } = redoWithout(history.before(first, world), stretch, (each) => isOwn.has(each))
  const steps = fronts.flatMap(({ execution }) => execution.swaps.flat())
  const attacked = new Map(steps.map(({ before, tokenIn }) => [before.address, tokenIn]))
  const compared = { attacked, withAttacker: worldAfter(last, history, world), without }
  const victims = stretch.flatMap((each) => {
    const redone = executions.get(each)
    const victim = redone === undefined ? null : judgeVictim(each, redone, compared)
    return victim === null ? [] : [victim]
  })
  const profits = sumBalances(own, new Set(group.accounts))
  const pools = [...new Set(own.flatMap(({ execution }) => execution.swaps.flat().map(({ before }) => before.address)))]
  const priority = new Set(stretch.filter(({ planned }) => planned.isFromL1).map(({ hash }) => hash))
  const blocks = last.blockNumber - first.blockNumber
  const bystanders = stretch.length - own.length - victims.length
  const variants = [
    ...group.variants,
    ...(victims.length > 1 ? ['multi_victim'] : []),
    ...(blocks > 0 ? ['cross_block'] : bystanders > 0 ? ['wide_block'] : []),
    ...(victims.some(({ transactionHash }) => priority.has(transactionHash)) ? ['cross_layer'] : []),
  ]
  const label: AttackLabel = {
    ...{ id: group.id, kind: 'SANDWICH', variants: variants.sort(), victims, pools, profits },
    ...{ firstBlock: first.blockNumber, lastBlock: last.blockNumber },
    frontHashes: fronts.map(({ hash }) => hash),
    backHashes: backs.map(({ hash }) => hash),
    triggerHashes: [],
    accounts: group.accounts,
    triggerShare: null,
  }
  const isGain = worthOf(profits, steps[0]!.tokenIn, pools, compared.withAttacker) > 0
  return { isTrue: backs.length > 0 && victims.length > 0 && isGain, label }
}

function worldAfter(last: Executed, history: History, now: World): World {
  const world = new Map(history.before(last, now))
  for (const [address, pool] of last.execution.changes) world.set(address, pool)
  return world
}

/** Amounts in base units of one of the tokens, at the prices of the pools; tokens that these do not connect count nothing. */
function worthOf(
  amounts: readonly { token: Address; amount: bigint }[],
  counted: Address,
  pools: readonly Address[],
  world: World,
): number {
  const prices = new Map([[counted, 1]])
  for (const _ of pools) {
    for (const pool of pools.map((address) => world.get(address)!)) {
      const [known, other] = prices.has(pool.token0) ? [pool.token0, pool.token1] : [pool.token1, pool.token0]
      const price = prices.get(known)
      if (price !== undefined && !prices.has(other)) prices.set(other, priceOf(pool, other) * price)
    }
  }
  return amounts.reduce((sum, { token, amount }) => sum + Number(amount) * (prices.get(token) ?? 0), 0)
}
