import { type ChainProfile, create2, factory, lending, singleton } from './profile.ts'
import { router } from './routers.ts'

/** Ethereum mainnet. */
export const ethereum: ChainProfile = {
  id: 1,
  name: 'ethereum',
  stack: 'evm',
  ordering: 'tip',
  blockTimeMs: 12_000,
  nativeSymbol: 'ETH',
  wrappedNative: '0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2',
  stablecoins: [
    '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48', // USDC
    '0xdac17f958d2ee523a2206206994597c13d831ec7', // USDT
    '0x6b175474e89094c44da98b954eedeac495271d0f', // DAI
  ],
  multicall3: '0xca11bde05977b3631167028862be2a173976ca11',
  factories: [
    factory('0x5c69bee701ef814a2b6a3edd4b1652cb9cc5aa6f', 'uniswap-v2', 'uniswap-v2', 3000, 10_000_835),
    factory('0xc0aee478e3658e2610c5f7a4a2e1777ce9e4f2ac', 'sushiswap-v2', 'uniswap-v2', 3000, 10_794_229),
    factory('0x115934131916c8b277dd010ee02de363c09d037c', 'shibaswap', 'uniswap-v2', 3000, null),
    factory('0x1f98431c8ad98523631ae4a59f267346ea31f984', 'uniswap-v3', 'uniswap-v3', null, 12_369_621),
    factory('0x0bfbcf9fa4f9c56b0f40a671ad40e0805a091865', 'pancakeswap-v3', 'pancake-v3', null, null),
  ],
  singletons: [
    singleton('0x000000000004444c5dc75cb358380d2e3de08a90', 'uniswap-v4', 'uniswap-v4', 21_688_329),
    singleton('0xba12222222228d8ba445958a75a0704d566bf2c8', 'balancer-v2', 'balancer-v2', 12_272_146),
  ],
  lending: [
    lending('0x87870bca3f3fd6335c3f4ce8392d69350b4fa4e2', 'aave-v3', 'aave-v3', null),
    lending('0x398ec7346dcd622edc5ae82352f02be94c62d119', 'aave-v1', 'aave-v3', null),
    lending('0x7d2768de32b0b80b7a3454c06bdac94a69ddc7a9', 'aave-v2', 'aave-v3', null),
    lending('0x3d9819210a31b4961b30ef54be2aed79b9c9cd3b', 'compound-v2', 'compound-v2', null),
    lending('0x3d5bc3c8d13dcb8bf317092d84783c2697ae9258', 'cream', 'compound-v2', null),
  ],
  create2: [
    create2(
      '0x5c69bee701ef814a2b6a3edd4b1652cb9cc5aa6f',
      'evm',
      'pair',
      '0x96e8ac4277198ff8b6f785478aa9a39f403cb768dd02cbee326c3e7da348845f',
    ),
    create2(
      '0xc0aee478e3658e2610c5f7a4a2e1777ce9e4f2ac',
      'evm',
      'pair',
      '0xe18a34eb0e04b04f7a0ac29a6e80748dca96319b42c54d679cb821dca90c6303',
    ),
    create2(
      '0x115934131916c8b277dd010ee02de363c09d037c',
      'evm',
      'pair',
      '0x65d1a3b1e46c6e4f1be1ad5f99ef14dc488ae0549dc97db9b30afe2241ce1c7a',
    ),
    create2(
      '0x1f98431c8ad98523631ae4a59f267346ea31f984',
      'evm',
      'pair-and-fee',
      '0xe34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54',
    ),
    create2(
      '0x0bfbcf9fa4f9c56b0f40a671ad40e0805a091865',
      'evm',
      'pair-and-fee',
      '0x6ce8eb472fa82df5469c6ab6d485f17c3ad13c8cd7af59b3d4a8026c5ce0f7e2',
      '0x41ff9aa7e16b8b1a8a8dc4f0efacd93d02d071c9',
    ),
  ],
  routers: [
    router('0x7a250d5630b4cf539739df2c5dacb4c659f2488d', 'Uniswap V2 Router02', 'router', 'uniswap-v2-router02'),
    router('0xe592427a0aece92de3edee1f18e0157c05861564', 'Uniswap V3 SwapRouter', 'router', 'uniswap-v3-swap-router'),
    router('0x68b3465833fb72a70ecdf485e0e4c7bd8665fc45', 'Uniswap SwapRouter02', 'router', 'uniswap-swap-router02'),
    router(
      '0xef1c6e67703c7bd7107eed8303fbe6ec2554bf6b',
      'Uniswap UniversalRouter V1',
      'router',
      'uniswap-universal-router',
    ),
    router(
      '0x3fc91a3afd70395cd496c647d5a6cc9d4b2b7fad',
      'Uniswap UniversalRouter V1.2',
      'router',
      'uniswap-universal-router',
    ),
    router(
      '0x66a9893cc07d91d95644aedd05d03f95e1dba8af',
      'Uniswap UniversalRouter V2',
      'router',
      'uniswap-universal-router',
    ),
    router('0xd9e1ce17f2641f24ae83637ab66a2cca9c378b9f', 'SushiSwap Router', 'router', 'uniswap-v2-router02'),
    router('0x1111111254eeb25477b68fb85ed929f73a960582', '1inch AggregationRouterV5', 'aggregator'),
    router('0x111111125421ca6dc452d289314280a0f8842a65', '1inch AggregationRouterV6', 'aggregator'),
    router('0xdef1c0ded9bec7f1a1670819833240f027b25eff', '0x ExchangeProxy', 'aggregator'),
    router('0xcf5540fffcdc3d510b18bfca6d2b9987b0772559', 'Odos RouterV2', 'aggregator'),
    router('0x9008d19f58aabd9ed0d60971565aa8510560ab41', 'CoW Protocol GPv2Settlement', 'solver'),
  ],
  l1: null,
}
