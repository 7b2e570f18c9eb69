import type { Address } from '../../indexer/types/block.ts'

type Tokens = { address: Address; token0: Address; token1: Address; feePips: number }

/** A Uniswap V2 pair as it stands; never changed, only replaced. */
export type PairPool = Tokens & { kind: 'pair'; reserve0: bigint; reserve1: bigint; supply: bigint }

/** A position in a Uniswap V3 pool with the fees it has not been paid. */
export type Position = {
  owner: Address
  /** The token of the position manager that stands for it; null where the owner is another contract. */
  tokenId: bigint | null
  tickLower: number
  tickUpper: number
  liquidity: bigint
  fees0: bigint
  fees1: bigint
}

/** A Uniswap V3 pool as it stands; never changed, only replaced. */
export type RangePool = Tokens & {
  kind: 'range'
  tickSpacing: number
  sqrtPriceX96: bigint
  tick: number
  liquidity: bigint
  ticks: ReadonlyMap<number, { gross: bigint; net: bigint }>
  positions: readonly Position[]
}

/** A pool as it stands. */
export type SimulatedPool = PairPool | RangePool

/** Which amount of a swap is fixed. */
export type SwapMode = 'EXACT_IN' | 'EXACT_OUT'

/** What one swap in one pool does. */
export type SwapStep = {
  before: SimulatedPool
  after: SimulatedPool
  tokenIn: Address
  tokenOut: Address
  amountIn: bigint
  amountOut: bigint
}
