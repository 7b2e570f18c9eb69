import { type ChainProfile, factory, lending, singleton } from './profile.ts'

/** zkLink Nova. Fees are null where a fork lets each pair or factory choose its own. */
export const zklink: ChainProfile = {
  id: 810180,
  name: 'zklink-nova',
  stack: 'era',
  ordering: 'fifo',
  blockTimeMs: 1000,
  nativeSymbol: 'ETH',
  wrappedNative: '0x8280a4e7d5b3b658ec4580d3bc30f5e50454f169',
  stablecoins: [
    '0x1a1a3b2ff016332e866787b311fcb63928464509', // USDC
    '0x2f8a25ac62179b31d62d7f80884ae57464699059', // USDT
  ],
  multicall3: null,
  factories: [
    factory('0xf8d35842f37800e349a993503372fb9e2cbb7e3d', 'novaswap-v1', 'uniswap-v3', null, 1676253),
    factory('0x9f94c91b178f5bc9fcca3e5428b09a3d01ce5ac6', 'novaswap-v2', 'uniswap-v3', null, 3416798),
    factory('0x6175b648473f1d4c1549aac3c2d007e7720585e6', 'wagmi', 'uniswap-v3', null, 1339353),
    factory('0x87929083ac2215cf3ce4936857d314af6687c978', 'linkswap-v2', 'uniswap-v2', null, null),
  ],
  singletons: [singleton('0xc8f6494bd11a12dd6b676ec87c8b878a1d90e641', 'kkex', 'gmx-v1', null)],
  lending: [
    lending('0xe6099d924efef37845867d45e3362731eaf8a98d', 'sumer', 'compound-v2', null),
    lending('0xc8f6494bd11a12dd6b676ec87c8b878a1d90e641', 'kkex', 'gmx-v1', null),
  ],
  create2: [],
  routers: [],
  l1: null,
}
