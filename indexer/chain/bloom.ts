import { keccak256 } from 'viem/utils'
import type { Hex } from '../types/block.ts'

/** The three bits, 0 to 2047, that a value sets; 0 is the lowest. */
type Bits = readonly [number, number, number]

/** A topic with the bits it sets in a logs bloom. */
export type BloomTopic = { topic: Hex; bits: Bits }

/** A bloom under construction: byte 0 holds the highest bits, as in its hex text. */
export type BloomBytes = Uint8Array

const BLOOM_BYTES = 256
const BLOOM_DIGITS = 2 * BLOOM_BYTES
const EMPTY_BLOOM = /^0x0*$/
/** Addresses and topics repeat so much that remembering their bits saves nearly all hashing; some 10 MB when full. */
const REMEMBERED_MAX = 50_000
const bitsOfValue = new Map<Hex, Bits>()

/** Computes the bloom bits of topics once. */
export function toBloomTopics(topics: readonly Hex[]): BloomTopic[] {
  return topics.map((topic) => ({ topic, bits: bitsOf(topic) }))
}

/** True for a bloom with any bit: old blocks of ZKsync Era have one without, whatever they hold. */
export function saysAnything(bloom: Hex | null | undefined): bloom is Hex {
  return bloom !== null && bloom !== undefined && !EMPTY_BLOOM.test(bloom)
}

/** True for a bloom that can be read: one that says anything, in as many digits as it must have. */
export function isKnownBloom(bloom: Hex | undefined): bloom is Hex {
  return saysAnything(bloom) && bloom.length === 2 + BLOOM_DIGITS
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

function hasBit(bloom: Hex, bit: number): boolean {
  const digit = Number.parseInt(bloom[1 + BLOOM_DIGITS - (bit >> 2)]!, 16)
  return (digit & (1 << (bit & 3))) !== 0
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

/** A bloom without any value. */
export function emptyBloom(): BloomBytes {
  return new Uint8Array(BLOOM_BYTES)
}

/** Adds a log, its address and its topics. */
export function addLog(bloom: BloomBytes, log: { address: Hex; topics: readonly Hex[] }): void {
  addValue(bloom, log.address)
  for (const topic of log.topics) addValue(bloom, topic)
}

/** Adds all that `other` holds. */
export function addBloom(bloom: BloomBytes, other: BloomBytes): void {
  for (let index = 0; index < BLOOM_BYTES; index++) bloom[index] = bloom[index]! | other[index]!
}

/** True when the hex text of a bloom says exactly what `bloom` does. */
export function equalsBloom(bloom: BloomBytes, text: Hex): boolean {
  return Buffer.compare(bloom, bytesOf(text)) === 0
}

/** True when the hex text of a bloom holds at least what `bloom` does. */
export function isWithinBloom(bloom: BloomBytes, text: Hex): boolean {
  const bytes = bytesOf(text)
  return bloom.every((byte, index) => (byte & ~bytes[index]!) === 0)
}

function bytesOf(text: Hex): Buffer {
  return Buffer.from(text.slice(2), 'hex')
}

function addValue(bloom: BloomBytes, value: Hex): void {
  for (const bit of bitsOf(value)) {
    const index = BLOOM_BYTES - 1 - (bit >> 3)
    bloom[index] = bloom[index]! | (1 << (bit & 7))
  }
}

/** Source: Ethereum yellow paper, section 4.3.1. */
function bitsOf(value: Hex): Bits {
  const known = bitsOfValue.get(value)
  if (known !== undefined) return known
  const hash = keccak256(value, 'bytes')
  const bitAt = (index: number) => ((hash[index]! << 8) | hash[index + 1]!) & 2047
  const bits: Bits = [bitAt(0), bitAt(2), bitAt(4)]
  if (bitsOfValue.size >= REMEMBERED_MAX) bitsOfValue.clear()
  bitsOfValue.set(value, bits)
  return bits
}
