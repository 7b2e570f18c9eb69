import type { Row } from '../../db/database.ts'
import { address, amounts, CHAIN_ID, ENDPOINTS, hash, instant, pick, UINT256_MAX, USDC, WETH } from './values.ts'

const noIntent = {
  intentKind: null,
  intentTokenInAddress: null,
  intentTokenOutAddress: null,
  intentAmountIn: null,
  intentAmountOut: null,
  intentRecipientAddress: null,
  intentDeadline: null,
  intentPath: null,
}

const swapIntent = {
  intentKind: 'EXACT_IN',
  intentTokenInAddress: WETH,
  intentTokenOutAddress: USDC,
  intentAmountIn: UINT256_MAX,
  intentAmountOut: 0n,
  intentRecipientAddress: address(0x10),
  intentDeadline: 1_800_000_000,
  intentPath: `${WETH} 500 ${USDC}`,
}

/** The zero address stands for the base token, which is no stored token. */
const baseTokenIntent = {
  ...swapIntent,
  intentKind: 'EXACT_OUT',
  intentTokenInAddress: address(0),
  intentAmountIn: null,
  intentDeadline: null,
  intentPath: `${address(0)} v2 ${USDC}`,
}

const batchRow = (number: number, firstBlock: number, lastBlock: number, step: Row): Row => ({
  chainId: CHAIN_ID,
  number,
  firstBlock,
  lastBlock,
  timestamp: 1_700_000_000 + Math.floor(firstBlock / 3),
  sealedTimestamp: number % 2 === 0 ? 1_700_000_000 + Math.floor(lastBlock / 3) : null,
  l1TransactionCount: 1,
  l2TransactionCount: 3,
  rootHash: hash(number, 0),
  commitment: null,
  commitTransactionHash: null,
  commitL1Block: null,
  committedAt: null,
  proveTransactionHash: null,
  proveL1Block: null,
  provenAt: null,
  executeTransactionHash: null,
  executeL1Block: null,
  executedAt: null,
  settlementChainId: null,
  l1GasPrice: null,
  l2FairGasPrice: null,
  fairPubdataPrice: null,
  source: 'l2',
  ...step,
})

const requestRow = (serialId: number, transactionHash: string, inclusion: Row): Row => ({
  chainId: CHAIN_ID,
  serialId,
  transactionHash,
  l1BlockNumber: 19_000_000 + serialId,
  l1LogIndex: 3,
  l1Timestamp: 1_699_999_900,
  l1TransactionHash: hash(900, serialId),
  l1SenderAddress: address(0x30),
  fromAddress: address(0x31),
  toAddress: address(0x20),
  value: BigInt(serialId),
  gasLimit: 10_000_000n,
  gasPerPubdata: 800n,
  maxFeePerGas: UINT256_MAX,
  toMint: pick(amounts, serialId + 4),
  refundRecipientAddress: address(0x32),
  expirationTimestamp: 1_700_800_000,
  factoryDependencyCount: 0,
  calldata: serialId % 2 === 0 ? '0x' : '0x38ed1739ff',
  ...noIntent,
  status: 'pending',
  blockNumber: null,
  transactionIndex: null,
  timestamp: null,
  visibleSeconds: null,
  ...inclusion,
})

const inclusionAt = (blockNumber: number, status: string): Row => ({
  status,
  blockNumber,
  transactionIndex: 0,
  timestamp: 1_700_000_000 + Math.floor(blockNumber / 3),
  visibleSeconds: 100 + Math.floor(blockNumber / 3),
})

const unread = {
  seenUnmined: null,
  fromAddress: null,
  toAddress: null,
  nonce: null,
  value: null,
  gasLimit: null,
  maxFeePerGas: null,
  maxPriorityFeePerGas: null,
  type: null,
  calldata: null,
}

const read = {
  seenUnmined: true,
  fromAddress: address(0x10),
  toAddress: address(0x20),
  nonce: 2n ** 70n,
  value: 0n,
  gasLimit: 21_000n,
  maxFeePerGas: 10n ** 9n,
  maxPriorityFeePerGas: null,
  type: 2,
  calldata: '0x38ed1739',
}

const sightingRow = (transactionHash: string, endpoint: string, firstSeen: number, more: Row): Row => ({
  chainId: CHAIN_ID,
  hash: transactionHash,
  endpoint,
  stream: endpoint === ENDPOINTS[0] ? 'subscription' : 'filter',
  firstSeenAt: instant(firstSeen),
  ...unread,
  ...noIntent,
  outcome: 'pending',
  blockNumber: null,
  transactionIndex: null,
  includedAt: null,
  inclusionDelayMicroseconds: null,
  ...more,
})

const included = (blockNumber: number, firstSeen: number, delay: number): Row => ({
  outcome: 'included',
  blockNumber,
  transactionIndex: 1,
  includedAt: instant(firstSeen + delay),
  inclusionDelayMicroseconds: delay,
})

/** Rows of what stands beside the blocks: batches, finality, requests from L1 and pending transactions, by table. */
export const rowsBesideBlocks = {
  // The first begins before the indexed blocks; block 104 is in none, and the last three blocks are not sealed.
  batches: [
    batchRow(7, 95, 102, {
      status: 'executed',
      commitment: `0x${'c7'.repeat(32)}`,
      commitTransactionHash: hash(901, 1),
      commitL1Block: 19_000_100,
      committedAt: instant(0),
      proveTransactionHash: hash(901, 2),
      proveL1Block: 19_000_200,
      provenAt: instant(713_730),
      executeTransactionHash: hash(901, 3),
      executeL1Block: 19_000_300,
      executedAt: instant(713_731),
      settlementChainId: 1,
      l1GasPrice: 10n ** 10n,
      l2FairGasPrice: 45_250_000n,
      fairPubdataPrice: UINT256_MAX,
      source: 'both',
    }),
    batchRow(8, 103, 103, { status: 'committed', commitTransactionHash: hash(901, 4), committedAt: instant(1) }),
    batchRow(9, 105, 108, { status: 'sealed', l1TransactionCount: null, rootHash: null, source: 'l1' }),
  ],
  finality: [{ chainId: CHAIN_ID, blockNumber: 103, blockHash: hash(103, 999), observedAt: instant(713_730) }],
  l1Cursors: [
    {
      chainId: CHAIN_ID,
      l1ChainId: 1,
      diamondAddress: address(0xd1),
      startBlock: 18_999_999,
      blockNumber: 19_000_300,
    },
  ],
  // The second did not trade, so that its transaction is not stored; the last did not run yet.
  priorityRequests: [
    requestRow(50, hash(101, 0), { ...swapIntent, ...inclusionAt(101, 'succeeded') }),
    requestRow(51, hash(950, 51), inclusionAt(101, 'failed')),
    requestRow(52, hash(106, 0), { ...baseTokenIntent, ...inclusionAt(106, 'succeeded') }),
    requestRow(53, hash(950, 53), {}),
  ],
  // Two endpoints told of the first, one microsecond apart.
  pendingTransactions: [
    sightingRow(hash(102, 1), ENDPOINTS[0], 400_000, { ...read, ...swapIntent, ...included(102, 400_000, 250_001) }),
    sightingRow(hash(102, 1), ENDPOINTS[1], 400_001, { ...read, ...swapIntent, ...included(102, 400_001, 250_000) }),
    sightingRow(hash(960, 1), ENDPOINTS[0], 400_002, { ...read, ...baseTokenIntent, seenUnmined: false }),
    sightingRow(hash(960, 2), ENDPOINTS[0], 999_999, { outcome: 'dropped' }),
  ],
} satisfies Record<string, Row[]>
