import { encodeFunctionData, maxUint256 } from 'viem'
import { positionManagerAbi } from '../abi.ts'
import { devAccounts } from '../accounts.ts'
import { devnetContracts } from '../contracts.ts'
import type { HeldPosition, PoolState } from '../market.ts'
import type { PoolName } from '../pools.ts'
import { amountOfUsd, tokenAddress } from '../tokens.ts'
import type { DevAccount, Hex } from '../types.ts'
import { type Agent, ordinaryTip, pickMoment, plainLabel, type Slot } from './agent.ts'

/** One pool per market maker: each holds liquidity in a single range and moves it after the price. */
const pools: readonly PoolName[] = ['v3WethUsdc500', 'v3WbtcWeth3000']

const maxUint128 = 2n ** 128n - 1n
const positionUsd = 300_000

/** Ranges start at multiples of this many tick spacings, so that a maker comes back to old ranges. */
const gridSpacings = 4

/** Creates the market makers: every 15 blocks or so they take liquidity out and put it around the new price. */
export function createMarketMakers(): Agent {
  return (slot) =>
    devAccounts().marketMaker.flatMap((maker, index) => {
      const state = slot.market.state(pools[index] ?? 'v3WethUsdc500')
      return state && slot.random.chance(0.07) ? [reposition(slot, maker, state)] : []
    })
}

function reposition(slot: Slot, maker: DevAccount, state: PoolState): ReturnType<Agent>[number] {
  const positions = slot.market.positionsOf(maker.address)
  const held = positions.filter((position) => position.liquidity > 0n)
  const steps = [
    ...held.flatMap((position) => closePosition(maker, position)),
    openPosition(maker, state, slot, positions),
  ]
  const data = encodeFunctionData({ abi: positionManagerAbi, functionName: 'multicall', args: [steps] })
  const action = held.length > 0 ? 'reposition-v3' : 'mint-v3'
  const timing = { atMs: pickMoment(slot), tipWei: ordinaryTip(slot.random) }
  const to = devnetContracts().positionManager
  return { from: maker, to, data, gas: 1_500_000n, ...timing, label: plainLabel('market-maker', action) }
}

function closePosition(maker: DevAccount, { tokenId, liquidity }: HeldPosition): Hex[] {
  const decrease = { tokenId, liquidity, amount0Min: 0n, amount1Min: 0n, deadline: maxUint256 }
  const collect = { tokenId, recipient: maker.address, amount0Max: maxUint128, amount1Max: maxUint128 }
  return [
    encodeFunctionData({ abi: positionManagerAbi, functionName: 'decreaseLiquidity', args: [decrease] }),
    encodeFunctionData({ abi: positionManagerAbi, functionName: 'collect', args: [collect] }),
  ]
}

/** Fills the maker's NFT of the range if there is one: a new one for each move would swell the state. */
function openPosition(maker: DevAccount, state: PoolState, { random }: Slot, owned: readonly HeldPosition[]): Hex {
  const { token0, token1, feePips, tickSpacing, address } = state.pool
  const step = gridSpacings * tickSpacing
  const half = random.int(1, 2)
  const tickLower = (Math.floor(state.tick / step) - half) * step
  const tickUpper = (Math.floor(state.tick / step) + 1 + half) * step
  const known = owned.find((p) => p.pool === address && p.tickLower === tickLower && p.tickUpper === tickUpper)
  const amounts = {
    amount0Desired: amountOfUsd(token0, positionUsd),
    amount1Desired: amountOfUsd(token1, positionUsd),
    ...{ amount0Min: 0n, amount1Min: 0n, deadline: maxUint256 },
  }
  if (known) {
    const args = [{ tokenId: known.tokenId, ...amounts }] as const
    return encodeFunctionData({ abi: positionManagerAbi, functionName: 'increaseLiquidity', args })
  }
  const range = { token0: tokenAddress(token0), token1: tokenAddress(token1), fee: feePips, tickLower, tickUpper }
  const args = [{ ...range, ...amounts, recipient: maker.address }] as const
  return encodeFunctionData({ abi: positionManagerAbi, functionName: 'mint', args })
}
