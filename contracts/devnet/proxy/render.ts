import type { RpcLog, ViewBlock } from './block.ts'
import { type Json, toQuantity } from './json.ts'

/** What sealing an L1 batch adds to the objects of its blocks. */
export type Seal = { batchNumber: number; batchTimestamp: number }

/** A block's answers as JSON text, each made on first use. */
export type RenderedBlock = {
  /** The block with transaction hashes. */
  readonly blockWithHashes: string
  readonly blockWithTransactions: string
  readonly transactions: readonly string[]
  readonly receipts: readonly string[]
  readonly logs: readonly string[]
}

/**
 * Returns the JSON texts of a block.
 * @param seal the block's sealed L1 batch; null while open, and always on servers without batch fields
 */
export function renderBlock(view: ViewBlock, seal: Seal | null): RenderedBlock {
  const sealed = seal && { l1BatchNumber: toQuantity(seal.batchNumber) }
  const txIndex = (index: number) => ({ l1BatchTxIndex: toQuantity(view.batchTxOffset + index) })
  const header = () =>
    seal ? { ...view.header, ...sealed, l1BatchTimestamp: toQuantity(seal.batchTimestamp) } : view.header
  const logs = once(() => view.logs.map((log) => JSON.stringify(sealed ? { ...log, ...sealed } : log)))
  const transactions = once(() =>
    view.transactions.map((tx, i) => JSON.stringify(sealed ? { ...tx, ...sealed, ...txIndex(i) } : tx)),
  )
  const receipts = once(() =>
    view.receipts.map((receipt, i) => renderReceipt(receipt, sealed && { ...sealed, ...txIndex(i) })),
  )
  const blockWithHashes = once(() =>
    JSON.stringify({ ...header(), transactions: view.transactions.map((transaction) => transaction.hash) }),
  )
  const blockWithTransactions = once(
    () => `${JSON.stringify(header()).slice(0, -1)},"transactions":[${transactions().join(',')}]}`,
  )
  return {
    get blockWithHashes() {
      return blockWithHashes()
    },
    get blockWithTransactions() {
      return blockWithTransactions()
    },
    get transactions() {
      return transactions()
    },
    get receipts() {
      return receipts()
    },
    get logs() {
      return logs()
    },
  }
}

function renderReceipt(receipt: Json & { logs: RpcLog[] }, sealed: (Json & { l1BatchNumber: string }) | null): string {
  if (!sealed) return JSON.stringify(receipt)
  const { l1BatchNumber } = sealed
  const logs = receipt.logs.map((log) => ({ ...log, l1BatchNumber }))
  const toL1 = ((receipt.l2ToL1Logs ?? []) as Json[]).map((log) => ({ ...log, l1BatchNumber }))
  return JSON.stringify({ ...receipt, ...sealed, logs, l2ToL1Logs: toL1 })
}

function once<T>(make: () => T): () => T {
  let value: T | undefined
  return () => (value ??= make())
}
