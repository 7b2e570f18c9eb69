import type { Arrival, Arrivals } from '../types/arrival.ts'
import type { Hex } from '../types/block.ts'
import { ContradictionError, EndpointError, RpcError } from './errors.ts'
import { type RawBlock, toAddress, toHash } from './format.ts'
import { parseInstant } from './instants.ts'
import { toQuantity } from './logs.ts'
import { pause } from './pause.ts'
import { isPassingError } from './refusals.ts'
import type { Call, Rpc } from './rpc.ts'
import { isMethodMissing } from './stack.ts'

/** Where an endpoint tells arrival times: for a block at once, for a transaction, or not at all. */
export type ArrivalMethod = 'zks_getRawBlockTransactions' | 'zks_getTransactionDetails' | null

/** A block whose arrivals are wanted; `transactionHashes` by transaction index. */
export type ArrivalBlock = { number: number; hash: Hex; transactionHashes: readonly Hex[] }

/** Reads arrival times, and remembers which endpoint has them where. */
export type ArrivalReader = {
  /**
   * The arrivals of the blocks, by block number; null where the endpoint refuses them for good or no longer has them, which
   * is counted as its fault. Blocks without transactions are not asked about.
   * @throws ContradictionError when they are not of the transactions of the block, and the endpoint does not serve that
   *   block either; EndpointError when a call fails.
   */
  fetch(rpc: Rpc, blocks: readonly ArrivalBlock[], signal?: AbortSignal): Promise<Map<number, Arrivals>>
  /**
   * The call that tells of a whole block, to be sent together with others; null where the endpoint has none, or it is not
   * known yet.
   */
  callOf(rpc: Rpc, blockNumber: number): Call | null
  /**
   * Reads the answer to it; undefined when it is of no use and `fetch` must look closer.
   * @throws ContradictionError for an answer that is no list of raw transactions.
   */
  read(block: ArrivalBlock, answer: unknown): Arrivals | undefined
  /** The method an endpoint was last read by; undefined before the first read. */
  methodOf(rpc: Rpc): ArrivalMethod | undefined
}

/** In the order of their cost: one call a block, with milliseconds; one a transaction, with what the node has; none. */
const METHODS: readonly ArrivalMethod[] = ['zks_getRawBlockTransactions', 'zks_getTransactionDetails', null]
/** A method may have been missing on one server behind a load balancer, or for a moment: after so long it is tried again. */
const TRY_AGAIN_MS = 600_000
const MICROSECONDS_PER_MILLISECOND = 1_000
/** So often in a row a method has to be refused, to count as not served. */
const REFUSALS_BELIEVED = 4
const REFUSAL_WAIT_MS = 50
const MILLISECONDS_MAX = Number.MAX_SAFE_INTEGER / MICROSECONDS_PER_MILLISECOND

/**
 * Creates a reader that knows nothing of any endpoint yet.
 * @param now a clock in milliseconds.
 */
export function createArrivalReader(now: () => number = () => performance.now()): ArrivalReader {
  const methods = new WeakMap<Rpc, { method: ArrivalMethod; sinceMs: number }>()
  const learn = (rpc: Rpc, method: ArrivalMethod) => {
    const before = methods.get(rpc)?.method ?? null
    // From here on times are missing that were there before.
    if (before !== null && method === null) rpc.countFault('serverError')
    methods.set(rpc, { method, sinceMs: now() })
  }
  const fetch: ArrivalReader['fetch'] = async (rpc, blocks, signal) => {
    const asked = blocks.filter(({ transactionHashes }) => transactionHashes.length > 0)
    const found = new Map<number, Arrivals>(blocks.map(({ number }) => [number, []]))
    if (asked.length === 0) return found
    const mustLearn = () => {
      const known = methods.get(rpc)
      return known === undefined || (known.method !== METHODS[0] && now() - known.sinceMs >= TRY_AGAIN_MS)
    }
    // What an endpoint does not serve is learnt from one block, not from a refusal of each call for a thousand.
    if (mustLearn() && asked.length > 1) await fetch(rpc, asked.slice(0, 1), signal)
    const known = mustLearn() ? undefined : methods.get(rpc)?.method
    const candidates = known === undefined ? METHODS : METHODS.slice(METHODS.indexOf(known))
    for (const method of candidates) {
      let arrivals = await fetchBy(method, rpc, asked, signal)
      // One refusal may be that of another machine behind the same name; what depends on it is stored for good.
      for (let times = 1; arrivals === 'not served' && times < REFUSALS_BELIEVED; times++) {
        await pause(REFUSAL_WAIT_MS, signal)
        arrivals = await fetchBy(method, rpc, asked, signal)
      }
      if (arrivals === 'not served') continue
      if (method !== known) learn(rpc, method)
      for (const [index, { number }] of asked.entries()) found.set(number, arrivals[index] ?? null)
      break
    }
    return found
  }
  return {
    fetch,
    callOf: (rpc, blockNumber) => (methods.get(rpc)?.method === METHODS[0] ? rawCall(blockNumber) : null),
    read: (block, answer) => {
      const read = readRaw(block, answer)
      return typeof read === 'string' ? undefined : read
    },
    methodOf: (rpc) => methods.get(rpc)?.method,
  }
}

async function fetchBy(
  method: ArrivalMethod,
  rpc: Rpc,
  blocks: readonly ArrivalBlock[],
  signal: AbortSignal | undefined,
): Promise<Arrivals[] | 'not served'> {
  if (method === null) return blocks.map(() => null)
  const byBlock = method === 'zks_getRawBlockTransactions'
  const calls = blocks.map((block) => (byBlock ? [rawCall(block.number)] : detailCalls(block)))
  const answers = await rpc.batch(calls.flat(), signal)
  if (answers.some(isMethodMissing)) return 'not served'
  const readings = blocks.map((block, index): Reading => {
    const own = answers.splice(0, calls[index]!.length).map((answer) => usable(rpc, answer))
    return byBlock ? readRaw(block, own[0]) : readDetails(block, own)
  })
  const isOpen = (reading: Reading) => reading === 'other' || (byBlock && typeof reading === 'string')
  const open = blocks.flatMap((block, index) => (isOpen(readings[index]!) ? [{ block, first: readings[index]! }] : []))
  const closer = await lookCloser(rpc, open, byBlock, signal)
  return readings.map((reading) => {
    const arrivals = isOpen(reading) ? closer.shift()! : reading
    if (typeof arrivals === 'object' && arrivals !== null) return arrivals
    // A block whose times can be had in no way is one without times, not one that stops everything.
    rpc.countFault('serverError')
    return null
  })
}

/** What an answer came to: arrivals; times that are refused for good; not the transactions of the block. */
type Reading = Arrival[] | 'refused' | 'other'

/**
 * Asks for the transactions one by one, together with the block. Where a block's own answer was not of its transactions, it
 * is asked for again: it may be that of a chain that is just being reorganised.
 */
async function lookCloser(
  rpc: Rpc,
  open: readonly { block: ArrivalBlock; first: Reading }[],
  byBlock: boolean,
  signal: AbortSignal | undefined,
): Promise<Arrivals[]> {
  const calls = open.map(({ block, first }) => [
    { method: 'eth_getBlockByNumber', params: [toQuantity(block.number), false] },
    ...detailCalls(block),
    ...(byBlock && first === 'other' ? [rawCall(block.number)] : []),
  ])
  const answers = await rpc.batch(calls.flat(), signal)
  return open.map(({ block, first }, index) => {
    const [served, ...own] = answers.splice(0, calls[index]!.length).map((answer) => usable(rpc, answer))
    const singly = readDetails(block, own.slice(0, block.transactionHashes.length))
    const again = own.length > block.transactionHashes.length ? readRaw(block, own.at(-1)) : 'refused'
    if (typeof again === 'object') return again
    if (typeof singly === 'object') return singly
    // Whoever still has the block, and has no more to tell of it, has thrown the rest away.
    const isStillThere = String((served as RawBlock | null)?.hash).toLowerCase() === block.hash.toLowerCase()
    if (isStillThere || (first === 'refused' && singly === 'refused')) return null
    throw new ContradictionError(
      `the arrivals of block ${block.number} are not those of its ${block.transactionHashes.length} transactions`,
    )
  })
}

function rawCall(blockNumber: number): Call {
  return { method: 'zks_getRawBlockTransactions', params: [blockNumber] }
}

function detailCalls({ transactionHashes }: ArrivalBlock): Call[] {
  return transactionHashes.map((hash) => ({ method: 'zks_getTransactionDetails', params: [hash] }))
}

/** The server gives a block's transactions in any order, so they are told by their hashes. */
function readRaw({ number, transactionHashes }: ArrivalBlock, answer: unknown): Reading {
  if (answer instanceof RpcError || lacksHash(answer)) return 'refused'
  if (answer === null) return 'other'
  if (!Array.isArray(answer)) throw new ContradictionError(`the raw transactions of block ${number} are no list`)
  const byHash = new Map(answer.map((raw) => toArrivalOfRaw(raw)).map((each) => [each.transactionHash, each]))
  const arrivals = transactionHashes.map((hash) => byHash.get(hash))
  const isWhole = answer.length === transactionHashes.length && arrivals.every((each) => each !== undefined)
  return isWhole ? arrivals : 'other'
}

function readDetails({ transactionHashes }: ArrivalBlock, answers: readonly unknown[]): Reading {
  if (answers.some((answer) => answer instanceof RpcError)) return 'refused'
  if (answers.some((answer) => answer === null)) return 'other'
  return transactionHashes.map((hash, index) => toArrivalOfDetails(hash, answers[index]))
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

/** An answer that will not be another one when the same is asked again. Throws EndpointError for any other. */
function usable(rpc: Rpc, answer: unknown): unknown {
  if (isMethodMissing(answer)) return answer
  if (isPassingError(answer)) throw new EndpointError(rpc.name, answer.message, { fault: 'serverError', cause: answer })
  return answer
}

/** The server can leave out the input of an L2 transaction, and its hash with it. */
function lacksHash(answer: unknown): boolean {
  if (!Array.isArray(answer)) return false
  return answer.some((raw: RawArrival | null) => raw?.common_data?.L2 !== undefined && !raw.common_data.L2.input?.hash)
}
