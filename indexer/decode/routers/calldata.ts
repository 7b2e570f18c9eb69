import type { Address, Hex } from '../../types/block.ts'

const WORD_DIGITS = 64
const ADDRESS_PADDING = '0'.repeat(24)
const SMALL_PADDING = '0'.repeat(56)

/** ABI-encoded data as hex digits without `0x`; words and offsets count from its start. */
export type Data = string

/** Calldata that cannot be read as a swap: it ends early, points outside of itself, or asks for what is not known. */
export class CalldataError extends Error {
  constructor(reason: string) {
    super(`calldata is no swap: ${reason}`)
    this.name = 'CalldataError'
  }
}

/** Bytes `start` to `end` of the data as hex digits; throws CalldataError when the data ends before. */
export function slice(data: Data, start: number, end: number): Data {
  if (end * 2 > data.length) throw new CalldataError(`${end} bytes needed, ${data.length / 2} given`)
  return data.slice(start * 2, end * 2)
}

/** The `index`-th word as an unsigned integer; throws CalldataError when the data ends before. */
export function uintAt(data: Data, index: number): bigint {
  return BigInt(`0x${wordAt(data, index)}`)
}

/** The `index`-th word as an unsigned integer below 2^`bits`; throws CalldataError when it is larger. */
export function boundedUintAt(data: Data, index: number, bits: number): bigint {
  const value = uintAt(data, index)
  if (value >> BigInt(bits) !== 0n) throw new CalldataError(`${value} is no uint${bits}`)
  return value
}

/** The `index`-th word as a fee, a length or an offset; throws CalldataError from 2^32 on. */
export function numberAt(data: Data, index: number): number {
  const word = wordAt(data, index)
  if (!word.startsWith(SMALL_PADDING)) throw new CalldataError(`0x${word} is too large`)
  return Number.parseInt(word.slice(SMALL_PADDING.length), 16)
}

/** The `index`-th word as a boolean; throws CalldataError when it is neither 0 nor 1. */
export function booleanAt(data: Data, index: number): boolean {
  const value = numberAt(data, index)
  if (value > 1) throw new CalldataError(`${value} is no boolean`)
  return value === 1
}

/** The `index`-th word as an address; throws CalldataError when its upper 12 bytes are not zero. */
export function addressAt(data: Data, index: number): Address {
  const word = wordAt(data, index)
  if (!word.startsWith(ADDRESS_PADDING)) throw new CalldataError(`0x${word} is no address`)
  return `0x${word.slice(ADDRESS_PADDING.length)}`
}

/** What the offset in the `index`-th word points to, up to the end of the data; throws CalldataError outside of it. */
export function tailAt(data: Data, index: number): Data {
  const offset = numberAt(data, index)
  if (offset * 2 > data.length) throw new CalldataError(`offset ${offset} is past the end`)
  return data.slice(offset * 2)
}

/** The `bytes` argument in the `index`-th word, without its length; throws CalldataError when it is cut off. */
export function bytesAt(data: Data, index: number): Data {
  const tail = tailAt(data, index)
  return slice(tail, 32, 32 + numberAt(tail, 0))
}

/** The `address[]` argument in the `index`-th word; throws CalldataError when cut off or longer than `limit`. */
export function addressesAt(data: Data, index: number, limit: number): Address[] {
  const [tail, length] = arrayAt(data, index, limit)
  return Array.from({ length }, (_, item) => addressAt(tail, item))
}

/** The `bool[]` argument in the `index`-th word; throws CalldataError when cut off or longer than `limit`. */
export function booleansAt(data: Data, index: number, limit: number): boolean[] {
  const [tail, length] = arrayAt(data, index, limit)
  return Array.from({ length }, (_, item) => booleanAt(tail, item))
}

/** The `uint256[]` argument in the `index`-th word; throws CalldataError when cut off, longer than `limit`, or with an entry from 2^32 on. */
export function numbersAt(data: Data, index: number, limit: number): number[] {
  const [tail, length] = arrayAt(data, index, limit)
  return Array.from({ length }, (_, item) => numberAt(tail, item))
}

/** The structs of `words` words each in the array of the `index`-th word; throws CalldataError when cut off or longer than `limit`. */
export function staticStructsAt(data: Data, index: number, words: number, limit: number): Data[] {
  const [tail, length] = arrayAt(data, index, limit)
  return Array.from({ length }, (_, item) => slice(tail, item * words * 32, (item + 1) * words * 32))
}

/** The `bytes[]` argument in the `index`-th word; throws CalldataError when cut off or longer than `limit`. */
export function bytesListAt(data: Data, index: number, limit: number): Data[] {
  const [tail, length] = arrayAt(data, index, limit)
  return Array.from({ length }, (_, item) => bytesAt(tail, item))
}

/** The dynamic structs in the array of the `index`-th word; throws CalldataError when cut off or longer than `limit`. */
export function structsAt(data: Data, index: number, limit: number): Data[] {
  const [tail, length] = arrayAt(data, index, limit)
  return Array.from({ length }, (_, item) => tailAt(tail, item))
}

/** Calldata as digits in lower case; null when it is no hex or shorter than a selector. */
export function dataOf(calldata: Hex): Data | null {
  if (calldata.length < 10 || calldata.length % 2 === 1 || !/^0x[0-9a-f]*$/i.test(calldata)) return null
  return calldata.slice(2).toLowerCase()
}

/** The selector of a call, and its arguments; throws CalldataError when it has no four bytes. */
export function splitCall(call: Data): { selector: Hex; args: Data } {
  return { selector: `0x${slice(call, 0, 4)}`, args: call.slice(8) }
}

function wordAt(data: Data, index: number): string {
  return slice(data, index * 32, index * 32 + 32)
}

function arrayAt(data: Data, index: number, limit: number): [Data, number] {
  const tail = tailAt(data, index)
  const length = numberAt(tail, 0)
  if (length > limit) throw new CalldataError(`a list of ${length}, at most ${limit} are read`)
  return [tail.slice(WORD_DIGITS), length]
}
