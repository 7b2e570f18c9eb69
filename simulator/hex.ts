import { createHash } from 'node:crypto'
import type { Address, Hex } from '../indexer/types/block.ts'

const WORD_DIGITS = 64
const ADDRESS_DIGITS = 40

/** 32 bytes that stand for a text (SHA-256): hashes of transactions and blocks, which nobody can check without signatures. */
export function hashOf(text: string): Hex {
  return `0x${createHash('sha256').update(text).digest('hex')}`
}

/** The address of an account or contract of the simulated chain that goes by a name. */
export function addressOf(name: string): Address {
  return hashOf(`flowprint simulator ${name}`).slice(0, 2 + ADDRESS_DIGITS) as Address
}

/** A JSON-RPC quantity. */
export function quantity(value: number | bigint): Hex {
  return `0x${value.toString(16)}`
}

/** The 64 hex digits of an ABI word, two's complement for negative values, without `0x`. */
export function word(value: bigint | number): string {
  const digits = value < 0 ? BigInt.asUintN(256, BigInt(value)).toString(16) : value.toString(16)
  return digits.padStart(WORD_DIGITS, '0')
}

/** The 64 hex digits of an address as an ABI word, without `0x`. */
export function addressWord(address: Address): string {
  return address.slice(2).padStart(WORD_DIGITS, '0')
}

/** An indexed address or number of a log. */
export function topic(value: Address | bigint | number): Hex {
  return `0x${typeof value === 'string' ? addressWord(value) : word(value)}`
}
