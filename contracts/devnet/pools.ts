import { encodeAbiParameters, encodePacked, getContractAddress, keccak256 } from 'viem'
import type { Address } from '../address.ts'
import type { Family } from '../families.ts'
import { devnetContracts } from './contracts.ts'
import { amountOfUsd, type TokenName, tokenAddress } from './tokens.ts'

/** keccak-256 of `UniswapV2Pair`'s creation code in @uniswap/v2-core; the router holds the same value. */
export const v2PairInitCodeHash = '0x96e8ac4277198ff8b6f785478aa9a39f403cb768dd02cbee326c3e7da348845f'

/** keccak-256 of `UniswapV3Pool`'s creation code in @uniswap/v3-core. */
export const v3PoolInitCodeHash = '0xe34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54'

type PoolSpec = {
  family: Family
  /** Created by the second factory of its family, which no profile names. */
  isFork: boolean
  tokens: readonly [TokenName, TokenName]
  feePips: number
  /** Value of each side at the start. */
  depthUsd: number
  /** False for pools that an agent creates in the middle of the history. */
  isGenesis: boolean
}

const v2 = { family: 'uniswap-v2', isFork: false, feePips: 3000, isGenesis: true } as const
const v3 = { family: 'uniswap-v3', isFork: false, isGenesis: true } as const

/** Every pool of the devnet. */
export const poolSpecs = {
  v2WethUsdc: { ...v2, tokens: ['weth', 'usdc'], depthUsd: 8_000_000 },
  v2WbtcWeth: { ...v2, tokens: ['wbtc', 'weth'], depthUsd: 5_000_000 },
  v2WethMkr: { ...v2, tokens: ['weth', 'mkr'], depthUsd: 1_000_000 },
  v2WethFot: { ...v2, tokens: ['weth', 'fot'], depthUsd: 1_000_000 },
  v2UsdcNul: { ...v2, tokens: ['usdc', 'nul'], depthUsd: 500_000 },
  v2ForkWethUsdc: { ...v2, isFork: true, tokens: ['weth', 'usdc'], depthUsd: 2_000_000 },
  v3WethUsdc500: { ...v3, tokens: ['weth', 'usdc'], feePips: 500, depthUsd: 1_500_000 },
  v3WethUsdc3000: { ...v3, tokens: ['weth', 'usdc'], feePips: 3000, depthUsd: 2_000_000 },
  v3WbtcWeth3000: { ...v3, tokens: ['wbtc', 'weth'], feePips: 3000, depthUsd: 2_000_000 },
  v3WethZap10000: { ...v3, tokens: ['weth', 'zap'], feePips: 10_000, depthUsd: 500_000 },
  v3ForkWethUsdc3000: { ...v3, isFork: true, tokens: ['weth', 'usdc'], feePips: 3000, depthUsd: 1_000_000 },
  v2ZapUsdc: { ...v2, isGenesis: false, tokens: ['zap', 'usdc'], depthUsd: 500_000 },
  v3ZapUsdc500: { ...v3, isGenesis: false, tokens: ['zap', 'usdc'], feePips: 500, depthUsd: 500_000 },
} as const satisfies Record<string, PoolSpec>

/** Name of a pool of the devnet. */
export type PoolName = keyof typeof poolSpecs

/** A pool with its address and its tokens in the pool's own order. */
export type DevnetPool = PoolSpec & {
  name: PoolName
  address: Address
  factory: Address
  token0: TokenName
  token1: TokenName
  /** 60 for a 0.3 % pool and so on; 0 for a V2 pair. */
  tickSpacing: number
  /** Starting price as V3 writes it; null for a V2 pair. */
  initialSqrtPriceX96: bigint | null
}

const tickSpacings: Readonly<Record<number, number>> = { 500: 10, 3000: 60, 10000: 200 }

let cached: Record<PoolName, DevnetPool> | undefined

/** Returns all pools by name; the addresses follow from CREATE2 and hold before the pools exist. */
export function devnetPools(): Record<PoolName, DevnetPool> {
  cached ??= Object.fromEntries(
    Object.entries(poolSpecs).map(([name, spec]) => [name, describePool(name as PoolName, spec)]),
  ) as Record<PoolName, DevnetPool>
  return cached
}

function describePool(name: PoolName, spec: PoolSpec): DevnetPool {
  const [a, b] = spec.tokens
  const [token0, token1] = tokenAddress(a) < tokenAddress(b) ? [a, b] : [b, a]
  const contracts = devnetContracts()
  const isV3 = spec.family === 'uniswap-v3'
  const original = isV3 ? contracts.v3Factory : contracts.v2Factory
  const fork = isV3 ? contracts.v3ForkFactory : contracts.v2ForkFactory
  const factory = spec.isFork ? fork : original
  const pair: [Address, Address] = [tokenAddress(token0), tokenAddress(token1)]
  const salt = isV3
    ? keccak256(
        encodeAbiParameters([{ type: 'address' }, { type: 'address' }, { type: 'uint24' }], [...pair, spec.feePips]),
      )
    : keccak256(encodePacked(['address', 'address'], pair))
  const bytecodeHash = isV3 ? v3PoolInitCodeHash : v2PairInitCodeHash
  const address = getContractAddress({ opcode: 'CREATE2', from: factory, salt, bytecodeHash })
  return {
    ...spec,
    ...{ name, factory, token0, token1 },
    address: address.toLowerCase() as Address,
    tickSpacing: isV3 ? (tickSpacings[spec.feePips] ?? 0) : 0,
    initialSqrtPriceX96: isV3 ? sqrtPriceX96(token0, token1) : null,
  }
}

function sqrtPriceX96(token0: TokenName, token1: TokenName): bigint {
  const usd = 1_000_000
  return integerSqrt((amountOfUsd(token1, usd) << 192n) / amountOfUsd(token0, usd))
}

function integerSqrt(value: bigint): bigint {
  let root = BigInt(Math.floor(Math.sqrt(Number(value))))
  for (let next = (root + value / root) / 2n; next !== root && next + 1n !== root; ) {
    root = next
    next = (root + value / root) / 2n
  }
  return root * root > value ? root - 1n : root
}
