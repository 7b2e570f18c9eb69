import { concatHex, keccak256, numberToHex } from 'viem'
import { expect } from 'vitest'
import { scaleOf } from '../../../../indexer/derive/amm/maverickMath.ts'
import { type MaverickV1State, maverickV1 } from '../../../../indexer/derive/amm/maverickV1.ts'
import { type MaverickV2State, maverickV2, quoteToTick } from '../../../../indexer/derive/amm/maverickV2.ts'
import { addShares, type MaverickV2Holdings, removeShares } from '../../../../indexer/derive/amm/maverickV2Bins.ts'
import type { Quote } from '../../../../indexer/derive/amm/quote.ts'
import { createRandom } from '../../../support/random.ts'
import { type Bench, type Contract, compileSolidity, startBench } from '../../../support/solidity.ts'

/** A swap of the rendering. */
export type Step = { tokenAIn: boolean; exactOutput: boolean; amount: bigint; tickLimit: number }
/** What the rendering gave. */
export type Result = { done: boolean; amountIn: bigint; amountOut: bigint; activeTick: number; reserves: string }
type Random = () => number
type Terms = {
  fees: readonly [bigint, bigint]
  tickSpacing: number
  protocolFee: bigint
  decimals: readonly [number, number]
  /** Powers of ten of what a bin holds, with 18 decimals. */
  powers: readonly [number, number]
}

const POOLS: readonly Terms[] = [
  { fees: [10n ** 15n, 3n * 10n ** 15n], tickSpacing: 10, protocolFee: 0n, decimals: [18, 18], powers: [16, 22] },
  { fees: [10n ** 14n, 10n ** 14n], tickSpacing: 1, protocolFee: 250n, decimals: [6, 18], powers: [13, 20] },
  { fees: [10n ** 16n, 0n], tickSpacing: 198, protocolFee: 100n, decimals: [18, 8], powers: [10, 24] },
  { fees: [0n, 2n * 10n ** 17n], tickSpacing: 50, protocolFee: 999n, decimals: [18, 18], powers: [0, 12] },
  { fees: [123_456_789n, 987_654_321n], tickSpacing: 20, protocolFee: 1n, decimals: [18, 18], powers: [24, 34] },
]
const CALL_STEPS = 50

/** What was equal: swaps, the ticks with bins they passed, swaps that reverted on both sides, changes of liquidity. */
export type Compared = { swaps: number; crossed: number; stopped: number; reverted: number; changes: number }

/** The rendering's digest of reserves. */
export function digest(words: readonly bigint[]): string {
  return keccak256(concatHex(words.map((word) => numberToHex(word, { size: 32 }))))
}

function between(random: Random, [low, high]: readonly [number, number]): bigint {
  return BigInt(Math.floor(10 ** (low + random() * (high - low)))) + 1n
}

/** Ticks around the active one: neighbours, gaps, and some far away. */
function drawTicks(active: number, random: Random): number[] {
  const ticks = new Set<number>([active])
  for (let count = 0; count < 40; count++) ticks.add(active + Math.floor((random() - 0.5) * 60))
  for (let count = 0; count < 12; count++) ticks.add(active + Math.floor((random() - 0.5) * 800))
  return [...ticks].sort((a, b) => a - b)
}

/** Runs random swaps on pools of the rendering in Solidity, and compares every amount and every reserve with ours. */
export async function compareMaverick(version: 1 | 2, count: number, seed: number): Promise<Compared> {
  const bench = await startBench()
  const total: Compared = { swaps: 0, crossed: 0, stopped: 0, reverted: 0, changes: 0 }
  try {
    for (const [index, terms] of POOLS.entries()) {
      const random = createRandom(seed * 10 + index)
      const compare = version === 1 ? compareV1 : compareV2
      await compare(bench, terms, count / POOLS.length, random, total)
    }
  } finally {
    await bench.stop()
  }
  return total
}

/** A contract of the rendering. */
export async function deploy(bench: Bench, name: string): Promise<Contract> {
  const { abi, bytecode } = compileSolidity('MaverickReference.sol')[name]!
  return bench.deploy(abi, bytecode)
}

async function run(contract: Contract, steps: readonly Step[], ...more: unknown[]): Promise<Result[]> {
  const results = (await contract.read('run', [steps, ...more])) as Result[]
  await contract.write('run', [steps, ...more])
  return results
}

/** Opens a pool of the first version in the rendering, with bins of all kinds. */
export async function openV1(bench: Bench, terms: Terms, random: Random) {
  const { fees, tickSpacing, protocolFee, decimals, powers } = terms
  const contract = await deploy(bench, 'MaverickV1Reference')
  const activeTick = Math.floor((random() - 0.5) * 1_000)
  await contract.write('open', [fees[0], tickSpacing, protocolFee, activeTick, ...decimals.map(scaleOf)])
  const bins = drawTicks(activeTick, random).flatMap((tick) =>
    [0, 1, 2, 3].flatMap((kind) => {
      if (kind > 0 && random() < 0.7) return []
      const reserveA = tick <= activeTick ? between(random, powers) : 0n
      const reserveB = tick >= activeTick ? between(random, powers) : 0n
      return [{ kind, tick, reserveA, reserveB }]
    }),
  )
  await contract.write('put', [bins.map(({ tick, ...bin }) => ({ ...bin, lowerTick: tick }))])
  const held = new Map(bins.map((bin, index) => [index + 1, bin]))
  const state: MaverickV1State = { fee: fees[0], tickSpacing, protocolFee, decimals, activeTick, bins: held }
  return { contract, state }
}

async function compareV1(bench: Bench, terms: Terms, count: number, random: Random, total: Compared): Promise<void> {
  const { contract, state } = await openV1(bench, terms, random)
  let current = state
  const quote = (before: MaverickV1State, { tokenAIn, exactOutput, amount }: Step): Quote<MaverickV1State> | null => {
    const [tokenIn, tokenOut] = tokenAIn ? [0, 1] : [1, 0]
    return maverickV1[exactOutput ? 'quoteOut' : 'quoteIn'](before, tokenIn, tokenOut, amount)
  }
  for (let done = 0; done < count; done += CALL_STEPS) {
    let expected = current
    const steps = Array.from({ length: CALL_STEPS }, () => {
      const step = drawStep(expected, sumByTick(expected), quote, random)
      expected = quote(expected, step)?.after ?? expected
      return step
    })
    for (const [index, result] of (await run(contract, steps)).entries()) {
      const ours = quote(current, steps[index]!)
      const held = sumByTick(current)
      if (!isSame(ours, result, held, current.activeTick, total)) continue
      current = ours!.after
      const words = [...current.bins.values()].flatMap(({ reserveA, reserveB }) => [reserveA, reserveB])
      expect(digest(words)).toBe(result.reserves)
    }
  }
}

/** Throws when the amounts differ; false when the swap was not possible. */
function isSame(
  ours: Quote<{ activeTick: number }> | null,
  result: Result,
  held: ReadonlyMap<number, readonly [bigint, bigint]>,
  from: number,
  total: Compared,
): boolean {
  if (!result.done) {
    expect(ours).toBeNull()
    total.reverted++
    return false
  }
  const { amountIn, amountOut, activeTick } = result
  expect({ amountIn: ours?.amountIn, amountOut: ours?.amountOut, activeTick: ours?.after.activeTick }).toEqual({
    ...{ amountIn, amountOut, activeTick },
  })
  const [low, high] = from < activeTick ? [from, activeTick] : [activeTick, from]
  total.crossed += [...held.keys()].filter((tick) => low < tick && tick <= high).length
  total.swaps++
  return true
}

function sumByTick({ bins }: MaverickV1State): Map<number, [bigint, bigint]> {
  const sums = new Map<number, [bigint, bigint]>()
  for (const { tick, reserveA, reserveB } of bins.values()) {
    const [a, b] = sums.get(tick) ?? [0n, 0n]
    sums.set(tick, [a + reserveA, b + reserveB])
  }
  return sums
}

/** Tiny, usual and huge amounts either way, and what just empties the active tick, or one base unit less or more. */
function drawStep<State extends { activeTick: number; decimals: readonly [number, number] }>(
  state: State,
  held: ReadonlyMap<number, readonly [bigint, bigint]>,
  quote: (state: State, step: Step) => Quote<State> | null,
  random: Random,
): Step {
  const sums = [...held.values()]
  const all = [0, 1].map((token) => sums.reduce((sum, held) => sum + held[token]!, 0n))
  // The side that is nearly empty is filled again.
  const isScarce = (token: number) => all[token]! < all[1 - token]! / 1_000_000n
  const tokenAIn = isScarce(0) ? true : isScarce(1) ? false : random() < 0.5
  const exactOutput = random() < 0.4
  const token = tokenAIn !== exactOutput ? 0 : 1
  const scale = scaleOf(state.decimals[token]!)!
  const limit = { tokenAIn, exactOutput, tickLimit: tokenAIn ? 100_000 : -100_000 }
  const kind = random()
  const [usualA, usualB] = held.get(state.activeTick) ?? sums[Math.floor(random() * sums.length)]!
  const usual = (usualA > usualB ? usualA : usualB) / scale
  if (kind < 0.1) return { ...limit, amount: BigInt(Math.floor(random() * 1_000)) + 1n }
  if (kind < 0.3) {
    const out = (tokenAIn ? usualB : usualA) / scaleOf(state.decimals[tokenAIn ? 1 : 0])!
    const whole = out > 0n ? quote(state, { ...limit, exactOutput: true, amount: out }) : null
    const edge = exactOutput ? out : (whole?.amountIn ?? usual)
    return { ...limit, amount: edge + BigInt(Math.floor(random() * 3)) - 1n > 0n ? edge + 1n : 1n }
  }
  if (kind < 0.305) return { ...limit, amount: (all[token]! / scale) * 2n + 1n }
  const size = BigInt(Math.floor(10 ** (random() * 5)))
  return { ...limit, amount: (usual * size) / 10_000n + 1n + BigInt(Math.floor(random() * 100)) }
}

/** Opens a pool of the second version in the rendering, without liquidity. */
export async function openV2(bench: Bench, terms: Terms, activeTick: number) {
  const { fees, tickSpacing, protocolFee, decimals } = terms
  const contract = await deploy(bench, 'MaverickV2Reference')
  await contract.write('open', [fees, tickSpacing, protocolFee, activeTick, decimals.map(scaleOf)])
  const [feeA, feeB] = fees
  const state: MaverickV2State = { feeA, feeB, tickSpacing, protocolFee, decimals, activeTick, ticks: new Map() }
  return { contract, state }
}

async function compareV2(bench: Bench, terms: Terms, count: number, random: Random, total: Compared): Promise<void> {
  const { contract, state } = await openV2(bench, terms, Math.floor((random() - 0.5) * 1_000))
  const at = drawTicks(state.activeTick, random)
  const powers = [Math.max(8, terms.powers[0]), Math.max(12, terms.powers[1])] as const
  let current = state
  let holdings: MaverickV2Holdings = { bins: new Map(), ticks: new Map() }
  const quote = (before: MaverickV2State, { tokenAIn, exactOutput, amount, tickLimit }: Step) =>
    quoteToTick(before, tokenAIn ? 0 : 1, amount, exactOutput, tickLimit)
  const change = async (isFirst: boolean) => {
    const chosen = isFirst ? at : at.filter(() => random() < 0.05)
    holdings = await compareAdded(contract, current, holdings, random() < 0.7 ? 0 : 2, chosen, powers, random)
    if (!isFirst) holdings = await compareRemoved(contract, current, holdings, random)
    const words = at.flatMap((tick) => {
      const held = holdings.ticks.get(tick)
      return [held?.reserveA ?? 0n, held?.reserveB ?? 0n, held?.totalSupply ?? 0n]
    })
    expect(await contract.read('holdings', [at])).toBe(digest(words))
    current = { ...current, ticks: holdings.ticks }
    total.changes++
  }
  await change(true)
  for (let done = 0; done < count; done += CALL_STEPS) {
    let expected = current
    const steps = Array.from({ length: CALL_STEPS }, () => {
      const step = withLimit(drawStep(expected, heldOf(expected), quote, random), expected.activeTick, at, random)
      expected = quote(expected, step)?.after ?? expected
      return step
    })
    for (const [index, result] of (await run(contract, steps, at)).entries()) {
      const step = steps[index]!
      const ours = quote(current, step)
      if (!isSame(ours, result, heldOf(current), current.activeTick, total)) continue
      compareUnlimited(current, step, ours!, total)
      current = ours!.after
      const words = at.flatMap((tick) => {
        const held = current.ticks.get(tick)
        return [held?.reserveA ?? 0n, held?.reserveB ?? 0n, held?.totalSupply ?? 0n]
      })
      expect(digest(words)).toBe(result.reserves)
    }
    holdings = { ...holdings, ticks: current.ticks }
    await change(false)
  }
}

function heldOf({ ticks }: MaverickV2State): Map<number, [bigint, bigint]> {
  const held = [...ticks].filter(([, { reserveA, reserveB }]) => reserveA > 0n || reserveB > 0n)
  return new Map(held.map(([tick, { reserveA, reserveB }]) => [tick, [reserveA, reserveB]]))
}

/** Limits behind the last tick, near the active one, and behind it, where the swap reverts. */
function withLimit(step: Step, activeTick: number, at: readonly number[], random: Random): Step {
  const far = step.tokenAIn ? at.at(-1)! + 3 : at[0]! - 3
  const kind = random()
  const near = activeTick + Math.floor(random() * 12 - (kind < 0.05 ? 12 : 0)) * (step.tokenAIn ? 1 : -1)
  return { ...step, tickLimit: kind < 0.3 ? near : far }
}

/** Where no limit was in the way, the swap is the one without a limit. */
function compareUnlimited(state: MaverickV2State, step: Step, ours: Quote<MaverickV2State>, total: Compared): void {
  const [tokenIn, tokenOut] = step.tokenAIn ? [0, 1] : [1, 0]
  const free = step.exactOutput
    ? maverickV2.quoteOut(state, tokenIn, tokenOut, step.amount)
    : maverickV2.quoteIn(state, tokenIn, tokenOut, step.amount)
  const end = free?.after.activeTick
  const isStopped = end === undefined || (step.tokenAIn ? end > step.tickLimit : end < step.tickLimit)
  if (isStopped) total.stopped++
  else expect(free).toEqual(ours)
}

async function compareAdded(
  contract: Contract,
  pool: MaverickV2State,
  before: MaverickV2Holdings,
  kind: number,
  ticks: readonly number[],
  powers: readonly [number, number],
  random: Random,
): Promise<MaverickV2Holdings> {
  const shares = ticks.map(() => between(random, powers))
  const args = [kind, ticks, shares]
  const [amountA, amountB, ids] = (await contract.read('add', args)) as [bigint, bigint, number[]]
  await contract.write('add', args)
  const sums = [0n, 0n]
  let holdings = before
  for (const [index, tick] of ticks.entries()) {
    const change = addShares(holdings, { id: ids[index]!, kind, tick }, shares[index]!, pool)!
    sums[0]! += change.amountA
    sums[1]! += change.amountB
    holdings = change.after
  }
  const [scaleA, scaleB] = pool.decimals.map((decimals) => scaleOf(decimals)!)
  const up = (amount: bigint, scale: bigint) => (amount + scale - 1n) / scale
  expect([up(sums[0]!, scaleA!), up(sums[1]!, scaleB!)]).toEqual([amountA, amountB])
  return holdings
}

async function compareRemoved(
  contract: Contract,
  pool: MaverickV2State,
  before: MaverickV2Holdings,
  random: Random,
): Promise<MaverickV2Holdings> {
  // Of a bin without shares nothing can be removed.
  const ids = [...before.bins].filter(([, { totalSupply }]) => totalSupply > 0n && random() < 0.05).map(([id]) => id)
  const shares = ids.map((id) => (before.bins.get(id)!.totalSupply * BigInt(Math.floor(random() * 110))) / 100n)
  const [amountA, amountB] = (await contract.read('remove', [ids, shares])) as [bigint, bigint]
  await contract.write('remove', [ids, shares])
  const sums = [0n, 0n]
  let holdings = before
  for (const [index, id] of ids.entries()) {
    const change = removeShares(holdings, id, shares[index]!)!
    sums[0]! += change.amountA
    sums[1]! += change.amountB
    holdings = change.after
    const bin = holdings.bins.get(id)!
    expect(await contract.read('binOf', [id])).toMatchObject(bin)
  }
  const [scaleA, scaleB] = pool.decimals.map((decimals) => scaleOf(decimals)!)
  expect([sums[0]! / scaleA!, sums[1]! / scaleB!]).toEqual([amountA, amountB])
  return holdings
}
