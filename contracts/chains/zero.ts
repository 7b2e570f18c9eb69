import { type ChainProfile, factory } from './profile.ts'
import { router } from './routers.ts'

/** ZERO Network. Fees are null where a fork lets each pair or factory choose its own. */
export const zero: ChainProfile = {
  id: 543210,
  name: 'zero',
  stack: 'era',
  ordering: 'fifo',
  blockTimeMs: 1000,
  nativeSymbol: 'ETH',
  wrappedNative: '0xac98b49576b1c892ba6bfae08fe1bb0d80cf599c',
  stablecoins: [
    '0x6a6394f47dd0baf794808f2749c09bd4ee874e70', // USDC
    '0x6386da73545ae4e2b2e0393688fa8b65bb9a7169', // USDT
  ],
  multicall3: null,
  factories: [
    factory('0x1b4427e212475b12e62f0f142b8afef3bc18b559', 'reservoir-v2', 'uniswap-v2', null, null),
    factory('0xa1160e73b63f322ae88cc2d8e700833e71d0b2a1', 'reservoir-v3', 'uniswap-v3', null, 1),
  ],
  singletons: [],
  lending: [],
  create2: [],
  routers: [
    router(
      '0xd936711eabd2ce52747d7122757316c7dfe3599b',
      'Uniswap-style SwapRouter02',
      'router',
      'uniswap-swap-router02',
    ),
    router('0x5b15468dfd83cf9192082d4510034c9431bb05eb', 'NonfungiblePositionManager', 'router'),
  ],
  l1: null,
}
