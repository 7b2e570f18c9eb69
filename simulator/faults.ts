import type { Hex } from '../indexer/types/block.ts'
import type { ClockedBlock } from './clocks.ts'
import { hashOf } from './hex.ts'
import type { Random } from './random.ts'
import type { RpcLog } from './rpcTypes.ts'
import { topics } from './topics.ts'

/** How often data is bad: of logs, of blocks and of receipts a share each, from 0 to 1; none unless given. */
export type FaultRates = {
  /** Logs that are missing; indices and blooms stay as they were. */
  droppedLogs?: number
  /** Logs that come twice, with the same index. */
  duplicatedLogs?: number
  /** Swaps whose data are zeros. */
  zeroAmounts?: number
  /** Logs whose last word is cut off. */
  truncatedLogs?: number
  /** Receipts that are missing. */
  missingReceipts?: number
  /** Blocks that come first as an empty one of another hash, as before a reorganisation. */
  orphanedBlocks?: number
}

/** What was done to a history. */
export type Fault = {
  kind: keyof FaultRates
  blockNumber: number
  /** Null for a block. */
  transactionHash: Hex | null
  /** Null for a receipt and a block. */
  logIndex: number | null
}

/** A history that is spoilt, and what has been done to it as far as it has been read. */
export type Faulty<Block> = { blocks: Generator<Block, void, undefined>; done: readonly Fault[] }

const WORD_DIGITS = 64

/** Spoils a history in the given ways; labels and what is not touched stay as they are. */
export function withFaults<Block extends Pick<ClockedBlock, 'block' | 'receipts' | 'arrivals' | 'labels'>>(
  blocks: Iterable<Block>,
  rates: FaultRates,
  random: Random,
): Faulty<Block> {
  const done: Fault[] = []
  const happens = (kind: keyof FaultRates) => random.chance(rates[kind] ?? 0)

  function spoil(log: RpcLog): RpcLog[] {
    const note = (kind: keyof FaultRates, result: RpcLog[]) => {
      const { transactionHash } = log
      done.push({ kind, blockNumber: Number(log.blockNumber), transactionHash, logIndex: Number(log.logIndex) })
      return result
    }
    if (happens('droppedLogs')) return note('droppedLogs', [])
    if (happens('duplicatedLogs')) return note('duplicatedLogs', [log, { ...log }])
    if (isSwap(log) && happens('zeroAmounts'))
      return note('zeroAmounts', [{ ...log, data: `0x${'0'.repeat(log.data.length - 2)}` }])
    if (log.data.length > WORD_DIGITS && happens('truncatedLogs'))
      return note('truncatedLogs', [{ ...log, data: log.data.slice(0, -WORD_DIGITS) as Hex }])
    return [log]
  }

  function* run(): Generator<Block, void, undefined> {
    for (const each of blocks) {
      const blockNumber = Number(each.block.number)
      if (happens('orphanedBlocks')) {
        done.push({ kind: 'orphanedBlocks', blockNumber, transactionHash: null, logIndex: null })
        yield orphanOf(each)
      }
      const receipts = each.receipts.flatMap((receipt) => {
        if (happens('missingReceipts')) {
          const { transactionHash } = receipt
          done.push({ kind: 'missingReceipts', blockNumber, transactionHash, logIndex: null })
          return []
        }
        return [{ ...receipt, logs: receipt.logs.flatMap(spoil) }]
      })
      yield { ...each, receipts }
    }
  }
  return { blocks: run(), done }
}

function isSwap({ topics: [topic] }: RpcLog): boolean {
  return topic === topics.pairSwap || topic === topics.rangeSwap
}

/** The block as it might have been: at the same place, without transactions. */
function orphanOf<Block extends Pick<ClockedBlock, 'block' | 'receipts' | 'arrivals' | 'labels'>>(each: Block): Block {
  const empty = { hash: hashOf(`orphan of ${each.block.hash}`), gasUsed: '0x0' as Hex, transactions: [] }
  const logsBloom: Hex = `0x${'0'.repeat(each.block.logsBloom.length - 2)}`
  const labels = { transactions: [], attacks: [], attempts: [], decoys: [] }
  return { ...each, block: { ...each.block, ...empty, logsBloom }, receipts: [], arrivals: [], labels }
}
