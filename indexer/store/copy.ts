import type { Hex } from '../types/block.ts'

/** Null in the text format of COPY. */
export const NULL = '\\N'

/** bytea in hex format; the backslash is doubled because COPY reads it as an escape. */
export function bytes(value: Hex): string {
  return `\\\\x${value.slice(2)}`
}

/** bytea or null. */
export function nullable(value: Hex | null): string {
  return value === null ? NULL : bytes(value)
}

/** Text or null. */
export function text(value: string | null): string {
  return value === null ? NULL : escaped(value)
}

/** Text with what COPY would read as something else escaped. */
export function escaped(value: string): string {
  return value.replace(/[\\\t\n\r]/g, (character) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n' })[character] ?? '\\r')
}
