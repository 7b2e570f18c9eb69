import type { Stack } from '../../contracts/chains/profile.ts'
import type { Block, BlockBundle, Hex, IdleCall, Log, Transaction } from '../types/block.ts'
import type { ArrivalReader } from './arrivals.ts'
import { type BloomTopic, isKnownBloom, promisesMore } from './bloom.ts'
import { ContradictionError, RpcError } from './errors.ts'
import { toFee } from './fees.ts'
import {
  type RawBlock,
  type RawLog,
  type RawReceipt,
  type RawTransaction,
  toAddress,
  toBlock,
  toHash,
  toLog,
  toReceipt,
  toTransaction,
} from './format.ts'
import { fetchConfirmedLogs, toQuantity, toRawLogs, type Witness } from './logs.ts'
import { pause } from './pause.ts'
import { verifyReceipts } from './receipts.ts'
import { isPassingError } from './refusals.ts'
import type { Call, Rpc } from './rpc.ts'
import { isMethodMissing } from './stack.ts'
import { fullTransaction, isSystemHash, verifyBlocks, verifyLogs } from './verify.ts'

/** From whom to fetch, and what. */
export type Fetch = {
  rpc: Rpc
  /** Confirms the logs; may be the same endpoint. */
  witness: Witness
  topics: ReadonlySet<Hex>
  wanted: readonly BloomTopic[]
  stack: Stack
  arrivals: ArrivalReader
  signal: AbortSignal | undefined
}

/** Blocks per JSON-RPC batch. */
const BATCH_BLOCKS = 50
/** Blocks whose arrivals are asked for at once: the answers hold all calldata, twice. */
const ARRIVAL_BLOCKS = 20
/** Ranges up to this size are asked for in one request, with all transactions and receipts; larger ones read the logs first. */
const WHOLE_BLOCKS_MAX = 4

/**
 * The blocks `from` to `to` with the logs of our topics and their transactions.
 * @throws ContradictionError when the answers do not fit each other or the question.
 */
export async function fetchBlocks(fetch: Fetch, from: number, to: number): Promise<BlockBundle[]> {
  const whole = isSmall(from, to) ? await fetchWhole(fetch, from, to) : null
  const bundles = whole ?? (await fetchByLogs(fetch, from, to))
  verifyBlocks(
    from,
    bundles.map(({ block }) => block),
  )
  return bundles
}

function isSmall(from: number, to: number): boolean {
  return to - from < WHOLE_BLOCKS_MAX
}

const withoutReceipts = new WeakSet<Rpc>()

/**
 * At the head one round trip matters most, and nothing may be missing: whole blocks with their receipts, which prove
 * each other. Null where receipts are not served by block, or not these.
 */
async function fetchWhole(fetch: Fetch, from: number, to: number): Promise<BlockBundle[] | null> {
  const { rpc, signal } = fetch
  if (withoutReceipts.has(rpc)) return null
  const numbers = Array.from({ length: to - from + 1 }, (_, offset) => from + offset)
  const asked = numbers.map((number) => callsOfBlock(fetch, number))
  const answers = await batchPresent(rpc, asked.flat(), signal)
  const blocks = numbers.map((number, index) => {
    const [block, receipts, arrivals] = answers.splice(0, asked[index]!.length)
    return { number, block, receipts, arrivals }
  })
  if (blocks.some(({ receipts }) => isMethodMissing(receipts))) {
    withoutReceipts.add(rpc)
    return null
  }
  // Receipts that are too large to be answered, or pruned, are so however often they are asked for.
  if (blocks.some(({ receipts }) => isRefusedForGood(receipts))) return null
  return addArrivals(fetch, await Promise.all(blocks.map((served) => bundleWhole(fetch, served))))
}

function callsOfBlock({ rpc, stack, arrivals }: Fetch, number: number): Call[] {
  const calls: Call[] = [
    { method: 'eth_getBlockByNumber', params: [toQuantity(number), true] },
    { method: 'eth_getBlockReceipts', params: [toQuantity(number)] },
  ]
  const arrivalCall = stack === 'era' ? arrivals.callOf(rpc, number) : null
  return arrivalCall === null ? calls : [...calls, arrivalCall]
}

/** The answers to the calls of one block. */
type ServedBlock = { number: number; block: unknown; receipts: unknown; arrivals: unknown }

function isRefusedForGood(answer: unknown): boolean {
  return answer instanceof RpcError && !isPassingError(answer)
}

async function bundleWhole(fetch: Fetch, served: ServedBlock): Promise<BlockBundle> {
  const { number } = served
  const raw = presentBlock(served.block, number)
  const rawReceipts = present<RawReceipt[]>(served.receipts, `the receipts of block ${number}`)
  if (!Array.isArray(rawReceipts)) throw new ContradictionError(`the receipts of block ${number} are no list`)
  const receipts = rawReceipts.map(toReceipt)
  verifyReceipts(raw, rawReceipts, fetch.stack)
  const logs = receipts.flatMap((receipt) => receipt.logs).filter(({ topics }) => fetch.topics.has(topics[0]!))
  // ZKsync Era has logs that belong to no transaction, mostly in blocks without any, and no receipt holds them.
  const mayHoldMore =
    !isKnownBloom(raw.logsBloom) ||
    promisesMore(raw.logsBloom, fetch.wanted, new Set(logs.map((log) => log.topics[0]!)))
  if (raw.transactions.length === 0 && mayHoldMore) {
    const [rawLogs] = await fetchLogsOfBlocks(fetch, [raw])
    verifyLogs(raw, rawLogs!)
    return toBundle(raw, rawLogs!.map(toLog))
  }
  const bundle = { ...toBundle(raw, logs), feesWei: readFees(logs, rawReceipts) }
  // As far from the head, only blocks with one of our logs have arrivals: the rows must not depend on the way of reading.
  if (served.arrivals !== undefined && bundle.transactions.size > 0) {
    const { hash } = bundle.block
    const arrivals = fetch.arrivals.read(
      { number, hash, transactionHashes: bundle.transactionHashes! },
      served.arrivals,
    )
    bundle.arrivals = arrivals ?? null
  }
  return bundle
}

/** Far from the head bytes matter most: the transactions of a block are read only when it has a log we want. */
async function fetchByLogs(fetch: Fetch, from: number, to: number): Promise<BlockBundle[]> {
  const { rpc, witness, topics, signal } = fetch
  const confirmed = fetchConfirmedLogs(rpc, witness, { topics: [...topics] }, from, to, signal)
  if (isSmall(from, to)) {
    const calls = Array.from({ length: to - from + 1 }, (_, offset) => ({
      method: 'eth_getBlockByNumber',
      params: [toQuantity(from + offset), true],
    }))
    const [rawLogs, blocks] = await Promise.all([confirmed, batchPresent(rpc, calls, signal)])
    return bundleBlocks(fetch, from, blocks, groupByBlock(rawLogs, from, to))
  }
  const logs = groupByBlock(await confirmed, from, to)
  const batches: Promise<BlockBundle[]>[] = []
  for (let first = from; first <= to; first += BATCH_BLOCKS) {
    const numbers = Array.from({ length: Math.min(BATCH_BLOCKS, to - first + 1) }, (_, offset) => first + offset)
    const calls = numbers.map((number) => ({
      method: 'eth_getBlockByNumber',
      params: [toQuantity(number), logs.has(number)],
    }))
    // Reduced as it arrives: the raw blocks of a whole range would not fit into memory on a busy chain.
    batches.push(batchPresent(rpc, calls, signal).then((blocks) => bundleBlocks(fetch, first, blocks, logs)))
  }
  return (await Promise.all(batches)).flat()
}

/** How often a null is asked about again, and the first pause before that. */
const NULL_ATTEMPTS = 4
const NULL_WAIT_MS = 10

/** As a batch, but what comes as null is asked for again: it is there, and a replica that lags says otherwise. */
async function batchPresent(rpc: Rpc, calls: readonly Call[], signal: AbortSignal | undefined): Promise<unknown[]> {
  const answers = await rpc.batch(calls, signal)
  for (let attempt = 0; attempt < NULL_ATTEMPTS; attempt++) {
    const missing = answers.flatMap((answer, index) => (answer === null ? [index] : []))
    if (missing.length === 0) break
    for (const _ of missing) rpc.countFault('missingBlock')
    await pause(NULL_WAIT_MS * 2 ** attempt, signal)
    const again = await rpc.batch(
      missing.map((index) => calls[index]!),
      signal,
    )
    for (const [position, index] of missing.entries()) answers[index] = again[position]
  }
  return answers
}

function groupByBlock(logs: readonly RawLog[], from: number, to: number): Map<number, RawLog[]> {
  const groups = new Map<number, RawLog[]>()
  for (const log of logs) {
    const number = Number(log.blockNumber)
    if (!(number >= from && number <= to)) {
      throw new ContradictionError(`a log of block ${log.blockNumber} came for ${from} to ${to}`)
    }
    const group = groups.get(number)
    if (group) group.push(log)
    else groups.set(number, [log])
  }
  return groups
}

async function bundleBlocks(
  fetch: Fetch,
  from: number,
  answers: readonly unknown[],
  logs: ReadonlyMap<number, RawLog[]>,
): Promise<BlockBundle[]> {
  const found = answers.map((answer, offset) => ({
    raw: presentBlock(answer, from + offset),
    logs: logs.get(from + offset) ?? [],
  }))
  const doubtful = found.filter(({ raw, logs: came }) =>
    promisesMore(raw.logsBloom, fetch.wanted, new Set(came.map(({ topics }) => topics[0]!))),
  )
  if (doubtful.length > 0) await refetchLogs(fetch, doubtful)
  const bundles = found.map(({ raw, logs: came }) => {
    verifyLogs(raw, came)
    return toBundle(raw, came.map(toLog))
  })
  return addArrivals(fetch, bundles)
}

/** Reads when the transactions of the blocks with our logs arrived, where the node can know; in place. */
async function addArrivals(fetch: Fetch, bundles: BlockBundle[]): Promise<BlockBundle[]> {
  const { rpc, stack, signal } = fetch
  if (stack !== 'era') return bundles
  const asked = bundles.flatMap(({ block: { number, hash }, transactions, transactionHashes, arrivals }) =>
    transactions.size > 0 && transactionHashes !== null && arrivals === null
      ? [{ number, hash, transactionHashes }]
      : [],
  )
  if (asked.length === 0) return bundles
  for (let start = 0; start < asked.length; start += ARRIVAL_BLOCKS) {
    const arrivals = await fetch.arrivals.fetch(rpc, asked.slice(start, start + ARRIVAL_BLOCKS), signal)
    for (const bundle of bundles) bundle.arrivals ??= arrivals.get(bundle.block.number) ?? null
  }
  return bundles
}

/**
 * The bloom promises logs that did not come: by chance, or because the answer is from a node that lags or from before a
 * reorganisation. By its hash a block's logs are given as they are, or not at all. Corrects the blocks in place.
 */
async function refetchLogs(fetch: Fetch, blocks: { raw: RawBlock; logs: RawLog[] }[]): Promise<void> {
  const lists = await fetchLogsOfBlocks(
    fetch,
    blocks.map(({ raw }) => raw),
  )
  for (const [index, block] of blocks.entries()) {
    block.logs = lists[index]!
    if (block.logs.length === 0 || typeof block.raw.transactions[0] === 'object') continue
    const full = await fetch.rpc.request('eth_getBlockByHash', [block.raw.hash, true], fetch.signal)
    block.raw = present<RawBlock>(full, `block ${block.raw.hash}`)
  }
}

async function fetchLogsOfBlocks({ rpc, topics, signal }: Fetch, blocks: readonly RawBlock[]): Promise<RawLog[][]> {
  const calls = blocks.map(({ hash }) => ({
    method: 'eth_getLogs',
    params: [{ blockHash: hash, topics: [[...topics]] }],
  }))
  const answers = await rpc.batch(calls, signal)
  return answers.map((answer, index) => {
    if (!(answer instanceof RpcError)) return toRawLogs(answer)
    throw new ContradictionError(
      `the logs of block ${blocks[index]!.hash} cannot be read by its hash: ${answer.message}`,
    )
  })
}

/** What the transactions with one of our logs have paid. */
function readFees(logs: readonly Log[], receipts: readonly RawReceipt[]): Map<Hex, bigint> {
  const fees = new Map<Hex, bigint>()
  for (const { transactionHash, transactionIndex } of logs) {
    const receipt = receipts[transactionIndex]
    const fee = receipt === undefined || fees.has(transactionHash) ? null : toFee(receipt)
    if (fee !== null) fees.set(transactionHash, fee)
  }
  return fees
}

function presentBlock(answer: unknown, number: number): RawBlock {
  const raw = present<RawBlock>(answer, `block ${number}`)
  if (!Array.isArray(raw.transactions)) throw new ContradictionError(`block ${number} came without transactions`)
  return raw
}

/** An answer that must be there. Throws the refusal, or ContradictionError when it is null. */
function present<T>(answer: unknown, what: string): T {
  if (answer instanceof RpcError) throw answer
  if (!answer) throw new ContradictionError(`${what} is missing`, 'missingBlock')
  return answer as T
}

function toBundle(raw: RawBlock, logs: readonly Log[]): BlockBundle {
  const block: Block = toBlock(raw)
  const transactions = new Map<number, Transaction>()
  for (const log of logs) {
    if (!isSystemHash(log.transactionHash) && !transactions.has(log.transactionIndex)) {
      transactions.set(log.transactionIndex, toTransaction(fullTransaction(raw, log.transactionIndex)))
    }
  }
  const isWhole = typeof raw.transactions[0] === 'object'
  const transactionHashes = isWhole ? (raw.transactions as RawTransaction[]).map(({ hash }) => toHash(hash)) : null
  // Only where the block has one of our logs: the rows must not depend on the way of reading.
  const idle = isWhole && transactions.size > 0 ? listIdle(raw.transactions as RawTransaction[], transactions) : []
  return { block, transactions, logs, transactionHashes, idle, arrivals: null }
}

function listIdle(all: readonly RawTransaction[], transactions: ReadonlyMap<number, Transaction>): IdleCall[] {
  return all.flatMap(({ hash, from, to }, transactionIndex): IdleCall[] => {
    if (transactions.has(transactionIndex)) return []
    const target = to == null ? null : toAddress(to, 'transaction.to')
    return [{ hash: toHash(hash), transactionIndex, from: toAddress(from, 'transaction.from'), to: target }]
  })
}
