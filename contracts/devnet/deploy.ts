import { encodeFunctionData, maxUint256, stringToHex, zeroAddress } from 'viem'
import type { Address } from '../address.ts'
import { positionManagerAbi, tokenAbi, v2FactoryAbi, v2PairAbi, v2RouterAbi, v3CoreAbi } from './abi.ts'
import { devAccounts, firstAccount } from './accounts.ts'
import { jitMaker } from './artifacts/JitMaker.ts'
import { creationBytecodes, withArguments } from './bytecode.ts'
import { type ContractName, contractNames, devnetContracts } from './contracts.ts'
import { type DevnetPool, devnetPools } from './pools.ts'
import { sqrtPriceToTick } from './ticks.ts'
import { amountOfUsd, tokenNames, tokens } from './tokens.ts'
import type { DevAccount, Hex } from './types.ts'

/** One transaction of the setup; `to` is null for a deployment. */
export type SetupTransaction = {
  from: DevAccount
  to: Address | null
  data: Hex
  valueWei: bigint
  action: string
}

const traderUsd = 50_000_000
const inventoryUsd = 20_000_000
const traderWethWei = 20_000n * 10n ** 18n

/**
 * Returns the transactions that build the devnet, one list per block: contracts, balances and
 * approvals, pools, liquidity. They are the same for every seed and mode.
 */
export function planSetup(): SetupTransaction[][] {
  const pools = Object.values(devnetPools()).filter((pool) => pool.isGenesis)
  return [
    deployContracts(),
    [...fundTokens(), ...fundWeth()],
    approveWeth(),
    pools.flatMap(createPool),
    pools.flatMap(seedPool),
  ]
}

/** Returns the transactions that create a pool and, for V3, set its starting price. */
export function createPool(pool: DevnetPool): SetupTransaction[] {
  const { positionManager } = devnetContracts()
  const [token0, token1] = [devnetContracts()[pool.token0], devnetContracts()[pool.token1]]
  if (pool.initialSqrtPriceX96 === null) {
    const data = encodeFunctionData({ abi: v2FactoryAbi, functionName: 'createPair', args: [token0, token1] })
    return [provider(pool.factory, data, 'create-pair')]
  }
  const price = pool.initialSqrtPriceX96
  if (pool.isFork) {
    const create = encodeFunctionData({
      abi: v3CoreAbi,
      functionName: 'createPool',
      args: [token0, token1, pool.feePips],
    })
    const initialize = encodeFunctionData({ abi: v3CoreAbi, functionName: 'initialize', args: [price] })
    return [provider(pool.factory, create, 'create-pool'), provider(pool.address, initialize, 'initialize-pool')]
  }
  const data = encodeFunctionData({
    abi: positionManagerAbi,
    functionName: 'createAndInitializePoolIfNecessary',
    args: [token0, token1, pool.feePips, price],
  })
  return [provider(positionManager, data, 'create-pool')]
}

/** Returns the transactions that put the first liquidity into an existing pool. */
export function seedPool(pool: DevnetPool): SetupTransaction[] {
  if (pool.family === 'uniswap-v2') return seedPair(pool)
  return pool.isFork ? seedForkPool(pool) : seedPositions(pool)
}

function deployContracts(): SetupTransaction[] {
  const deployer = firstAccount(devAccounts().deployer)
  const codes = creationBytecodes()
  const args = constructorArguments()
  return contractNames.map((name) => {
    const data = args[name] ? withArguments(codes[name], ...args[name]) : codes[name]
    return { from: deployer, to: null, data, valueWei: 0n, action: `deploy-${name}` }
  })
}

type ConstructorArguments = [types: { type: string }[], values: unknown[]]

function constructorArguments(): Partial<Record<ContractName, ConstructorArguments>> {
  const c = devnetContracts()
  const { address: deployer } = firstAccount(devAccounts().deployer)
  const trusted = [c.v2Router, c.v2ForkRouter, c.swapRouter, c.positionManager, c.aggregator]
  const addresses = (...values: Address[]): ConstructorArguments => [values.map(() => ({ type: 'address' })), values]
  const tokenArguments = (
    name: 'usdc' | 'wbtc' | 'zap' | 'mkr' | 'fot' | 'nul',
    type: string,
  ): ConstructorArguments => {
    const { symbol, name: title, decimals } = tokens[name]
    const texts = type === 'bytes32' ? [title, symbol].map((t) => stringToHex(t, { size: 32 })) : [title, symbol]
    return [[type, type, 'uint8', 'address[]'].map((t) => ({ type: t })), [...texts, decimals, trusted]]
  }
  return {
    v2Factory: addresses(deployer),
    v2ForkFactory: addresses(deployer),
    v2Router: addresses(c.v2Factory, c.weth),
    v2ForkRouter: addresses(c.v2ForkFactory, c.weth),
    swapRouter: addresses(c.v3Factory, c.weth),
    positionManager: addresses(c.v3Factory, c.weth, zeroAddress),
    usdc: tokenArguments('usdc', 'string'),
    wbtc: tokenArguments('wbtc', 'string'),
    zap: tokenArguments('zap', 'string'),
    mkr: tokenArguments('mkr', 'bytes32'),
    fot: tokenArguments('fot', 'string'),
    nul: tokenArguments('nul', 'string'),
  }
}

/** Contracts that trade from their own balance. */
function inventories(): Address[] {
  const { searcher, searcherRival, sandwicher, jitMaker: maker, flashBorrower } = devnetContracts()
  return [searcher, searcherRival, sandwicher, maker, flashBorrower]
}

function fundTokens(): SetupTransaction[] {
  const from = firstAccount(devAccounts().deployer)
  const accounts = [...devAccounts().all.map((account) => account.address), ...inventories()]
  return tokenNames
    .filter((name) => name !== 'weth')
    .map((name) => {
      const amount = amountOfUsd(name, traderUsd)
      const data = encodeFunctionData({ abi: tokenAbi, functionName: 'drip', args: [accounts, amount] })
      return { from, to: devnetContracts()[name], data, valueWei: 0n, action: 'fund' }
    })
}

function fundWeth(): SetupTransaction[] {
  const { weth } = devnetContracts()
  const deposit = encodeFunctionData({ abi: tokenAbi, functionName: 'deposit' })
  const deposits = devAccounts().all.map((from, index) => ({
    ...{ from, to: weth, data: deposit, action: 'fund' },
    valueWei: index === 1 ? traderWethWei * 10n : traderWethWei,
  }))
  const transfers = inventories().map((to) => {
    const args = [to, amountOfUsd('weth', inventoryUsd)] as const
    return provider(weth, encodeFunctionData({ abi: tokenAbi, functionName: 'transfer', args }), 'fund')
  })
  return [...deposits, ...transfers]
}

function approveWeth(): SetupTransaction[] {
  const { weth, v2Router, v2ForkRouter, swapRouter, positionManager, aggregator } = devnetContracts()
  return devAccounts().all.flatMap((from) =>
    [v2Router, v2ForkRouter, swapRouter, positionManager, aggregator].map((spender) => {
      const data = encodeFunctionData({ abi: tokenAbi, functionName: 'approve', args: [spender, maxUint256] })
      return { from, to: weth, data, valueWei: 0n, action: 'approve' }
    }),
  )
}

function seedPair(pool: DevnetPool): SetupTransaction[] {
  const c = devnetContracts()
  const router = pool.isFork ? c.v2ForkRouter : c.v2Router
  const { address: owner } = firstAccount(devAccounts().liquidityProvider)
  const data = encodeFunctionData({
    abi: v2RouterAbi,
    functionName: 'addLiquidity',
    args: [
      ...([c[pool.token0], c[pool.token1]] as const),
      ...([amountOfUsd(pool.token0, pool.depthUsd), amountOfUsd(pool.token1, pool.depthUsd)] as const),
      ...([0n, 0n, owner, maxUint256] as const),
    ],
  })
  const approve = encodeFunctionData({ abi: v2PairAbi, functionName: 'approve', args: [router, maxUint256] })
  return [provider(router, data, 'mint-v2'), provider(pool.address, approve, 'approve')]
}

/** Half widths in tick spacings and shares of the pool's depth: wide ranges under narrow ones. */
const centeredRanges = [
  [4000, 0.1],
  [200, 0.2],
  [50, 0.2],
  [12, 0.2],
] as const

/** Narrow staggered ranges left and right of the price, so that a large swap crosses many ticks. */
const staggeredOffsets = [-7, -4, -1, 1, 4, 7]

function seedPositions(pool: DevnetPool): SetupTransaction[] {
  const spacing = pool.tickSpacing
  const center = Math.floor(sqrtPriceToTick(pool.initialSqrtPriceX96 ?? 0n) / spacing)
  const limit = Math.floor(887_272 / spacing)
  const clamp = (index: number) => Math.max(-limit, Math.min(limit, index)) * spacing
  const centered = centeredRanges.map(([half, share]) =>
    mintPosition(pool, clamp(center - half), clamp(center + half), pool.depthUsd * share),
  )
  const staggered = staggeredOffsets.map((offset) =>
    mintPosition(pool, clamp(center + offset - 2), clamp(center + offset + 2), pool.depthUsd * 0.05),
  )
  return [...centered, ...staggered]
}

function mintPosition(pool: DevnetPool, tickLower: number, tickUpper: number, usd: number): SetupTransaction {
  const c = devnetContracts()
  const params = {
    ...{ token0: c[pool.token0], token1: c[pool.token1], fee: pool.feePips, tickLower, tickUpper },
    amount0Desired: amountOfUsd(pool.token0, usd),
    amount1Desired: amountOfUsd(pool.token1, usd),
    ...{ amount0Min: 0n, amount1Min: 0n, deadline: maxUint256 },
    recipient: firstAccount(devAccounts().liquidityProvider).address,
  }
  const data = encodeFunctionData({ abi: positionManagerAbi, functionName: 'mint', args: [params] })
  return provider(c.positionManager, data, 'mint-v3')
}

/** The position manager knows only its own factory, so the fork's pool is filled straight through the pool. */
function seedForkPool(pool: DevnetPool): SetupTransaction[] {
  const spacing = pool.tickSpacing
  const center = Math.floor(sqrtPriceToTick(pool.initialSqrtPriceX96 ?? 0n) / spacing) * spacing
  const [lower, upper] = [center - 100 * spacing, center + 100 * spacing]
  const data = encodeFunctionData({
    abi: jitMaker.abi,
    functionName: 'provide',
    args: [pool.address, lower, upper, liquidityOfUsd(pool, lower, upper)],
  })
  return [provider(devnetContracts().jitMaker, data, 'mint-v3')]
}

/** Liquidity of a range around the price whose token0 side is worth `depthUsd`, rounded by floating point. */
function liquidityOfUsd(pool: DevnetPool, lower: number, upper: number): bigint {
  const amount0 = Number(amountOfUsd(pool.token0, pool.depthUsd))
  const [low, high] = [1.0001 ** ((lower + upper) / 2 / 2), 1.0001 ** (upper / 2)]
  return BigInt(Math.floor((amount0 * low * high) / (high - low)))
}

function provider(to: Address, data: Hex, action: string): SetupTransaction {
  return { from: firstAccount(devAccounts().liquidityProvider), to, data, valueWei: 0n, action }
}
