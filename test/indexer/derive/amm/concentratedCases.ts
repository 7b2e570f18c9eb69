import { createRequire } from 'node:module'
import type { Abi, Hex } from 'viem'
import { expect } from 'vitest'
import {
  type ConcentratedState,
  concentrated,
  forgetOrder,
  quoteToPrice,
} from '../../../../indexer/derive/amm/concentrated.ts'
import { sqrtPriceAtTick, tickAtSqrtPrice } from '../../../../indexer/derive/amm/tickMath.ts'
import { createRandom } from '../../../support/random.ts'
import { type Bench, type Contract, compileSolidity, startBench } from '../../../support/solidity.ts'

/** Whose bytecode the swaps run on. */
export type PoolKind = 'Uniswap V3' | 'PancakeSwap V3' | 'Uniswap V4'

const require = createRequire(import.meta.url)
const artifact = (path: string) => require(path) as { bytecode: Hex | { object: Hex }; abi: Abi }
const POOL_CODE = {
  'Uniswap V3': '@uniswap/v3-core/artifacts/contracts/UniswapV3Pool.sol/UniswapV3Pool.json',
  'PancakeSwap V3': '@pancakeswap/v3-core/artifacts/contracts/PancakeV3Pool.sol/PancakeV3Pool.json',
}

type Step = { zeroForOne: boolean; amount: bigint; limit: bigint }
type Result = { done: boolean; amount0: bigint; amount1: bigint; price: bigint; tick: number; liquidity: bigint }

const FEES: readonly [number, number][] = [
  [100, 1],
  [500, 10],
  [3000, 60],
  [10000, 200],
]
const CALL_STEPS = 100

/** How many swaps were equal, and how many initialised ticks they crossed. */
export type Compared = { swaps: number; crossed: number }

/** Runs random swaps on real pools, one of each fee, and compares every amount and every state with ours. */
export async function compareConcentrated(kind: PoolKind, count: number, seed: number): Promise<Compared> {
  const bench = await startBench()
  const total = { swaps: 0, crossed: 0 }
  try {
    for (const [index, [feePips, tickSpacing]] of FEES.entries()) {
      const random = createRandom(seed * 10 + index)
      const { driver, state } = await setUp(bench, kind, feePips, tickSpacing, random)
      let current = state
      for (let done = 0; done < count / FEES.length; done += CALL_STEPS) {
        const steps = Array.from({ length: CALL_STEPS }, () => makeStep(current, random))
        const results = (await driver.read('run', [steps])) as Result[]
        await driver.write('run', [steps])
        for (const [position, step] of steps.entries()) {
          const after = compareStep(current, step, results[position]!)
          if (after === null) continue
          total.swaps++
          total.crossed += countCrossed(current, after)
          current = after
        }
      }
    }
  } finally {
    await bench.stop()
  }
  return total
}

async function setUp(bench: Bench, kind: PoolKind, feePips: number, tickSpacing: number, random: () => number) {
  const { ConcentratedDriver } = compileSolidity('ConcentratedDriver.sol')
  const driver = await bench.deploy(ConcentratedDriver!.abi, ConcentratedDriver!.bytecode)
  const startTick = Math.floor((random() - 0.5) * 40_000)
  const price = sqrtPriceAtTick(startTick)! + BigInt(Math.floor(random() * 1e6))
  if (kind === 'Uniswap V4') {
    const { bytecode, abi } = artifact('@uniswap/v4-core/out/PoolManager.sol/PoolManager.json')
    const manager = await bench.deploy(abi, (bytecode as { object: Hex }).object, [bench.account])
    await driver.write('openPool', [manager.address, feePips, tickSpacing, price])
  } else {
    await driver.write('deployPool', [artifact(POOL_CODE[kind]).bytecode, feePips, tickSpacing, price])
  }
  const ticks = new Map<number, { net: bigint }>()
  const tick = tickAtSqrtPrice(price)!
  let liquidity = 0n
  const ranges = makeRanges(tick, tickSpacing, random)
  for (const { lower, upper, liquidity: size } of ranges) {
    ticks.set(lower, { net: (ticks.get(lower)?.net ?? 0n) + size })
    ticks.set(upper, { net: (ticks.get(upper)?.net ?? 0n) - size })
    if (lower <= tick && tick < upper) liquidity += size
  }
  forgetOrder(ticks)
  await addAll(driver, ranges)
  const state: ConcentratedState = { sqrtPriceX96: price, tick, liquidity, tickSpacing, feePips, ticks }
  return { driver, state }
}

async function addAll(driver: Contract, ranges: readonly object[]): Promise<void> {
  for (let start = 0; start < ranges.length; start += 50)
    await driver.write('addRanges', [ranges.slice(start, start + 50)])
}

/** A wide range, many around the price that share few ticks, and some far away. */
function makeRanges(tick: number, spacing: number, random: () => number) {
  const at = (distance: number) => Math.floor((tick + distance) / spacing) * spacing
  const ranges = [{ lower: at(-60_000), upper: at(60_000), liquidity: 10n ** 18n }]
  for (let count = 0; count < 150; count++) {
    const reach = spacing * (count % 3 === 0 ? 2_000 : 60)
    const lower = at((random() - 0.5) * 2 * Math.min(reach, 200_000))
    const upper = lower + spacing * (1 + Math.floor(random() * 40))
    ranges.push({
      lower,
      upper,
      liquidity: BigInt(Math.floor(10 ** (6 + random() * 9))) * 10n ** BigInt(Math.floor(random() * 6)),
    })
  }
  return ranges.filter(({ lower, upper }) => lower > -880_000 && upper < 880_000)
}

/** Tiny, usual and huge amounts, exact inputs and outputs, price limits near and far, and prices right on a tick. */
function makeStep(state: ConcentratedState, random: () => number): Step {
  // The price wanders; far out it is driven back.
  const away = state.tick > 45_000 || state.tick < -45_000
  const zeroForOne = away ? state.tick > 0 : random() < 0.5
  const size =
    random() < 0.1
      ? BigInt(Math.floor(random() * 100) + 1)
      : BigInt(Math.floor(10 ** (random() * 15))) * 10n ** BigInt(Math.floor(random() * 8)) + 1n
  const amount = random() < 0.3 ? -size : size
  const kind = random()
  if (kind < 0.75) return { zeroForOne, amount, limit: 0n }
  const distance = Math.floor(10 ** (random() * 4)) * (zeroForOne ? -1 : 1)
  const target =
    kind < 0.9 ? state.tick + distance : Math.floor((state.tick + distance) / state.tickSpacing) * state.tickSpacing
  const limit =
    sqrtPriceAtTick(Math.max(-880_000, Math.min(880_000, target)))! +
    (kind < 0.85 ? BigInt(Math.floor(random() * 1e9)) : 0n)
  return { zeroForOne, amount: kind < 0.8 ? amount : 2n ** 100n, limit }
}

/** The state after a step when it was a swap; throws when anything differs. */
function compareStep(
  state: ConcentratedState,
  { zeroForOne, amount, limit }: Step,
  result: Result,
): ConcentratedState | null {
  const [tokenIn, tokenOut] = zeroForOne ? [0, 1] : [1, 0]
  const whole =
    amount > 0n
      ? concentrated.quoteIn(state, tokenIn, tokenOut, amount)
      : concentrated.quoteOut(state, tokenIn, tokenOut, -amount)
  if (!result.done) {
    // A limit on the wrong side, or amounts that no pool bears.
    const isBehind = limit !== 0n && (zeroForOne ? limit >= state.sqrtPriceX96 : limit <= state.sqrtPriceX96)
    expect(isBehind || whole === null).toBe(true)
    return null
  }
  const isStopped = limit !== 0n && result.price === limit
  const ours = isStopped ? (quoteToPrice(state, zeroForOne, limit) ?? whole) : whole
  const moved = {
    in: zeroForOne ? result.amount0 : result.amount1,
    out: zeroForOne ? -result.amount1 : -result.amount0,
  }
  if (ours === null) {
    // All there is was taken and less than asked for: no quote of that amount.
    expect(result.price === (zeroForOne ? 4295128740n : 1461446703485210103287273052203988822378723970341n)).toBe(true)
    return { ...state, sqrtPriceX96: result.price, tick: result.tick, liquidity: result.liquidity }
  }
  expect({ in: ours.amountIn, out: ours.amountOut }).toEqual(moved)
  const { sqrtPriceX96, tick, liquidity } = ours.after
  expect({ price: sqrtPriceX96, tick, liquidity }).toEqual({
    ...{ price: result.price, tick: result.tick, liquidity: result.liquidity },
  })
  return ours.after
}

function countCrossed(before: ConcentratedState, after: ConcentratedState): number {
  const [low, high] = before.tick < after.tick ? [before.tick, after.tick] : [after.tick, before.tick]
  let crossed = 0
  for (const tick of before.ticks.keys()) if (tick > low && tick <= high) crossed++
  return crossed
}
