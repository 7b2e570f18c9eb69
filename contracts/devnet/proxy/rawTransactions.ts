import { hexToBytes, size } from 'viem'
import type { Hex } from '../types.ts'
import type { RpcTransaction, ViewBlock } from './block.ts'
import { type Json, toQuantity } from './json.ts'
import type { L1Operation, L1View } from './l1Operation.ts'

/** L2 gas paid per byte of public data; a quantity as the era server prints it. */
export const gasPerPubdata = '0xc350'

const transactionTypes: Readonly<Record<string, string>> = {
  '0x0': 'LegacyTransaction',
  '0x1': 'EIP2930Transaction',
  '0x2': 'EIP1559Transaction',
  '0x71': 'EIP712Transaction',
}

/** Returns the answer of `zks_getRawBlockTransactions`; an unknown block has no transactions. */
export function rawTransactions(view: ViewBlock | undefined, l1: L1View | null): Json[] {
  if (!view) return []
  return view.transactions.map((transaction, index) => {
    const operation = l1?.operation(transaction.hash)
    return {
      common_data: operation ? l1Data(operation) : { L2: l2Data(transaction) },
      execute: {
        ...{ contractAddress: transaction.to, calldata: transaction.input, value: transaction.value },
        factoryDeps: [],
      },
      received_timestamp_ms: Number((view.receivedAtUs[index] ?? 0n) / 1000n),
      raw_bytes: null,
    }
  })
}

function l2Data(t: RpcTransaction): Json {
  const signature = [...hexToBytes(padded(t.r)), ...hexToBytes(padded(t.s)), 27 + Number(t.yParity ?? 0)]
  const fee = {
    ...{ gas_limit: t.gas, max_fee_per_gas: t.maxFeePerGas ?? t.gasPrice },
    max_priority_fee_per_gas: t.maxPriorityFeePerGas ?? t.gasPrice,
    gas_per_pubdata_limit: gasPerPubdata,
  }
  return {
    ...{ nonce: Number(t.nonce), fee, initiatorAddress: t.from, signature },
    transactionType: transactionTypes[t.type] ?? 'EIP1559Transaction',
    input: { hash: t.hash, data: [...hexToBytes(t.input)] },
    paymasterParams: { paymaster: '0x0000000000000000000000000000000000000000', paymasterInput: [] },
  }
}

function l1Data(operation: L1Operation): Json {
  const { hash, from, gasLimit, maxFeePerGas, toMintWei, refundRecipient, serialId, l1BlockNumber } = operation
  const shared = {
    ...{ sender: from, canonicalTxHash: hash, gasLimit: toQuantity(gasLimit), maxFeePerGas: toQuantity(maxFeePerGas) },
    ...{ gasPerPubdataLimit: toQuantity(operation.gasPerPubdataLimit), toMint: toQuantity(toMintWei) },
    ...{ refundRecipient, ethBlock: l1BlockNumber },
  }
  if (operation.kind === 'upgrade') return { ProtocolUpgrade: { ...shared, upgradeId: 'Version29' } }
  const queue = {
    serialId,
    layer2TipFee: '0x0',
    fullFee: '0x0',
    opProcessingType: 'Common',
    priorityQueueType: 'Deque',
  }
  return { L1: { ...shared, ...queue } }
}

function padded(value: unknown): Hex {
  const hex = (value ?? '0x0') as Hex
  return hex.length % 2 === 0 && size(hex) === 32 ? hex : `0x${hex.slice(2).padStart(64, '0')}`
}
