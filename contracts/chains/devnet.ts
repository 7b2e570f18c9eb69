import type { ChainProfile } from './profile.ts'

/** The local chain. */
export const devnet: ChainProfile = {
  id: 271,
  name: 'devnet',
  stack: 'era',
  ordering: 'fifo',
  blockTimeMs: 500,
  nativeSymbol: 'ETH',
  wrappedNative: null,
  stablecoins: [],
  multicall3: null,
  factories: [],
  routers: [],
}
