import { keccak256 } from 'viem'
import type { Hex } from '../types.ts'

/** The three bits of each value; addresses and topics repeat so much that this saves nearly all hashing. */
const bitsOfValue = new Map<Hex, readonly [number, number, number]>()
const maxRememberedValues = 100_000

/**
 * Returns the 2048-bit logs bloom over the addresses and topics of logs.
 * @see https://ethereum.github.io/yellowpaper/paper.pdf section 4.3.1
 */
export function logsBloom(logs: readonly { address: Hex; topics: readonly Hex[] }[]): Hex {
  const bytes = new Uint8Array(256)
  for (const log of logs) {
    setBits(bytes, log.address)
    for (const topic of log.topics) setBits(bytes, topic)
  }
  return `0x${Buffer.from(bytes).toString('hex')}`
}

function setBits(bytes: Uint8Array, value: Hex): void {
  for (const bit of bitsOf(value)) {
    const index = 255 - (bit >> 3)
    bytes[index] = (bytes[index] ?? 0) | (1 << (bit & 7))
  }
}

function bitsOf(value: Hex): readonly [number, number, number] {
  const known = bitsOfValue.get(value)
  if (known) return known
  const hash = Buffer.from(keccak256(value).slice(2), 'hex')
  const bits = [hash.readUInt16BE(0) & 2047, hash.readUInt16BE(2) & 2047, hash.readUInt16BE(4) & 2047] as const
  if (bitsOfValue.size >= maxRememberedValues) bitsOfValue.clear()
  bitsOfValue.set(value, bits)
  return bits
}
