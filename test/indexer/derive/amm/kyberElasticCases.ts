import { expect } from 'vitest'
import { forgetOrder } from '../../../../indexer/derive/amm/concentrated.ts'
import { type KyberElasticState, kyberElastic, stopAtPrice } from '../../../../indexer/derive/amm/kyberElastic.ts'
import { liquidityOfBurn } from '../../../../indexer/derive/amm/kyberElasticMath.ts'
import type { Quote } from '../../../../indexer/derive/amm/quote.ts'
import {
  MAX_SQRT_PRICE,
  MAX_TICK,
  MIN_SQRT_PRICE,
  MIN_TICK,
  sqrtPriceAtTick,
  tickAtSqrtPrice,
} from '../../../../indexer/derive/amm/tickMath.ts'
import { createRandom } from '../../../support/random.ts'
import { type Bench, type Contract, compileSolidity, startBench } from '../../../support/solidity.ts'

type Step = { token0: boolean; amount: bigint; limit: bigint }
type Result = {
  done: boolean
  amount0: bigint
  amount1: bigint
  price: bigint
  tick: number
  baseL: bigint
  reinvestL: bigint
}
type Range = { lower: number; upper: number; liquidity: bigint }
type Random = () => number

/** Fee units and distance of the ticks, liquidity locked at the start, and powers of ten of the liquidity of a position. */
const POOLS: readonly [fee: bigint, distance: number, locked: bigint, powers: readonly [number, number]][] = [
  [8n, 1, 100_000n, [10, 22]],
  [40n, 8, 100n, [6, 20]],
  [300n, 60, 100_000n, [4, 12]],
  [1_000n, 200, 100_000n, [12, 34]],
  [20_000n, 60, 100n, [8, 18]],
]
const CALL_STEPS = 100

/**
 * What was equal: swaps, the initialised ticks they crossed and the steps of 480 ticks, swaps that reverted on both sides,
 * and burns of shares whose liquidity was found. `ambiguous` swaps also fit another kind of swap with another reinvested
 * liquidity after them.
 */
export type Compared = {
  swaps: number
  crossed: number
  jumps: number
  reverted: number
  burns: number
  ambiguous: number
}

/** Runs random swaps on pools of the rendering in Solidity, and compares every amount and every state with ours. */
export async function compareKyberElastic(count: number, seed: number): Promise<Compared> {
  const bench = await startBench()
  const total: Compared = { swaps: 0, crossed: 0, jumps: 0, reverted: 0, burns: 0, ambiguous: 0 }
  try {
    for (const [index, pool] of POOLS.entries()) {
      const random = createRandom(seed * 10 + index)
      const set = await setUp(bench, pool, random)
      let current = set.state
      for (let done = 0; done < count / POOLS.length; done += CALL_STEPS) {
        const steps = makeSteps(current, random)
        const results = (await set.contract.read('run', [steps])) as Result[]
        await set.contract.write('run', [steps])
        for (const [position, step] of steps.entries()) {
          current = compareStep(current, step, results[position]!, total)
        }
        current = await compareBurn(set.contract, current, random, total)
      }
    }
  } finally {
    await bench.stop()
  }
  return total
}

async function setUp(bench: Bench, pool: (typeof POOLS)[number], random: Random) {
  const [swapFeeUnits, distance, locked, powers] = pool
  const { KyberElasticReference } = compileSolidity('KyberElasticReference.sol')
  const contract = await bench.deploy(KyberElasticReference!.abi, KyberElasticReference!.bytecode)
  const sqrtPriceX96 = sqrtPriceAtTick(Math.floor((random() - 0.5) * 40_000))! + BigInt(Math.floor(random() * 1e6))
  await contract.write('open', [swapFeeUnits, sqrtPriceX96, locked])
  const tick = tickAtSqrtPrice(sqrtPriceX96)!
  const ranges = makeRanges(tick, distance, powers, random)
  const ticks = new Map<number, { net: bigint }>()
  let baseLiquidity = 0n
  for (const { lower, upper, liquidity } of ranges) {
    ticks.set(lower, { net: (ticks.get(lower)?.net ?? 0n) + liquidity })
    ticks.set(upper, { net: (ticks.get(upper)?.net ?? 0n) - liquidity })
    if (lower <= tick && tick < upper) baseLiquidity += liquidity
  }
  forgetOrder(ticks)
  for (let start = 0; start < ranges.length; start += 50) {
    await contract.write('change', [ranges.slice(start, start + 50)])
  }
  const state: KyberElasticState = { sqrtPriceX96, tick, baseLiquidity, reinvestLiquidity: locked, swapFeeUnits, ticks }
  return { contract, state }
}

/** A wide range, many around the price that share few ticks, some far away, and gaps of many steps between them. */
function makeRanges(tick: number, distance: number, powers: readonly [number, number], random: Random): Range[] {
  const at = (away: number) => Math.floor((tick + away) / distance) * distance
  const size = () => BigInt(Math.floor(10 ** (powers[0] + random() * (powers[1] - powers[0]))))
  const ranges = [{ lower: at(-30_000), upper: at(30_000), liquidity: size() }]
  for (let count = 0; count < 120; count++) {
    const reach = count % 3 === 0 ? 40_000 : Math.min(20_000, distance * 60)
    const lower = at((random() - 0.5) * 2 * reach)
    ranges.push({ lower, upper: lower + distance * (1 + Math.floor(random() * 40)), liquidity: size() })
  }
  return ranges
}

/** The next steps of a pool, each made for the state that we expect before it. */
function makeSteps(state: KyberElasticState, random: Random): Step[] {
  let expected = state
  return Array.from({ length: CALL_STEPS }, () => {
    const step = makeStep(expected, random)
    expected = quote(expected, step)?.after ?? expected
    return step
  })
}

/** Tiny, usual and huge amounts of either token in or out, price limits near and far, and prices right on a tick. */
function makeStep(state: KyberElasticState, random: Random): Step {
  // The price wanders; far out it is driven back.
  const away = state.tick > 45_000 || state.tick < -45_000
  const isUp = away ? state.tick < 0 : random() < 0.5
  const isExactInput = random() < 0.55
  const token0 = isUp !== isExactInput
  const target = clampTick(state.tick + Math.floor(10 ** (random() * 3.8)) * (isUp ? 1 : -1))
  const limit = sqrtPriceAtTick(target)! + (random() < 0.3 ? BigInt(Math.floor(random() * 1e9)) : 0n)
  const kind = random()
  if (kind < 0.15) return { token0, amount: isExactInput ? 2n ** 200n : -(2n ** 200n), limit }
  const depth = Number(state.baseLiquidity + state.reinvestLiquidity)
  const size =
    random() < 0.1
      ? BigInt(Math.floor(random() * 100) + 1)
      : BigInt(Math.floor(depth * 10 ** (random() * 9 - 9.5))) + 1n + BigInt(Math.floor(random() * 1e3))
  if (kind < 0.35) return toTick(state, isUp, isExactInput, random) ?? { token0, amount: size, limit: 0n }
  return { token0, amount: isExactInput ? size : -size, limit: kind < 0.5 ? limit : 0n }
}

/** What just reaches one of the next initialised ticks, or one base unit less or more, which is where roundings show. */
function toTick(state: KyberElasticState, isUp: boolean, isExactInput: boolean, random: Random): Step | null {
  const ahead = [...state.ticks.keys()].filter((tick) => (isUp ? tick > state.tick : tick <= state.tick))
  const tick = ahead.sort((a, b) => (isUp ? a - b : b - a))[Math.floor(random() * 3)]
  if (tick === undefined) return null
  const stop = stopAtPrice(state, isUp ? 1 : 0, sqrtPriceAtTick(tick)!, isExactInput)
  if (stop === null) return null
  const size = (isExactInput ? stop.amountIn : stop.amountOut) + BigInt(Math.floor(random() * 3) - 1)
  return size <= 0n ? null : { token0: isUp !== isExactInput, amount: isExactInput ? size : -size, limit: 0n }
}

function clampTick(tick: number): number {
  return Math.max(MIN_TICK + 1, Math.min(MAX_TICK - 1, tick))
}

/** What we expect of a step. */
function quote(state: KyberElasticState, { token0, amount, limit }: Step): Quote<KyberElasticState> | null {
  const isExactInput = amount > 0n
  const tokenIn = isExactInput === token0 ? 0 : 1
  const whole = isExactInput
    ? kyberElastic.quoteIn(state, tokenIn, 1 - tokenIn, amount)
    : kyberElastic.quoteOut(state, tokenIn, 1 - tokenIn, -amount)
  if (limit === 0n) return whole
  const stop = stopAtPrice(state, tokenIn, limit, isExactInput)
  if (stop === null) return whole
  const [size, most] = isExactInput ? [stop.amountIn, amount] : [stop.amountOut, -amount]
  return size <= most ? stop : whole
}

/** The state after a step; throws when anything differs. */
function compareStep(state: KyberElasticState, step: Step, result: Result, total: Compared): KyberElasticState {
  const { token0, amount, limit } = step
  const tokenIn = amount > 0n === token0 ? 0 : 1
  const ours = quote(state, step)
  if (!result.done) {
    const isBehind = limit !== 0n && (tokenIn === 0 ? limit >= state.sqrtPriceX96 : limit <= state.sqrtPriceX96)
    expect(isBehind || ours === null).toBe(true)
    if (!isBehind) total.reverted++
    return state
  }
  const [moved0, moved1] = [result.amount0, result.amount1]
  const moved = tokenIn === 0 ? { in: moved0, out: -moved1 } : { in: moved1, out: -moved0 }
  const { price: sqrtPriceX96, tick, baseL: baseLiquidity, reinvestL: reinvestLiquidity } = result
  const after = { ...state, sqrtPriceX96, tick, baseLiquidity, reinvestLiquidity }
  if (ours === null) {
    // All there is was taken and less than asked for, or rounding asked for both tokens: no quote.
    const isEnd = result.price === (tokenIn === 0 ? MIN_SQRT_PRICE + 1n : MAX_SQRT_PRICE - 1n)
    expect(isEnd || moved.out < 0n).toBe(true)
    return after
  }
  expect({ in: ours.amountIn, out: ours.amountOut, after: ours.after }).toEqual({ ...moved, after })
  total.swaps++
  total.crossed += countCrossed(state, after)
  total.jumps += Math.floor(Math.abs(after.tick - state.tick) / 480)
  if (isAmbiguous(state, tokenIn, moved, after)) total.ambiguous++
  return after
}

function countCrossed(before: KyberElasticState, after: KyberElasticState): number {
  const [low, high] = before.tick < after.tick ? [before.tick, after.tick] : [after.tick, before.tick]
  let crossed = 0
  for (const tick of before.ticks.keys()) if (tick > low && tick <= high) crossed++
  return crossed
}

function isAmbiguous(
  state: KyberElasticState,
  tokenIn: number,
  moved: { in: bigint; out: bigint },
  after: KyberElasticState,
): boolean {
  const others = [
    kyberElastic.quoteIn(state, tokenIn, 1 - tokenIn, moved.in),
    kyberElastic.quoteOut(state, tokenIn, 1 - tokenIn, moved.out),
    stopAtPrice(state, tokenIn, after.sqrtPriceX96, true),
    stopAtPrice(state, tokenIn, after.sqrtPriceX96, false),
  ]
  return others.some(
    (other) =>
      other?.amountIn === moved.in &&
      other.amountOut === moved.out &&
      other.after.sqrtPriceX96 === after.sqrtPriceX96 &&
      other.after.reinvestLiquidity !== after.reinvestLiquidity,
  )
}

/** Burns some shares of the reinvested liquidity; what they were is told by the amounts alone. */
async function compareBurn(
  contract: Contract,
  state: KyberElasticState,
  random: Random,
  total: Compared,
): Promise<KyberElasticState> {
  const supply = (await contract.read('supply')) as bigint
  const quantity = (supply * BigInt(Math.floor(random() * 1e6))) / 10n ** 7n
  const [amount0, amount1] = (await contract.read('burnShares', [quantity])) as [bigint, bigint]
  await contract.write('burnShares', [quantity])
  const left = (await contract.read('reinvestL')) as bigint
  expect(liquidityOfBurn(state.sqrtPriceX96, amount0, amount1)).toBe(state.reinvestLiquidity - left)
  total.burns++
  return { ...state, reinvestLiquidity: left }
}
