import { encodeFunctionData, maxUint256 } from 'viem'
import { positionManagerAbi, tokenAbi, v2PairAbi, v2RouterAbi } from '../abi.ts'
import { devAccounts } from '../accounts.ts'
import { flashBorrower as flashArtifact } from '../artifacts/FlashBorrower.ts'
import { junkEmitter as junkArtifact } from '../artifacts/JunkEmitter.ts'
import { devnetContracts } from '../contracts.ts'
import { devnetPools, type PoolName } from '../pools.ts'
import { amountOfUsd, type TokenName, tokenAddress, tokenNames } from '../tokens.ts'
import type { DevAccount, Hex, PlannedTransaction } from '../types.ts'
import { type Agent, ordinaryTip, pickMoment, plainLabel, type Slot } from './agent.ts'
import { type Call, orderOfUsd, pickDirection, routerSwap } from './trades.ts'

type NoiseCall = Call & { valueWei?: bigint; from?: DevAccount }
type Noise = (slot: Slot, from: DevAccount) => NoiseCall[]

const pairs: readonly PoolName[] = ['v2WethUsdc', 'v2WbtcWeth', 'v2WethMkr', 'v2WethFot', 'v2UsdcNul']

/** Creates everything else a chain sees; each kind with its chance per block. */
export function createNoise(): Agent {
  const kinds: readonly [number, Noise][] = [
    [0.15, plainTransfer],
    [0.12, tokenTransfer],
    [0.06, failingSwap],
    [0.03, donation],
    [0.03, addPairLiquidity],
    [0.02, removePairLiquidity],
    [0.02, wethMove],
    [0.015, junkLog],
    [0.01, flashSwap],
    [0.01, flashLoan],
    [0.01, collectFees],
  ]
  return (slot) => kinds.flatMap(([chance, plan]) => (slot.random.chance(chance) ? transactions(slot, plan) : []))
}

function transactions(slot: Slot, plan: Noise): PlannedTransaction[] {
  const from = slot.random.pick(devAccounts().noise)
  const start = pickMoment(slot, 30)
  const tipWei = ordinaryTip(slot.random)
  return plan(slot, from).map(({ action, ...call }, index) => ({
    ...{ from, ...call, tipWei, atMs: start + index * 3, label: plainLabel('noise', action) },
  }))
}

function plainTransfer({ random }: Slot): NoiseCall[] {
  const { address: to } = random.pick(devAccounts().retail)
  return [{ to, data: '0x', valueWei: BigInt(random.int(1, 500)) * 10n ** 15n, action: 'transfer' }]
}

function tokenTransfer({ random }: Slot): NoiseCall[] {
  const token = random.pick(tokenNames)
  const { address: to } = random.pick(devAccounts().retail)
  return [transferToken(token, to, random.int(1, 2000), 'transfer-token')]
}

function transferToken(token: TokenName, to: Hex, usd: number, action: string): NoiseCall {
  const args = [to, amountOfUsd(token, usd)] as const
  return {
    to: tokenAddress(token),
    data: encodeFunctionData({ abi: tokenAbi, functionName: 'transfer', args }),
    action,
  }
}

/** Asks for more than the pool can give, so the router reverts. */
function failingSwap({ random, market }: Slot, from: DevAccount): NoiseCall[] {
  const pool = random.pick<PoolName>(['v2WethUsdc', 'v3WethUsdc500'])
  const order = orderOfUsd(market, pool, pickDirection(random, market, pool), random.int(100, 5000), 0)
  return [{ ...routerSwap(from, { ...order, minAmountOut: 2n ** 120n }), action: 'swap-reverting' }]
}

/** Tokens sent to a pair by hand, which `sync` then counts or `skim` gives back. */
function donation({ random }: Slot, from: DevAccount): NoiseCall[] {
  const pool = devnetPools()[random.pick(pairs)]
  const gift = transferToken(random.pick([pool.token0, pool.token1]), pool.address, random.int(5, 300), 'donate')
  const sync = encodeFunctionData({ abi: v2PairAbi, functionName: 'sync' })
  const skim = encodeFunctionData({ abi: v2PairAbi, functionName: 'skim', args: [from.address] })
  const next = random.pick<NoiseCall[]>([
    [],
    [{ to: pool.address, data: sync, action: 'sync' }],
    [{ to: pool.address, data: skim, action: 'skim' }],
  ])
  return [gift, ...next]
}

function addPairLiquidity({ random }: Slot, from: DevAccount): NoiseCall[] {
  const name = random.pick(pairs)
  const { token0, token1, address } = devnetPools()[name]
  const usd = random.int(500, 20_000)
  const { v2Router } = devnetContracts()
  const data = encodeFunctionData({
    abi: v2RouterAbi,
    functionName: 'addLiquidity',
    args: [
      ...([tokenAddress(token0), tokenAddress(token1)] as const),
      ...([amountOfUsd(token0, usd), amountOfUsd(token1, usd)] as const),
      ...([0n, 0n, from.address, maxUint256] as const),
    ],
  })
  const approve = encodeFunctionData({ abi: v2PairAbi, functionName: 'approve', args: [v2Router, maxUint256] })
  return [
    { to: v2Router, data, action: 'mint-v2' },
    { to: address, data: approve, action: 'approve' },
  ]
}

function removePairLiquidity({ random, market }: Slot, from: DevAccount): NoiseCall[] {
  const held = pairs.filter((name) => market.pairShares(name, from.address) > 0n)
  if (held.length === 0) return []
  const name = random.pick(held)
  const { token0, token1 } = devnetPools()[name]
  const shares = (market.pairShares(name, from.address) * BigInt(random.int(30, 100))) / 100n
  const args = [tokenAddress(token0), tokenAddress(token1), shares, 0n, 0n, from.address, maxUint256] as const
  const data = encodeFunctionData({ abi: v2RouterAbi, functionName: 'removeLiquidity', args })
  return [{ to: devnetContracts().v2Router, data, action: 'burn-v2' }]
}

function wethMove({ random }: Slot): NoiseCall[] {
  const amount = BigInt(random.int(1, 1000)) * 10n ** 15n
  const { weth } = devnetContracts()
  if (random.chance(0.5)) {
    const data = encodeFunctionData({ abi: tokenAbi, functionName: 'deposit' })
    return [{ to: weth, data, valueWei: amount, action: 'wrap' }]
  }
  const data = encodeFunctionData({ abi: tokenAbi, functionName: 'withdraw', args: [amount] })
  return [{ to: weth, data, action: 'unwrap' }]
}

const swapTopics: readonly Hex[] = [
  '0xd78ad95fa46c994b6551d0da85fc275fe613ce37657fb8d5e3d130840159d822',
  '0xc42079f94a6350d7e6235f29174924f928cc2ac818eb64fed8004e115fbcca67',
  '0x1c411e9a96e071241c2f21f7726b17ae89e3cab4c78be50e062b03a9fffbbad1',
]

/** A log that claims to be a swap or a sync but has too little data or too few topics. */
function junkLog({ random }: Slot): NoiseCall[] {
  const topic = random.pick(swapTopics)
  const word = `${'00'.repeat(31)}2a`
  const topics = random.chance(0.5) ? [topic] : [topic, `0x${word}` as Hex, `0x${word}` as Hex]
  const bytes: Hex = random.chance(0.5) ? '0x' : `0x${word}`
  const data = encodeFunctionData({ abi: junkArtifact.abi, functionName: 'emitLog', args: [topics, bytes] })
  return [{ to: devnetContracts().junkEmitter, data, action: 'junk-log' }]
}

function flashSwap({ random }: Slot): NoiseCall[] {
  const args = [devnetPools().v2WethUsdc.address, tokenAddress('weth'), BigInt(random.int(1, 50)) * 10n ** 18n] as const
  const data = encodeFunctionData({ abi: flashArtifact.abi, functionName: 'flashV2', args })
  return [{ to: devnetContracts().flashBorrower, data, action: 'flash-v2' }]
}

function flashLoan({ random }: Slot): NoiseCall[] {
  const pool = devnetPools().v3WethUsdc3000
  const amounts = [
    amountOfUsd(pool.token0, random.int(1, 20) * 1000),
    amountOfUsd(pool.token1, random.int(0, 20) * 1000),
  ] as const
  const args = [pool.address, ...amounts] as const
  const data = encodeFunctionData({ abi: flashArtifact.abi, functionName: 'flashV3', args })
  return [{ to: devnetContracts().flashBorrower, data, action: 'flash-v3' }]
}

/** Collects the fees of one of the first positions, which belong to the liquidity provider. */
function collectFees({ random }: Slot): NoiseCall[] {
  const [owner] = devAccounts().liquidityProvider
  if (!owner) return []
  const max = 2n ** 128n - 1n
  const params = { tokenId: BigInt(random.int(1, 40)), recipient: owner.address, amount0Max: max, amount1Max: max }
  const data = encodeFunctionData({ abi: positionManagerAbi, functionName: 'collect', args: [params] })
  return [{ to: devnetContracts().positionManager, data, action: 'collect-v3', from: owner }]
}
