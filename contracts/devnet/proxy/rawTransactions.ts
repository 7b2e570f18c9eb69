import { hexToBytes, size } from 'viem'
import type { Hex } from '../types.ts'
import type { RpcTransaction, ViewBlock } from './block.ts'
import type { Json } from './json.ts'

/** L2 gas paid per byte of public data; a quantity as the era server prints it. */
export const gasPerPubdata = '0xc350'

const transactionTypes: Readonly<Record<string, string>> = {
  '0x0': 'LegacyTransaction',
  '0x1': 'EIP2930Transaction',
  '0x2': 'EIP1559Transaction',
}

/** Returns the answer of `zks_getRawBlockTransactions`; an unknown block has no transactions. */
export function rawTransactions(view: ViewBlock | undefined): Json[] {
  if (!view) return []
  return view.transactions.map((transaction, index) => rawTransaction(transaction, view.receivedAtUs[index] ?? 0n))
}

function rawTransaction(t: RpcTransaction, receivedAtUs: bigint): Json {
  const signature = [...hexToBytes(padded(t.r)), ...hexToBytes(padded(t.s)), 27 + Number(t.yParity ?? 0)]
  const fee = {
    ...{ gas_limit: t.gas, max_fee_per_gas: t.maxFeePerGas ?? t.gasPrice },
    max_priority_fee_per_gas: t.maxPriorityFeePerGas ?? t.gasPrice,
    gas_per_pubdata_limit: gasPerPubdata,
  }
  return {
    common_data: {
      L2: {
        ...{ nonce: Number(t.nonce), fee, initiatorAddress: t.from, signature },
        transactionType: transactionTypes[t.type] ?? 'EIP1559Transaction',
        input: { hash: t.hash, data: [...hexToBytes(t.input)] },
        paymasterParams: { paymaster: '0x0000000000000000000000000000000000000000', paymasterInput: [] },
      },
    },
    execute: { contractAddress: t.to, calldata: t.input, value: t.value, factoryDeps: [] },
    ...{ received_timestamp_ms: Number(receivedAtUs / 1000n), raw_bytes: null },
  }
}

function padded(value: unknown): Hex {
  const hex = (value ?? '0x0') as Hex
  return hex.length % 2 === 0 && size(hex) === 32 ? hex : `0x${hex.slice(2).padStart(64, '0')}`
}
