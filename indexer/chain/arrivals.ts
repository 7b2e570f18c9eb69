import type { Arrival, Arrivals } from '../types/arrival.ts'
import type { Hex } from '../types/block.ts'
import { ContradictionError, EndpointError, RpcError } from './errors.ts'
import { toAddress, toHash } from './format.ts'
import { parseInstant } from './instants.ts'
import type { Call, Rpc } from './rpc.ts'
import { isMethodMissing } from './stack.ts'

/** Where an endpoint tells arrival times: for a block at once, for a transaction, or not at all. */
export type ArrivalMethod = 'zks_getRawBlockTransactions' | 'zks_getTransactionDetails' | null

/** A block whose arrivals are wanted; `transactionHashes` by transaction index. */
export type ArrivalBlock = { number: number; hash: Hex; transactionHashes: readonly Hex[] }

/** Reads arrival times, and remembers which endpoint has them where. */
export type ArrivalReader = {
  /**
   * The arrivals of the blocks, by block number. Blocks without transactions are not asked about.
   * @throws ContradictionError when they are not of the transactions of the block; EndpointError when a call fails.
   */
  fetch(rpc: Rpc, blocks: readonly ArrivalBlock[], signal?: AbortSignal): Promise<Map<number, Arrivals>>
  /**
   * The call that tells of a whole block, to be sent together with others; null where the endpoint has none, or it is not
   * known yet.
   */
  callOf(rpc: Rpc, blockNumber: number): Call | null
  /** Reads the answer to it; undefined when it is of no use and `fetch` must ask otherwise. Throws ContradictionError as `fetch`. */
  read(block: ArrivalBlock, answer: unknown): Arrivals | undefined
  /** The method an endpoint was last read by; undefined before the first read. */
  methodOf(rpc: Rpc): ArrivalMethod | undefined
}

/** In the order of their cost: one call a block, with milliseconds; one a transaction, with what the node has; none. */
const METHODS: readonly ArrivalMethod[] = ['zks_getRawBlockTransactions', 'zks_getTransactionDetails', null]
/** Codes of a server whose answer to one call would be too large (jsonrpsee), besides its words. */
const TOO_LARGE_CODE = -32008
const TOO_LARGE_WORDS = /response is too (big|large)|too large/i
const MICROSECONDS_PER_MILLISECOND = 1_000
const MILLISECONDS_MAX = Number.MAX_SAFE_INTEGER / MICROSECONDS_PER_MILLISECOND

/** Creates a reader that knows nothing of any endpoint yet. */
export function createArrivalReader(): ArrivalReader {
  const methods = new WeakMap<Rpc, ArrivalMethod>()
  const fetch: ArrivalReader['fetch'] = async (rpc, blocks, signal) => {
    const asked = blocks.filter(({ transactionHashes }) => transactionHashes.length > 0)
    const found = new Map<number, Arrivals>(blocks.map(({ number }) => [number, []]))
    if (asked.length === 0) return found
    // What an endpoint does not serve is learnt from one block, not from a refusal of each call for a thousand.
    if (!methods.has(rpc) && asked.length > 1) await fetch(rpc, asked.slice(0, 1), signal)
    const known = methods.get(rpc)
    const candidates = known === undefined ? METHODS : METHODS.slice(METHODS.indexOf(known))
    for (const method of candidates) {
      const arrivals = await fetchBy(method, rpc, asked, signal)
      if (arrivals === 'not served') continue
      methods.set(rpc, method)
      for (const [index, { number }] of asked.entries()) found.set(number, arrivals[index] ?? null)
      break
    }
    return found
  }
  return {
    fetch,
    callOf: (rpc, blockNumber) => (methods.get(rpc) === 'zks_getRawBlockTransactions' ? rawCall(blockNumber) : null),
    read: (block, answer) => (answer instanceof RpcError || lacksHash(answer) ? undefined : readRaw(block, answer)),
    methodOf: (rpc) => methods.get(rpc),
  }
}

async function fetchBy(
  method: ArrivalMethod,
  rpc: Rpc,
  blocks: readonly ArrivalBlock[],
  signal: AbortSignal | undefined,
): Promise<Arrivals[] | 'not served'> {
  if (method === 'zks_getRawBlockTransactions') return fetchRaw(rpc, blocks, signal)
  if (method === 'zks_getTransactionDetails') return fetchDetails(rpc, blocks, signal)
  return blocks.map(() => null)
}

async function fetchRaw(
  rpc: Rpc,
  blocks: readonly ArrivalBlock[],
  signal: AbortSignal | undefined,
): Promise<Arrivals[] | 'not served'> {
  const calls = blocks.map(({ number }) => rawCall(number))
  const answers = await rpc.batch(calls, signal)
  if (answers.some(isMethodMissing)) return 'not served'
  const unusable = blocks.filter((_, index) => isTooLarge(answers[index]) || lacksHash(answers[index]))
  const singly = unusable.length > 0 ? await fetchDetails(rpc, unusable, signal) : []
  // A block whose times can be had in no way is one without times, not one that stops everything.
  const rest = new Map(unusable.map((block, index) => [block, singly === 'not served' ? null : singly[index]!]))
  return blocks.map((block, index) =>
    rest.has(block) ? rest.get(block)! : readRaw(block, usable(rpc, answers[index])),
  )
}

function rawCall(blockNumber: number): Call {
  return { method: 'zks_getRawBlockTransactions', params: [blockNumber] }
}

/** One request for the transactions of all the blocks. */
async function fetchDetails(
  rpc: Rpc,
  blocks: readonly ArrivalBlock[],
  signal: AbortSignal | undefined,
): Promise<Arrivals[] | 'not served'> {
  const hashes = blocks.flatMap(({ transactionHashes }) => transactionHashes)
  const calls = hashes.map((hash) => ({ method: 'zks_getTransactionDetails', params: [hash] }))
  const answers = await rpc.batch(calls, signal)
  if (answers.some(isMethodMissing)) return 'not served'
  let next = 0
  return blocks.map(({ transactionHashes }) =>
    transactionHashes.map((hash) => toArrivalOfDetails(hash, usable(rpc, answers[next++]))),
  )
}

/** The server gives a block's transactions in any order, so they are told by their hashes. */
function readRaw({ number, transactionHashes }: ArrivalBlock, answer: unknown): Arrival[] {
  const at = `block ${number}`
  if (!Array.isArray(answer)) throw new ContradictionError(`the raw transactions of ${at} are no list`)
  const byHash = new Map(answer.map((raw) => toArrivalOfRaw(raw)).map((each) => [each.transactionHash, each]))
  if (answer.length !== transactionHashes.length) {
    throw new ContradictionError(`${at} has ${transactionHashes.length} transactions, but ${answer.length} raw ones`)
  }
  return transactionHashes.map((hash) => {
    const arrival = byHash.get(hash)
    if (arrival === undefined) throw new ContradictionError(`${at} has transaction ${hash}, but no raw one`)
    return arrival
  })
}

/** A transaction of zks_getRawBlockTransactions, the fields we read. */
type RawArrival = {
  common_data?: {
    L2?: { initiatorAddress?: unknown; input?: { hash?: unknown } | null }
    L1?: RawOperation
    ProtocolUpgrade?: RawOperation
  }
  received_timestamp_ms?: unknown
}
type RawOperation = { sender?: unknown; canonicalTxHash?: unknown }

/**
 * A transaction of zks_getRawBlockTransactions.
 * @throws ContradictionError when a field is missing or none of its kind.
 */
export function toArrivalOfRaw(raw: RawArrival): Arrival {
  const { L2, L1, ProtocolUpgrade } = raw?.common_data ?? {}
  const operation = L1 ?? ProtocolUpgrade
  const received = raw?.received_timestamp_ms
  if (typeof received !== 'number' || !Number.isInteger(received) || received < 0 || received > MILLISECONDS_MAX) {
    throw new ContradictionError(`received_timestamp_ms: ${String(received)} are no milliseconds`)
  }
  return {
    transactionHash: toHash(operation ? operation.canonicalTxHash : L2?.input?.hash, 'hash of a raw transaction'),
    // A node that does not know the time says zero.
    receivedAt: received === 0 ? null : received * MICROSECONDS_PER_MILLISECOND,
    isFromL1: operation !== undefined,
    from: toAddress(operation ? operation.sender : L2?.initiatorAddress, 'sender of a raw transaction'),
  }
}

/**
 * The answer of zks_getTransactionDetails, with as many decimals of `receivedAt` as are served.
 * @throws ContradictionError when a field is missing or none of its kind, or the transaction is not known.
 */
export function toArrivalOfDetails(transactionHash: Hex, answer: unknown): Arrival {
  const raw = answer as { receivedAt?: unknown; isL1Originated?: unknown; initiatorAddress?: unknown } | null
  if (typeof raw !== 'object' || raw === null) {
    throw new ContradictionError(`transaction ${transactionHash} has no details`)
  }
  if (typeof raw.isL1Originated !== 'boolean') {
    throw new ContradictionError(`isL1Originated: ${String(raw.isL1Originated)} is neither true nor false`)
  }
  return {
    transactionHash,
    receivedAt: parseInstant(raw.receivedAt as string) || null,
    isFromL1: raw.isL1Originated,
    from: toAddress(raw.initiatorAddress, 'initiatorAddress'),
  }
}

function usable(rpc: Rpc, answer: unknown): unknown {
  if (answer instanceof RpcError)
    throw new EndpointError(rpc.name, answer.message, { fault: 'serverError', cause: answer })
  return answer
}

/** The server can leave out the input of an L2 transaction, and its hash with it. */
function lacksHash(answer: unknown): boolean {
  if (!Array.isArray(answer)) return false
  return answer.some((raw: RawArrival | null) => raw?.common_data?.L2 !== undefined && !raw.common_data.L2.input?.hash)
}

function isTooLarge(answer: unknown): answer is RpcError {
  return answer instanceof RpcError && (answer.code === TOO_LARGE_CODE || TOO_LARGE_WORDS.test(answer.message))
}
