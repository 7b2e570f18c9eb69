import type { ChainProfile } from './profile.ts'

/** Sophon. Fees are null where a fork lets each pair or factory choose its own. */
export const sophon: ChainProfile = {
  id: 50104,
  name: 'sophon',
  stack: 'era',
  ordering: 'fifo',
  blockTimeMs: 1000,
  nativeSymbol: 'SOPH',
  wrappedNative: null,
  stablecoins: [
    '0x9aa0f72392b5784ad86c6f3e899bcc053d00db4f', // USDC
    '0x6386da73545ae4e2b2e0393688fa8b65bb9a7169', // USDT
    '0x88171a5bbacd92ca5e25575c5904581c80b025dd', // DAI
  ],
  multicall3: '0x5f4867441d2416ca88b1b3fd38f21811680cd2c8',
  factories: [],
  routers: [
    '0x455fffa180d50d8a1adaaa46eb2bfb4c1bb28602', // SyncSwap router (public bots, single family of repos)
  ],
  l1: null,
}
