import type { Hex } from '../types/block.ts'
import { ContradictionError, FinalityError } from './errors.ts'
import { pause } from './pause.ts'
import type { ChainSource } from './source.ts'

/** Blocks compared per request while looking for the fork. */
const COMPARE_BLOCKS = 32
/** A contradiction of what is final ends the program, so it has to be found again and again. */
const FINALITY_LOOKS = 4
const FINALITY_LOOK_MS = 250

/** What is stored, for the comparison with the chain. */
export type StoredChain = {
  /** First and last stored block. */
  start: number
  top: number
  /** Last stored block that was seen to be final; null when none was. */
  final: number | null
  /** True when L1 has taken back a block, so that it may be missing without another in its place. */
  isTakenBack: (number: number) => boolean
  /** Hashes of the blocks `from` to `to`; null for one that is not stored. */
  hashes: (from: number, to: number) => Promise<(Hex | null)[]>
}

/**
 * Finds the last block that the chain and the store agree on.
 * @returns its number; `start - 1` when they agree on none.
 * @throws FinalityError when that is below a block that was final when it was stored; ContradictionError when the endpoint
 * lags: it does not have the blocks below its own head, or ends where the chain is still the stored one.
 */
export async function findFork(source: ChainSource, stored: StoredChain, signal: AbortSignal): Promise<number> {
  const { start, top, final } = stored
  let differs = stored.isTakenBack(top)
  const head = await source.fetchHead(signal)
  for (let to = top; to >= start; to -= COMPARE_BLOCKS) {
    const from = Math.max(start, to - COMPARE_BLOCKS + 1)
    const numbers = Array.from({ length: to - from + 1 }, (_, offset) => from + offset)
    const [ours, theirs] = await Promise.all([stored.hashes(from, to), source.fetchHashes(numbers, signal)])
    for (let offset = numbers.length - 1; offset >= 0; offset--) {
      const number = from + offset
      const served = theirs[offset] ?? null
      if (served !== null && served === ours[offset]) {
        if (number < (final ?? -1) || (number < top && !differs)) {
          throw new ContradictionError(
            `the endpoint ends at block ${number}, below block ${top} that it had`,
            'lagging',
          )
        }
        return number
      }
      if (served !== null) differs = true
      if (served === null && number <= head.number) {
        throw new ContradictionError(`block ${number} is missing below the head ${head.number}`, 'missingBlock')
      }
      if (served !== null && final !== null && number <= final) {
        await confirmBreak(source, number, ours[offset] ?? null, signal)
      }
    }
  }
  return start - 1
}

/** @throws FinalityError when every endpoint serves another block each time; ContradictionError when one serves ours. */
async function confirmBreak(
  source: ChainSource,
  number: number,
  ours: Hex | null,
  signal: AbortSignal,
): Promise<never> {
  let served: Hex | null = null
  for (let look = 0; look < FINALITY_LOOKS; look++) {
    await pause(FINALITY_LOOK_MS * look, signal)
    for (const hash of await source.fetchHashEverywhere(number, ours, signal)) {
      if (hash === null || hash === ours) {
        throw new ContradictionError(`block ${number}, which is final, is served as it is stored and otherwise`)
      }
      served = hash
    }
  }
  throw new FinalityError(number, String(ours), String(served))
}
