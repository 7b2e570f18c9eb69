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

/**
 * True when the bloom of a block promises a topic that `seen` lacks. A bloom may promise what is not there, never hide
 * what is; an empty one says nothing, because old blocks of ZKsync Era have none.
 */
export function promisesMore(bloom: Hex | undefined, topics: readonly BloomTopic[], seen: ReadonlySet<Hex>): boolean {
  if (bloom === undefined || bloom.length !== 2 + BLOOM_DIGITS || EMPTY_BLOOM.test(bloom)) return false
  return topics.some(({ topic, bits }) => !seen.has(topic) && bits.every((bit) => hasBit(bloom, bit)))
}

function hasBit(bloom: Hex, { digit, mask }: BloomTopic['bits'][number]): boolean {
  return (Number.parseInt(bloom[digit]!, 16) & mask) !== 0
}
