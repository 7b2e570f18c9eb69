import type { Address, Hex } from '../../indexer/types/block.ts'
import type { TickRange } from '../pools/range.ts'
import type { PairPool, RangePool } from '../pools/types.ts'
import type { Route } from '../pools/world.ts'

/** Swaps along a route. The caller is the contract that calls the pools and stands as sender in their logs. */
export type SwapAction = {
  kind: 'swap'
  route: Route
  caller: Address
  /** Whose tokens pay the first pool: the caller itself, or the user. */
  payer: Address
  /** Who gets what the last pool gives. */
  recipient: Address
  /** Base token is wrapped before by the caller, or unwrapped after for the recipient. */
  native: 'in' | 'out' | null
}

/** One thing that a transaction does. */
export type CallAction =
  | SwapAction
  /** Sends all that an account has got of a token in this transaction, and not yet passed on, to another. */
  | { kind: 'pass-on'; token: Address; from: Address; to: Address }
  /** Sends tokens from one account to another; the whole transaction reverts where nothing says how much. */
  | { kind: 'pull'; token: Address; from: Address; to: Address; amount: bigint }
  /** Reverts unless the account has more of the token than before. */
  | { kind: 'require-gain'; token: Address; account: Address }
  /** Reverts. */
  | { kind: 'fail' }
  /** Adds both tokens to a pair, at most so much of each, in the proportion of its reserves. */
  | { kind: 'add'; pool: Address; caller: Address; payer: Address; provider: Address; most0: bigint; most1: bigint }
  /** Adds to a pair what the caller has got in this transaction of both tokens and not passed on. */
  | { kind: 'add-all'; pool: Address; caller: Address; provider: Address }
  | { kind: 'remove'; pool: Address; caller: Address; provider: Address; shares: bigint }
  | RangeAction
  | { kind: 'create-pair'; factory: Address; pool: PairPool; index: number }
  | { kind: 'create-range'; factory: Address; pool: RangePool }

/** A change of a position of a Uniswap V3 pool. */
export type RangeAction = {
  kind: 'mint' | 'burn'
  pool: Address
  range: TickRange
  /** Positive for both kinds. */
  liquidity: bigint
  /** The contract that calls the pool and owns the position there. */
  owner: Address
  /** Who pays, or gets what is taken out with its fees. */
  provider: Address
  /** The token of the position manager that stands for the position; null where the owner is another contract. */
  tokenId: bigint | null
}

/** A transaction as its sender decides it, with what it does. */
export type Call = {
  to: Address
  valueWei: bigint
  input: Hex
  actions: readonly CallAction[]
}
