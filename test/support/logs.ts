import { type AbiEvent, encodeAbiParameters, encodeEventTopics, parseAbiItem } from 'viem'
import type { Address, BlockBundle, Hex, Log, Transaction } from '../../indexer/types/block.ts'

/** Transaction hash of ZKsync's system logs. */
export const SYSTEM_HASH: Hex = `0x${'0'.repeat(64)}`

/** An address made of one byte. */
export const address = (byte: number): Address => `0x${byte.toString(16).padStart(2, '0').repeat(20)}`

/** A hash made of a number, distinct for distinct numbers. */
export const hash = (number: number): Hex => `0x${(0xabc_0000_0000 + number).toString(16).padStart(64, '0')}`

/** Texts of the events that are decoded, as the contracts declare them. */
export const eventTexts = {
  v2PairCreated: 'event PairCreated(address indexed token0, address indexed token1, address pair, uint256 index)',
  v2Swap:
    'event Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)',
  v2Sync: 'event Sync(uint112 reserve0, uint112 reserve1)',
  v2Mint: 'event Mint(address indexed sender, uint256 amount0, uint256 amount1)',
  v2Burn: 'event Burn(address indexed sender, uint256 amount0, uint256 amount1, address indexed to)',
  v3PoolCreated:
    'event PoolCreated(address indexed token0, address indexed token1, uint24 indexed fee, int24 tickSpacing, address pool)',
  v3Initialize: 'event Initialize(uint160 sqrtPriceX96, int24 tick)',
  v3Swap:
    'event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)',
  v3Mint:
    'event Mint(address sender, address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)',
  v3Burn:
    'event Burn(address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)',
  v3Collect:
    'event Collect(address indexed owner, address recipient, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount0, uint128 amount1)',
} as const

/** Name of an event that is decoded. */
export type EventName = keyof typeof eventTexts

/** Encodes an event with viem; `overrides` say where the log stands (log 0 of transaction 0 when left out). */
export function encodeLog(
  name: EventName,
  emitter: Address,
  args: Record<string, unknown>,
  overrides: Partial<Log> = {},
): Log {
  const item = parseAbiItem(eventTexts[name]) as AbiEvent
  const topics = encodeEventTopics({ abi: [item], args } as never) as Hex[]
  const plain = item.inputs.filter(({ indexed }) => !indexed)
  const data = encodeAbiParameters(
    plain,
    plain.map((input) => args[input.name!]),
  )
  const transactionIndex = overrides.transactionIndex ?? 0
  const transactionHash = hash(transactionIndex)
  return { address: emitter, topics, data, logIndex: 0, transactionIndex, transactionHash, ...overrides }
}

/** A transaction at `transactionIndex`, with the hash that `encodeLog` gives its logs. */
export function makeTransaction(transactionIndex: number): Transaction {
  return {
    hash: hash(transactionIndex),
    transactionIndex,
    from: address(0xf0 + transactionIndex),
    to: address(0xee),
    nonce: 7n,
    valueWei: 0n,
    gasLimit: 100_000n,
    gasPriceWei: 250_000_000n,
    type: 2,
    selector: '0x38ed1739',
    input: '0x38ed1739',
  }
}

/** A block with `logs`, which get their indexes from their order, and the transactions they name. */
export function makeBundle(number: number, logs: readonly Log[]): BlockBundle {
  const indexed = logs.map((log, logIndex) => ({ ...log, logIndex }))
  const named = indexed.filter(({ transactionHash }) => transactionHash !== SYSTEM_HASH)
  return {
    block: {
      number,
      hash: hash(1_000 + number),
      parentHash: hash(999 + number),
      timestamp: 1_750_000_000 + number,
      gasUsed: 21_000n,
      gasLimit: 30_000_000n,
      baseFeePerGas: 25_000_000n,
      transactionCount: named.length,
    },
    transactions: new Map(
      named.map(({ transactionIndex }) => [transactionIndex, makeTransaction(transactionIndex)] as const),
    ),
    logs: indexed,
    transactionHashes: null,
    idle: [],
    arrivals: null,
  }
}
