/** Parts of the Parquet format: https://parquet.apache.org/docs/file-format/. All integers are little-endian. */

/** Which of the rows have a value; null = all of them. */
export type Presence = Uint8Array | null

const I32 = 5
const STRUCT = 12

/** The header of a page: of a dictionary, or of data whose levels are run-length encoded. */
export function pageHeader(
  kind: 'data' | 'dictionary',
  sizes: { uncompressed: number; compressed: number; values: number; encoding: number },
): Buffer {
  const numbers = (values: readonly number[]) => values.flatMap((value) => [(1 << 4) | I32, ...varint(value << 1)])
  const inner = kind === 'data' ? [sizes.values, sizes.encoding, 3, 3] : [sizes.values, sizes.encoding]
  const outer = [kind === 'data' ? 0 : 2, sizes.uncompressed, sizes.compressed]
  const step = kind === 'data' ? 2 : 4
  return Buffer.from([...numbers(outer), (step << 4) | STRUCT, ...numbers(inner), 0, 0])
}

/** A number below 2^31 in groups of seven bits. */
export function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>>= 7
  }
  bytes.push(rest)
  return bytes
}

/** The definition levels of a column that may be null, with their length before them. */
export function definitionLevels(rows: number, present: Presence): Buffer {
  const levels = present === null ? Buffer.from([...varint(rows << 1), 1]) : packBits(present, 1)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(levels.length)
  return Buffer.concat([length, levels])
}

/** Numbers of a width in bits (24 at most) as one bit-packed run. */
export function packBits(values: Uint8Array | Uint32Array, width: number): Buffer {
  const groups = Math.ceil(values.length / 8)
  const header = varint((groups << 1) | 1)
  const out = Buffer.alloc(header.length + groups * width)
  out.set(header)
  let position = header.length
  let bits = 0
  let held = 0
  for (let index = 0; index < values.length; index++) {
    bits |= values[index]! << held
    held += width
    while (held >= 8) {
      out[position++] = bits & 0xff
      bits >>>= 8
      held -= 8
    }
  }
  if (held > 0) out[position] = bits & 0xff
  return out
}

/**
 * Texts as plain values: each with its length in four bytes before it. `bytes` has a separator after each text; `count`
 * of them are written, since empty ones may be skipped.
 */
export function plainTexts(bytes: Uint8Array, separator: number, count: number, skipEmpty: boolean): Buffer {
  const out = Buffer.allocUnsafe(bytes.length + 4 * count)
  let position = 0
  for (let at = 0; at < bytes.length; at++) {
    const start = position
    position += 4
    for (let byte = bytes[at]!; byte !== separator; byte = bytes[++at]!) out[position++] = byte
    const length = position - start - 4
    if (length === 0 && skipEmpty) {
      position = start
    } else {
      out[start] = length & 0xff
      out[start + 1] = (length >>> 8) & 0xff
      out[start + 2] = (length >>> 16) & 0xff
      out[start + 3] = length >>> 24
    }
  }
  return out.subarray(0, position)
}

/** Whole numbers up to 2^53 as plain INT64 values. */
export function plainIntegers(values: Float64Array): Buffer {
  const out = new Uint32Array(values.length * 2)
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!
    out[index * 2] = value >>> 0
    out[index * 2 + 1] = Math.floor(value / 0x1_0000_0000)
  }
  return Buffer.from(out.buffer)
}

/** Doubles as plain values. */
export function plainDoubles(values: Float64Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength)
}

/** Booleans (0 or 1) as plain values, eight in a byte. */
export function plainBooleans(values: Uint8Array): Buffer {
  return packBits(values, 1).subarray(varint((Math.ceil(values.length / 8) << 1) | 1).length)
}
