import type { Address, Hex } from './block.ts'

/** The swap that calldata asks a router for, over all its hops and parts. */
export type SwapIntent = {
  kind: 'EXACT_IN' | 'EXACT_OUT'
  /** The zero address stands for the base token. Equal to `tokenOut` for a path that comes back to where it began. */
  tokenIn: Address
  /** Null when the calldata names the last pool and not the token it gives. */
  tokenOut: Address | null
  /** Base units: exact for EXACT_IN, the most that is given for EXACT_OUT; null when it is what the router or pool holds. */
  amountIn: bigint | null
  /**
   * Base units: the least that is accepted for EXACT_IN, by the swap or by the payment out of the router behind it,
   * exact for EXACT_OUT. Fees that a front end takes out of it are not subtracted.
   */
  amountOut: bigint
  recipient: Address
  /** Unix seconds; null when the call has none, or one past 2^53. */
  deadline: number | null
  /**
   * Token addresses with the pool between two of them, parted by spaces; `?` is a token that the calldata does not name.
   * A pool is a fee in pips (V3), `izi:<fee in pips>`, `v2`, `v4:<fee>:<tick spacing>:<hooks>`, `volatile` or `stable`
   * (Mute, Solidly; with `:<factory>` where the call names one), `stable:<number of its tokens>` (PancakeSwap) or
   * `pool:<address>` (SyncSwap); `wrap` or `unwrap` where base token changes its form between two pools.
   * Tokens are named as the pools name them, so the ends may be the wrapped base token where the intent says base token.
   * Parts of a split are parted by ` + `.
   */
  path: string
}

/**
 * The swap that a call asks for; null when it asks for none that is known. Pure, and never throws for any calldata.
 * @param to null for a transaction that creates a contract.
 */
export type DecodeIntent = (to: Address | null, calldata: Hex, valueWei: bigint, sender: Address) => SwapIntent | null
