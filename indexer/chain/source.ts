import type { Stack } from '../../contracts/chains/profile.ts'
import type { BlockBundle, BlockId, Hex } from '../types/block.ts'
import { linkAbort } from './abort.ts'
import { createArrivalReader } from './arrivals.ts'
import { toBloomTopics } from './bloom.ts'
import { createEndpoints, type Endpoints } from './endpoints.ts'
import { ContradictionError, EndpointError, EndpointUnreachableError, RpcError, WrongChainError } from './errors.ts'
import { type RawBlock, toHash, toNumber } from './format.ts'
import { createHeads, type Head, type Heads } from './heads.ts'
import { toQuantity } from './logs.ts'
import { pause } from './pause.ts'
import { probeChainId } from './probe.ts'
import { fetchBlocks } from './ranges.ts'
import { isPassingError } from './refusals.ts'
import { type Call, type Rpc, withoutSecrets } from './rpc.ts'
import { probeStack } from './stack.ts'
import { isWebSocketUrl } from './webSocket.ts'

/** A chain as the stages read it; every answer has been verified against itself. */
export type ChainSource = {
  chainId: number
  /** Software of the chain's nodes, as the endpoint showed it at the start. */
  stack: Stack
  endpoints: Endpoints
  /** Announcements of new blocks. */
  heads: Heads
  /** The newest block. */
  fetchHead(signal?: AbortSignal): Promise<Head>
  /** The last final block as it was seen together with the newest one; null when the chain does not say. */
  finalized(): BlockId | null
  /** Hashes of the blocks asked for, in that order; null for a block the chain does not have. */
  fetchHashes(numbers: readonly number[], signal?: AbortSignal): Promise<(Hex | null)[]>
  /**
   * The hash of one block at each endpoint that answers. Where one serves `final`, those that serve another are not used
   * until they serve that, too. Throws EndpointError when none answers.
   * @param final hash of the block when it was final; null when it is not known.
   */
  fetchHashEverywhere(number: number, final: Hex | null, signal?: AbortSignal): Promise<(Hex | null)[]>
  /** The blocks `from` to `to` with the logs we know and their transactions, ascending. */
  fetchRange(from: number, to: number, signal?: AbortSignal): Promise<BlockBundle[]>
  close(): Promise<void>
}

/** At the start somebody waits for the answer. */
const PROBE_TIMEOUT_MS = 5_000
/** An answer that contradicts itself may come from a chain that is just being reorganised. */
const CONTRADICTION_ATTEMPTS = 5
const CONTRADICTION_WAIT_MS = 10
/** Finality moves in steps of minutes; it is asked for beside the head now and then, with the chain id. */
const FINALITY_MS = 2_000
/** Of several endpoints the best is used, so now and then all are asked how far they are. */
const LOOK_AROUND_MS = 5_000

/**
 * Connects to the endpoints of one chain. Those that do not answer now are used once they do.
 * @param urls http(s) URLs to ask, and ws(s) URLs that announce new blocks; without the latter the head is asked for.
 * @param topics the topic0 of the logs that are wanted.
 * @param common those of them that blooms are asked about; all unless given.
 * @throws EndpointUnreachableError when none answers; WrongChainError when two serve different chains.
 */
export async function openSource(
  urls: readonly string[],
  topics: readonly Hex[],
  common: readonly Hex[] = topics,
): Promise<ChainSource> {
  const sockets = urls.filter(isWebSocketUrl)
  const httpUrls = urls.filter((url) => !isWebSocketUrl(url))
  const chainId = await probeChainIds(httpUrls.length > 0 ? httpUrls : urls)
  /** A final block that an endpoint had otherwise than the others. */
  let disputed: BlockId | null = null
  const verify = async (rpc: Rpc) => {
    const [block] = await askOnChain(rpc, chainId, disputed === null ? [] : [blockCall(toQuantity(disputed.number))])
    const hash = block instanceof RpcError ? null : readBlockHash(block)
    if (disputed !== null && hash !== null && hash !== disputed.hash) throw strangerError(rpc, disputed, hash)
  }
  const endpoints = createEndpoints(httpUrls, { verify })
  let highest = -1
  let lookedAroundMs = Number.NEGATIVE_INFINITY
  const stack = await endpoints
    .use((rpc) => probeStack(rpc))
    .catch(async (error) => {
      await endpoints.close()
      throw error
    })
  const heads = createHeads(sockets, withoutSecrets)
  const known = { topics: new Set(topics), wanted: toBloomTopics(common), stack, arrivals: createArrivalReader() }
  let finalized: BlockId | null = null
  let finalityAskedMs = Number.NEGATIVE_INFINITY
  const ask = (calls: readonly Call[], signal?: AbortSignal) =>
    endpoints.use((rpc) => askOnChain(rpc, chainId, calls, signal))
  return {
    chainId,
    stack,
    endpoints,
    heads,
    fetchHead: async (signal) => {
      if (endpoints.all.length > 1 && performance.now() - lookedAroundMs >= LOOK_AROUND_MS) {
        lookedAroundMs = performance.now()
        // Not waited for: the slowest would hold up the others.
        void fetchHeads(endpoints, chainId, signal).then(endpoints.noteHeads)
      }
      const asksFinality = performance.now() - finalityAskedMs >= FINALITY_MS
      const calls = [blockCall('latest'), ...(asksFinality ? [blockCall('finalized')] : [])]
      const head = await endpoints.use(async (rpc) => {
        const [latest, final] = asksFinality
          ? await askOnChain(rpc, chainId, calls, signal)
          : await rpc.batch(calls, signal)
        if (latest instanceof RpcError) throw latest
        if (!latest) throw new ContradictionError('the chain has no latest block', 'missingBlock')
        const newest = readHead(latest)
        if (asksFinality) finalized = later(finalized, readFinalized(final, newest))
        if (newest.number < highest) rpc.countFault('lagging')
        highest = Math.max(highest, newest.number)
        return newest
      })
      if (asksFinality) finalityAskedMs = performance.now()
      return head
    },
    finalized: () => finalized,
    fetchHashes: async (numbers, signal) => {
      const blocks = await ask(
        numbers.map((number) => blockCall(toQuantity(number))),
        signal,
      )
      return blocks.map(readBlockHash)
    },
    fetchHashEverywhere: async (number, final, signal) => {
      const looks = await Promise.allSettled(
        endpoints.all.map(async (rpc) => {
          const [block] = await askOnChain(rpc, chainId, [blockCall(toQuantity(number))], signal)
          return { rpc, hash: readBlockHash(block) }
        }),
      )
      const answers = looks.flatMap((look) => (look.status === 'fulfilled' ? [look.value] : []))
      if (answers.length === 0) throw new EndpointError(endpoints.name, 'none answers', { fault: 'connection' })
      if (final !== null && answers.some(({ hash }) => hash === final)) {
        for (const { rpc, hash } of answers) {
          if (hash === null || hash === final) continue
          disputed = { number, hash: final }
          endpoints.blame(rpc, strangerError(rpc, disputed, hash))
          // It may have been told by the same endpoint.
          finalized = null
          finalityAskedMs = Number.NEGATIVE_INFINITY
        }
      }
      return answers.map(({ hash }) => hash)
    },
    fetchRange: (from, to, signal) =>
      retryContradiction(signal, () =>
        endpoints.use((rpc) => fetchBlocks({ rpc, witness: endpoints.witness(rpc), ...known, signal }, from, to)),
      ),
    close: async () => {
      heads.close()
      await endpoints.close()
    },
  }
}

function strangerError(rpc: Rpc, { number, hash }: BlockId, served: Hex): ContradictionError {
  return new ContradictionError(
    `the endpoint ${rpc.name} serves block ${number}, which is final as ${hash}, as ${served}`,
    'otherChain',
  )
}

function blockCall(block: string): Call {
  return { method: 'eth_getBlockByNumber', params: [block, false] }
}

function readHead(answer: unknown): Head {
  const { number, hash, timestamp } = answer as RawBlock
  return { number: toNumber(number), hash: toHash(hash), timestamp: toNumber(timestamp) }
}

function readFinalized(answer: unknown, newest: BlockId): BlockId | null {
  if (answer instanceof RpcError && isPassingError(answer)) throw answer
  if (answer instanceof RpcError || !answer) return null
  const { number, hash } = readHead(answer)
  if (number > newest.number) {
    throw new ContradictionError(`block ${number} is called final above the newest block ${newest.number}`)
  }
  return { number, hash }
}

/** Nothing that was final becomes open again: an endpoint that says so lags. */
function later(before: BlockId | null, now: BlockId | null): BlockId | null {
  return now === null || (before !== null && before.number > now.number) ? before : now
}

function readBlockHash(answer: unknown): Hex | null {
  if (answer instanceof RpcError) throw answer
  return answer === null || answer === undefined ? null : toHash((answer as RawBlock).hash)
}

/** Asks together with the chain id, so that an endpoint that changes its chain is noticed before it is believed. */
async function askOnChain(rpc: Rpc, chainId: number, calls: readonly Call[], signal?: AbortSignal): Promise<unknown[]> {
  const [id, ...answers] = await rpc.batch([{ method: 'eth_chainId', params: [] }, ...calls], signal)
  if (id instanceof RpcError) throw id
  if (toNumber(id) !== chainId) {
    throw new ContradictionError(
      `the endpoint ${rpc.name} now serves chain ${toNumber(id)}, not ${chainId}`,
      'otherChain',
    )
  }
  return answers
}

/** The head of each endpoint that answers now. */
async function fetchHeads(endpoints: Endpoints, chainId: number, signal?: AbortSignal): Promise<Map<Rpc, number>> {
  const heads = new Map<Rpc, number>()
  const link = linkAbort(signal)
  const timer = setTimeout(() => link.abort(), PROBE_TIMEOUT_MS)
  await Promise.allSettled(
    endpoints.all.map(async (rpc) => {
      try {
        const [latest] = await askOnChain(rpc, chainId, [blockCall('latest')], link.signal)
        if (latest && !(latest instanceof RpcError)) heads.set(rpc, readHead(latest).number)
      } catch (error) {
        // Such as one that has moved to another chain: it shows before it is asked for a block.
        if (error instanceof ContradictionError) endpoints.blame(rpc, error)
      }
    }),
  )
  clearTimeout(timer)
  link.release()
  return heads
}

async function probeChainIds(urls: readonly string[]): Promise<number> {
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
    const reason = isWebSocketUrl(url)
      ? 'a WebSocket only announces blocks; give an http:// or https:// URL beside it'
      : 'it is not an http:// or https:// URL'
    throw new EndpointUnreachableError(withoutSecrets(url), reason)
  }
  try {
    return await probeChainId(url)
  } catch (error) {
    throw new EndpointUnreachableError(withoutSecrets(url), (error as Error).message)
  }
}

async function retryContradiction<T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof ContradictionError) || attempt + 1 >= CONTRADICTION_ATTEMPTS) throw error
      await pause(CONTRADICTION_WAIT_MS * 3 ** attempt, signal)
    }
  }
}
