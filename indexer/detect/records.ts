import type { Address } from '../types/block.ts'
import type { MevFinding } from '../types/mev.ts'

/** How often a searcher's sandwiches have gained and lost before, whatever their confidence. */
export type SearcherRecord = { won: number; lost: number }

/** Somebody with so many losses, and more than this for one gain, trades both ways anyway, and is sometimes lucky. */
const LOST_MIN = 2
const LOST_PER_WON = 0.5
/** Gains without many losses that speak for a searcher. */
const WON_MIN = 3

/** What the record of a searcher says of its next sandwich. */
export function judgeRecord({ won, lost }: SearcherRecord): string[] {
  if (lost >= LOST_MIN && lost > won * LOST_PER_WON) return ['record-of-losses']
  if (lost > won * LOST_PER_WON) return ['has-lost']
  return won >= WON_MIN ? ['record-of-gains'] : []
}

/** Adds how a sandwich came out to the records. */
export function noteOutcome(records: Map<Address, SearcherRecord>, { searcher, facts }: MevFinding): void {
  const { won, lost } = records.get(searcher) ?? { won: 0, lost: 0 }
  records.set(searcher, facts.includes('gross-negative') ? { won, lost: lost + 1 } : { won: won + 1, lost })
}
