import type { Address, Hex, Log } from '../types/block.ts'

const WORD_DIGITS = 64
const ADDRESS_PADDING = `0x${'0'.repeat(24)}`
const INT256_LIMIT = 1n << 255n
const UINT256_SPAN = 1n << 256n

/** True when the log has exactly so many topics and its data exactly so many 32-byte words. */
export function hasShape(log: Log, topics: number, words: number): boolean {
  return log.topics.length === topics && log.data.length === 2 + words * WORD_DIGITS
}

/** The `index`-th 32-byte word of ABI-encoded data as an unsigned integer. */
export function uintAt(data: Hex, index: number): bigint {
  const start = 2 + index * WORD_DIGITS
  return BigInt(`0x${data.slice(start, start + WORD_DIGITS)}`)
}

/** The `index`-th 32-byte word of ABI-encoded data as a signed integer (two's complement). */
export function intAt(data: Hex, index: number): bigint {
  const value = uintAt(data, index)
  return value < INT256_LIMIT ? value : value - UINT256_SPAN
}

/** True when the `index`-th word of the data is an unsigned integer of at most so many bits. */
export function isUintAt(data: Hex, index: number, bits: number): boolean {
  return uintAt(data, index) >> BigInt(bits) === 0n
}

/** True when the `index`-th word of the data is a signed integer of at most so many bits, that of the sign among them. */
export function isIntAt(data: Hex, index: number, bits: number): boolean {
  const rest = intAt(data, index) >> BigInt(bits - 1)
  return rest === 0n || rest === -1n
}

/** An indexed address; null when its upper 12 bytes are not zero. */
export function topicAddress(topic: Hex): Address | null {
  return topic.startsWith(ADDRESS_PADDING) ? `0x${topic.slice(26)}` : null
}

/** The `index`-th word of the data as an address; null when its upper 12 bytes are not zero. */
export function addressAt(data: Hex, index: number): Address | null {
  const start = 2 + index * WORD_DIGITS
  return topicAddress(`0x${data.slice(start, start + WORD_DIGITS)}`)
}

/** An indexed integer below 2^24 such as a fee; null when larger. */
export function topicUint24(topic: Hex): number | null {
  const value = BigInt(topic)
  return value < 1n << 24n ? Number(value) : null
}

/** An indexed int24 such as a tick; null when out of the type's range. */
export function topicInt24(topic: Hex): number | null {
  return toInt24(signed(BigInt(topic)))
}

/** The `index`-th word of the data as an int24; null when out of the type's range. */
export function int24At(data: Hex, index: number): number | null {
  return toInt24(intAt(data, index))
}

function signed(value: bigint): bigint {
  return value < INT256_LIMIT ? value : value - UINT256_SPAN
}

function toInt24(value: bigint): number | null {
  return value >= -(1n << 23n) && value < 1n << 23n ? Number(value) : null
}

/** The `index`-th word of the data as a boolean; null when it is another value. */
export function booleanAt(data: Hex, index: number): boolean | null {
  const value = uintAt(data, index)
  return value === 0n ? false : value === 1n ? true : null
}

/** An indexed boolean; null when it is another value. */
export function topicBoolean(topic: Hex): boolean | null {
  return booleanAt(topic, 0)
}
