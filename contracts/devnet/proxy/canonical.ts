import type { Mode } from '../types.ts'
import type { MinedBlock, RpcReceipt, RpcTransaction } from './block.ts'
import { type Json, toQuantity, toWord } from './json.ts'
import { type L1Operation, typeOfOperation } from './l1Operation.ts'

/**
 * Returns the block with its L1 operations under their canonical hashes and in the played server's
 * form, instead of the ordinary transactions that anvil ran for them.
 */
export function withCanonicalHashes(mined: MinedBlock, mode: Mode): MinedBlock {
  const { block, receipts, operations } = mined
  if (operations.length === 0) return mined
  return {
    ...mined,
    block: {
      ...block,
      transactions: block.transactions.map((transaction, index) => {
        const operation = operations[index]
        return operation ? transactionOf(operation, transaction, mode) : transaction
      }),
    },
    receipts: receipts.map((receipt, index) => {
      const operation = operations[index]
      return operation ? receiptOf(operation, receipt, mode) : receipt
    }),
  }
}

/** Returns an operation that waits for its block as the transaction object of the played server. */
export function pendingOperation(operation: L1Operation, mode: Mode, chainId: number): Json {
  const { from, to, valueWei, gasLimit, data } = operation
  const inner = {
    ...{ blockHash: null, blockNumber: null, transactionIndex: null, from, to, value: toQuantity(valueWei) },
    ...{ gas: toQuantity(gasLimit), input: data, chainId: toQuantity(chainId) },
  }
  return { ...inner, ...fieldsOf(operation, mode) }
}

function transactionOf(operation: L1Operation, transaction: RpcTransaction, mode: Mode): RpcTransaction {
  const { r, s, v, yParity, accessList, ...inner } = transaction
  return { ...inner, ...fieldsOf(operation, mode) } as RpcTransaction
}

function receiptOf(operation: L1Operation, receipt: RpcReceipt, mode: Mode): RpcReceipt {
  const { hash } = operation
  return {
    ...receipt,
    ...{ transactionHash: hash, type: typeOfOperation(mode, operation.kind) },
    effectiveGasPrice: toQuantity(operation.maxFeePerGas),
    logs: receipt.logs.map((log) => ({ ...log, transactionHash: hash })),
  }
}

function fieldsOf(operation: L1Operation, mode: Mode): Json {
  const { kind, hash, serialId, maxFeePerGas } = operation
  const price = toQuantity(maxFeePerGas)
  const shared = { hash, type: typeOfOperation(mode, kind), gasPrice: price, maxFeePerGas: price }
  // The era server keeps no nonce for what comes from L1; ZKsync OS shows the place in the queue.
  if (mode === 'era') return { ...shared, nonce: '0x0', maxPriorityFeePerGas: '0x0' }
  return {
    ...{ ...shared, nonce: toQuantity(Math.max(0, serialId)), maxPriorityFeePerGas: '0x0' },
    ...{ initiator: operation.from, gasPerPubdataByteLimit: toQuantity(operation.gasPerPubdataLimit) },
    ...{ toMint: toQuantity(operation.toMintWei), refundRecipient: operation.refundRecipient, factoryDeps: [] },
    ...{ v: '0x0', r: toWord(0n), s: toWord(0n), yParity: '0x0' },
  }
}

/** Returns the log to L1 that says whether an operation succeeded, as it stands in its receipt. */
export function outcomeLog(operation: L1Operation, receipt: RpcReceipt): Json {
  const { hash } = operation
  return {
    ...{ blockHash: receipt.blockHash, blockNumber: receipt.blockNumber, l1BatchNumber: null, logIndex: '0x0' },
    ...{ transactionIndex: receipt.transactionIndex, transactionHash: hash, transactionLogIndex: '0x0' },
    ...{ txIndexInL1Batch: null, shardId: '0x0', isService: true },
    ...{ sender: '0x0000000000000000000000000000000000008001', key: hash, value: toWord(receipt.status) },
  }
}
