import type { Hex, Log } from '../types/block.ts'
import type { Family, LendingFamily, LiquidationEvent, PoolEvent } from '../types/event.ts'

/**
 * Turns one log into an event; null when the log has another shape or an impossible value.
 * @param families the families that emit this event; they go into it as they are.
 */
export type Decoder = (log: Log, families: readonly Family[]) => PoolEvent | null

/** The events of one protocol family, by topic0. Families with the same event name the same decoder. */
export type FamilyDecoders = { family: Family; decoders: Readonly<Record<Hex, Decoder>> }

/** Turns one log into a liquidation; null when the log has another shape or an impossible value. */
export type LiquidationDecoder = (log: Log, families: readonly LendingFamily[]) => LiquidationEvent | null

/** The liquidations of one lending family, by topic0. */
export type LendingDecoders = { family: LendingFamily; decoders: Readonly<Record<Hex, LiquidationDecoder>> }
