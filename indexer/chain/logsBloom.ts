import { keccak256 } from 'viem/utils'
import type { Hex } from '../types/block.ts'

const BLOOM_BYTES = 256
const EMPTY_BLOOM = /^0x0*$/
/** Addresses and topics repeat so much that remembering their bits saves nearly all hashing; some 10 MB when full. */
const REMEMBERED_MAX = 50_000
const bitsOfValue = new Map<Hex, Bits>()

/** The three bits, 0 to 2047, that a value sets. */
type Bits = readonly [number, number, number]

/** A bloom under construction: byte 0 holds the highest bits, as in its hex text. */
export type BloomBytes = Uint8Array

/** A bloom without any value. */
export function emptyBloom(): BloomBytes {
  return new Uint8Array(BLOOM_BYTES)
}

/** Adds a log, its address and its topics. Source: Ethereum yellow paper, section 4.3.1. */
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

/** True for a bloom that can be checked: old blocks of ZKsync Era have one without a bit, whatever they hold. */
export function saysAnything(bloom: Hex | null | undefined): bloom is Hex {
  return bloom !== null && bloom !== undefined && !EMPTY_BLOOM.test(bloom)
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
