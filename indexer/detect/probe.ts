import type { Address, Hex, IdleCall } from '../types/block.ts'
import type { MevFinding } from '../types/mev.ts'

/** For so many blocks a contract counts as a searcher's after it has gained by order. */
export const SEARCHER_BLOCKS = 1_000
/** Whoever won stands at most so many transactions before who lost. */
const RACE_TRANSACTIONS_MAX = 10

/** A call that came to nothing, and who was faster. */
export type IdleProbe = IdleCall & {
  blockNumber: number
  contract: Address
  /** The transaction before it that took an opportunity, of another searcher; null where none stands near. */
  winner: Hex | null
}

/** What running a transaction came to; null when not told. */
export type CallOutcome = { succeeded: boolean | null; feeWei: bigint | null }

/** When contracts have last gained by order. */
export type Searchers = {
  /** Takes in what a block has shown. */
  note(blockNumber: number, findings: readonly MevFinding[]): void
  isKnown(contract: Address, blockNumber: number): boolean
}

/** Begins with the searchers of earlier blocks. */
export function createSearchers(stored: Iterable<readonly [Address, number]>): Searchers {
  const lastBlocks = new Map(stored)
  return {
    note: (blockNumber, findings) => {
      for (const [searcher, last] of lastBlocks) {
        if (last <= blockNumber - SEARCHER_BLOCKS) lastBlocks.delete(searcher)
      }
      for (const finding of findings) if (isGain(finding)) lastBlocks.set(finding.searcher, blockNumber)
    },
    isKnown: (contract, blockNumber) => (lastBlocks.get(contract) ?? -Infinity) > blockNumber - SEARCHER_BLOCKS,
  }
}

function isGain({ kind, facts }: MevFinding): boolean {
  return kind !== 'FRONTRUN' && kind !== 'PROBE' && !facts.includes('gross-negative')
}

/**
 * Probes of one block: transactions that call a contract which has gained by order in the last 1,000 blocks, and leave no log
 * that we know. They looked for an opportunity and found none, or came too late: then another searcher's gain stands at most ten transactions
 * before. Only blocks with one of our logs are looked at.
 * @param findings of the same block.
 */
export function listProbes(
  blockNumber: number,
  idle: readonly IdleCall[],
  findings: readonly MevFinding[],
  isSearcher: (contract: Address) => boolean,
): IdleProbe[] {
  const gains = findings.filter(isGain)
  return idle.flatMap((call): IdleProbe[] => {
    const { to, transactionIndex } = call
    if (to === null || !isSearcher(to)) return []
    return [{ ...call, blockNumber, contract: to, winner: findWinner(blockNumber, to, transactionIndex, gains) }]
  })
}

function findWinner(
  blockNumber: number,
  contract: Address,
  transactionIndex: number,
  gains: readonly MevFinding[],
): Hex | null {
  let nearest: { distance: number; hash: Hex } | null = null
  for (const { searcher, legs, ownTransactions } of gains) {
    if (searcher === contract) continue
    for (const leg of legs) {
      const distance = transactionIndex - leg.transactionIndex
      const isBefore = leg.blockNumber === blockNumber && distance > 0 && distance <= RACE_TRANSACTIONS_MAX
      if (!isBefore || !ownTransactions.includes(leg.transactionHash)) continue
      if (nearest === null || distance < nearest.distance) nearest = { distance, hash: leg.transactionHash }
    }
  }
  return nearest?.hash ?? null
}

/** A probe as a finding, once it is known how it ended; null when nobody tells. */
export function toProbeFinding(
  { hash, transactionIndex, blockNumber, contract, winner }: IdleProbe,
  { succeeded }: CallOutcome,
): MevFinding | null {
  if (succeeded === null) return null
  const isLost = !succeeded && winner !== null
  return {
    ...{ kind: 'PROBE', variants: isLost ? ['lost_race'] : [], searcher: contract, pools: [], victims: [] },
    facts: ['known-searcher', succeeded ? 'no-trade' : 'reverted'],
    legs: [{ role: 'PROBE', blockNumber, transactionIndex, transactionHash: hash, logIndex: null, pool: null }],
    ...{ profits: [], residuals: [], ownTransactions: [hash], quality: 'exact' },
    evidence: { outcome: succeeded ? 'no_trade' : 'reverted', winner: isLost ? winner : null },
  }
}
