import { type ChainProfile, create2, factory } from './profile.ts'
import { router } from './routers.ts'

/** Lens. Fees are null where a fork lets each pair or factory choose its own. */
export const lens: ChainProfile = {
  id: 232,
  name: 'lens',
  stack: 'era',
  ordering: 'fifo',
  blockTimeMs: 1000,
  nativeSymbol: 'GHO',
  wrappedNative: '0x6bdc36e20d267ff0dd6097799f82e78907105e2f',
  stablecoins: [
    '0x6bdc36e20d267ff0dd6097799f82e78907105e2f', // WGHO
    '0x88f08e304ec4f90d644cec3fb69b8ad414acf884', // USDC
  ],
  multicall3: null,
  factories: [factory('0xe0704db90bcaa1eafc00e958ff815ab7aa11ef47', 'uniswap-v3', 'uniswap-v3', null, 184120)],
  singletons: [],
  lending: [],
  create2: [
    create2(
      '0xe0704db90bcaa1eafc00e958ff815ab7aa11ef47',
      'era',
      'pair-and-fee',
      '0x010013f177ea1fcbc4520f9a3ca7cd2d1d77959e05aa66484027cb38e712aeed',
    ),
  ],
  routers: [
    router(
      '0xaa904d497e42608c014be83a026e984afc16129b',
      'Uniswap UniversalRouter (Oku)',
      'router',
      'uniswap-universal-router',
    ),
    router('0x6ddd32cd941041d8b61df213b9f515a7d288dc13', 'Uniswap SwapRouter02', 'router', 'uniswap-swap-router02'),
    router('0xc5d0caae8aa00032f6da993a69ffa6ff80b5f031', 'NonfungiblePositionManager', 'router'),
    router('0xf3b20515d9b193531c48e47c18af16d1e5d28f9a', 'LiFi Diamond', 'aggregator'),
    router('0x642eeb39b287bb7809043aae89bcfac2f409737d', 'LiFi DEXAggregator', 'aggregator'),
    router('0x9008d19f58aabd9ed0d60971565aa8510560ab41', 'CoW Protocol GPv2Settlement', 'solver'),
  ],
  l1: null,
}
