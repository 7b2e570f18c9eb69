import { type ChainProfile, factory, singleton } from './profile.ts'
import { router } from './routers.ts'

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
  factories: [
    factory('0x432bcc3bc62de9186f9e8763c82d43e418681e6c', 'syncswap-v2', 'syncswap-classic', null, 38459),
    factory('0x8c9d66ba3e1d7681cffffa3c7d9807adae368e74', 'syncswap-v2', 'syncswap-stable', null, 38459),
    factory('0xa2e2f6b5db704fde654db69895c89523332e538e', 'syncswap-v2', 'syncswap-aqua', null, 38459),
    factory('0x0f6e27007e257e74c86522387bd071d561ba3c97', 'syncswap-v3', 'slipstream', null, 38459),
    factory('0x5b9f21d407f35b10cbfddca17d5d84b129356ea3', 'syncswap-v2', 'syncswap-classic', null, null),
    factory('0x5b9f21d407f35b10cbfddca17d5d84b129356ea3', 'syncswap-v2', 'syncswap-stable', null, null),
    factory('0x5b9f21d407f35b10cbfddca17d5d84b129356ea3', 'syncswap-v2', 'syncswap-aqua', null, null),
  ],
  singletons: [singleton('0x66ae13488b281c0acf731b8d7970e069b673df00', 'copump', 'copump', null)],
  lending: [],
  create2: [],
  routers: [
    router('0x455fffa180d50d8a1adaaa46eb2bfb4c1bb28602', 'SyncSwap Router', 'router', 'syncswap-router'), // single source
  ],
  l1: null,
}
