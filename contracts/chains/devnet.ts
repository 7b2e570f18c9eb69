import type { ChainProfile } from './profile.ts'
import { router } from './routers.ts'

/**
 * The local chain of `contracts/devnet`. Its second V2 and second V3 factory are left out on
 * purpose: an indexer must find and resolve pools that no profile names.
 */
export const devnet: ChainProfile = {
  id: 271,
  name: 'devnet',
  stack: 'era',
  ordering: 'fifo',
  blockTimeMs: 500,
  nativeSymbol: 'ETH',
  wrappedNative: '0x5fbdb2315678afecb367f032d93f642f64180aa3',
  stablecoins: ['0x9a9f2ccfde556a7e9ff0848998aa4a0cfd8863ae'],
  multicall3: '0xe7f1725e7734ce288f8367e1bb143e90bb3f0512',
  factories: [
    {
      address: '0x9fe46736679d2d9a65f0992f2272de9f3c7fa6e0',
      protocol: 'uniswap-v2',
      family: 'uniswap-v2',
      feePips: 3000,
      startBlock: 1,
      stable: null,
    },
    {
      address: '0x0165878a594ca255338adfa4d48449f69242eb8f',
      protocol: 'uniswap-v3',
      family: 'uniswap-v3',
      feePips: null,
      startBlock: 1,
      stable: null,
    },
  ],
  singletons: [],
  lending: [],
  create2: [],
  routers: [
    router('0xcf7ed3acca5a467e9e704c703e8d87f634fb0fc9', 'UniswapV2Router02', 'router', 'uniswap-v2-router02'),
    router(
      '0x5fc8d32690cc91d4c39d9d3abcbd16989f875707',
      'UniswapV2Router02 of the second factory',
      'router',
      'uniswap-v2-router02',
    ),
    router('0xa513e6e4b8f2a923d98304ec87f64353c4d5c853', 'SwapRouter', 'router', 'uniswap-v3-swap-router'),
    router('0x2279b7a0a67db372996a5fab50d91eaa73d2ebe6', 'NonfungiblePositionManager', 'router'),
    router('0x610178da211fef7d417bc0e6fed39f05609ad788', 'Aggregator', 'aggregator'),
  ],
  l1: { chainId: 31_337, diamond: '0xf3b642a730dbe5a76491fc90bcd3d450e0be449b', startBlock: 1 },
}
