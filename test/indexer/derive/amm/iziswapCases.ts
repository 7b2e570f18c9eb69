import { expect } from 'vitest'
import { type IziswapState, iziswap, swapUpTo } from '../../../../indexer/derive/amm/iziswap.ts'
import { fillOrders } from '../../../../indexer/derive/amm/iziswapMath.ts'
import { liquidityXAfter, positionAmounts } from '../../../../indexer/derive/amm/iziswapPositions.ts'
import type { Quote } from '../../../../indexer/derive/amm/quote.ts'
import { sqrtPriceAtTick } from '../../../../indexer/derive/amm/tickMath.ts'
import { createRandom } from '../../../support/random.ts'
import { type Bench, type Contract, compileSolidity, startBench } from '../../../support/solidity.ts'

type Step = { down: boolean; exactIn: boolean; size: bigint; boundary: number }
type Result = {
  done: boolean
  amountX: bigint
  amountY: bigint
  point: number
  l: bigint
  lx: bigint
  sellingX: bigint
  sellingY: bigint
}
type Random = () => number

/** Distance of the points, fee in pips, first point, powers of ten of the liquidity of a position and of an order. */
const POOLS: readonly [delta: number, feePips: number, first: number, powers: readonly [number, number]][] = [
  [1, 100, 5, [8, 20]],
  [8, 400, -40_000, [6, 24]],
  [40, 2_000, 276_324, [10, 22]],
  [40, 3_000, -276_324, [6, 16]],
  [200, 10_000, -3, [2, 12]],
]
const CALL_STEPS = 50
const UINT128_MAX = 2n ** 128n - 1n
/** No boundary. */
const FAR = 800_000

/**
 * What was equal: swaps that are possible, the ends of positions they crossed and the orders they reached, swaps that
 * reverted on both sides, and changes of liquidity and of orders. `ambiguous` swaps have the amounts and the end of another
 * swap with another state after it.
 */
export type Compared = {
  swaps: number
  crossed: number
  filled: number
  reverted: number
  changes: number
  ambiguous: number
}

/** Runs random swaps on pools of the rendering in Solidity, and compares every amount and every state with ours. */
export async function compareIziswap(count: number, seed: number): Promise<Compared> {
  const bench = await startBench()
  const total: Compared = { swaps: 0, crossed: 0, filled: 0, reverted: 0, changes: 0, ambiguous: 0 }
  try {
    for (const [index, pool] of POOLS.entries()) {
      const random = createRandom(seed * 10 + index)
      const life = await openPool(bench, pool, random)
      await changeLiquidity(life, 100)
      await addOrders(life, 80)
      for (let done = 0; done < count / POOLS.length; done += CALL_STEPS) {
        await compareSteps(life, total)
        total.changes += await changeLiquidity(life, 6)
        total.changes += await addOrders(life, 12)
      }
    }
  } finally {
    await bench.stop()
  }
  return total
}

type Position = { left: number; right: number; liquidity: bigint }
type Life = {
  contract: Contract
  state: IziswapState
  gross: Map<number, bigint>
  positions: Position[]
  size(): bigint
  random: Random
}

async function openPool(bench: Bench, [delta, feePips, point, powers]: (typeof POOLS)[number], random: Random) {
  const { IziswapReference } = compileSolidity('IziswapReference.sol')
  const contract = await bench.deploy(IziswapReference!.abi, IziswapReference!.bytecode)
  await contract.write('open', [delta, feePips, point])
  const empty = { liquidity: 0n, liquidityX: 0n, points: new Map(), sellingX: new Map(), sellingY: new Map() }
  const state: IziswapState = { point, pointDelta: delta, feePips, ...empty }
  const size = () => BigInt(Math.floor(10 ** (powers[0] + random() * (powers[1] - powers[0]))))
  return { contract, state, gross: new Map(), positions: [], size, random } satisfies Life
}

/** Some new positions, near the point and far from it, and some that are removed in part or in full. */
async function changeLiquidity(life: Life, count: number): Promise<number> {
  const { contract, random, positions, state } = life
  // Far out, where empty stretches end, positions go to where the others are.
  const middle = Math.abs(state.point) > 600_000 ? 0 : state.point
  const at = (away: number) => Math.floor((middle + away) / state.pointDelta) * state.pointDelta
  const changes = Array.from({ length: count }, (): Position => {
    const held = positions[Math.floor(random() * positions.length)]
    if (held !== undefined && random() < 0.5) {
      const removed = random() < 0.5 ? held.liquidity : held.liquidity / 3n
      held.liquidity -= removed
      return { ...held, liquidity: -removed }
    }
    const reach = state.pointDelta * (random() < 0.2 ? 1_000 : 60)
    const left = at((random() - 0.6) * 2 * reach)
    const right = left + state.pointDelta * (1 + Math.floor(random() * 40))
    const added = { left, right, liquidity: life.size() }
    positions.push(added)
    return { ...added }
  }).filter(({ liquidity }) => liquidity !== 0n)
  const amounts = (await contract.read('change', [changes])) as [bigint, bigint][]
  await contract.write('change', [changes])
  for (const [index, { left, right, liquidity }] of changes.entries()) {
    expect(positionAmounts(life.state, left, right, liquidity)).toEqual(amounts[index])
    life.state = withLiquidity(life, left, right, liquidity)
  }
  life.positions = positions.filter(({ liquidity }) => liquidity > 0n)
  return changes.length
}

function withLiquidity({ state, gross }: Life, left: number, right: number, liquidity: bigint): IziswapState {
  const size = liquidity < 0n ? -liquidity : liquidity
  const points = new Map(state.points)
  for (const [point, net] of [[left, liquidity] as const, [right, -liquidity] as const]) {
    const held = (gross.get(point) ?? 0n) + (liquidity < 0n ? -size : size)
    gross.set(point, held)
    if (held === 0n) points.delete(point)
    else points.set(point, { net: (points.get(point)?.net ?? 0n) + net })
  }
  if (left > state.point || state.point >= right) return { ...state, points }
  const liquidityX = liquidityXAfter(state, liquidity)
  return { ...state, points, liquidity: state.liquidity + liquidity, liquidityX }
}

/** New limit orders of both sides, some at the current point against the other side, and some that become less. */
async function addOrders(life: Life, count: number): Promise<number> {
  const { contract, random } = life
  for (let index = 0; index < count; index++) {
    const { state } = life
    const isX = random() < 0.5
    const orders = isX ? state.sellingX : state.sellingY
    const held = [...orders][Math.floor(random() * orders.size)]
    if (held !== undefined && random() < 0.3) {
      const removed = random() < 0.5 ? held[1] : held[1] / 2n
      await contract.write('decreaseOrder', [held[0], removed, isX])
      life.state = withOrder(state, isX, held[0], -removed)
      continue
    }
    const away = Math.floor(random() ** 3 * 30) * state.pointDelta
    const near = isX ? Math.ceil(state.point / state.pointDelta) : Math.floor(state.point / state.pointDelta)
    const point = near * state.pointDelta + (isX ? away : -away)
    const size = life.size()
    const selling = (isX ? state.sellingY : state.sellingX).get(point) ?? 0n
    const filled = fillOrders(size, sqrtPriceAtTick(point)!, selling, { isDown: isX, isExactInput: true })
    if (filled === null) {
      await expect(contract.read('addOrder', [point, size, isX])).rejects.toThrow()
      continue
    }
    const [added, acquired] = (await contract.read('addOrder', [point, size, isX])) as [bigint, bigint]
    await contract.write('addOrder', [point, size, isX])
    expect({ added, acquired }).toEqual({ added: size - filled.paid, acquired: filled.got })
    life.state = withOrder(withOrder(state, isX, point, added), !isX, point, -acquired)
  }
  return count
}

function withOrder(state: IziswapState, isX: boolean, point: number, change: bigint): IziswapState {
  const orders = new Map(isX ? state.sellingX : state.sellingY)
  const selling = (orders.get(point) ?? 0n) + change
  if (selling === 0n) orders.delete(point)
  else orders.set(point, selling)
  return isX ? { ...state, sellingX: orders } : { ...state, sellingY: orders }
}

async function compareSteps(life: Life, total: Compared): Promise<void> {
  const { contract, random } = life
  let expected = life.state
  const steps = Array.from({ length: CALL_STEPS }, () => {
    const step = makeStep(expected, life, random)
    expected = quote(expected, step)?.after ?? expected
    return step
  })
  const results = (await contract.read('run', [steps])) as Result[]
  await contract.write('run', [steps])
  for (const [index, step] of steps.entries()) life.state = compareStep(life.state, step, results[index]!, total)
}

/** Tiny, usual and huge amounts in or out, boundaries near and far, and amounts that just reach a boundary. */
function makeStep(state: IziswapState, { size: sizeOf, positions }: Life, random: Random): Step {
  const middle = positions[0] === undefined ? state.point : positions[0].left
  const away = (state.point - middle) / state.pointDelta
  const down = Math.abs(away) > 200 ? away > 0 : random() < 0.5
  const exactIn = random() < 0.5
  const distance = Math.floor(10 ** (random() * 2.5)) * (random() < 0.3 ? 1 : state.pointDelta)
  const near = state.point + (down ? -distance : distance)
  // To the end of the prices there are too many words of the bitmap for a call.
  const far = state.pointDelta === 1 ? state.point + (down ? -20_000 : 20_000) : down ? -FAR : FAR
  const boundary = random() < 0.5 ? near : far
  const kind = random()
  // A boundary behind the point, and more than a uint128 holds on the way.
  if (kind < 0.01) return { down, exactIn, size: 10n, boundary: state.point + (down ? 1 : -1) }
  if (kind < 0.03) return { down, exactIn, size: UINT128_MAX, boundary: near }
  if (kind < 0.1) return { down, exactIn, size: BigInt(Math.floor(random() * 100) + 1), boundary }
  if (kind < 0.3) {
    const stop = swapUpTo(state, down ? 0 : 1, near, exactIn, 2n ** 120n)
    const size = stop === null ? 0n : (exactIn ? stop.amountIn : stop.amountOut) + BigInt(Math.floor(random() * 3) - 1)
    if (size > 0n && size <= UINT128_MAX) return { down, exactIn, size, boundary }
  }
  // The other token counts in other units.
  const price = 1.0001 ** state.point
  const unit = down === exactIn ? price ** -0.5 : price ** 0.5
  const size = BigInt(Math.ceil(Number(sizeOf()) * unit * 10 ** (random() * 2 - 2))) + 1n
  return { down, exactIn, size: size < UINT128_MAX ? size : UINT128_MAX, boundary }
}

/** What we expect of a step. */
function quote(state: IziswapState, { down, exactIn, size, boundary }: Step): Quote<IziswapState> | null {
  return swapUpTo(state, down ? 0 : 1, Math.abs(boundary) === FAR ? null : boundary, exactIn, size)
}

/** The state after a step; throws when anything differs. */
function compareStep(state: IziswapState, step: Step, result: Result, total: Compared): IziswapState {
  const ours = quote(state, step)
  if (!result.done) {
    expect(ours).toBeNull()
    total.reverted++
    return state
  }
  const { amountIn, amountOut, after } = ours!
  const [amountX, amountY] = step.down ? [amountIn, amountOut] : [amountOut, amountIn]
  const { point, liquidity: l, liquidityX: lx } = after
  const [sellingX, sellingY] = [after.sellingX.get(point) ?? 0n, after.sellingY.get(point) ?? 0n]
  expect({ done: true, amountX, amountY, point, l, lx, sellingX, sellingY }).toEqual(result)
  const tokenIn = step.down ? 0 : 1
  const whole = step.exactIn
    ? iziswap.quoteIn(state, tokenIn, 1 - tokenIn, step.size)
    : iziswap.quoteOut(state, tokenIn, 1 - tokenIn, step.size)
  // Those that end at a boundary are no quotes.
  if (whole !== null && Math.abs(step.boundary) === FAR) expect(whole).toEqual(ours)
  if (amountOut === 0n) return after
  total.swaps++
  const [low, high] = step.down ? [point, state.point] : [state.point, point]
  for (const at of state.points.keys()) if (at >= low && at <= high) total.crossed++
  const orders = step.down ? state.sellingY : state.sellingX
  for (const at of orders.keys()) if (at >= low && at <= high) total.filled++
  if (isAmbiguous(state, tokenIn, ours!)) total.ambiguous++
  return after
}

function isAmbiguous(
  state: IziswapState,
  tokenIn: number,
  { amountIn, amountOut, after }: Quote<IziswapState>,
): boolean {
  const others = [
    swapUpTo(state, tokenIn, null, true, amountIn),
    swapUpTo(state, tokenIn, null, false, amountOut),
    swapUpTo(state, tokenIn, after.point, true, 2n * amountIn + 10n),
    swapUpTo(state, tokenIn, after.point, false, 2n * amountOut + 10n),
  ]
  return others.some(
    (other) =>
      other?.amountIn === amountIn &&
      other.amountOut === amountOut &&
      other.after.point === after.point &&
      other.after.liquidityX !== after.liquidityX,
  )
}
