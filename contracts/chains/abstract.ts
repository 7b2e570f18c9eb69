import { type ChainProfile, create2, factory, lending, singleton } from './profile.ts'
import { router } from './routers.ts'

/** Abstract. Fees are null where a fork lets each pair or factory choose its own. */
export const abstract: ChainProfile = {
  id: 2741,
  name: 'abstract',
  stack: 'era',
  ordering: 'fifo',
  blockTimeMs: 1000,
  nativeSymbol: 'ETH',
  wrappedNative: '0x3439153eb7af838ad19d56e1571fbd09333c2809',
  stablecoins: [
    '0x84a71ccd554cc1b02749b35d22f684cc8ec987e1', // USDC.e
    '0x0709f39376deee2a2dfc94a58edeb2eb9df012bd', // USDT
  ],
  multicall3: '0xaa4de41dba0ca5dcbb288b7cc6b708f3aac759e7',
  factories: [
    factory('0x566d7510dee58360a64c9827257cf6d0dc43985e', 'reservoir-swap-v2', 'uniswap-v2', null, null),
    factory('0xa1160e73b63f322ae88cc2d8e700833e71d0b2a1', 'reservoir-swap-v3', 'uniswap-v3', null, 1),
    factory('0x7c2e370ca0fcb60d8202b8c5b01f758bcad41860', 'kona-v2', 'uniswap-v2', null, null),
    factory('0xfed3612d6865ca46f080f19fc34aa8cac0c92cf6', 'kona-v3', 'uniswap-v3', null, null),
    factory('0xe1e98623082f662bca1009a05382758f86f133b3', 'noxa-v2', 'uniswap-v2', null, null),
    factory('0x901c08011ae002fd917315777d17891558932019', 'uniswap-v2', 'uniswap-v2', 3000, null),
    factory('0xf6cdfff7ad51caad860e7a35d6d4075d74039a6b', 'aborean-v2', 'velodrome-v2', null, 20524597),
    factory('0x8cfe21f272fdfddf42851f6282c0f998756eef27', 'aborean-cl', 'slipstream', null, 20524597),
    factory('0x288e195322088e615460ccaa0fe0a862c9e06412', 'kona-stableswap', 'curve-stable', null, null, true),
    factory('0x9f9f76660d17f76f63a32f6d4920b282d3856f3f', 'kona-twocrypto', 'curve-crypto', null, null),
    factory('0xa44965ebbcb73163eb838dc4dfa85f56b04804a6', 'kona-tricrypto', 'curve-crypto', null, null),
  ],
  singletons: [singleton('0x48cd08ad2065e0cd2dcd56434e393d55a59a4f64', 'mondrain', 'balancer-v2', 1199036)],
  lending: [
    lending('0x7c4bae19949d77b7259dc4a898e64dc5c2d10b02', 'zerolend', 'aave-v3', null),
    lending('0x8f16b5713f412c5de4951aaf678eb8409101f819', 'kona-lend', 'aave-v3', null),
    lending('0xc85ce8ffda27b646d269516b8d0fa6ec2e958b55', 'morpho', 'morpho-blue', 13947713),
  ],
  create2: [
    create2(
      '0xa1160e73b63f322ae88cc2d8e700833e71d0b2a1',
      'era',
      'pair-and-fee',
      '0x010013f177ea1fcbc4520f9a3ca7cd2d1d77959e05aa66484027cb38e712aeed',
    ),
  ],
  routers: [
    router(
      '0x7712fa47387542819d4e35a23f8116c90c18767c',
      'Uniswap-style SwapRouter02',
      'router',
      'uniswap-swap-router02',
    ),
    router('0xad1eca41e6f772be3cb5a48a6141f9bcc1af9f7c', 'Uniswap V2 Router02', 'router', 'uniswap-v2-router02'),
    router('0x728bd3ec25d5edbafebb84f3d67367cd9ebc7693', 'QuoterV2', 'helper'),
    router('0xfa928d3abc512383b8e5e77edd2d5678696084f9', 'CLMM NonfungiblePositionManager', 'router'),
    router('0xe8142d2f82036b6fc1e79e4ae85cf53fbffdc998', 'Aborean Router', 'router', 'velodrome-v2-router'),
    router('0xada5d0e79681038a9547fe6a59f1413f3e720839', 'Aborean CL SwapRouter', 'router'),
    router('0xa4890b89dc628bae614780079acc951fb0ecdc5f', 'Aborean CL NFPM', 'router'),
    router('0x441e0627db5173da098de86b734d136b27925250', 'Kona V2 Router', 'router', 'uniswap-v2-router02'),
    router('0x7df4e182da01eba2ff902b3f13b7a7b12bb87dea', 'Relay ERC20Router v2', 'bridge'),
    router('0x4f8c9056bb8a3616693a76922fa35d53c056e5b3', 'LiFi Diamond', 'aggregator'),
    router('0xe1e182bf4aa042514368b264cd96544b3f0895ce', 'LiFi DEXAggregator', 'aggregator'),
    router('0x7fb4822fc565bcacf0ab1fece1afeea787c07c37', 'Eisen', 'aggregator'),
    router('0x956df8424b556f0076e8abf5481605f5a791cc7f', 'Fly', 'aggregator'),
    router('0x20f6ee51340adeed01a59b0e65cb3703f3dc860c', 'Fly', 'aggregator'),
    router('0x74baf6450b8e862ed8daae385e12704e4882927a', 'WolfSwap', 'aggregator'),
    router('0x0000000000001ff3684f28c67538d4d072c22734', '0x AllowanceHolder', 'aggregator'),
    router('0x50ac33c74a0262174daca88260338d5f7baf7606', 'Sweep n Flip router', 'router'),
  ],
  l1: null,
}
