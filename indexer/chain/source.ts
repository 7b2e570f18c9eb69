import type { Block, BlockBundle, BlockId, Hex, Log, Transaction } from '../types/block.ts'
import { type BloomTopic, promisesMore, toBloomTopics } from './bloom.ts'
import { createEndpoints, type Endpoints } from './endpoints.ts'
import { ContradictionError, EndpointUnreachableError, RpcError, WrongChainError } from './errors.ts'
import { type RawBlock, type RawLog, toBlock, toHash, toLog, toNumber, toTransaction } from './format.ts'
import { fetchLogs, logFilter, toQuantity, toRawLogs } from './logs.ts'
import { type Call, createRpc, pause, type Rpc, withoutSecrets } from './rpc.ts'
import { fullTransaction, isSystemHash, verifyBlocks, verifyLogs } from './verify.ts'

/** A chain as the stages read it; every answer has been verified against itself. */
export type ChainSource = {
  chainId: number
  endpoints: Endpoints
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
/** Codes of a server that does not know a block tag: no such method, invalid parameters. */
const UNKNOWN_TAG_CODES = new Set([-32601, -32602])

/**
 * Connects to the endpoints of one chain. Those that do not answer now are used once they do.
 * @param topics the topic0 of the logs that are wanted.
 * @throws EndpointUnreachableError when none answers; WrongChainError when two serve different chains.
 */
export async function openSource(urls: readonly string[], topics: readonly Hex[]): Promise<ChainSource> {
  const chainId = await probeChainId(urls)
  const endpoints = createEndpoints(urls)
  const wanted = toBloomTopics(topics)
  const ask = (calls: readonly Call[], signal?: AbortSignal) =>
    endpoints.use((rpc) => onChain(rpc, chainId, calls, signal))
  return {
    chainId,
    endpoints,
    fetchHead: async (signal) => {
      const [block] = await ask([{ method: 'eth_getBlockByNumber', params: ['latest', false] }], signal)
      if (block instanceof RpcError) throw block
      if (!block) throw new ContradictionError('the chain has no latest block')
      const { number, hash, timestamp } = block as RawBlock
      return { number: toNumber(number), hash: toHash(hash), timestamp: toNumber(timestamp) }
    },
    fetchFinalized: async (signal) => {
      const [block] = await ask([{ method: 'eth_getBlockByNumber', params: ['finalized', false] }], signal)
      if (block instanceof RpcError && !UNKNOWN_TAG_CODES.has(block.code)) throw block
      return block instanceof RpcError || !block ? null : toNumber((block as RawBlock).number)
    },
    fetchHashes: async (numbers, signal) => {
      const params = numbers.map((number) => [toQuantity(number), false])
      const blocks = await ask(
        params.map((each) => ({ method: 'eth_getBlockByNumber', params: each })),
        signal,
      )
      return blocks.map((block) => {
        if (block instanceof RpcError) throw block
        return (block as RawBlock | null)?.hash ?? null
      })
    },
    fetchRange: (from, to, signal) =>
      retryContradiction(signal, () =>
        endpoints.use((rpc) => fetchRangeOnce({ rpc, topics, wanted, signal }, from, to)),
      ),
    close: () => endpoints.close(),
  }
}

/** Asks together with the chain id, so that an endpoint that changes its chain is noticed before it is believed. */
async function onChain(rpc: Rpc, chainId: number, calls: readonly Call[], signal?: AbortSignal): Promise<unknown[]> {
  const [id, ...answers] = await rpc.batch([{ method: 'eth_chainId', params: [] }, ...calls], signal)
  if (id instanceof RpcError) throw id
  if (toNumber(id) !== chainId) {
    throw new ContradictionError(`the endpoint ${rpc.name} now serves chain ${toNumber(id)}, not ${chainId}`)
  }
  return answers
}

async function probeChainId(urls: readonly string[]): Promise<number> {
  let chainId: number | null = null
  let failure: unknown
  for (const url of urls) {
    try {
      const id = await fetchChainId(url)
      if (chainId !== null && id !== chainId)
        throw new WrongChainError(withoutSecrets(url), id, `${chainId} as the first`)
      chainId = id
    } catch (error) {
      if (!(error instanceof EndpointUnreachableError)) throw error
      failure ??= error
    }
  }
  if (chainId === null) throw failure
  return chainId
}

async function fetchChainId(url: string): Promise<number> {
  if (!/^https?:\/\//.test(url)) {
    throw new EndpointUnreachableError(withoutSecrets(url), 'it is not an http:// or https:// URL')
  }
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

/** From whom to fetch, and what. */
type Fetch = { rpc: Rpc; topics: readonly Hex[]; wanted: readonly BloomTopic[]; signal: AbortSignal | undefined }

async function fetchRangeOnce(fetch: Fetch, from: number, to: number): Promise<BlockBundle[]> {
  const bundles =
    to - from < SMALL_RANGE_BLOCKS ? await fetchSmallRange(fetch, from, to) : await fetchLargeRange(fetch, from, to)
  verifyBlocks(
    from,
    bundles.map(({ block }) => block),
  )
  return bundles
}

/** At the head one round trip matters most. */
async function fetchSmallRange(
  { rpc, topics, wanted, signal }: Fetch,
  from: number,
  to: number,
): Promise<BlockBundle[]> {
  const calls: Call[] = [{ method: 'eth_getLogs', params: [logFilter(topics, from, to)] }]
  for (let number = from; number <= to; number++) {
    calls.push({ method: 'eth_getBlockByNumber', params: [toQuantity(number), true] })
  }
  const [answer, ...blocks] = await rpc.batch(calls, signal)
  const logs = answer instanceof RpcError ? await fetchLogs(rpc, topics, from, to, signal) : toRawLogs(answer)
  return bundleBlocks({ rpc, topics, wanted, signal }, from, blocks, groupByBlock(logs, from, to))
}

/** Far from the head bytes matter most: the transactions of a block are read only when it has a log we want. */
async function fetchLargeRange(fetch: Fetch, from: number, to: number): Promise<BlockBundle[]> {
  const { rpc, topics, signal } = fetch
  const logs = groupByBlock(await fetchLogs(rpc, topics, from, to, signal), from, to)
  const batches: Promise<BlockBundle[]>[] = []
  for (let first = from; first <= to; first += BATCH_BLOCKS) {
    const numbers = Array.from({ length: Math.min(BATCH_BLOCKS, to - first + 1) }, (_, offset) => first + offset)
    const calls = numbers.map((number) => ({
      method: 'eth_getBlockByNumber',
      params: [toQuantity(number), logs.has(number)],
    }))
    // Reduced as it arrives: the raw blocks of a whole range would not fit into memory on a busy chain.
    batches.push(rpc.batch(calls, signal).then((blocks) => bundleBlocks(fetch, first, blocks, logs)))
  }
  return (await Promise.all(batches)).flat()
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
  const found = answers.map((answer, offset) => {
    if (answer instanceof RpcError) throw answer
    if (!answer) throw new ContradictionError(`block ${from + offset} is missing`)
    return { raw: answer as RawBlock, logs: logs.get(from + offset) ?? [] }
  })
  const doubtful = found.filter(({ raw, logs: came }) =>
    promisesMore(raw.logsBloom, fetch.wanted, new Set(came.map(({ topics }) => topics[0]!))),
  )
  if (doubtful.length > 0) await refetchLogs(fetch, doubtful)
  return found.map(({ raw, logs: came }) => toBundle(raw, came))
}

/**
 * The bloom promises a log that did not come: by chance, or because the answer is from a node that lags or from before a
 * reorganisation. By its hash a block's logs are given as they are, or not at all. Corrects the blocks in place.
 */
async function refetchLogs({ rpc, topics, signal }: Fetch, blocks: { raw: RawBlock; logs: RawLog[] }[]): Promise<void> {
  const calls = blocks.map(({ raw }) => ({
    method: 'eth_getLogs',
    params: [{ blockHash: raw.hash, topics: [topics] }],
  }))
  const answers = await rpc.batch(calls, signal)
  for (const [index, block] of blocks.entries()) {
    const answer = answers[index]
    if (answer instanceof RpcError) {
      throw new ContradictionError(`the logs of block ${block.raw.hash} cannot be read by its hash`)
    }
    block.logs = toRawLogs(answer)
    if (block.logs.length === 0 || typeof block.raw.transactions[0] === 'object') continue
    const full = await rpc.request('eth_getBlockByHash', [block.raw.hash, true], signal)
    if (!full) throw new ContradictionError(`block ${block.raw.hash} cannot be read by its hash`)
    block.raw = full as RawBlock
  }
}

function toBundle(raw: RawBlock, rawLogs: readonly RawLog[]): BlockBundle {
  const block: Block = toBlock(raw)
  verifyLogs(raw, rawLogs)
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
