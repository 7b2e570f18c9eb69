import type { Field } from '../columns.ts'
import { splitTexts } from '../values.ts'
import {
  definitionLevels,
  type Presence,
  packBits,
  pageHeader,
  plainBooleans,
  plainDoubles,
  plainIntegers,
  plainTexts,
} from './pageBytes.ts'

/** Where a column of one row group stands in the file, and what its values are like. Offsets count from its first byte. */
export type ChunkState = {
  length: number
  uncompressed: number
  /** Offset of the page of data; that of the dictionary, if there is one, is 0. */
  dataAt: number
  hasDictionary: boolean
  isCompressed: boolean
  nulls: number
  /** Smallest and largest value of integers and timestamps; null when there is none. */
  range: [number, number] | null
}

/** Compresses a page. */
export type Compress = (bytes: Uint8Array) => Uint8Array

type Values = { present: Presence; count: number; range: [number, number] | null } & (
  | { plain: Buffer }
  | { dictionary: Buffer; entries: number; indexes: Buffer }
)

const PLAIN = 0
const RLE_DICTIONARY = 8
const NEWLINE = 0x0a
const ZERO = 0x00

/** One column of a row group as Parquet bytes: a dictionary if that pays, then one page of data. */
export function encodeChunk(
  field: Field,
  wire: string,
  rows: number,
  compress: Compress,
): { bytes: Uint8Array[]; state: ChunkState } {
  const values = valuesOf(field, wire, rows)
  const levels = field.nullable ? [definitionLevels(rows, values.present)] : []
  const hasDictionary = 'dictionary' in values
  // Hashes and amounts that differ are no smaller afterwards.
  const isCompressed = hasDictionary || (field.kind !== 'bytes' && field.kind !== 'decimal') || field.type === 'double'
  const pack: Compress = isCompressed ? compress : (bytes) => bytes
  const pages = hasDictionary
    ? [
        toPage('dictionary', [values.dictionary], values.entries, PLAIN, pack),
        toPage('data', [...levels, values.indexes], rows, RLE_DICTIONARY, pack),
      ]
    : [toPage('data', [...levels, values.plain], rows, PLAIN, pack)]
  const length = pages.reduce((sum, page) => sum + page.length, 0)
  return {
    bytes: pages.flatMap((page) => page.bytes),
    state: {
      ...{ length, uncompressed: pages.reduce((sum, page) => sum + page.uncompressed, 0), hasDictionary },
      isCompressed,
      ...{ dataAt: hasDictionary ? pages[0]!.length : 0, nulls: rows - values.count, range: values.range },
    },
  }
}

function toPage(
  kind: 'data' | 'dictionary',
  parts: readonly Buffer[],
  values: number,
  encoding: number,
  compress: Compress,
): { bytes: [Buffer, Uint8Array]; length: number; uncompressed: number } {
  const body = parts.length === 1 ? parts[0]! : Buffer.concat(parts)
  const compressed = compress(body)
  const header = pageHeader(kind, { uncompressed: body.length, compressed: compressed.length, values, encoding })
  return {
    bytes: [header, compressed],
    length: header.length + compressed.length,
    uncompressed: header.length + body.length,
  }
}

function valuesOf({ type, kind }: Field, wire: string, rows: number): Values {
  switch (type) {
    case 'int64':
      return integersOf(wire, rows, 1)
    case 'timestamp':
      return integersOf(wire, rows, kind === 'unix' ? 1_000_000 : 1)
    case 'double':
      return doublesOf(wire, rows)
    case 'boolean':
      return booleansOf(wire)
    case 'string':
      if (kind === 'text' || kind === 'json') return textsOf(splitTexts(wire))
      if (kind === 'decimal') return plainOf(wire, rows)
      return bytesOf(wire.replaceAll('\\x', '0x'), rows)
  }
}

function integersOf(wire: string, rows: number, factor: number): Values {
  const bytes = Buffer.from(`${wire}\n`, 'latin1')
  const values = new Float64Array(rows)
  const present = new Uint8Array(rows)
  let [count, at, min, max] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let row = 0; row < rows; row++) {
    const start = at
    const negative = bytes[at] === 0x2d
    if (negative) at++
    let value = 0
    for (let byte = bytes[at]!; byte !== NEWLINE; byte = bytes[++at]!) value = value * 10 + byte - 0x30
    if (at++ === start) continue
    present[row] = 1
    const scaled = (negative ? -value : value) * factor
    values[count++] = scaled
    if (scaled < min) min = scaled
    if (scaled > max) max = scaled
  }
  const range: Values['range'] = count === 0 ? null : [min, max]
  return { ...presence(present, count), range, plain: plainIntegers(values.subarray(0, count)) }
}

function doublesOf(wire: string, rows: number): Values {
  const values = new Float64Array(rows)
  const present = new Uint8Array(rows)
  let count = 0
  wire.split('\n').forEach((text, row) => {
    if (text === '') return
    present[row] = 1
    values[count++] = Number(text)
  })
  return { ...presence(present, count), range: null, plain: plainDoubles(values.subarray(0, count)) }
}

function booleansOf(wire: string): Values {
  const texts = wire.split('\n')
  const known = texts.filter((text) => text !== '')
  const present = Uint8Array.from(texts, (text) => (text === '' ? 0 : 1))
  const plain = plainBooleans(Uint8Array.from(known, (text) => (text === 'true' ? 1 : 0)))
  return { ...presence(present, known.length), range: null, plain }
}

/** Texts that are never empty, one after the other; an empty one is absent. */
function plainOf(wire: string, rows: number): Values {
  const bytes = Buffer.from(`${wire}\n`, 'latin1')
  const present = new Uint8Array(rows)
  let [count, at] = [0, 0]
  for (let row = 0; row < rows; row++) {
    const end = bytes.indexOf(NEWLINE, at)
    if (end > at) {
      present[row] = 1
      count++
    }
    at = end + 1
  }
  return { ...presence(present, count), range: null, plain: plainTexts(bytes, NEWLINE, count, true) }
}

function bytesOf(wire: string, rows: number): Values {
  const texts = wire.split('\n')
  if (!isWorthDictionary(texts)) return plainOf(wire, rows)
  return dictionaryOf(texts.map((text) => (text === '' ? null : text))) ?? plainOf(wire, rows)
}

function textsOf(texts: readonly (string | null)[]): Values {
  const dictionary = isWorthDictionary(texts) ? dictionaryOf(texts) : null
  if (dictionary !== null) return dictionary
  const known = texts.filter((text) => text !== null)
  const present = Uint8Array.from(texts, (text) => (text === null ? 0 : 1))
  const bytes = known.length === 0 ? Buffer.alloc(0) : Buffer.from(`${known.join('\0')}\0`)
  return { ...presence(present, known.length), range: null, plain: plainTexts(bytes, ZERO, known.length, false) }
}

const SAMPLE = 1_000

/** Whether at most half of the first values are different ones. */
function isWorthDictionary(texts: readonly (string | null)[]): boolean {
  const sample = texts.slice(0, SAMPLE)
  return new Set(sample).size <= sample.length / 2
}

/** The values as numbers of a dictionary; null when more than half of them are different, or none is there. */
function dictionaryOf(texts: readonly (string | null)[]): Values | null {
  const numbers = new Map<string, number>()
  const present = new Uint8Array(texts.length)
  const indexes = new Uint32Array(texts.length)
  let count = 0
  for (let row = 0; row < texts.length; row++) {
    const text = texts[row]!
    if (text === null) continue
    present[row] = 1
    let number = numbers.get(text)
    if (number === undefined) {
      number = numbers.size
      numbers.set(text, number)
    }
    indexes[count++] = number
  }
  if (count === 0 || numbers.size > texts.length / 2) return null
  const width = Math.max(1, 32 - Math.clz32(numbers.size - 1))
  return {
    ...presence(present, count),
    ...{ range: null, entries: numbers.size },
    dictionary: plainTexts(Buffer.from(`${[...numbers.keys()].join('\0')}\0`), ZERO, numbers.size, false),
    indexes: Buffer.concat([Buffer.from([width]), packBits(indexes.subarray(0, count), width)]),
  }
}

function presence(present: Uint8Array, count: number): { present: Presence; count: number } {
  return { present: count === present.length ? null : present, count }
}
