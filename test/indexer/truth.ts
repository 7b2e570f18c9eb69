import {
  createPublicClient,
  decodeFunctionResult,
  encodeFunctionData,
  type Hex,
  http,
  type PublicClient,
  parseAbi,
  parseEventLogs,
} from 'viem'
import type { Devnet } from '../../contracts/devnet/index.ts'
import type { Database } from '../../db/database.ts'
import { createTestDatabase } from '../support/databases.ts'
import { openMigrated, runIndexer } from '../support/indexing.ts'

const poolAbi = parseAbi([
  'function getReserves() view returns (uint112 reserve0, uint112 reserve1, uint32 blockTimestampLast)',
  'function slot0() view returns (uint160 sqrtPriceX96, int24 tick, uint16, uint16, uint16, uint8, bool)',
  'function liquidity() view returns (uint128)',
  'function ticks(int24) view returns (uint128 liquidityGross, int128 liquidityNet, uint256, uint256, int56, uint160, uint32, bool)',
  'function tickBitmap(int16) view returns (uint256)',
])
const swapAbis = {
  'uniswap-v2': parseAbi([
    'event Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)',
  ]),
  'uniswap-v3': parseAbi([
    'event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)',
  ]),
} as const
const multicallAbi = parseAbi([
  'function aggregate3((address target, bool allowFailure, bytes callData)[] calls) view returns ((bool success, bytes returnData)[])',
])

type Family = keyof typeof swapAbis
type StoredPool = { address: Hex; family: Family; tickSpacing: number; firstSeenBlock: number; stateOrigin: string }
type Expectation = {
  what: string
  call: { target: Hex; allowFailure: boolean; callData: Hex }
  stored: string
  read: (data: Hex) => string
}

/** How many values were compared, and the first differences in words. */
export type Truth = { differences: string[]; values: number; swaps: number }

const DIFFERENCES_MAX = 20

/**
 * Indexes a devnet from `start` to its tip, then compares the stored pool states of every block with the contracts,
 * and the swap rows with the receipts as viem decodes them.
 */
export async function checkTruth(devnet: Devnet, start: number): Promise<Truth> {
  const home = await createTestDatabase('pglite')
  const database = await openMigrated(home.url)
  const client = createPublicClient({ transport: http(devnet.url) })
  try {
    await runIndexer({ rpcUrl: devnet.url, database, start, end: devnet.tip() })
    const pools = await readPools(database)
    const states = await compareStates(client, devnet, database, pools, start)
    const swaps = await compareSwaps(client, database, start, devnet.tip())
    const blind = pools
      .filter(({ stateOrigin, family }) => stateOrigin === 'events' && family === 'uniswap-v3')
      .map(({ address }) => `${address} has no tick map`)
    const differences = [...states.differences, ...swaps.differences, ...blind].slice(0, DIFFERENCES_MAX)
    return { differences, values: states.values, swaps: swaps.swaps }
  } finally {
    await database.close()
    await home.remove()
  }
}

async function compareStates(
  client: PublicClient,
  devnet: Devnet,
  database: Database,
  pools: StoredPool[],
  start: number,
) {
  const history = await readHistory(database)
  const differences: string[] = []
  let values = 0
  for (let block = start; block <= devnet.tip() && differences.length < DIFFERENCES_MAX; block++) {
    const expectations = pools
      .filter(({ firstSeenBlock }) => firstSeenBlock <= block)
      .flatMap((pool) => expectationsOf(pool, history, block))
    if (expectations.length === 0) continue
    values += expectations.length
    const answers = await aggregate(client, devnet.contracts.multicall3, expectations, block)
    for (const [index, { what, stored, read }] of expectations.entries()) {
      const real = answers[index]!.success ? read(answers[index]!.returnData) : 'reverted'
      if (real !== stored) differences.push(`block ${block} ${what}: stored ${stored}, contract ${real}`)
    }
  }
  return { differences, values }
}

function expectationsOf(pool: StoredPool, history: History, blockNumber: number): Expectation[] {
  const { address, family, tickSpacing } = pool
  const expect = <N extends 'getReserves' | 'slot0' | 'liquidity' | 'ticks' | 'tickBitmap'>(
    functionName: N,
    args: readonly number[],
    stored: string,
    read: (result: readonly unknown[]) => string,
  ): Expectation => ({
    what: `${address} ${functionName}(${args.join()})`,
    call: {
      target: address,
      allowFailure: true,
      callData: encodeFunctionData({ abi: poolAbi, functionName, args } as Parameters<typeof encodeFunctionData>[0]),
    },
    stored,
    read: (data) => read([decodeFunctionResult({ abi: poolAbi, functionName, data } as never)].flat()),
  })
  const state = history.stateAt(address, blockNumber)
  if (family === 'uniswap-v2') {
    return [expect('getReserves', [], state.reserves ?? '0,0', (result) => result.slice(0, 2).join())]
  }
  const ticks = history.ticksAt(address, blockNumber)
  const words = history.bitmapWords(address, tickSpacing)
  return [
    expect('slot0', [], state.price ?? '0,0', (result) => result.slice(0, 2).join()),
    expect('liquidity', [], state.liquidity ?? '0', String),
    ...[...ticks].map(([tick, stored]) => expect('ticks', [tick], stored, (result) => result.slice(0, 2).join())),
    // Through the bitmap a tick that the contract has and we do not know would show.
    ...words.map((word) =>
      expect('tickBitmap', [word], bitmapWord(ticks, tickSpacing, word).toString(), (result) => String(result[0])),
    ),
  ]
}

function bitmapWord(ticks: Map<number, string>, tickSpacing: number, word: number): bigint {
  let bits = 0n
  for (const [tick, stored] of ticks) {
    const compressed = tick / tickSpacing
    if (compressed >> 8 === word && !stored.startsWith('0,')) bits |= 1n << BigInt(compressed & 255)
  }
  return bits
}

async function aggregate(client: PublicClient, multicall: Hex, expectations: Expectation[], blockNumber: number) {
  const data = encodeFunctionData({
    abi: multicallAbi,
    functionName: 'aggregate3',
    args: [expectations.map(({ call }) => call)],
  })
  const result = await client.call({ to: multicall, data, blockNumber: BigInt(blockNumber), gas: 900_000_000n })
  return decodeFunctionResult({ abi: multicallAbi, functionName: 'aggregate3', data: result.data! })
}

async function readPools(database: Database): Promise<StoredPool[]> {
  const rows = await database.query(
    'select address, family, tick_spacing, first_seen_block, state_origin from pools order by address',
  )
  return rows.map((row) => ({
    address: hex(row.address),
    family: row.family as Family,
    tickSpacing: Number(row.tick_spacing),
    firstSeenBlock: Number(row.first_seen_block),
    stateOrigin: String(row.state_origin),
  }))
}

type StateText = { reserves: string | null; price: string | null; liquidity: string | null }
type History = {
  stateAt(pool: Hex, blockNumber: number): StateText
  ticksAt(pool: Hex, blockNumber: number): Map<number, string>
  bitmapWords(pool: Hex, tickSpacing: number): number[]
}

async function readHistory(database: Database): Promise<History> {
  const states = new Map<Hex, { block: number; state: StateText }[]>()
  for (const row of await database.query('select * from pool_states order by block_number')) {
    const pool = hex(row.pool_address)
    const state: StateText = {
      reserves: row.reserve0 === null ? null : `${row.reserve0},${row.reserve1}`,
      price: row.sqrt_price_x96 === null ? null : `${row.sqrt_price_x96},${row.tick}`,
      liquidity: row.liquidity === null ? null : String(row.liquidity),
    }
    states.set(pool, [...(states.get(pool) ?? []), { block: Number(row.block_number), state }])
  }
  const ticks = new Map<Hex, { block: number; tick: number; stored: string }[]>()
  for (const row of await database.query('select * from pool_ticks order by block_number')) {
    const pool = hex(row.pool_address)
    const entry = {
      block: Number(row.block_number),
      tick: Number(row.tick),
      stored: `${row.liquidity_gross},${row.liquidity_net}`,
    }
    ticks.set(pool, [...(ticks.get(pool) ?? []), entry])
  }
  return {
    stateAt: (pool, blockNumber) =>
      states.get(pool)?.findLast(({ block }) => block <= blockNumber)?.state ?? {
        reserves: null,
        price: null,
        liquidity: null,
      },
    // Ticks of later blocks count as empty now: the contract must say so, too.
    ticksAt: (pool, blockNumber) => {
      const now = new Map<number, string>()
      for (const { block, tick, stored } of ticks.get(pool) ?? []) {
        if (block <= blockNumber) now.set(tick, stored)
        else if (!now.has(tick)) now.set(tick, '0,0')
      }
      return now
    },
    bitmapWords: (pool, tickSpacing) => {
      const words = (ticks.get(pool) ?? []).map(({ tick }) => (tick / tickSpacing) >> 8)
      return [...new Set(words.flatMap((word) => [word - 1, word, word + 1]))]
    },
  }
}

async function compareSwaps(client: PublicClient, database: Database, from: number, to: number) {
  const expected: string[] = []
  for (let blockNumber = from; blockNumber <= to; blockNumber++) {
    const receipts = await client.request({
      method: 'eth_getBlockReceipts' as never,
      params: [`0x${blockNumber.toString(16)}`] as never,
    })
    for (const receipt of receipts as { from: Hex; transactionHash: Hex; logs: never[] }[]) {
      for (const line of receiptSwaps(receipt)) expected.push(`${blockNumber} ${line}`)
    }
  }
  const rows = await database.query(
    `select block_number, log_index, transaction_hash, pool_address, trader_address, sender_address, recipient_address,
            amount0, amount1, sqrt_price_x96, tick, liquidity from swaps where block_number between $1 and $2`,
    [from, to],
  )
  const stored = rows.map(
    (row) =>
      `${row.block_number} ${row.log_index} ${hex(row.transaction_hash)} ${hex(row.pool_address)} ${hex(row.trader_address)} ${hex(row.sender_address)} ${hex(row.recipient_address)} ${row.amount0} ${row.amount1} ${row.sqrt_price_x96} ${row.tick} ${row.liquidity}`,
  )
  const [missing, extra] = [new Set(expected), new Set(stored)]
  for (const line of stored) missing.delete(line)
  for (const line of expected) extra.delete(line)
  const differences = [
    ...[...missing].map((line) => `not stored: ${line}`),
    ...[...extra].map((line) => `not on chain: ${line}`),
  ]
  return { differences, swaps: expected.length }
}

/** The swaps of a receipt, whoever emitted them: a pool that we refused must show as missing. */
function receiptSwaps(receipt: { from: Hex; transactionHash: Hex; logs: never[] }): string[] {
  return receipt.logs.flatMap((log) => {
    const { address, logIndex } = log as { address: Hex; logIndex: Hex }
    const [v2] = parseEventLogs({ abi: swapAbis['uniswap-v2'], logs: [log], strict: true })
    const [v3] = parseEventLogs({ abi: swapAbis['uniswap-v3'], logs: [log], strict: true })
    const place = `${Number(logIndex)} ${receipt.transactionHash} ${address} ${receipt.from}`.toLowerCase()
    const parties = (sender: Hex, recipient: Hex) => `${sender} ${recipient}`.toLowerCase()
    if (v3) {
      const { sender, recipient, amount0, amount1, sqrtPriceX96, tick, liquidity } = v3.args
      return [`${place} ${parties(sender, recipient)} ${amount0} ${amount1} ${sqrtPriceX96} ${tick} ${liquidity}`]
    }
    if (!v2) return []
    const { sender, to, amount0In, amount1In, amount0Out, amount1Out } = v2.args
    return [`${place} ${parties(sender, to)} ${amount0In - amount0Out} ${amount1In - amount1Out} null null null`]
  })
}

function hex(value: unknown): Hex {
  return `0x${Buffer.from(value as Uint8Array).toString('hex')}`
}
