import type { Executed, Group, PlannedTransaction } from '../agents/agent.ts'
import type { AttackLabel, DecoyLabel } from '../labels.ts'
import type { World } from '../pools/world.ts'
import { type History, sumBalances } from './history.ts'
import { judgeArbitrage, judgeJit } from './others.ts'
import { judgeSandwich } from './sandwich.ts'

/** What a group turned out to be. */
export type Verdict = { attacks: AttackLabel[]; attempts: AttackLabel[]; decoys: DecoyLabel[] }

/** Follows the groups until all of their transactions have run. */
export type Tracker = {
  /** Takes in a transaction that has run; `world` is that after it. */
  ran(executed: Executed, world: World): void
  /** Takes in one that was given up. */
  gaveUp(planned: PlannedTransaction, world: World): void
  /** What was settled since the last call. */
  settle(): Verdict
  /** Number of the first block that an open group still needs; null when none is open. */
  oldestBlock(): number | null
}

type Open = { group: Group; left: number; executed: Executed[] }

/** Begins without groups. */
export function createTracker(history: History): Tracker {
  const open = new Map<string, Open>()
  let verdict = emptyVerdict()
  const count = ({ group }: PlannedTransaction, executed: Executed | null, world: World) => {
    if (group === null) return
    const known = open.get(group.id) ?? { group, left: group.size, executed: [] }
    open.set(group.id, known)
    known.left--
    if (executed !== null) known.executed.push(executed)
    if (known.left > 0) return
    open.delete(group.id)
    if (known.executed.length > 0) judge(known, history, world, verdict)
  }
  return {
    ran: (executed, world) => count(executed.planned, executed, world),
    gaveUp: (planned, world) => count(planned, null, world),
    settle: () => {
      const settled = verdict
      verdict = emptyVerdict()
      return settled
    },
    oldestBlock: () => {
      const blocks = [...open.values()].flatMap(({ executed }) => executed.map(({ blockNumber }) => blockNumber))
      return blocks.length === 0 ? null : Math.min(...blocks)
    },
  }
}

function emptyVerdict(): Verdict {
  return { attacks: [], attempts: [], decoys: [] }
}

function judge({ group, executed }: Open, history: History, world: World, verdict: Verdict): void {
  if (group.decoy !== null) {
    verdict.decoys.push({
      ...{ id: group.id, kind: group.decoy, pools: group.pools },
      firstBlock: executed[0]!.blockNumber,
      lastBlock: executed.at(-1)!.blockNumber,
      transactionHashes: executed.map(({ hash }) => hash),
      profits: sumBalances(
        executed.filter(({ planned }) => planned.role === 'LIKE_FRONT' || planned.role === 'LIKE_BACK'),
        new Set(group.accounts),
      ),
    })
    return
  }
  const judged =
    group.kind === 'SANDWICH'
      ? judgeSandwich(group, executed, history, world)
      : group.kind === 'JIT_LIQUIDITY'
        ? judgeJit(group, executed, history)
        : judgeArbitrage(group, executed, history, world)
  if (judged !== null) verdict[judged.isTrue ? 'attacks' : 'attempts'].push(judged.label)
}
