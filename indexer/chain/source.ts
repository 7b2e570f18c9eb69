import type { Block, BlockBundle, BlockId, Hex, Log, Transaction } from '../types/block.ts'
import { ContradictionError, EndpointUnreachableError, RpcError } from './errors.ts'
import { type RawBlock, type RawLog, toBlock, toLog, toNumber, toTransaction } from './format.ts'
import { fetchLogs, logFilter, toQuantity } from './logs.ts'
import { type Call, createRpc, pause, type Rpc } from './rpc.ts'
import { fullTransaction, isSystemHash, verifyBlocks, verifyLogs } from './verify.ts'

/** A chain as the stages read it; every answer has been verified against itself. */
export type ChainSource = {
  chainId: number
  rpc: Rpc
  /** The newest block. */
  fetchHead(signal?: AbortSignal): Promise<BlockId & { timestamp: number }>
  /** Number of the last final block; null when the chain does not say. */
  fetchFinalized(signal?: AbortSignal): Promise<number | null>
  /** Hashes of the blocks asked for, in that order; null for a block the chain does not have. */
  fetchHashes(numbers: readonly number[], signal?: AbortSignal): Promise<(Hex | null)[]>
  /** The blocks `from` to `to` with the logs we know and their transactions, ascending. */
  fetchRange(from: number, to: number, signal?: AbortSignal): Promise<BlockBundle[]>
  close(): Promise<void>
}

/** Blocks per JSON-RPC batch. */
const BATCH_BLOCKS = 50
/** Ranges up to this size are asked for in one request with all transactions; larger ones read the logs first. */
const SMALL_RANGE_BLOCKS = 4
/** At the start somebody waits for the answer. */
const PROBE_TIMEOUT_MS = 5_000
/** An answer that contradicts itself may come from a chain that is just being reorganised. */
const CONTRADICTION_ATTEMPTS = 4

/**
 * Connects to an endpoint and asks it for its chain id.
 * @param topics the topic0 of the logs that are wanted.
 * @throws EndpointUnreachableError when it does not answer.
 */
export async function openSource(url: string, topics: readonly Hex[]): Promise<ChainSource> {
  const chainId = await probeChainId(url)
  const rpc = createRpc(url)
  return {
    chainId,
    rpc,
    fetchHead: async (signal) => {
      const block = (await rpc.request('eth_getBlockByNumber', ['latest', false], signal)) as RawBlock | null
      if (block === null) throw new ContradictionError('the chain has no latest block')
      return { number: toNumber(block.number), hash: block.hash, timestamp: toNumber(block.timestamp) }
    },
    fetchFinalized: async (signal) => {
      const [block] = await rpc.batch([{ method: 'eth_getBlockByNumber', params: ['finalized', false] }], signal)
      return block instanceof RpcError || !block ? null : toNumber((block as RawBlock).number)
    },
    fetchHashes: async (numbers, signal) => {
      const blocks = await fetchRawBlocks(rpc, numbers, () => false, signal)
      return blocks.map((block) => block?.hash ?? null)
    },
    fetchRange: (from, to, signal) => retryContradiction(signal, () => fetchRangeOnce(rpc, topics, from, to, signal)),
    close: () => rpc.close(),
  }
}

async function probeChainId(url: string): Promise<number> {
  if (!/^https?:\/\//.test(url)) throw new EndpointUnreachableError(url, 'it is not an http:// or https:// URL')
  const rpc = createRpc(url, { attempts: 2, timeoutMs: PROBE_TIMEOUT_MS })
  try {
    return toNumber(await rpc.request('eth_chainId', []))
  } catch (error) {
    throw new EndpointUnreachableError(rpc.name, (error as Error).message)
  } finally {
    await rpc.close()
  }
}

async function retryContradiction<T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof ContradictionError) || attempt >= CONTRADICTION_ATTEMPTS) throw error
      await pause(50 * 2 ** attempt, signal)
    }
  }
}

async function fetchRangeOnce(
  rpc: Rpc,
  topics: readonly Hex[],
  from: number,
  to: number,
  signal: AbortSignal | undefined,
): Promise<BlockBundle[]> {
  const { blocks, logs } =
    to - from < SMALL_RANGE_BLOCKS
      ? await fetchSmallRange(rpc, topics, from, to, signal)
      : await fetchLargeRange(rpc, topics, from, to, signal)
  verifyBlocks(from, blocks)
  const byBlock = groupByBlock(logs, from, to)
  return blocks.map((block, offset) => toBundle(block, byBlock[offset] ?? []))
}

/** At the head one round trip matters most. */
async function fetchSmallRange(
  rpc: Rpc,
  topics: readonly Hex[],
  from: number,
  to: number,
  signal: AbortSignal | undefined,
) {
  const calls: Call[] = [{ method: 'eth_getLogs', params: [logFilter(topics, from, to)] }]
  for (let number = from; number <= to; number++) {
    calls.push({ method: 'eth_getBlockByNumber', params: [toQuantity(number), true] })
  }
  const [logs, ...blocks] = await rpc.batch(calls, signal)
  for (const block of blocks) if (block instanceof RpcError) throw block
  return {
    blocks: blocks as (RawBlock | null)[],
    logs: logs instanceof RpcError ? await fetchLogs(rpc, topics, from, to, signal) : (logs as RawLog[]),
  }
}

/** Far from the head bytes matter most: the transactions of a block are read only when it has a log we want. */
async function fetchLargeRange(
  rpc: Rpc,
  topics: readonly Hex[],
  from: number,
  to: number,
  signal: AbortSignal | undefined,
) {
  const logs = await fetchLogs(rpc, topics, from, to, signal)
  const hits = new Set(logs.map(({ blockNumber }) => Number(blockNumber)))
  const numbers = Array.from({ length: to - from + 1 }, (_, offset) => from + offset)
  return { logs, blocks: await fetchRawBlocks(rpc, numbers, (number) => hits.has(number), signal) }
}

async function fetchRawBlocks(
  rpc: Rpc,
  numbers: readonly number[],
  isFull: (number: number) => boolean,
  signal: AbortSignal | undefined,
): Promise<(RawBlock | null)[]> {
  const batches: Promise<unknown[]>[] = []
  for (let start = 0; start < numbers.length; start += BATCH_BLOCKS) {
    const calls = numbers.slice(start, start + BATCH_BLOCKS).map((number) => ({
      method: 'eth_getBlockByNumber',
      params: [toQuantity(number), isFull(number)],
    }))
    batches.push(rpc.batch(calls, signal))
  }
  const blocks = (await Promise.all(batches)).flat()
  for (const block of blocks) if (block instanceof RpcError) throw block
  return blocks as (RawBlock | null)[]
}

function groupByBlock(logs: readonly RawLog[], from: number, to: number): RawLog[][] {
  const groups: RawLog[][] = []
  for (const log of logs) {
    const number = Number(log.blockNumber)
    if (!(number >= from && number <= to))
      throw new ContradictionError(`a log of block ${log.blockNumber} came for ${from} to ${to}`)
    const group = groups[number - from]
    if (group) group.push(log)
    else groups[number - from] = [log]
  }
  return groups
}

function toBundle(raw: RawBlock, rawLogs: readonly RawLog[]): BlockBundle {
  verifyLogs(raw, rawLogs)
  const block: Block = toBlock(raw)
  const logs: Log[] = []
  const transactions = new Map<number, Transaction>()
  for (const rawLog of rawLogs) {
    const log = toLog(rawLog)
    logs.push(log)
    if (!isSystemHash(log.transactionHash) && !transactions.has(log.transactionIndex)) {
      transactions.set(log.transactionIndex, toTransaction(fullTransaction(raw, log.transactionIndex)))
    }
  }
  return { block, transactions, logs }
}
