import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import type { Address } from '../address.ts'
import type { Hex, LabelDraft } from './types.ts'

/** One line of the labels file: the truth about one transaction of the devnet. */
export type Label = LabelDraft & {
  transactionHash: Hex
  from: Address
  /** L1 transaction that asked for this one; left out for what was sent on L2. */
  l1TransactionHash?: Hex
}

/** Writer of the labels file. */
export type LabelWriter = { path: string; write(labels: readonly Label[]): void }

/**
 * Creates an empty labels file (NDJSON). Only tests may read it: it says what an indexer has to
 * find out. Transactions that a reorg removed keep their line.
 */
export function createLabelWriter(path: string): LabelWriter {
  writeFileSync(path, '')
  return {
    path,
    write(labels) {
      if (labels.length > 0) appendFileSync(path, `${labels.map((label) => JSON.stringify(label)).join('\n')}\n`)
    },
  }
}

/** Reads a labels file, in the order of writing. */
export function readLabels(path: string): Label[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Label)
}
