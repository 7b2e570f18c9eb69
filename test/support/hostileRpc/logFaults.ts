import { falseHash, pick, spoilOne } from './spoil.ts'
import type { Fault } from './types.ts'

type RawLog = { blockNumber: string; blockHash: string }
type Filter = { blockHash?: string }

/** Answers of eth_getLogs that are not what the blocks hold. An answer without logs cannot be spoilt. */
export const logFaults = {
  /** One log, or every log, is served twice. */
  duplicatedLogs: spoilLogs((logs, random) =>
    random() < 0.5 ? logs.concat(logs) : logs.toSpliced(pickIndex(logs, random), 0, pick(logs, random)),
  ),
  /** One log is left out, others of its block may remain. Of ranges only: see `missingLogsByHash`. */
  missingLog: spoilLogs((logs, random) => logs.toSpliced(pickIndex(logs, random), 1), isRange),
  /** A block of a range seems to have no logs. */
  missingLogsOfBlock: spoilLogs((logs, random) => {
    const { blockNumber } = pick(logs, random)
    return logs.filter((log) => log.blockNumber !== blockNumber)
  }, isRange),
  /** A block that is asked for by its hash seems to have no logs. */
  missingLogsByHash: spoilLogs(
    () => [],
    (filter) => !isRange(filter),
  ),
  /** A log is said to stand one block higher than it does, be that in the range asked for or outside. */
  logOfOtherBlock: spoilLogs((logs, random) => {
    const index = pickIndex(logs, random)
    const log = logs[index]!
    return logs.with(index, { ...log, blockNumber: `0x${(Number(log.blockNumber) + 1).toString(16)}` })
  }),
  /** The logs of one block name another block of the same number, as while it is being replaced. */
  wrongBlockHash: spoilLogs((logs, random) => {
    const { blockNumber } = pick(logs, random)
    const blockHash = falseHash(random)
    return logs.map((log) => (log.blockNumber === blockNumber ? { ...log, blockHash } : log))
  }),
  /** null instead of a list. */
  nullLogs: spoilLogs(() => null),
} satisfies Record<string, Fault>

function spoilLogs(
  change: (logs: RawLog[], random: () => number) => RawLog[] | null,
  isMeant: (filter: Filter) => boolean = () => true,
): Fault {
  return spoilOne(['eth_getLogs'], (result, { params }, { random }) => {
    const logs = result as RawLog[]
    return logs.length > 0 && isMeant(params[0] as Filter) ? change(logs, random) : undefined
  })
}

function isRange({ blockHash }: Filter): boolean {
  return blockHash === undefined
}

function pickIndex(logs: readonly RawLog[], random: () => number): number {
  return Math.floor(random() * logs.length)
}
