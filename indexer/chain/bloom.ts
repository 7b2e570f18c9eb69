import { keccak256 } from 'viem/utils'
import type { Hex } from '../types/block.ts'

/** A topic with the three bits it sets in a logs bloom. */
export type BloomTopic = { topic: Hex; bits: readonly { digit: number; mask: number }[] }

const BLOOM_DIGITS = 512
const EMPTY_BLOOM = /^0x0*$/

/** Computes the bloom bits of topics once. Source: Ethereum yellow paper, section 4.3.1. */
export function toBloomTopics(topics: readonly Hex[]): BloomTopic[] {
  return topics.map((topic) => {
    const hash = keccak256(topic, 'bytes')
    const bits = [0, 2, 4].map((index) => {
      const bit = ((hash[index]! << 8) | hash[index + 1]!) & 2047
      // Bit 0 is the lowest of the last digit of the hex text.
      return { digit: 2 + BLOOM_DIGITS - 1 - (bit >> 2), mask: 1 << (bit & 3) }
    })
    return { topic, bits }
  })
}

/** True for a bloom that can be read; an empty one says nothing, because old blocks of ZKsync Era have none. */
export function isKnownBloom(bloom: Hex | undefined): bloom is Hex {
  return bloom !== undefined && bloom.length === 2 + BLOOM_DIGITS && !EMPTY_BLOOM.test(bloom)
}

/** What a bloom shows must be less likely than this without the logs, to be taken for more than chance. */
const CHANCE_MAX = 0.05

/**
 * True when the bloom of a block promises topics that `seen` lacks. A bloom may promise what is not there, never hide what
 * is. When some of the logs came, the others are believed to be missing only where chance does not explain the bloom:
 * on busy chains most bits are set; when none came, any promise counts, as a node that lags answers with nothing.
 */
export function promisesMore(bloom: Hex | undefined, topics: readonly BloomTopic[], seen: ReadonlySet<Hex>): boolean {
  if (!isKnownBloom(bloom)) return false
  const missing = topics.filter(({ topic }) => !seen.has(topic))
  const promised = missing.filter(({ bits }) => bits.every((bit) => hasBit(bloom, bit))).length
  if (promised === 0 || seen.size === 0) return promised > 0
  return chanceOfAtLeast(promised, missing.length, filledShare(bloom) ** 3) < CHANCE_MAX
}

function hasBit(bloom: Hex, { digit, mask }: BloomTopic['bits'][number]): boolean {
  return (Number.parseInt(bloom[digit]!, 16) & mask) !== 0
}

const BITS_OF_DIGIT = [0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4]

/** Share of the 2048 bits that are set. */
function filledShare(bloom: Hex): number {
  let bits = 0
  for (let digit = 2; digit < bloom.length; digit++) bits += BITS_OF_DIGIT[Number.parseInt(bloom[digit]!, 16)]!
  return bits / (4 * BLOOM_DIGITS)
}

/** Probability of `least` or more hits in `trials` with probability `p` each (upper tail of the binomial distribution). */
function chanceOfAtLeast(least: number, trials: number, p: number): number {
  let term = (1 - p) ** trials
  let below = 0
  for (let hits = 0; hits < least; hits++) {
    below += term
    term *= ((trials - hits) / (hits + 1)) * (p / (1 - p))
  }
  return 1 - below
}
