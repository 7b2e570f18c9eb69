import type { ChainProfile, L1Profile } from '../../../contracts/chains/profile.ts'
import type { SettlementEvent } from '../../types/batch.ts'
import type { Hex } from '../../types/block.ts'
import type { PriorityRequest } from '../../types/priority.ts'
import { createEndpoints, type Endpoints } from '../endpoints.ts'
import { ContradictionError, EndpointUnreachableError, RpcError, WrongChainError } from '../errors.ts'
import { type RawBlock, toHash, toNumber } from '../format.ts'
import { toQuantity } from '../logs.ts'
import { probeChainId } from '../probe.ts'
import { type Call, type Rpc, withoutSecrets } from '../rpc.ts'
import { type EventQuery, fetchDiamondEvents, type L1Known } from './events.ts'
import { findL1Contract } from './find.ts'

/** A block of L1. */
export type L1Block = {
  number: number
  hash: Hex
  /** Unix seconds. */
  timestamp: number
}

/** Both ends of what may still change on L1. */
export type L1Tip = { final: L1Block; latest: L1Block }

/** What the diamond says in a range of L1 blocks, in chain order. */
export type L1Events = { settlement: SettlementEvent[]; requests: PriorityRequest[] }

/** The L1 as the watchers read it. */
export type L1Source = L1Profile & {
  endpoints: Endpoints
  /** The newest block and the last final one. */
  fetchTip(signal?: AbortSignal): Promise<L1Tip>
  /** The events of the blocks `from` to `last.number`, which all belong to the chain that `last` ends. */
  fetchEvents(from: number, last: L1Block, signal?: AbortSignal): Promise<L1Events>
  /** The block with a number. Throws ContradictionError when there is none. */
  fetchBlock(number: number, signal?: AbortSignal): Promise<L1Block>
  /** Number of the last block between `from` and `to` that is not younger than `timestamp` (Unix seconds); `from` when all are. */
  findBlockAt(timestamp: number, from: number, to: number, signal?: AbortSignal): Promise<number>
  close(): Promise<void>
}

/**
 * Where an L1 does not serve the tag `finalized`: blocks that deep are called final. Ethereum itself makes blocks final
 * after two to three epochs of 32 blocks.
 */
const FINAL_DEPTH = 96
/** Blocks asked for at once in the search for a time: five round trips for Ethereum. */
const PROBES = 24

/**
 * Connects to the endpoints of the L1 below a chain. Those that do not answer now are used once they do.
 * Every request also asks for the chain id; the methods throw EndpointError and RpcError when no endpoint answers, and
 * ContradictionError for answers that contradict themselves.
 * @param chain endpoints of the L2, asked for its contract on L1 when the profile does not name it.
 * @returns null when the contract is not known.
 * @throws WrongChainError when an endpoint serves another chain; EndpointUnreachableError when none answers.
 */
export async function openL1(
  urls: readonly string[],
  profile: Pick<ChainProfile, 'id' | 'l1'>,
  chain: Endpoints,
): Promise<L1Source | null> {
  const chainId = await probeChainIds(urls, profile.l1?.chainId ?? null)
  const verify = async (rpc: Rpc) => void (await askOnL1(rpc, chainId, []))
  const endpoints = createEndpoints(urls, { verify })
  const contract = profile.l1 ?? (await findL1Contract(profile.id, chainId, chain, endpoints))
  if (contract === null) {
    await endpoints.close()
    return null
  }
  return createL1Source(endpoints, contract)
}

/** Chain id of the endpoints that answer; all must serve `wanted` unless that is null. */
async function probeChainIds(urls: readonly string[], wanted: number | null): Promise<number> {
  let chainId = wanted
  let answered = false
  let failure: Error | null = null
  for (const url of urls) {
    try {
      const id = await probeChainId(url)
      if (chainId !== null && id !== chainId) {
        throw new WrongChainError(withoutSecrets(url), id, `${chainId}, the L1 of the chain`)
      }
      chainId = id
      answered = true
    } catch (error) {
      if (error instanceof WrongChainError) throw error
      failure ??= error as Error
    }
  }
  if (chainId === null || !answered) {
    throw new EndpointUnreachableError(urls.map(withoutSecrets).join(', '), failure?.message ?? 'no URL is given')
  }
  return chainId
}

function createL1Source(endpoints: Endpoints, contract: L1Profile): L1Source {
  const { chainId, diamond } = contract
  const known: L1Known = { timestamps: new Map(), senders: new Map() }
  const fetchBlocks = (numbers: readonly number[], signal?: AbortSignal) =>
    endpoints.use(async (rpc) => {
      const answers = await askOnL1(
        rpc,
        chainId,
        numbers.map((number) => blockCall(toQuantity(number))),
        signal,
      )
      return answers.map((answer, index) => readBlock(answer, numbers[index]!))
    })
  return {
    ...contract,
    endpoints,
    fetchTip: (signal) =>
      endpoints.use(async (rpc) => {
        const [latest, final] = await askOnL1(rpc, chainId, [blockCall('latest'), blockCall('finalized')], signal)
        const newest = readBlock(latest, null)
        if (!isTagUnknown(final)) return { latest: newest, final: readBlock(final, null) }
        const number = Math.max(0, newest.number - FINAL_DEPTH)
        const [deep] = await askOnL1(rpc, chainId, [blockCall(toQuantity(number))], signal)
        return { latest: newest, final: readBlock(deep, number) }
      }),
    fetchEvents: (from, last, signal) =>
      endpoints.use(async (rpc) => {
        const query: EventQuery = { rpc, witness: endpoints.witness(rpc), diamond, known, signal }
        const events = await fetchDiamondEvents(query, from, last.number)
        // Asked afterwards: an endpoint that has the block now had all of them before, unless they were replaced meanwhile.
        const [answer] = await askOnL1(rpc, chainId, [blockCall(toQuantity(last.number))], signal)
        const { hash } = readBlock(answer, last.number)
        if (hash !== last.hash) {
          throw new ContradictionError(`L1 block ${last.number} was ${last.hash} and is now ${hash}`, 'replaced')
        }
        return events
      }),
    fetchBlock: async (number, signal) => {
      const [block] = await fetchBlocks([number], signal)
      return block!
    },
    findBlockAt: async (timestamp, from, to, signal) => {
      let [low, high] = [from, to + 1]
      while (high - low > 1) {
        const step = Math.max(1, Math.ceil((high - low) / (PROBES + 1)))
        const numbers: number[] = []
        for (let number = low + step; number < high; number += step) numbers.push(number)
        if (numbers.length === 0) numbers.push(low + 1)
        const blocks = await fetchBlocks(numbers, signal)
        for (const block of blocks) {
          if (block.timestamp <= timestamp) low = block.number
          else {
            high = block.number
            break
          }
        }
      }
      return low
    },
    close: () => endpoints.close(),
  }
}

function blockCall(block: string): Call {
  return { method: 'eth_getBlockByNumber', params: [block, false] }
}

/** Asks together with the chain id, so that an endpoint that changes its chain is noticed before it is believed. */
async function askOnL1(rpc: Rpc, chainId: number, calls: readonly Call[], signal?: AbortSignal): Promise<unknown[]> {
  const [id, ...answers] = await rpc.batch([{ method: 'eth_chainId', params: [] }, ...calls], signal)
  if (id instanceof RpcError) throw id
  if (toNumber(id) !== chainId) {
    throw new ContradictionError(
      `the L1 endpoint ${rpc.name} now serves chain ${toNumber(id)}, not ${chainId}`,
      'otherChain',
    )
  }
  return answers
}

/** Codes of a server that does not know a block tag: no such method, invalid parameters. */
const UNKNOWN_TAG_CODES = new Set([-32601, -32602])

function isTagUnknown(answer: unknown): boolean {
  return answer === null || (answer instanceof RpcError && UNKNOWN_TAG_CODES.has(answer.code))
}

function readBlock(answer: unknown, number: number | null): L1Block {
  if (answer instanceof RpcError) throw answer
  if (!answer) throw new ContradictionError(`L1 block ${number ?? 'latest'} is missing`, 'missingBlock')
  const raw = answer as RawBlock
  const block = { number: toNumber(raw.number), hash: toHash(raw.hash), timestamp: toNumber(raw.timestamp) }
  if (number !== null && block.number !== number) {
    throw new ContradictionError(`L1 block ${block.number} came for ${number}`)
  }
  return block
}
