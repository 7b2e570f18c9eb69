import type { ChainProfile, Ordering } from '../contracts/chains/profile.ts'
import { factory } from '../contracts/chains/profile.ts'
import { router } from '../contracts/chains/routers.ts'
import { addressOf } from './hex.ts'
import { usdc, usdt, weth } from './tokens.ts'

/** The contracts of the simulated chain that everybody uses. */
export const contracts = {
  pairFactory: addressOf('UniswapV2Factory'),
  rangeFactory: addressOf('UniswapV3Factory'),
  pairRouter: addressOf('UniswapV2Router02'),
  rangeRouter: addressOf('SwapRouter'),
  positionManager: addressOf('NonfungiblePositionManager'),
  aggregators: [addressOf('aggregator 1'), addressOf('aggregator 2')],
  /** In no profile: a router as far as its users know, an unknown contract to everybody else. */
  unknownRouter: addressOf('router that nobody knows'),
  /** In no profile: swaps a part of one token and adds both to a pair. */
  zap: addressOf('zap'),
} as const

const PAIR_FEE_PIPS = 3_000
/** Id of the simulated chain. */
export const CHAIN_ID = 90_271

/** What the indexer is told of the simulated chain: its factories are trusted, so that no pool has to be asked. */
export function profileOf(ordering: Ordering, blockTimeMs: number): ChainProfile {
  return {
    id: CHAIN_ID,
    name: 'simulator',
    stack: ordering === 'fifo' ? 'era' : 'zksync-os',
    ordering,
    blockTimeMs,
    nativeSymbol: 'ETH',
    wrappedNative: weth.address,
    stablecoins: [usdc.address, usdt.address],
    multicall3: null,
    factories: [
      factory(contracts.pairFactory, 'uniswap-v2', 'uniswap-v2', PAIR_FEE_PIPS, 1),
      factory(contracts.rangeFactory, 'uniswap-v3', 'uniswap-v3', null, 1),
    ],
    singletons: [],
    lending: [],
    create2: [],
    routers: [
      router(contracts.pairRouter, 'UniswapV2Router02', 'router', 'uniswap-v2-router02'),
      router(contracts.rangeRouter, 'SwapRouter', 'router', 'uniswap-v3-swap-router'),
      router(contracts.positionManager, 'NonfungiblePositionManager', 'router'),
      ...contracts.aggregators.map((address, index) => router(address, `Aggregator ${index + 1}`, 'aggregator')),
    ],
    l1: null,
  }
}

/** The profile of a simulated chain that orders by arrival, with a block a second. */
export const simulatorProfile: ChainProfile = profileOf('fifo', 1_000)

/** The profile of a simulated chain that orders by priority fee, with a block a second. */
export const simulatorTipProfile: ChainProfile = profileOf('tip', 1_000)
