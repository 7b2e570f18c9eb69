import type { Address } from '../../address.ts'
import type { Hex } from '../types.ts'
import { type BatchPlan, isClosingBlock } from './batches.ts'
import type { BlockView, MinedBlock, RpcBlock, RpcLog, RpcReceipt, RpcTransaction } from './block.ts'
import { logsBloom } from './bloom.ts'
import { outcomeLog } from './canonical.ts'
import { type Json, toQuantity, toWord } from './json.ts'
import { isFromL1, type L1Operation } from './l1Operation.ts'

/** EraVM's base token, which logs every move of the chain's own coin as an ERC-20 transfer. */
export const baseToken: Address = '0x000000000000000000000000000000000000800a'

/** EraVM's bootloader, which collects fees. */
export const bootloader: Address = '0x0000000000000000000000000000000000008001'

/** Account that the closing block of each batch pays the collected fees to. */
export const operator: Address = '0xa9232040bf0e0aea2578a5b2243f2916dbfc0a69'

const transferTopic = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef'
const mintTopic = '0x0f6798a560793a54c3bcfe86a93cde1e73087d944c0ea20544137d4121396885'
const zeroHash = toWord(0n)
const emptyUnclesHash = '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347'

type BareLog = Pick<RpcLog, 'address' | 'topics' | 'data'>

/**
 * Creates the view of the era server: fee transfers woven into the logs, the header's constants,
 * and L1 batch fields that are null until the batch is sealed.
 * @param smartAccounts accounts whose transactions are shown with the account-abstraction type 0x71
 */
export function createEraView(plan: BatchPlan, smartAccounts: ReadonlySet<Address>): BlockView {
  const typeOf = ({ type, from }: { type: Hex; from: Address }): Hex =>
    smartAccounts.has(from) && !isFromL1(type) ? '0x71' : type
  return (mined, batchTxOffset) => {
    const { block, receipts } = mined
    const number = Number(block.number)
    const position = { block, nextLogIndex: 0 }
    const viewReceipts = receipts.map((receipt, index) => ({
      ...eraReceipt(receipt, mined, index, position),
      type: typeOf(receipt),
    }))
    const logs = viewReceipts.flatMap((receipt) => receipt.logs)
    if (isClosingBlock(plan, number)) logs.push(closingLog(block))
    return {
      ...{ number, hash: block.hash, parentHash: block.parentHash, timestamp: Number(block.timestamp) },
      header: eraHeader(block, receipts, logs),
      transactions: block.transactions.map((t) => ({ ...eraTransaction(t), type: typeOf(t) })),
      ...{ receipts: viewReceipts, logs, receivedAtUs: mined.receivedAtUs, batchTxOffset },
    }
  }
}

type LogPosition = { block: RpcBlock; nextLogIndex: number }

function eraReceipt(receipt: RpcReceipt, mined: MinedBlock, index: number, position: LogPosition): RpcReceipt {
  const transaction = mined.block.transactions[index]
  if (!transaction) throw new RangeError(`receipt ${receipt.transactionHash} has no transaction in its block`)
  const place = { transactionHash: receipt.transactionHash, transactionIndex: toQuantity(index) }
  const operation = mined.operations[index]
  const bare = operation ? withMintLogs(receipt, operation) : withBaseTokenLogs(receipt, transaction)
  const l2ToL1Logs = operation ? [outcomeLog(operation, receipt)] : []
  const logs = bare.map((log, logInTransaction) => eraLog(log, place, logInTransaction, position))
  return {
    ...place,
    ...{ blockHash: mined.block.hash, blockNumber: mined.block.number },
    ...{ l1BatchTxIndex: null, l1BatchNumber: null, from: receipt.from, to: receipt.to },
    ...{ cumulativeGasUsed: '0x0', gasUsed: receipt.gasUsed, contractAddress: receipt.contractAddress ?? null },
    ...{ logs, l2ToL1Logs, status: receipt.status, logsBloom: logsBloom(logs) },
    ...{ type: receipt.type, effectiveGasPrice: receipt.effectiveGasPrice },
  }
}

/** Every transaction first pays for its whole gas limit and at the end gets the unused part back. */
function withBaseTokenLogs(receipt: RpcReceipt, transaction: RpcTransaction): BareLog[] {
  const price = BigInt(receipt.effectiveGasPrice)
  const unused = BigInt(transaction.gas) - BigInt(receipt.gasUsed)
  const value = BigInt(transaction.value)
  const logs: BareLog[] = [baseTokenTransfer(receipt.from, bootloader, BigInt(transaction.gas) * price)]
  if (value > 0n && receipt.status === '0x1' && transaction.to)
    logs.push(baseTokenTransfer(receipt.from, transaction.to, value))
  logs.push(...receipt.logs)
  if (unused > 0n) logs.push(baseTokenTransfer(bootloader, receipt.from, unused * price))
  return logs
}

/** What came from L1 is paid there: its value, its fee and the rest are minted on L2. */
function withMintLogs(receipt: RpcReceipt, operation: L1Operation): BareLog[] {
  const { kind, from, to, valueWei, refundRecipient, toMintWei } = operation
  if (kind === 'upgrade') return receipt.logs
  const feeWei = BigInt(receipt.gasUsed) * operation.maxFeePerGas
  const spentWei = receipt.status === '0x1' ? valueWei : 0n
  const logs: BareLog[] = spentWei > 0n ? [mint(from, spentWei), baseTokenTransfer(from, to, spentWei)] : []
  return [...logs, ...receipt.logs, mint(bootloader, feeWei), mint(refundRecipient, toMintWei - feeWei - spentWei)]
}

function mint(to: Address, amount: bigint): BareLog {
  return { address: baseToken, topics: [mintTopic, toWord(to)], data: toWord(amount) }
}

function baseTokenTransfer(from: Address, to: Address, amount: bigint): BareLog {
  return { address: baseToken, topics: [transferTopic, toWord(from), toWord(to)], data: toWord(amount) }
}

type Place = { transactionHash: Hex; transactionIndex: Hex }

function eraLog(log: BareLog, place: Place, logInTransaction: number, position: LogPosition): RpcLog {
  return {
    ...{ address: log.address, topics: log.topics, data: log.data },
    ...{ blockHash: position.block.hash, blockNumber: position.block.number, l1BatchNumber: null },
    ...place,
    logIndex: toQuantity(position.nextLogIndex++),
    transactionLogIndex: toQuantity(logInTransaction),
    ...{ logType: null, removed: false, blockTimestamp: position.block.timestamp },
  }
}

/** The closing block's one log, which belongs to no transaction and therefore to no receipt. */
function closingLog(block: RpcBlock): RpcLog {
  // No balance hangs on this amount; it only differs from batch to batch.
  const fees = BigInt(block.number) * 1_000_000_000_000n
  const place: Place = { transactionHash: zeroHash, transactionIndex: '0x0' }
  return eraLog(baseTokenTransfer(bootloader, operator, fees), place, 0, { block, nextLogIndex: 0 })
}

function eraHeader(block: RpcBlock, receipts: RpcReceipt[], logs: RpcLog[]): Json {
  const gasUsed = receipts.reduce((sum, receipt) => sum + BigInt(receipt.gasUsed), 0n)
  return {
    ...{ hash: block.hash, parentHash: block.parentHash, sha3Uncles: emptyUnclesHash },
    miner: '0x0000000000000000000000000000000000000000',
    ...{ stateRoot: zeroHash, transactionsRoot: zeroHash, receiptsRoot: zeroHash },
    ...{ number: block.number, l1BatchNumber: null, gasUsed: toQuantity(gasUsed), gasLimit: '0xffffffff' },
    ...{ baseFeePerGas: block.baseFeePerGas, extraData: '0x', logsBloom: logsBloom(logs) },
    ...{ timestamp: block.timestamp, l1BatchTimestamp: null, difficulty: '0x0', totalDifficulty: '0x0' },
    ...{ sealFields: [], uncles: [], size: '0x0', mixHash: zeroHash, nonce: '0x0000000000000000' },
  }
}

function eraTransaction(transaction: RpcTransaction): RpcTransaction {
  const t = transaction
  return {
    ...{ hash: t.hash, nonce: t.nonce, blockHash: t.blockHash, blockNumber: t.blockNumber },
    ...{ transactionIndex: t.transactionIndex, from: t.from, to: t.to, value: t.value, gasPrice: t.gasPrice },
    ...{ gas: t.gas, input: t.input, v: t.v, r: t.r, s: t.s },
    ...(t.yParity === undefined ? {} : { yParity: t.yParity }),
    type: t.type,
    ...(t.maxFeePerGas === undefined
      ? {}
      : { maxFeePerGas: t.maxFeePerGas, maxPriorityFeePerGas: t.maxPriorityFeePerGas }),
    chainId: t.chainId,
  }
}
