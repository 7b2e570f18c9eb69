import type { Hex } from '../../../../indexer/types/block.ts'

/** The hash with a number. */
export function hashOf(n: number): Hex {
  return `0x${n.toString(16).padStart(64, '0')}`
}

/** A pending transaction as JSON-RPC gives it. */
export function rawTransaction(n: number, fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    hash: hashOf(n),
    blockHash: null,
    blockNumber: null,
    transactionIndex: null,
    from: `0x${'AB'.repeat(20)}`,
    to: `0x${'cd'.repeat(20)}`,
    nonce: '0x7',
    value: '0x1',
    gas: '0x5208',
    maxFeePerGas: '0x64',
    maxPriorityFeePerGas: '0x2',
    gasPrice: '0x32',
    type: '0x2',
    input: '0xABCD',
    ...fields,
  }
}

/** The same in a block. */
export function minedTransaction(n: number, blockNumber: number, fields: Record<string, unknown> = {}) {
  const place = { blockNumber: `0x${blockNumber.toString(16)}`, blockHash: hashOf(1_000_000 + blockNumber) }
  return rawTransaction(n, { ...place, transactionIndex: '0x3', ...fields })
}
