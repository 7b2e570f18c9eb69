import type { Hex } from '../types/block.ts'
import { ContradictionError, FinalityError } from './errors.ts'
import type { ChainSource } from './source.ts'

/** Blocks compared per request while looking for the fork. */
const COMPARE_BLOCKS = 32

/**
 * The last stored blocks may have been replaced before they became final, while nobody looked: Ethereum makes blocks final
 * two to three epochs of 32 blocks late.
 */
const UNSETTLED_BLOCKS = 96

/**
 * Finds the last block that the chain and the store agree on.
 * @param top the last stored block; `start` the first.
 * @returns its number; `start - 1` when they agree on none.
 * @throws FinalityError when a block differs that was final when it was stored; ContradictionError when the endpoint does not have the blocks
 * below its own head, as one that is still catching up.
 */
export async function findFork(
  source: ChainSource,
  storedHashes: (from: number, to: number) => Promise<(Hex | null)[]>,
  top: number,
  start: number,
  signal: AbortSignal,
): Promise<number> {
  const finalized = (await source.fetchFinalized(signal)) ?? -1
  const head = await source.fetchHead(signal)
  for (let to = top; to >= start; to -= COMPARE_BLOCKS) {
    const from = Math.max(start, to - COMPARE_BLOCKS + 1)
    const numbers = Array.from({ length: to - from + 1 }, (_, offset) => from + offset)
    const [stored, served] = await Promise.all([storedHashes(from, to), source.fetchHashes(numbers, signal)])
    for (let offset = numbers.length - 1; offset >= 0; offset--) {
      const number = from + offset
      const [ours, theirs] = [stored[offset] ?? null, served[offset] ?? null]
      if (theirs !== null && theirs === ours) return number
      if (theirs === null && number <= Math.max(finalized, head.number)) {
        throw new ContradictionError(`block ${number} is missing below the head ${head.number}`)
      }
      if (theirs !== null && number <= finalized && top - number >= UNSETTLED_BLOCKS)
        throw new FinalityError(number, String(ours), theirs)
    }
  }
  return start - 1
}
