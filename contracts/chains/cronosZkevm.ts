import { type ChainProfile, factory } from './profile.ts'
import { router } from './routers.ts'

/** Cronos zkEVM. Fees are null where a fork lets each pair or factory choose its own. */
export const cronosZkevm: ChainProfile = {
  id: 388,
  name: 'cronos-zkevm',
  stack: 'era',
  ordering: 'fifo',
  blockTimeMs: 1000,
  nativeSymbol: 'zkCRO',
  wrappedNative: '0xc1bf55ee54e16229d9b369a5502bfe5fc9f20b6d',
  stablecoins: [
    '0xaa5b845f8c9c047779bedf64829601d8b264076c', // USDC
  ],
  multicall3: null,
  factories: [
    factory('0x50704ac00064be03ceed817f41e0aa61f52ef4dc', 'h2-v2', 'uniswap-v2', null, null),
    factory('0x301cbe34dd38cf69295bf2698dc9be3b9eecedfa', 'h2-v3', 'uniswap-v3', null, 79),
    factory('0x1a695b3ac30d41f9a1d856a27dd0d9ddaace750d', 'ebisus-bay-v2', 'uniswap-v2', null, null),
    factory('0x76d1fc018676f8a973474c24f40a2e14e401b770', 'abstradex-v2', 'uniswap-v2', null, null),
  ],
  singletons: [],
  lending: [],
  create2: [],
  routers: [
    router('0x7c39eaccd16cdad8bfe05e1874da1bd315db766f', 'WolfSwap', 'aggregator'),
    router('0x2e818e50b913457015e1277b43e469b63ac5d3d7', 'Symbiosis portal', 'bridge'),
  ],
  l1: null,
}
