import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Ordering } from '../contracts/chains/profile.ts'
import type { Address, Hex } from '../indexer/types/block.ts'
import type { ClockedBlock } from './clocks.ts'
import { addressWord, quantity, word } from './hex.ts'
import { CHAIN_ID } from './profile.ts'
import type { RpcBlock, RpcLog, RpcReceipt } from './rpcTypes.ts'
import type { SimulatedToken } from './tokens.ts'
import { topics } from './topics.ts'

/** What is served besides the blocks. */
export type ServedChain = {
  /** `fifo` is served as by ZKsync Era, `tip` as by ZKsync OS, which tells no arrivals. */
  ordering: Ordering
  /** False when arrivals are not told. */
  hasClock: boolean
  tokens: readonly SimulatedToken[]
}

/** A history as JSON-RPC on 127.0.0.1; all of it is kept in memory, as text. */
export type HistoryServer = {
  /** Takes up the next block. */
  add(block: ClockedBlock): void
  /** Answers from here on; returns the URL. @param port 0 for any. */
  listen(port: number): Promise<string>
  close(): Promise<void>
}

type Held = { block: Buffer; receipts: Buffer; arrivals: (number | null)[] }
type Pool = {
  address: Address
  token0: Address
  token1: Address
  factory: Address
  fee: number
  spacing: number | null
}
type Request = { id?: unknown; method?: string; params?: unknown[] }
type Filter = {
  fromBlock?: unknown
  toBlock?: unknown
  blockHash?: Hex
  address?: Hex | Hex[] | null
  topics?: (Hex | Hex[] | null)[] | null
}

class Refusal extends Error {
  override name = 'Refusal'
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

const HEAD_TAGS = new Set<unknown>(['latest', 'finalized', 'safe', 'pending', null, undefined])
const REVERTED = 3
const INVALID_PARAMS = -32602
const METHOD_MISSING = -32601
const PRIORITY_TYPE = 255
const MICROSECONDS_PER_MILLISECOND = 1_000
const EMPTY_BLOOM: Hex = `0x${'0'.repeat(512)}`
const BODY_BYTES_MAX = 16_000_000

// Getters of ERC-20 tokens, and of the pools and factories of Uniswap V2 and V3, by selector.
const [DECIMALS, SYMBOL, NAME] = ['0x313ce567', '0x95d89b41', '0x06fdde03']
const [TOKEN0, TOKEN1, FACTORY, RESERVES] = ['0x0dfe1681', '0xd21220a7', '0xc45a0155', '0x0902f1ac']
const [FEE, SPACING, SLOT0, GET_PAIR, GET_POOL] = ['0xddca3f43', '0xd0c93a7c', '0x3850c7bd', '0xe6a43905', '0x1698ee82']
const SLOT0_WORDS = 7
const RESERVES_WORDS = 3

/** A server without blocks. */
export function createHistoryServer({ ordering, hasClock, tokens }: ServedChain): HistoryServer {
  const held: Held[] = []
  const byHash = new Map<string, number>()
  /** Number of the block that holds a transaction, by its hash. */
  const transactions = new Map<string, number>()
  const pools = new Map<string, Pool>()
  const tokenOf = new Map<string, SimulatedToken>(tokens.map((token) => [token.address, token]))
  let first = 0

  const lastNumber = () => first + held.length - 1
  const blockAt = (number: number) => JSON.parse(held[number - first]!.block.toString('latin1')) as RpcBlock
  const receiptsAt = (number: number) => JSON.parse(held[number - first]!.receipts.toString('latin1')) as RpcReceipt[]

  function hold(block: RpcBlock, receipts: readonly RpcReceipt[], arrivals: (number | null)[]): void {
    if (held.length === 0) first = Number(block.number)
    byHash.set(block.hash, Number(block.number))
    for (const { hash } of block.transactions) transactions.set(hash, Number(block.number))
    for (const { logs } of receipts) for (const log of logs) learnPool(pools, log)
    const toBuffer = (value: unknown) => Buffer.from(JSON.stringify(value), 'latin1')
    held.push({ block: toBuffer(block), receipts: toBuffer(receipts), arrivals })
  }

  /** The number of a block by tag, number or hash; null when there is none. */
  function find(which: unknown): number | null {
    if (typeof which === 'object' && which !== null) {
      const { blockHash, blockNumber } = which as { blockHash?: unknown; blockNumber?: unknown }
      return find(blockHash ?? blockNumber)
    }
    if (HEAD_TAGS.has(which)) return lastNumber()
    if (which === 'earliest') return first
    if (typeof which === 'string' && which.length === 66) return byHash.get(which.toLowerCase()) ?? null
    const number = Number(which)
    if (which === '' || !Number.isSafeInteger(number)) throw new Refusal(INVALID_PARAMS, `no block: ${String(which)}`)
    return number >= first && number <= lastNumber() ? number : null
  }

  function getBlock(which: unknown, isFull: unknown): unknown {
    const number = find(which)
    if (number === null) return null
    if (isFull === true) return held[number - first]!.block
    const block = blockAt(number)
    return { ...block, transactions: block.transactions.map(({ hash }) => hash) }
  }

  function getLogs(filter: Filter): RpcLog[] {
    const { fromBlock, toBlock, blockHash } = filter
    const from = find(blockHash ?? fromBlock) ?? Number(fromBlock ?? 0)
    const to = Math.min(find(blockHash ?? toBlock) ?? Number(toBlock ?? 0), lastNumber())
    const accepts = createFilter(filter)
    const found: RpcLog[] = []
    for (let number = Math.max(from, first); number <= to; number++) {
      for (const { logs } of receiptsAt(number)) for (const log of logs) if (accepts(log)) found.push(log)
    }
    return found
  }

  function arrivalsOf(number: number) {
    const { arrivals } = held[number - first]!
    return blockAt(number).transactions.map(({ hash, from, type }, index) => ({
      ...{ hash, from, isFromL1: Number(type) === PRIORITY_TYPE, at: arrivals[index] ?? null },
    }))
  }

  const methods: Record<string, (...params: never[]) => unknown> = {
    eth_chainId: () => quantity(CHAIN_ID),
    net_version: () => String(CHAIN_ID),
    web3_clientVersion: () => 'flowprint-simulator',
    eth_syncing: () => false,
    eth_blockNumber: () => quantity(lastNumber()),
    eth_getBlockByNumber: getBlock,
    eth_getBlockByHash: getBlock,
    eth_getBlockReceipts: (which: unknown) => {
      const number = find(which)
      return number === null ? null : held[number - first]!.receipts
    },
    eth_getTransactionReceipt: (hash: string) => {
      const number = transactions.get(hash)
      return number === undefined ? null : receiptsAt(number).find((each) => each.transactionHash === hash)
    },
    eth_getTransactionByHash: (hash: string) => {
      const number = transactions.get(hash)
      return number === undefined ? null : blockAt(number).transactions.find((each) => each.hash === hash)
    },
    eth_getLogs: (filter: Filter) => getLogs(filter),
    eth_getBalance: () => '0x0',
    eth_call: ({ to, data, input }: { to: string; data?: Hex; input?: Hex }) =>
      view(pools, tokenOf, to.toLowerCase(), data ?? input ?? '0x'),
    ...(ordering === 'tip' ? { zks_getBlockMetadataByNumber: () => null } : {}),
  }
  // One batch is sealed, that of the genesis; all else is in the next.
  const era: typeof methods = {
    zks_L1BatchNumber: () => '0x0',
    zks_getBlockDetails: (number: number) => ({ number, l1BatchNumber: number === first ? 0 : 1 }),
    zks_getL1BatchDetails: (number: number) =>
      number === 0 ? { number, timestamp: Number(blockAt(first).timestamp), l1TxCount: 0, l2TxCount: 0 } : null,
    zks_getL1BatchBlockRange: (number: number) => (number === 0 ? [quantity(first), quantity(first)] : null),
  }
  const clock: typeof methods = {
    zks_getRawBlockTransactions: (number: number) =>
      find(quantity(number)) === null
        ? []
        : arrivalsOf(number).map(({ hash, from, isFromL1, at }) => ({
            common_data: isFromL1
              ? { L1: { sender: from, canonicalTxHash: hash } }
              : { L2: { initiatorAddress: from, input: { hash } } },
            received_timestamp_ms: at === null ? 0 : Math.floor(at / MICROSECONDS_PER_MILLISECOND),
          })),
    zks_getTransactionDetails: (hash: string) => {
      const number = transactions.get(hash)
      const found = number === undefined ? undefined : arrivalsOf(number).find((each) => each.hash === hash)
      if (found === undefined || found.at === null) return null
      return { isL1Originated: found.isFromL1, initiatorAddress: found.from, receivedAt: toInstant(found.at) }
    },
  }
  if (ordering === 'fifo') Object.assign(methods, era, hasClock ? clock : {})

  function answer({ id, method = '', params = [] }: Request): Buffer[] {
    const head = `{"jsonrpc":"2.0","id":${JSON.stringify(id ?? null)},`
    try {
      const run = methods[method]
      if (run === undefined) throw new Refusal(METHOD_MISSING, `the method ${method} does not exist`)
      const result = run(...(params as never[])) ?? null
      const body = Buffer.isBuffer(result) ? result : Buffer.from(JSON.stringify(result))
      return [Buffer.from(`${head}"result":`), body, Buffer.from('}')]
    } catch (error) {
      // Parameters of a wrong kind end here, too.
      const { code, message } = error instanceof Refusal ? error : { code: INVALID_PARAMS, message: String(error) }
      return [Buffer.from(`${head}"error":${JSON.stringify({ code, message })}}`)]
    }
  }

  const server = createServer(async (request, response) => {
    // Whoever looks for a WebSocket finds none.
    if (request.method !== 'POST') return void response.writeHead(404).end()
    try {
      const asked = JSON.parse(await readBody(request)) as Request | Request[]
      const parts = Array.isArray(asked)
        ? [
            Buffer.from('['),
            ...asked.flatMap((each, place) => [Buffer.from(place ? ',' : ''), ...answer(each)]),
            Buffer.from(']'),
          ]
        : answer(asked)
      response.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.concat(parts))
    } catch {
      response.writeHead(400).end()
    }
  })
  return {
    add: ({ block, receipts, arrivals }) => {
      if (held.length === 0 && Number(block.number) > 0) hold(genesisOf(block), [], [])
      hold(block, receipts, arrivals)
    },
    listen: (port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The block before the first. */
function genesisOf(block: RpcBlock): RpcBlock {
  const before = (value: Hex) => quantity(Number(value) - 1)
  return {
    ...{ ...block, number: before(block.number), timestamp: before(block.timestamp), hash: block.parentHash },
    ...{ parentHash: `0x${'0'.repeat(64)}`, gasUsed: '0x0', logsBloom: EMPTY_BLOOM, transactions: [] },
  }
}

function learnPool(pools: Map<string, Pool>, { address: factory, topics: its, data }: RpcLog): void {
  const isPair = its[0] === topics.pairCreated
  if (!isPair && its[0] !== topics.poolCreated) return
  const addressAt = (text: Hex, end?: number): Address => `0x${text.slice(0, end).slice(-40)}`
  const tokens = { token0: addressAt(its[1]!), token1: addressAt(its[2]!) }
  const address = isPair ? addressAt(data, 66) : addressAt(data)
  const fee = isPair ? 0 : Number(its[3])
  pools.set(address, { address, factory, ...tokens, fee, spacing: isPair ? null : Number(data.slice(0, 66)) })
}

/** What tokens, pools and factories say of themselves that never changes. @throws Refusal for everything else. */
function view(
  pools: ReadonlyMap<string, Pool>,
  tokens: ReadonlyMap<string, SimulatedToken>,
  to: string,
  data: Hex,
): Hex {
  const selector = data.slice(0, 10)
  const token = tokens.get(to)
  const pool = pools.get(to)
  const wordsOf = () => {
    if (token !== undefined) {
      if (selector === DECIMALS) return word(token.decimals)
      if (selector === SYMBOL || selector === NAME) return textWords(token.symbol)
    }
    if (pool !== undefined) {
      if (selector === TOKEN0) return addressWord(pool.token0)
      if (selector === TOKEN1) return addressWord(pool.token1)
      if (selector === FACTORY) return addressWord(pool.factory)
      // State is not kept: that there is an answer tells what kind of a pool it is.
      if (pool.spacing === null) return selector === RESERVES ? word(0).repeat(RESERVES_WORDS) : null
      if (selector === FEE) return word(pool.fee)
      if (selector === SPACING) return word(pool.spacing)
      if (selector === SLOT0) return word(0).repeat(SLOT0_WORDS)
    }
    if (selector !== GET_PAIR && selector !== GET_POOL) return null
    const asked = [10, 74].map((start) => `0x${data.slice(start + 24, start + 64)}`).sort()
    const fee = selector === GET_POOL ? Number(`0x${data.slice(138, 202)}`) : 0
    const found = [...pools.values()].find(
      (each) => each.factory === to && each.token0 === asked[0] && each.token1 === asked[1] && each.fee === fee,
    )
    return found === undefined ? null : addressWord(found.address)
  }
  const words = wordsOf()
  if (words === null) throw new Refusal(REVERTED, 'execution reverted')
  return `0x${words}`
}

function textWords(text: string): string {
  const digits = Buffer.from(text).toString('hex')
  return word(32) + word(digits.length / 2) + digits.padEnd(64, '0')
}

function createFilter({ address, topics: wanted }: Filter): (log: RpcLog) => boolean {
  const setOf = (value: Hex | Hex[] | null | undefined) => {
    const list = [value ?? []].flat().map((each) => each.toLowerCase())
    return list.length === 0 ? null : new Set<string>(list)
  }
  const addresses = setOf(address)
  const sets = (wanted ?? []).map(setOf)
  return (log) =>
    (addresses === null || addresses.has(log.address)) &&
    sets.every((set, place) => set === null || set.has(log.topics[place] ?? ''))
}

/** An instant as the server prints it, to the microsecond. */
function toInstant(microseconds: number): string {
  const seconds = new Date(Math.floor(microseconds / 1e6) * 1_000).toISOString().slice(0, 19)
  return `${seconds}.${String(microseconds % 1e6).padStart(6, '0')}Z`
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > BODY_BYTES_MAX) throw new Error('too large a request')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
