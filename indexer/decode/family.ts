import type { Hex, Log } from '../types/block.ts'
import type { Family, PoolEvent } from '../types/event.ts'

/** Turns one log into an event; null when the log has another shape or an impossible value. */
export type Decoder = (log: Log) => PoolEvent | null

/** The events of one protocol family, by topic0. */
export type FamilyDecoders = { family: Family; decoders: Readonly<Record<Hex, Decoder>> }
