import type { Hex } from '../types/block.ts'
import { FinalityError } from './errors.ts'
import type { ChainSource } from './source.ts'

/** Blocks compared per request while looking for the fork. */
const COMPARE_BLOCKS = 32

/**
 * Finds the last block that the chain and the store agree on.
 * @param top the last stored block; `start` the first.
 * @returns its number; `start - 1` when they agree on none.
 * @throws FinalityError when a final block differs.
 */
export async function findFork(
  source: ChainSource,
  storedHashes: (from: number, to: number) => Promise<(Hex | null)[]>,
  top: number,
  start: number,
  signal: AbortSignal,
): Promise<number> {
  const finalized = await source.fetchFinalized(signal)
  for (let to = top; to >= start; to -= COMPARE_BLOCKS) {
    const from = Math.max(start, to - COMPARE_BLOCKS + 1)
    const numbers = Array.from({ length: to - from + 1 }, (_, offset) => from + offset)
    const [stored, served] = await Promise.all([storedHashes(from, to), source.fetchHashes(numbers, signal)])
    for (let offset = numbers.length - 1; offset >= 0; offset--) {
      const number = from + offset
      if (served[offset] !== null && served[offset] === stored[offset]) return number
      if (finalized !== null && number <= finalized && served[offset] !== null) {
        throw new FinalityError(number, String(stored[offset]), String(served[offset]))
      }
    }
  }
  return start - 1
}
