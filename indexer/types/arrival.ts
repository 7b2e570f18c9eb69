import type { Address, Hex } from './block.ts'

/** When a node took a transaction of a block in. */
export type Arrival = {
  transactionHash: Hex
  /** Unix microseconds, by the clock of the node; null when it has none to tell. */
  receivedAt: number | null
  /** True for priority operations and upgrades, which come from L1: their time is that of their import. */
  isFromL1: boolean
  /** Account that sent the transaction. */
  from: Address
}

/** The arrivals of a block's transactions, by transaction index; null when the endpoint serves none. */
export type Arrivals = readonly Arrival[] | null
