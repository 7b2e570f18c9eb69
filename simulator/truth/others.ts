import type { Executed, Group } from '../agents/agent.ts'
import type { AttackLabel } from '../labels.ts'
import { quoteRoute, type World } from '../pools/world.ts'
import { type History, redoWithout, sumBalances } from './history.ts'
import type { Judged } from './sandwich.ts'

/** From this share of its gain on an arbitrage is due to the transaction before it: 4 of 5. */
const TRIGGER_SHARE = 0.8
/** Transactions looked at, from the nearest back. */
const CANDIDATES_MAX = 12

/** The truth about an arbitrage: what it gained, and how much of that its trigger made; null when it did not come about. */
export function judgeArbitrage(
  group: Group,
  executed: readonly Executed[],
  history: History,
  world: World,
): Judged | null {
  const own = executed.find(({ planned, execution }) => planned.role === 'ARBITRAGE' && !execution.isReverted)
  if (own === undefined) return null
  const { trigger, share } = findTrigger(group, own, history, world)
  const isBackrun = trigger !== null
  const pools = poolsOf(own)
  return {
    isTrue: true,
    label: {
      ...emptyLabel(group, own, own),
      kind: isBackrun ? 'BACKRUN' : 'ATOMIC_ARBITRAGE',
      variants: [
        ...group.variants,
        pools.length === 2 ? 'two_pool' : 'triangle',
        ...(isBackrun && trigger.blockNumber < own.blockNumber ? ['cross_block'] : []),
      ].sort(),
      backHashes: [own.hash],
      triggerHashes: isBackrun ? [trigger.hash] : [],
      pools,
      profits: sumBalances([own], new Set(group.accounts)),
      triggerShare: share,
    },
  }
}

/**
 * The nearest transaction of others before it that went the other way through one of its pools, and without which it would gain a
 * fifth or less; the share is that of the trigger, or of the nearest where none is.
 */
function findTrigger(
  group: Group,
  own: Executed,
  history: History,
  world: World,
): { trigger: Executed | null; share: number | null } {
  const accounts = new Set<string>(group.accounts)
  const steps = own.execution.swaps.flat()
  const isOpposite = ({ execution }: Executed) =>
    execution.swaps.some((path) =>
      path.some(({ before, tokenIn }) =>
        steps.some((step) => step.before.address === before.address && step.tokenOut === tokenIn),
      ),
    )
  const earlier = history.upTo(own)
  const candidates: Executed[] = []
  for (let index = earlier.length - 1; index >= 0 && candidates.length < CANDIDATES_MAX; index--) {
    const each = earlier[index]!
    if (!accounts.has(each.planned.from) && isOpposite(each)) candidates.push(each)
  }
  let nearest: number | null = null
  for (const trigger of candidates) {
    const share = shareOf(trigger, own, history, world)
    if (share !== null && share >= TRIGGER_SHARE) return { trigger, share }
    nearest ??= share
  }
  return { trigger: null, share: nearest }
}

function shareOf(trigger: Executed, own: Executed, history: History, world: World): number | null {
  const stretch = history.between(trigger, own).slice(0, -1)
  const without = redoWithout(history.before(trigger, world), stretch, (each) => each === trigger).world
  const action = own.call.actions.find((each) => each.kind === 'swap')
  if (action === undefined) return null
  const { route } = action
  const gained = own.execution.swaps[0]!.at(-1)!.amountOut - route.amount
  const elsewise = quoteRoute(without, route)
  return elsewise === null ? null : Math.min(1, 1 - Number(elsewise - route.amount) / Number(gained))
}

/** The truth about just-in-time liquidity: whom it served; null when it was not taken out again. */
export function judgeJit(group: Group, executed: readonly Executed[], history: History): Judged | null {
  const done = executed.filter(({ execution }) => !execution.isReverted)
  const mint = done.find(({ planned }) => planned.role === 'MINT')
  const burn = done.find(({ planned }) => planned.role === 'BURN')
  if (mint === undefined || burn === undefined) return null
  const [pool] = group.pools
  const served = history
    .between(mint, burn)
    .slice(1, -1)
    .filter(({ execution }) => execution.swaps.flat().some(({ before }) => before.address === pool))
  return {
    isTrue: served.length > 0,
    label: {
      ...emptyLabel(group, mint, burn),
      kind: 'JIT_LIQUIDITY',
      variants: [...group.variants, ...(mint.blockNumber < burn.blockNumber ? ['cross_block'] : [])].sort(),
      frontHashes: [mint.hash],
      backHashes: [burn.hash],
      triggerHashes: served.map(({ hash }) => hash),
      pools: group.pools,
      profits: sumBalances([mint, burn], new Set(group.accounts)),
    },
  }
}

function emptyLabel(group: Group, first: Executed, last: Executed): AttackLabel {
  return {
    ...{ id: group.id, kind: 'PROBE', variants: [], frontHashes: [], backHashes: [], triggerHashes: [], victims: [] },
    ...{ firstBlock: first.blockNumber, lastBlock: last.blockNumber, pools: [], profits: [], triggerShare: null },
    accounts: group.accounts,
  }
}

function poolsOf({ execution }: Executed) {
  return [...new Set(execution.swaps.flat().map(({ before }) => before.address))]
}
