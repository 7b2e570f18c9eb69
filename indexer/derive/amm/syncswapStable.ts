import type { Amm } from './quote.ts'
export type SyncSwapStableState = {
  reserve0: bigint
  reserve1: bigint
  multiplier0: bigint
  multiplier1: bigint
  fee0: bigint
  fee1: bigint
}
export const syncswapStable: Amm<SyncSwapStableState> = {
  quoteIn: () => null,
  quoteOut: () => null,
  spotPrice: () => null,
}
export function inferSyncSwapStableFee(_: SyncSwapStableState, __: number, ___: bigint, ____: bigint): bigint | null {
  return null
}
