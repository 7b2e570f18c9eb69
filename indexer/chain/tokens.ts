import type { Address, Hex } from '../types/block.ts'
import type { Token } from '../types/pool.ts'
import { fetchCalls } from './calls.ts'
import type { Rpc } from './rpc.ts'

// Selectors of ERC-20 (EIP-20): symbol(), name(), decimals().
const SELECTORS: readonly Hex[] = ['0x95d89b41', '0x06fdde03', '0x313ce567']
const WORD_DIGITS = 64
const TEXT_LENGTH_MAX = 128

/**
 * Asks token contracts for symbol, name and decimals.
 * @param firstSeen the tokens, each with the block that first shows it, at whose end it is asked.
 * @returns one token each, in the order given; null fields where the contract gives no usable answer.
 */
export async function fetchTokens(
  rpc: Rpc,
  firstSeen: ReadonlyMap<Address, number>,
  signal?: AbortSignal,
): Promise<Token[]> {
  const byBlock = new Map<number, Address[]>()
  for (const [address, block] of firstSeen) byBlock.set(block, [...(byBlock.get(block) ?? []), address])
  const tokens: Token[] = []
  for (const [firstSeenBlock, addresses] of byBlock) {
    const calls = addresses.flatMap((to) => SELECTORS.map((data) => ({ to, data })))
    const answers = await fetchCalls(rpc, calls, firstSeenBlock, 'latest', signal)
    for (const [index, address] of addresses.entries()) {
      const [symbol, name, decimals] = answers.slice(index * 3, index * 3 + 3)
      tokens.push({
        address,
        symbol: symbol ? decodeText(symbol) : null,
        name: name ? decodeText(name) : null,
        decimals: decimals ? decodeDecimals(decimals) : null,
        firstSeenBlock,
      })
    }
  }
  return tokens
}

/** A `string` or, as older tokens return it, a `bytes32`; control characters removed; null when empty or neither. */
export function decodeText(data: Hex): string | null {
  const digits = data.slice(2)
  const bytes = digits.length === WORD_DIGITS ? Buffer.from(digits, 'hex') : stringBytes(digits)
  if (bytes === null) return null
  const text = bytes
    .toString('utf8')
    // Postgres refuses NUL; the others would let a token forge the lines of a log.
    .replace(/[\p{Cc}\p{Cf}\uFFFD]/gu, '')
    .trim()
  return text === '' ? null : [...text].slice(0, TEXT_LENGTH_MAX).join('')
}

/** A uint8; null when the word is larger. */
export function decodeDecimals(data: Hex): number | null {
  if (data.length < 2 + WORD_DIGITS) return null
  const value = BigInt(data.slice(0, 2 + WORD_DIGITS))
  return value <= 255n ? Number(value) : null
}

/** The bytes of an ABI-encoded string that is the only return value; null when offset or length point outside. */
function stringBytes(digits: string): Buffer | null {
  const offset = wordAsNumber(digits, 0)
  const length = offset === null ? null : wordAsNumber(digits, offset)
  if (offset === null || length === null) return null
  const start = (offset + 32) * 2
  return start + length * 2 <= digits.length ? Buffer.from(digits.slice(start, start + length * 2), 'hex') : null
}

function wordAsNumber(digits: string, byteOffset: number): number | null {
  const word = digits.slice(byteOffset * 2, byteOffset * 2 + WORD_DIGITS)
  if (word.length < WORD_DIGITS) return null
  const value = BigInt(`0x${word}`)
  return value < BigInt(digits.length) ? Number(value) : null
}
