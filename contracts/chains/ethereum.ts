import { type ChainProfile, factory } from './profile.ts'

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
    factory('0x1f98431c8ad98523631ae4a59f267346ea31f984', 'uniswap-v3', 'uniswap-v3', null, 12_369_621),
  ],
  routers: [
    '0x7a250d5630b4cf539739df2c5dacb4c659f2488d', // Uniswap V2 Router02
    '0xe592427a0aece92de3edee1f18e0157c05861564', // Uniswap V3 SwapRouter
    '0x68b3465833fb72a70ecdf485e0e4c7bd8665fc45', // Uniswap SwapRouter02
  ],
  l1: null,
}
