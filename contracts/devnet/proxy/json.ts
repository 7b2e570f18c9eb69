/** A JSON object as it goes over the wire. */
export type Json = Record<string, unknown>

/** Returns a JSON-RPC quantity: hex without leading zeros. */
export function toQuantity(value: number | bigint): `0x${string}` {
  return `0x${value.toString(16)}`
}

/** Returns a number from a JSON-RPC quantity that fits 53 bits. */
export function fromQuantity(value: unknown): number {
  return Number(value as string)
}

/** Returns a 32-byte word from an address or number. */
export function toWord(value: string | bigint): `0x${string}` {
  const digits = typeof value === 'bigint' ? value.toString(16) : value.slice(2)
  return `0x${digits.padStart(64, '0')}`
}
