import { keccak256 } from 'viem/utils'
import type { Hex } from '../indexer/types/block.ts'
import type { LogDraft } from './execute/tape.ts'

/** The bits of a logs bloom, byte 0 the highest. */
export type Bloom = Uint8Array

const BLOOM_BYTES = 256
const BLOOM_BITS = 2_048
/** Of addresses and topics, most of which come again and again. */
const REMEMBERED_MAX = 100_000
const remembered = new Map<Hex, readonly number[]>()

/** An empty bloom. */
export function createBloom(): Bloom {
  return new Uint8Array(BLOOM_BYTES)
}

/** Adds logs to blooms. Source: yellow paper, section 4.3.1. */
export function addToBlooms(blooms: readonly Bloom[], logs: readonly LogDraft[]): void {
  for (const { address, topics } of logs) {
    for (const bloom of blooms) {
      setBits(bloom, address)
      for (const topic of topics) setBits(bloom, topic)
    }
  }
}

/** A bloom as JSON-RPC gives it. */
export function toHex(bloom: Bloom): Hex {
  return `0x${Buffer.from(bloom.buffer).toString('hex')}`
}

function setBits(bloom: Bloom, value: Hex): void {
  for (const bit of bitsOf(value)) bloom[BLOOM_BYTES - 1 - (bit >> 3)]! |= 1 << (bit & 7)
}

function bitsOf(value: Hex): readonly number[] {
  const known = remembered.get(value)
  if (known !== undefined) return known
  const hash = keccak256(value, 'bytes')
  const bits = [0, 2, 4].map((at) => (hash[at]! * 256 + hash[at + 1]!) % BLOOM_BITS)
  if (remembered.size >= REMEMBERED_MAX) remembered.clear()
  remembered.set(value, bits)
  return bits
}
