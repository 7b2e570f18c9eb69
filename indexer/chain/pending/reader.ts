import type { PendingSighting } from '../../types/pending.ts'
import { ChainError } from '../errors.ts'
import { pause } from '../pause.ts'
import type { Rpc } from '../rpc.ts'
import { nowMicroseconds } from '../webSocket.ts'
import { type Lookup, lookUp } from './lookup.ts'

/** A sighting whose transaction has not been read. */
export type UnreadSighting = Omit<PendingSighting, 'seenUnmined' | 'body'>

/** Reads the transactions behind hashes. */
export type Reader = {
  read(sighting: UnreadSighting): void
  /** Sightings that are not read yet. */
  waiting(): number
  close(): void
}

/** At most BATCHES_MAX x BATCH_SIZE transactions are in flight. */
const BATCH_SIZE = 100
const BATCHES_MAX = 2
/** Transactions come one by one, in bursts; what comes within so long is asked for in one request. */
const GATHER_MS = 20
/** A replica may know the hash before it knows the transaction, so it is asked once more. */
const AGAIN_AFTER_MS = 1_000
/** Read later than this after it was told, a transaction in a block says nothing about when it was told. */
const PROMPT_MICROSECONDS = 2_000_000

/**
 * Reads transactions in batches, right after they were told of (eth_getTransactionByHash).
 * @param waitingMax beyond it the oldest are finished unread, and counted by `onLost`.
 * @param onRead is given each sighting once, with what could be read.
 */
export function createReader(
  rpc: Rpc,
  waitingMax: number,
  onRead: (sighting: PendingSighting) => void,
  onLost: (count: number) => void,
): Reader {
  const stop = new AbortController()
  let queue: Question[] = []
  let batches = 0
  /** Being asked, or waiting to be asked again. */
  let underway = 0
  let isScheduled = false
  let gathering: NodeJS.Timeout | undefined
  const finish = (sighting: UnreadSighting, found: Lookup) => {
    if (typeof found === 'string') return onRead({ ...sighting, seenUnmined: null, body: null })
    const isPrompt = nowMicroseconds() - sighting.firstSeenAt <= PROMPT_MICROSECONDS
    onRead({ ...sighting, seenUnmined: found.place === null ? true : isPrompt ? false : null, body: found.body })
  }
  const enqueue = (questions: readonly Question[]) => {
    queue.push(...questions)
    if (queue.length > waitingMax * SLACK) {
      const lost = queue.slice(0, queue.length - waitingMax)
      queue = queue.slice(lost.length)
      onLost(lost.length)
      for (const { sighting } of lost) finish(sighting, 'unreadable')
    }
    if (isScheduled) return
    isScheduled = true
    gathering = setTimeout(pump, GATHER_MS)
  }
  const askAgain = async (questions: readonly Question[]) => {
    if (questions.length === 0) return
    underway += questions.length
    await pause(AGAIN_AFTER_MS, stop.signal)
    underway -= questions.length
    enqueue(questions.map((question) => ({ ...question, isSecond: true })))
  }
  const readBatch = async (questions: readonly Question[]) => {
    const found = await lookUpOrGiveUp(rpc, questions, stop.signal)
    const missing = questions.filter(({ isSecond }, index) => found[index] === 'unknown' && !isSecond)
    for (const [index, question] of questions.entries()) {
      if (!missing.includes(question)) finish(question.sighting, found[index]!)
    }
    askAgain(missing).catch(ignoreClose)
  }
  const pump = () => {
    isScheduled = false
    while (queue.length > 0 && batches < BATCHES_MAX && !stop.signal.aborted) {
      const batch = queue.splice(0, BATCH_SIZE)
      batches++
      underway += batch.length
      readBatch(batch)
        .catch(ignoreClose)
        .finally(() => {
          batches--
          underway -= batch.length
          pump()
        })
    }
  }
  return {
    read: (sighting) => enqueue([{ sighting, isSecond: false }]),
    waiting: () => queue.length + underway,
    close: () => {
      clearTimeout(gathering)
      stop.abort(new Error('closed'))
    },
  }
}

type Question = { sighting: UnreadSighting; isSecond: boolean }

/** Nothing but `close` ends a reading before its time. */
const ignoreClose = () => {}
/** Trimmed in strides, so that a flood does not move the whole queue for each hash. */
const SLACK = 1.25

async function lookUpOrGiveUp(rpc: Rpc, questions: readonly Question[], signal: AbortSignal): Promise<Lookup[]> {
  try {
    return await lookUp(
      rpc,
      questions.map(({ sighting }) => sighting.hash),
      signal,
    )
  } catch (error) {
    if (signal.aborted || !(error instanceof ChainError)) throw error
    return questions.map(() => 'unreadable')
  }
}
