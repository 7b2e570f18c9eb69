/** Chain of all rows. */
export const CHAIN_ID = 324
/** Largest and smallest amounts that a log can hold. */
export const UINT256_MAX = 2n ** 256n - 1n
export const INT256_MIN = -(2n ** 255n)
/** First and last indexed block. */
export const FIRST_BLOCK = 100
export const LAST_BLOCK = 111

/** An address made of one byte. */
export const address = (byte: number) => `0x${byte.toString(16).padStart(2, '0').repeat(20)}`
/** A hash made of two numbers. */
export const hash = (block: number, index: number) => `0x${(block * 1000 + index).toString(16).padStart(64, '0')}`

/** A pool with reserves, one with ticks, and one of which little is known. */
export const PAIR = address(0xa2)
export const TICKED = address(0xa3)
export const BARE = address(0x0b)
/** Endpoints that told of pending transactions. */
export const ENDPOINTS = ['a.example', 'b.example'] as const
/** Tokens: one wrapped, one stable, and one of which nothing is known. */
export const WETH = address(0x01)
export const USDC = address(0x02)
export const ODD = address(0xff)

/** The integers from one to another, both included. */
export const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)
/** The value of a list at an index, from the start again after the last. */
export const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T

/** Amounts at and near the limits. */
export const amounts = [UINT256_MAX, INT256_MIN, 0n, -1n, 10n ** 18n, UINT256_MAX - 1n, 7n]

/** The instant so many microseconds into the second in which the rows stand. */
export const instant = (microseconds: number) => `2024-03-28T18:24:49.${String(microseconds).padStart(6, '0')}Z`
