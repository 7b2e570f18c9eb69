import type { Config } from '../config.ts'
import { createLog } from '../log.ts'
import { showProgress } from '../progress.ts'
import { openSession } from '../session.ts'
import { stopOnSignal } from '../stop.ts'

/** `flowprint index`: reads a chain into the database; with `--end` it exits once that block is committed. */
export async function runIndex(config: Config): Promise<void> {
  const log = await createLog(config)
  const signal = stopOnSignal()
  const startedMs = performance.now()
  const session = await openSession(config, log)
  const { profile, database, tracker, source } = session
  log.info(
    { chain: profile.name, chainId: profile.id, endpoint: source.endpoints.name, database: database.location },
    'indexing',
  )
  const progress = showProgress(tracker, config.end ?? null, log, config.json)
  try {
    await session.run(signal)
  } finally {
    progress.stop()
    await session.close()
  }
  const { blocks, swaps, undecoded } = tracker.totals
  const sum = (key: 'httpRequests' | 'calls') =>
    source.endpoints.health().reduce((total, { counts }) => total + counts[key], 0)
  const summary = {
    chainId: profile.id,
    block: tracker.status().indexedBlock,
    blocks,
    swaps,
    undecodedLogs: undecoded,
    rpcRequests: sum('httpRequests'),
    rpcCalls: sum('calls'),
    seconds: Math.round((performance.now() - startedMs) / 10) / 100,
    stopped: signal.aborted,
  }
  if (config.json) process.stdout.write(`${JSON.stringify(summary)}\n`)
  else log.info(summary, signal.aborted ? 'stopped' : 'done')
  // Whoever waits for the end block must not take an interruption for it.
  if (config.end !== undefined && summary.block < config.end) process.exitCode = 130
}
