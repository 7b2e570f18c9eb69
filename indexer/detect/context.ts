import type { Decimals } from '../derive/families/rules.ts'
import type { Address } from '../types/block.ts'
import type { TransactionPlace } from './habits.ts'
import type { SearcherRecord } from './records.ts'

/** What the detectors know besides the window. */
export type DetectContext = {
  decimals: Decimals
  /** The asset that a token stands for: the base token and its wrapped form are one. */
  asset(token: Address): Address
  /** True for an account that trades for others, or is a pool: nobody's identity. */
  isPublic(account: Address): boolean
  isPool(account: Address): boolean
  /** US dollars of an amount in base units at the prices after the judged block; null without a price. */
  valueUsd(token: Address, amount: bigint): number | null
  /** How the sandwiches of a searcher before the judged block came out. */
  recordOf(searcher: Address): SearcherRecord
  /** Trades of the last blocks by these accounts that were no part of a gaining sandwich, besides these transactions. */
  countOthers(accounts: ReadonlySet<Address>, besides: Iterable<TransactionPlace>): number
  /** True for an action that a bundle decided earlier has used. */
  isUsed(order: number): boolean
}
