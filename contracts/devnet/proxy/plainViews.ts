import type { BlockView, ViewBlock } from './block.ts'
import { outcomeLog } from './canonical.ts'
import { toQuantity, toWord } from './json.ts'

/** The view of a plain EVM node: anvil's own objects. */
export const evmView: BlockView = (mined, batchTxOffset): ViewBlock => {
  const { transactions, ...header } = mined.block
  return {
    ...{ number: Number(header.number), hash: header.hash, parentHash: header.parentHash },
    timestamp: Number(header.timestamp),
    ...{ header, transactions, receipts: mined.receipts, receivedAtUs: mined.receivedAtUs, batchTxOffset },
    logs: mined.receipts.flatMap((receipt) => receipt.logs),
  }
}

/** The view of the ZKsync OS server: plain objects, no state root, `l2ToL1Logs` in receipts. */
export const zksyncOsView: BlockView = (mined, batchTxOffset): ViewBlock => {
  const plain = evmView(mined, batchTxOffset)
  return {
    ...plain,
    header: { ...plain.header, stateRoot: toWord(0n), mixHash: toWord(1n), size: toQuantity(0) },
    receipts: plain.receipts.map((receipt, index) => {
      const operation = mined.operations[index]
      return { ...receipt, l2ToL1Logs: operation ? [outcomeLog(operation, receipt)] : [] }
    }),
  }
}
