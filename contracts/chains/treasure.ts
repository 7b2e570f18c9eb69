import type { ChainProfile } from './profile.ts'

/** Treasure. No exchange on it is known here; pools are found by their events. */
export const treasure: ChainProfile = {
  id: 61166,
  name: 'treasure',
  stack: 'era',
  ordering: 'fifo',
  blockTimeMs: 1000,
  nativeSymbol: 'MAGIC',
  wrappedNative: null,
  stablecoins: [],
  multicall3: null,
  factories: [],
  singletons: [],
  lending: [],
  create2: [],
  routers: [],
  l1: null,
}
