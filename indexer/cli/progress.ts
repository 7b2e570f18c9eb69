import { clearLine, cursorTo } from 'node:readline'
import type { Logger } from 'pino'
import type { ChainStatus } from '../../api/status.ts'
import type { Tracker } from './tracker.ts'

const TERMINAL_INTERVAL_MS = 200
const LOG_INTERVAL_MS = 5_000

/**
 * Shows how far the indexer is until it is stopped: one line that renews itself on a terminal, plain log lines otherwise.
 * @param end last block wanted; null = none.
 */
export function showProgress(tracker: Tracker, end: number | null, log: Logger, json: boolean): { stop(): void } {
  const terminal = process.stderr.isTTY === true && !json
  let last = -1
  const show = () => {
    const status = tracker.status()
    if (terminal) return writeLine(describeProgress(status, end, tracker.swapsPerSecond()))
    if (status.indexedBlock === last) return
    last = status.indexedBlock
    log.info(progressFields(status, end, tracker.swapsPerSecond()), 'progress')
  }
  const timer = setInterval(show, terminal ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS)
  return {
    stop: () => {
      clearInterval(timer)
      show()
      if (terminal) process.stderr.write('\n')
    },
  }
}

/** One line for people: block, share done, rates, time left. */
export function describeProgress(status: ChainStatus, end: number | null, swapsPerSecond: number): string {
  const { state, block, head, percent, blocksPerSecond, etaSeconds } = progressFields(status, end, swapsPerSecond)
  const eta = etaSeconds === null ? '–' : etaSeconds < 90 ? `${etaSeconds} s` : `${Math.round(etaSeconds / 60)} min`
  return `${state}  block ${block} of ${head ?? '?'}  ${percent ?? '–'} %  ${blocksPerSecond} blocks/s  ${Math.round(swapsPerSecond)} swaps/s  ETA ${eta}`
}

function progressFields(status: ChainStatus, end: number | null, swapsPerSecond: number) {
  const { state, startBlock, indexedBlock, headBlock, blocksPerSecond, etaSeconds } = status
  const head = end ?? headBlock
  const share = head === null ? null : (indexedBlock - startBlock + 1) / Math.max(1, head - startBlock + 1)
  return {
    state,
    block: indexedBlock,
    head,
    percent: share === null ? null : Math.floor(Math.min(1, Math.max(0, share)) * 1000) / 10,
    blocksPerSecond,
    swapsPerSecond: Math.round(swapsPerSecond),
    etaSeconds,
  }
}

function writeLine(text: string): void {
  cursorTo(process.stderr, 0)
  clearLine(process.stderr, 0)
  process.stderr.write(text.slice(0, (process.stderr.columns ?? 120) - 1))
}
