import { getTableColumns, getTableName, type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Database, Row } from '../../db/database.ts'
import { parameter, runSql } from '../../db/queries/sql.ts'
import { batches } from '../../db/schema/batches.ts'
import { blocks } from '../../db/schema/blocks.ts'
import { chains, cursors, finality, l1Cursors } from '../../db/schema/chains.ts'
import { liquidations } from '../../db/schema/liquidations.ts'
import { liquidityChanges } from '../../db/schema/liquidityChanges.ts'
import { mevBundles, mevControls, mevLegs, mevProfits, mevVictims } from '../../db/schema/mev.ts'
import { pendingTransactions } from '../../db/schema/pendingTransactions.ts'
import { poolStates, poolTicks } from '../../db/schema/poolStates.ts'
import { pools, poolTokens } from '../../db/schema/pools.ts'
import { priorityRequests } from '../../db/schema/priorityRequests.ts'
import { swaps } from '../../db/schema/swaps.ts'
import { tokenPrices, tokens } from '../../db/schema/tokens.ts'
import { transactions } from '../../db/schema/transactions.ts'
import { undecodedLogs } from '../../db/schema/undecodedLogs.ts'
import { mevRows } from './mevRows.ts'
import { rowsBesideBlocks } from './rowsBesideBlocks.ts'
import {
  address,
  amounts,
  BARE,
  CHAIN_ID,
  FIRST_BLOCK,
  hash,
  INT256_MIN,
  instant,
  LAST_BLOCK,
  numbers,
  ODD,
  PAIR,
  pick,
  TICKED,
  UINT256_MAX,
  USDC,
  WETH,
} from './values.ts'

export * from './values.ts'

const at = (blockNumber: number, logIndex: number) => ({
  chainId: CHAIN_ID,
  blockNumber,
  logIndex,
  transactionIndex: logIndex % 2,
  transactionHash: hash(blockNumber, logIndex % 2),
  timestamp: 1_700_000_000 + Math.floor(blockNumber / 3),
})

const swapRow = (blockNumber: number, logIndex: number): Row => {
  const n = (blockNumber - FIRST_BLOCK) * 3 + logIndex
  const ticked = n % 3 !== 0
  return {
    ...at(blockNumber, logIndex),
    poolAddress: ticked ? TICKED : PAIR,
    protocol: ticked ? 'uniswap-v3' : 'uniswap-v2',
    traderAddress: address(0x10 + (n % 4)),
    senderAddress: address(0x20),
    recipientAddress: n % 11 === 0 ? null : address(0x10 + (n % 5)),
    token0Address: WETH,
    token1Address: USDC,
    amount0: pick(amounts, n),
    amount1: pick(amounts, n + 3),
    reserve0: ticked ? null : BigInt(n),
    reserve1: ticked ? null : UINT256_MAX - BigInt(n % 2),
    sqrtPriceX96: ticked ? 2n ** 96n : null,
    tick: ticked ? (n % 7) - 3 : null,
    liquidity: ticked ? 10n ** 30n : null,
    fee: ticked ? 500 : 3000,
    replayGap: n % 4 === 0 ? null : BigInt(n % 3) - 1n,
    priceUsd: n % 5 === 0 ? null : 1_800.25 + n,
    valueUsd: n % 5 === 0 ? null : 0.1 * n,
  }
}

/** Columns of a pool that is its own emitter and has no hooks. */
const plain = (emitterAddress: string) => ({ emitterAddress, stable: null, hooksAddress: null })

/** Columns of a state whose fee is the same on both sides. */
const curve = (fee: number) => ({
  ...{ virtualReserve0: null, virtualReserve1: null, fee0: fee, fee1: fee },
  ...{ innerState: null, quality: 'exact', doubts: 0 },
})

/** Columns of calldata that asks for no swap. */
const noIntent = {
  ...{ intentKind: null, intentTokenInAddress: null, intentTokenOutAddress: null, intentAmountIn: null },
  ...{ intentAmountOut: null, intentRecipientAddress: null, intentDeadline: null, intentPath: null },
}

/** Every row of the test chain, by table. */
export const rowsOf = {
  chains: [{ chainId: CHAIN_ID, name: 'zksync-era', stack: 'era', ordering: 'fifo', nativeSymbol: 'ETH' }],
  cursors: [{ chainId: CHAIN_ID, startBlock: FIRST_BLOCK, blockNumber: LAST_BLOCK, blockHash: hash(LAST_BLOCK, 999) }],
  blocks: numbers(FIRST_BLOCK, LAST_BLOCK).map((number) => ({
    chainId: CHAIN_ID,
    number,
    hash: hash(number, 999),
    parentHash: hash(number - 1, 999),
    timestamp: 1_700_000_000 + Math.floor(number / 3),
    gasUsed: pick(amounts, number) ** 2n % 10n ** 70n,
    gasLimit: UINT256_MAX,
    baseFeePerGas: number % 4 === 0 ? null : BigInt(number % 2),
    transactionCount: 2 + (number % 3),
    clock: pick(['sequencer', 'node', 'block'], number),
    clockTested: number % 2 === 0,
  })),
  transactions: numbers(FIRST_BLOCK, LAST_BLOCK).flatMap((blockNumber) =>
    [0, 1].map((transactionIndex) => ({
      chainId: CHAIN_ID,
      blockNumber,
      transactionIndex,
      hash: hash(blockNumber, transactionIndex),
      fromAddress: address(0x10 + (blockNumber % 4)),
      toAddress: transactionIndex === 0 ? address(0x20) : null,
      nonce: BigInt(blockNumber % 5),
      value: BigInt(transactionIndex),
      gasLimit: 21_000n,
      gasPrice: blockNumber % 3 === 0 ? null : 10n ** 9n,
      type: pick([0, 2, 113], blockNumber),
      selector: transactionIndex === 0 ? '0x38ed1739' : null,
      // One microsecond from row to row; the last block's are not known.
      receivedAt:
        blockNumber === LAST_BLOCK ? null : instant(713_729 + (blockNumber - FIRST_BLOCK) * 2 + transactionIndex),
      ...noIntent,
    })),
  ),
  tokens: [
    { chainId: CHAIN_ID, address: WETH, symbol: 'WETH', name: 'Wrapped Ether', decimals: 18, firstSeenBlock: 100 },
    { chainId: CHAIN_ID, address: USDC, symbol: 'USDC', name: 'USD Coin', decimals: 6, firstSeenBlock: 100 },
    { chainId: CHAIN_ID, address: ODD, symbol: null, name: null, decimals: null, firstSeenBlock: 104 },
  ],
  tokenPrices: [100, 103].map((blockNumber) => ({
    chainId: CHAIN_ID,
    tokenAddress: WETH,
    blockNumber,
    priceUsd: blockNumber === 100 ? 1_800.5 : null,
    depthUsd: blockNumber === 100 ? 2_000 : null,
    path: blockNumber === 100 ? PAIR : null,
  })),
  poolTokens: [PAIR, TICKED, BARE].flatMap((poolAddress) =>
    (poolAddress === BARE ? [USDC, ODD] : [WETH, USDC]).map((tokenAddress, position) => ({
      ...{ chainId: CHAIN_ID, poolAddress, position, tokenAddress, firstSeenBlock: 100 },
    })),
  ),
  pools: [
    {
      chainId: CHAIN_ID,
      address: PAIR,
      ...plain(PAIR),
      protocol: 'uniswap-v2',
      family: 'uniswap-v2',
      factoryAddress: address(0xf2),
      token0Address: WETH,
      token1Address: USDC,
      fee: 3000,
      tickSpacing: null,
      createdBlock: 100,
      createdTransactionHash: hash(100, 0),
      firstSeenBlock: 100,
      stateOrigin: 'creation',
    },
    {
      chainId: CHAIN_ID,
      address: TICKED,
      ...plain(TICKED),
      protocol: 'uniswap-v3',
      family: 'uniswap-v3',
      factoryAddress: address(0xf3),
      token0Address: WETH,
      token1Address: USDC,
      fee: 500,
      tickSpacing: 10,
      createdBlock: null,
      createdTransactionHash: null,
      firstSeenBlock: 100,
      stateOrigin: 'creation',
    },
    {
      chainId: CHAIN_ID,
      address: BARE,
      ...plain(BARE),
      protocol: 'uniswap-v2-fork',
      family: 'uniswap-v2',
      factoryAddress: null,
      token0Address: USDC,
      token1Address: ODD,
      fee: null,
      tickSpacing: null,
      createdBlock: null,
      createdTransactionHash: null,
      firstSeenBlock: 104,
      stateOrigin: 'events',
    },
  ],
  poolStates: [100, 103, 106].flatMap((blockNumber) => [
    {
      chainId: CHAIN_ID,
      poolAddress: PAIR,
      blockNumber,
      logIndex: 1,
      reserve0: 10n ** 18n,
      reserve1: BigInt(blockNumber) * 10n ** 6n,
      sqrtPriceX96: null,
      tick: null,
      liquidity: null,
      ...curve(3000),
    },
    {
      chainId: CHAIN_ID,
      poolAddress: TICKED,
      blockNumber: blockNumber + 1,
      logIndex: 2,
      reserve0: null,
      reserve1: null,
      sqrtPriceX96: 2n ** 96n,
      tick: blockNumber - 103,
      liquidity: UINT256_MAX,
      ...curve(500),
    },
    {
      chainId: CHAIN_ID,
      poolAddress: BARE,
      blockNumber,
      logIndex: 3,
      reserve0: 5n,
      reserve1: 6n,
      sqrtPriceX96: null,
      tick: null,
      liquidity: null,
      ...curve(3000),
    },
  ]),
  poolTicks: [
    [-20, 101, 50n, 50n],
    [-20, 104, 80n, 80n],
    [-20, 107, 0n, 0n],
    [10, 101, 50n, -50n],
    [30, 104, UINT256_MAX, INT256_MIN],
  ].map(([tick, blockNumber, liquidityGross, liquidityNet]) => ({
    chainId: CHAIN_ID,
    poolAddress: TICKED,
    tick,
    blockNumber,
    liquidityGross,
    liquidityNet,
  })),
  // The last block has none, so that its lists are empty.
  swaps: numbers(FIRST_BLOCK, LAST_BLOCK - 1).flatMap((block) => [0, 1, 2].map((logIndex) => swapRow(block, logIndex))),
  liquidityChanges: numbers(FIRST_BLOCK, 105).map((blockNumber) => ({
    ...at(blockNumber, 5),
    poolAddress: blockNumber % 2 === 0 ? TICKED : PAIR,
    protocol: blockNumber % 2 === 0 ? 'uniswap-v3' : 'uniswap-v2',
    kind: pick(['MINT', 'BURN', 'COLLECT'], blockNumber),
    providerAddress: address(0x10),
    ownerAddress: address(0x11),
    tickLower: blockNumber % 2 === 0 ? -20 : null,
    tickUpper: blockNumber % 2 === 0 ? 10 : null,
    liquidity: blockNumber % 2 === 0 ? -5n : null,
    amount0: pick(amounts, blockNumber),
    amount1: 1n,
    amounts:
      blockNumber === 105
        ? [
            [0, '5'],
            [1, '-6'],
          ]
        : null,
  })),
  liquidations: [102, 105].map((blockNumber) => ({
    ...at(blockNumber, 8),
    protocol: 'aave-v3',
    marketAddress: address(0xaa),
    marketId: null,
    senderAddress: address(0x10),
    liquidatorAddress: address(0x10),
    borrowerAddress: address(0x12),
    debtTokenAddress: USDC,
    debtAmount: 5_000_000n,
    collateralTokenAddress: WETH,
    collateralAmount: 10n ** 16n,
    debtUsd: 5,
    collateralUsd: blockNumber === 105 ? null : 5.25,
    bonusUsd: blockNumber === 105 ? null : 0.25,
  })),
  undecodedLogs: [PAIR, address(0x77)].map((emitterAddress, logIndex) => ({
    chainId: CHAIN_ID,
    blockNumber: 105,
    logIndex: 10 + logIndex,
    transactionHash: hash(105, 0),
    emitterAddress,
    topics: `0x${'ab'.repeat(32)}`,
    data: '0x',
    reason: logIndex === 0 ? 'malformed' : 'unknown-pool',
  })),
  ...mevRows,
  ...rowsBesideBlocks,
} satisfies Record<string, Row[]>

const tables = {
  chains,
  cursors,
  blocks,
  transactions,
  tokens,
  tokenPrices,
  pools,
  poolTokens,
  poolStates,
  poolTicks,
  swaps,
  liquidityChanges,
  liquidations,
  undecodedLogs,
  mevBundles,
  mevLegs,
  mevVictims,
  mevProfits,
  mevControls,
  batches,
  finality,
  l1Cursors,
  priorityRequests,
  pendingTransactions,
} satisfies Record<keyof typeof rowsOf, PgTable>

/** Stores every row of the test chain. */
export async function insertAll(database: Database): Promise<void> {
  for (const [name, table] of Object.entries(tables)) await insert(database, table, rowsOf[name as keyof typeof rowsOf])
}

/** Stores rows, given by their keys in code. @throws Error for a row that lacks a column, such as one added since. */
export async function insert(database: Database, table: PgTable, rows: readonly Row[]): Promise<void> {
  const columns = Object.entries(getTableColumns(table))
  const tuples = rows.map((row): SQL => {
    const values = columns.map(([key, column]) => {
      if (row[key] === undefined) throw new Error(`a row of ${getTableName(table)} in rows.ts lacks ${key}`)
      return row[key] === null ? sql`null` : parameter(column, row[key])
    })
    return sql`(${sql.join(values, sql`, `)})`
  })
  const names = columns.map(([, column]) => sql.identifier(column.name))
  await runSql(
    database,
    sql`insert into ${sql.identifier(getTableName(table))} (${sql.join(names, sql`, `)}) values ${sql.join(tuples, sql`, `)}`,
  )
}
