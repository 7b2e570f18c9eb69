import type { Address } from './block.ts'

/** The swap that calldata asks a router for, over all its hops and parts. */
export type SwapIntent = {
  kind: 'EXACT_IN' | 'EXACT_OUT'
  /** The zero address stands for the base token. */
  tokenIn: Address
  tokenOut: Address
  /** Base units: exact for EXACT_IN, the most that is given for EXACT_OUT; null when it is what the router holds. */
  amountIn: bigint | null
  /** Base units: the least that is accepted for EXACT_IN, exact for EXACT_OUT. */
  amountOut: bigint
  recipient: Address
  /** Unix seconds; null when the call has none. */
  deadline: number | null
  /**
   * Token addresses with the pool between two of them, a fee in pips or `v2`, parted by spaces;
   * parts of a split are parted by ` + `.
   */
  path: string
}
