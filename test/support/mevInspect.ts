import { existsSync, readFileSync } from 'node:fs'
import {
  type RawBlock,
  type RawReceipt,
  type RawTransaction,
  toBlock,
  toReceipt,
  toTransaction,
} from '../../indexer/chain/format.ts'
import { knownTopics } from '../../indexer/decode/index.ts'
import type { Address, BlockBundle, Transaction } from '../../indexer/types/block.ts'

const folder = new URL('../../../shared/fixtures/mev-inspect/', import.meta.url)

/** True where the recorded blocks are at hand. */
export const hasMevInspect = existsSync(folder)

/** What is known of a recorded pool. */
export type RecordedPool = {
  kind: 'univ2' | 'univ3' | 'balancer_v1'
  token0: Address | null
  token1: Address | null
  factory: Address | null
  dex: string | null
  feeBps: number | null
  fee?: number
}

/** Everything that is known of the pools of these blocks, by address. */
export function readRecordedPools(): Record<Address, RecordedPool> {
  return JSON.parse(readFileSync(new URL('pools.json', folder), 'utf8')) as Record<Address, RecordedPool>
}

/** One recorded block as the stages read it. */
export function readRecordedBlock(number: number): BlockBundle {
  const text = readFileSync(new URL(`replay/${number}.json`, folder), 'utf8')
  const { block, receipts } = JSON.parse(text) as { block: RawBlock; receipts: RawReceipt[] }
  const topics = new Set<string>(knownTopics)
  const logs = receipts.flatMap((receipt) =>
    toReceipt(receipt).logs.filter(({ topics: [topic] }) => topics.has(topic!)),
  )
  const transactions = new Map<number, Transaction>()
  for (const { transactionIndex } of logs) {
    transactions.set(transactionIndex, toTransaction(block.transactions[transactionIndex] as RawTransaction))
  }
  return { block: toBlock(block), transactions, logs, transactionHashes: null, idle: [], arrivals: null }
}
