import { type AbiEvent, decodeEventLog, parseAbi, toEventSelector } from 'viem'
import type { SettlementFact } from '../../types/batch.ts'
import type { Address, Hex } from '../../types/block.ts'
import type { PriorityRequest } from '../../types/priority.ts'
import { ContradictionError } from '../errors.ts'
import type { RawLog } from '../format.ts'

/** Events of a ZK chain's diamond proxy on L1. Source: IExecutor, IMailboxImpl and ICommitter of era-contracts. */
const DIAMOND_ABI = parseAbi([
  'event BlockCommit(uint256 indexed batchNumber, bytes32 indexed batchHash, bytes32 indexed commitment)',
  'event BlocksVerification(uint256 indexed previousLastVerifiedBatch, uint256 indexed currentLastVerifiedBatch)',
  'event BlockExecution(uint256 indexed batchNumber, bytes32 indexed batchHash, bytes32 indexed commitment)',
  'event BlocksRevert(uint256 totalBatchesCommitted, uint256 totalBatchesVerified, uint256 totalBatchesExecuted)',
  'event ReportCommittedBatchRangeZKsyncOS(uint64 indexed batchNumber, uint64 indexed firstBlockNumber, uint64 indexed lastBlockNumber)',
  'struct L2CanonicalTransaction { uint256 txType; uint256 from; uint256 to; uint256 gasLimit; uint256 gasPerPubdataByteLimit; uint256 maxFeePerGas; uint256 maxPriorityFeePerGas; uint256 paymaster; uint256 nonce; uint256 value; uint256[4] reserved; bytes data; bytes signature; uint256[] factoryDeps; bytes paymasterInput; bytes reservedDynamic; }',
  'event NewPriorityRequest(uint256 txId, bytes32 txHash, uint64 expirationTimestamp, L2CanonicalTransaction transaction, bytes[] factoryDeps)',
  'event NewPriorityRequestId(uint256 indexed txId, bytes32 indexed txHash)',
])

/** topic0 of the events that are read. */
export const DIAMOND_TOPICS: readonly Hex[] = DIAMOND_ABI.filter((item): item is typeof item & AbiEvent => {
  return item.type === 'event'
}).map(toEventSelector)

/** A request as its event gives it: what is missing of it stands in the L1 block and the L1 transaction. */
export type RequestFact = Omit<
  PriorityRequest,
  'l1Sender' | 'l1Timestamp' | 'l1BlockNumber' | 'l1LogIndex' | 'l1TransactionHash'
>

/** What a log of the diamond says. */
export type DiamondFact =
  | SettlementFact
  | { kind: 'request'; request: RequestFact }
  | { kind: 'request-id'; serialId: number; transactionHash: Hex }

/** Added to the address of an L1 contract to form its sender address on L2. Source: AddressAliasHelper. */
const ALIAS_OFFSET = 0x1111000000000000000000000000000000001111n
const ADDRESSES = 2n ** 160n

/** The L1 contract whose alias on L2 is `alias`. */
export function unaliased(alias: Address): Address {
  return toAddress((BigInt(alias) - ALIAS_OFFSET + ADDRESSES) % ADDRESSES)
}

/**
 * Who asked on L1 for the transaction of a request.
 * @param from sender on L2; `transactionFrom` the account that sent the L1 transaction. The diamond aliases every other caller.
 */
export function l1SenderOf(from: Address, transactionFrom: Address): Address {
  return from === transactionFrom ? from : unaliased(from)
}

/** What a log of the diamond says. Throws ContradictionError when it is none of the events that are read. */
export function decodeDiamondLog(log: RawLog): DiamondFact {
  const event = decode(log)
  switch (event.eventName) {
    case 'BlockCommit':
    case 'BlockExecution': {
      const { batchNumber, batchHash, commitment } = event.args
      const kind = event.eventName === 'BlockCommit' ? 'commit' : 'execute'
      return { kind, batch: toCount(batchNumber, log), batchHash, commitment }
    }
    case 'ReportCommittedBatchRangeZKsyncOS': {
      const { batchNumber, firstBlockNumber, lastBlockNumber } = event.args
      if (firstBlockNumber > lastBlockNumber) throw contradiction(log, 'its range ends before it begins')
      const range = { firstBlock: toCount(firstBlockNumber, log), lastBlock: toCount(lastBlockNumber, log) }
      return { kind: 'range', batch: toCount(batchNumber, log), ...range }
    }
    case 'BlocksVerification': {
      const { previousLastVerifiedBatch, currentLastVerifiedBatch } = event.args
      const [previous, last] = [toCount(previousLastVerifiedBatch, log), toCount(currentLastVerifiedBatch, log)]
      return { kind: 'prove', previous, last }
    }
    case 'BlocksRevert': {
      const { totalBatchesCommitted, totalBatchesVerified, totalBatchesExecuted } = event.args
      const [committed, proven, executed] = [totalBatchesCommitted, totalBatchesVerified, totalBatchesExecuted].map(
        (total) => toCount(total, log),
      ) as [number, number, number]
      if (committed < proven || proven < executed) {
        throw contradiction(log, `it leaves ${committed} batches committed, ${proven} proven and ${executed} executed`)
      }
      return { kind: 'revert', committed, proven, executed }
    }
    case 'NewPriorityRequestId':
      return { kind: 'request-id', serialId: toCount(event.args.txId, log), transactionHash: event.args.txHash }
    case 'NewPriorityRequest':
      return { kind: 'request', request: toRequest(event.args, log) }
  }
}

type DecodedEvent = ReturnType<typeof decodeEventLog<typeof DIAMOND_ABI>>
type RequestArguments = Extract<DecodedEvent, { eventName: 'NewPriorityRequest' }>['args']

function decode(log: RawLog): DecodedEvent {
  try {
    return decodeEventLog({ abi: DIAMOND_ABI, topics: log.topics as [Hex, ...Hex[]], data: log.data })
  } catch (cause) {
    throw contradiction(log, (cause as Error).message.split('\n')[0] ?? '')
  }
}

function toRequest({ txId, txHash, expirationTimestamp, transaction: t, factoryDeps }: RequestArguments, log: RawLog) {
  return {
    serialId: toCount(txId, log),
    transactionHash: txHash,
    from: toAddress(t.from, log),
    to: toAddress(t.to, log),
    valueWei: t.value,
    gasLimit: t.gasLimit,
    gasPerPubdata: t.gasPerPubdataByteLimit,
    maxFeePerGasWei: t.maxFeePerGas,
    toMintWei: t.reserved[0],
    refundRecipient: toAddress(t.reserved[1], log),
    expirationTimestamp: toCount(expirationTimestamp, log),
    factoryDependencyCount: factoryDeps.length,
    calldata: t.data,
  }
}

function toCount(value: bigint, log: RawLog): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw contradiction(log, `${value} is no counter`)
  return Number(value)
}

function toAddress(value: bigint, log?: RawLog): Address {
  if (log && value >= ADDRESSES) throw contradiction(log, `0x${value.toString(16)} is no address`)
  return `0x${value.toString(16).padStart(40, '0')}`
}

function contradiction({ blockNumber, logIndex, topics }: RawLog, reason: string): ContradictionError {
  return new ContradictionError(
    `log ${logIndex} of L1 block ${blockNumber} (topic0 ${topics?.[0]}) is no event of a diamond: ${reason}`,
  )
}
