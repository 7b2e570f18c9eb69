/** A 20-byte account or contract address: `0x` and 40 lower-case hex digits. */
export type Address = `0x${string}`
