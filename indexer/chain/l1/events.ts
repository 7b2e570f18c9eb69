import type { SettlementEvent } from '../../types/batch.ts'
import type { Address, Hex } from '../../types/block.ts'
import type { PriorityRequest } from '../../types/priority.ts'
import { ContradictionError, RpcError } from '../errors.ts'
import { type RawBlock, type RawLog, toAddress, toHash, toNumber } from '../format.ts'
import { fetchConfirmedLogs, type Witness } from '../logs.ts'
import type { Rpc } from '../rpc.ts'
import { DIAMOND_TOPICS, type DiamondFact, decodeDiamondLog, l1SenderOf, type RequestFact } from './diamond.ts'
import type { L1Events } from './source.ts'

/** What never changes and was read before. */
export type L1Known = {
  /** Unix seconds by block hash. */
  timestamps: Map<Hex, number>
  /** Account that sent a transaction, by its hash. */
  senders: Map<Hex, Address>
}

/** Whom to ask about which contract. */
export type EventQuery = {
  rpc: Rpc
  witness: Witness
  diamond: Address
  known: L1Known
  signal: AbortSignal | undefined
}

/** A log of the diamond that has been read. */
type DiamondLog = {
  l1Block: number
  blockHash: Hex
  l1LogIndex: number
  transactionHash: Hex
  fact: DiamondFact
}

const MICROSECONDS = 1_000_000
/** What is remembered is only for the blocks that are read again; more than that is let go. */
const KNOWN_MAX = 5_000

/**
 * The events of the diamond in the L1 blocks `from` to `to`, in chain order, with the times of their blocks.
 * Every part of the range is asked for twice: a log that goes missing here would never be noticed.
 * @throws ContradictionError for a log that is not in place, or is none of the diamond's events.
 */
export async function fetchDiamondEvents(query: EventQuery, from: number, to: number): Promise<L1Events> {
  if (from > to) return { settlement: [], requests: [] }
  const { rpc, witness, diamond, signal } = query
  const wanted = { topics: DIAMOND_TOPICS, addresses: [diamond] }
  const logs = readLogs(await fetchConfirmedLogs(rpc, witness, wanted, from, to, signal), diamond, from, to)
  verifyRequestIds(logs)
  const settling = logs.filter(({ fact }) => fact.kind !== 'request' && fact.kind !== 'request-id')
  const asking = logs.filter(({ fact }) => fact.kind === 'request')
  await learnTimes(query, [...settling, ...asking])
  await learnSenders(query, asking)
  const { timestamps, senders } = query.known
  const events: L1Events = {
    settlement: settling.map(({ l1Block, l1LogIndex, transactionHash, blockHash, fact }) => {
      const at = timestamps.get(blockHash)! * MICROSECONDS
      return { l1Block, l1LogIndex, transactionHash, at, ...fact } as SettlementEvent
    }),
    requests: asking.map((log) =>
      toPriorityRequest(log, timestamps.get(log.blockHash)!, senders.get(log.transactionHash)!),
    ),
  }
  for (const known of [timestamps, senders]) if (known.size > KNOWN_MAX) known.clear()
  return events
}

function toPriorityRequest(log: DiamondLog, l1Timestamp: number, sender: Address): PriorityRequest {
  const { request } = log.fact as { request: RequestFact }
  return {
    ...request,
    l1BlockNumber: log.l1Block,
    l1LogIndex: log.l1LogIndex,
    l1Timestamp,
    l1TransactionHash: log.transactionHash,
    l1Sender: l1SenderOf(request.from, sender),
  }
}

function readLogs(raw: readonly RawLog[], diamond: Address, from: number, to: number): DiamondLog[] {
  let [lastBlock, lastIndex] = [-1, -1]
  return raw.map((log) => {
    const [l1Block, l1LogIndex] = [toNumber(log.blockNumber), toNumber(log.logIndex)]
    if (l1Block < from || l1Block > to) {
      throw new ContradictionError(`a log of L1 block ${l1Block} came for ${from} to ${to}`)
    }
    if (l1Block < lastBlock || (l1Block === lastBlock && l1LogIndex <= lastIndex)) {
      throw new ContradictionError(`log ${l1LogIndex} of L1 block ${l1Block} is out of order`)
    }
    if (toAddress(log.address) !== diamond || log.removed) {
      throw new ContradictionError(`log ${l1LogIndex} of L1 block ${l1Block} is not one of ${diamond}`)
    }
    ;[lastBlock, lastIndex] = [l1Block, l1LogIndex]
    const hashes = { blockHash: toHash(log.blockHash), transactionHash: toHash(log.transactionHash) }
    return { l1Block, l1LogIndex, ...hashes, fact: decodeDiamondLog(log) }
  })
}

/** The diamond names each request twice; a short event without the long one means that a log went missing. */
function verifyRequestIds(logs: readonly DiamondLog[]): void {
  const requests = new Set(
    logs.flatMap(({ l1Block, fact }) =>
      fact.kind === 'request' ? [`${l1Block} ${fact.request.serialId} ${fact.request.transactionHash}`] : [],
    ),
  )
  for (const { l1Block, fact } of logs) {
    if (fact.kind !== 'request-id') continue
    if (!requests.has(`${l1Block} ${fact.serialId} ${fact.transactionHash}`)) {
      throw new ContradictionError(`request ${fact.serialId} of L1 block ${l1Block} came with its id alone`)
    }
  }
}

async function learnTimes({ rpc, known, signal }: EventQuery, logs: readonly DiamondLog[]): Promise<void> {
  const hashes = [...new Set(logs.map(({ blockHash }) => blockHash))].filter((hash) => !known.timestamps.has(hash))
  const calls = hashes.map((hash) => ({ method: 'eth_getBlockByHash', params: [hash, false] }))
  for (const [index, answer] of (await rpc.batch(calls, signal)).entries()) {
    const block = readAnswer<RawBlock>(answer, `block ${hashes[index]}`)
    if (toHash(block.hash) !== hashes[index])
      throw new ContradictionError(`block ${block.hash} came for ${hashes[index]}`)
    known.timestamps.set(hashes[index]!, toNumber(block.timestamp))
  }
}

async function learnSenders({ rpc, known, signal }: EventQuery, logs: readonly DiamondLog[]): Promise<void> {
  const hashes = [...new Set(logs.map(({ transactionHash }) => transactionHash))].filter(
    (hash) => !known.senders.has(hash),
  )
  const calls = hashes.map((hash) => ({ method: 'eth_getTransactionByHash', params: [hash] }))
  for (const [index, answer] of (await rpc.batch(calls, signal)).entries()) {
    const { hash, from } = readAnswer<{ hash: Hex; from: Address }>(answer, `transaction ${hashes[index]}`)
    if (toHash(hash) !== hashes[index]) throw new ContradictionError(`transaction ${hash} came for ${hashes[index]}`)
    known.senders.set(hashes[index]!, toAddress(from))
  }
}

function readAnswer<T>(answer: unknown, what: string): T {
  if (answer instanceof RpcError) throw answer
  if (!answer) throw new ContradictionError(`${what} of L1 is missing, though a log names it`)
  return answer as T
}
