import { falseHash, spoilOne } from './spoil.ts'
import type { Call, Fault } from './types.ts'

type RawBlock = { number: string; hash: string; parentHash: string }
type RawReceipt = { logs: unknown[] }

/** Blocks and receipts that are not those of the chain, for one answer. */
export const blockFaults = {
  /** A block that exists is said not to. */
  nullBlock: spoilBlock((_, { params }) => (String(params[0]).startsWith('0x') ? null : undefined)),
  /** The block has another hash than all other answers give it. */
  replacedBlock: spoilBlock((block, _, random) => ({ ...block, hash: falseHash(random) })),
  /** The block names a parent that no other answer knows. */
  replacedParent: spoilBlock((block, _, random) => ({ ...block, parentHash: falseHash(random) })),
  /** The last receipt of a block is missing, or the logs of the last one that has any. */
  truncatedReceipts: spoilOne(['eth_getBlockReceipts'], (result, _, { random }) => {
    const receipts = result as RawReceipt[] | null
    if (!receipts?.length) return undefined
    const withLogs = receipts.findLastIndex(({ logs }) => logs.length > 0)
    if (withLogs < 0 || random() < 0.5) return receipts.slice(0, -1)
    return receipts.with(withLogs, { ...receipts[withLogs]!, logs: [] })
  }),
} satisfies Record<string, Fault>

/** Spoils a block that is there, and in `settings` not left out. */
function spoilBlock(change: (block: RawBlock, call: Call, random: () => number) => RawBlock | null | undefined): Fault {
  return spoilOne(['eth_getBlockByNumber'], (result, call, { random, settings: { blockNumber } }) => {
    const block = result as RawBlock | null
    if (block === null || (blockNumber !== null && Number(block.number) !== blockNumber)) return undefined
    return change(block, call, random)
  })
}
