import { createRequire } from 'node:module'
import {
  type ConstantProductState,
  constantProduct,
  UINT112_MAX,
  UINT256_MAX,
} from '../../../../indexer/derive/amm/constantProduct.ts'
import type { Amm } from '../../../../indexer/derive/amm/quote.ts'
import { createRandom } from '../../../support/random.ts'
import { type Bench, type Contract, compileSolidity } from '../../../support/solidity.ts'

/** Random choices that the same seed gives again. */
export type Draw = {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number
  /** A positive number of 1 to `bits` bits, each length as likely as any other. */
  magnitude(bits: number): bigint
  /** A positive number up to `limit`, small ones as likely as large ones. */
  upTo(limit: bigint): bigint
}

/** Random choices from a seed. */
export function createDraw(seed: number): Draw {
  const random = createRandom(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  const magnitude = (bits: number) => {
    let value = 1n
    for (let left = below(bits); left > 0; left--) value = value * 2n + BigInt(below(2))
    return value
  }
  const upTo = (limit: bigint) => {
    const value = magnitude(limit.toString(2).length)
    return value > limit ? (value % limit) + 1n : value
  }
  return { below, magnitude, upTo }
}

/** An invariant beside the Solidity rendering of it. */
export type Subject<State> = {
  amm: Amm<State>
  /** A random pool. */
  pool(draw: Draw): State
  balances(state: State): readonly bigint[]
  /** The pool as the contract takes it. */
  encode(state: State): readonly bigint[]
  /** True when the contract has an exact output of its own. */
  hasExactOut(state: State): boolean
}

/** What a comparison saw. */
export type Comparison = {
  /** Swaps compared, and how many of them were possible. */
  swaps: number
  possible: number
  /** Exact outputs that were found, and those that were not. */
  outputs: number
  outputsMissing: number
  /** One text for each disagreement. */
  differences: string[]
}

type Step = { tokenIn: number; tokenOut: number; exactOut: boolean; amount: bigint }
type Expected = { done: boolean; amountIn: bigint; amountOut: bigint; pool: readonly bigint[] }
type Run = { pool: readonly bigint[]; steps: Step[]; expected: ((outcome: Expected) => string | null)[] }

const STEPS_IN_RUN = 10
const RUNS_IN_CALL = 20

/** Compares `swaps` random swaps, in sequences of ten from a random pool each, with the contract's own arithmetic. */
export async function compare<State>(
  subject: Subject<State>,
  contract: Contract,
  seed: number,
  swaps: number,
): Promise<Comparison> {
  const draw = createDraw(seed)
  const seen: Comparison = { swaps: 0, possible: 0, outputs: 0, outputsMissing: 0, differences: [] }
  let runs: Run[] = []
  while (seen.swaps < swaps || runs.length > 0) {
    if (seen.swaps < swaps) runs.push(...drawRuns(subject, draw, seen))
    if (seen.swaps < swaps && runs.length < RUNS_IN_CALL) continue
    const outcomes = (await contract.read('runMany', [
      runs.map(({ pool, steps }) => ({ pool, steps })),
    ])) as Expected[][]
    for (const [i, run] of runs.entries())
      for (const [j, check] of run.expected.entries()) {
        const difference = check(outcomes[i]![j]!)
        if (difference !== null) seen.differences.push(difference)
      }
    runs = []
  }
  return seen
}

/** One sequence, and the single swaps that prove the exact outputs in it to be the least payments. */
function drawRuns<State>(subject: Subject<State>, draw: Draw, seen: Comparison): Run[] {
  const { amm, encode, hasExactOut } = subject
  let state = subject.pool(draw)
  const run: Run = { pool: encode(state), steps: [], expected: [] }
  const runs = [run]
  for (let i = 0; i < STEPS_IN_RUN; i++) {
    const step = drawStep(draw, subject.balances(state))
    const { tokenIn, tokenOut, exactOut, amount } = step
    const quote = exactOut
      ? amm.quoteOut(state, tokenIn, tokenOut, amount)
      : amm.quoteIn(state, tokenIn, tokenOut, amount)
    const isSearched = exactOut && !hasExactOut(state)
    seen.swaps++
    if (quote !== null) seen.possible++
    if (exactOut) seen[quote === null ? 'outputsMissing' : 'outputs']++
    if (isSearched && quote === null) continue
    const asked = isSearched ? { ...step, exactOut: false, amount: quote!.amountIn } : step
    const about = text([encode(state), asked])
    const pool = quote === null ? encode(state) : encode(quote.after)
    const expected = { done: quote !== null, amountIn: quote?.amountIn ?? 0n, amountOut: quote?.amountOut ?? 0n, pool }
    run.steps.push(asked)
    run.expected.push((outcome) => difference(about, outcome, expected))
    if (isSearched && quote!.amountIn > 1n) runs.push(proofOfLeast(encode(state), about, asked, amount))
    if (isSearched && quote!.amountOut < amount) seen.differences.push(`${about} gives less than ${amount}`)
    state = quote?.after ?? state
  }
  return runs
}

function proofOfLeast(pool: readonly bigint[], about: string, asked: Step, amountOut: bigint): Run {
  const check = (outcome: Expected) =>
    outcome.done && outcome.amountOut >= amountOut ? `${about}: one less gives ${amountOut} as well` : null
  return { pool, steps: [{ ...asked, amount: asked.amount - 1n }], expected: [check] }
}

function drawStep(draw: Draw, balances: readonly bigint[]): Step {
  const tokenIn = draw.below(balances.length)
  const tokenOut = (tokenIn + 1 + draw.below(balances.length - 1)) % balances.length
  const exactOut = draw.below(3) === 0
  const kind = draw.below(16)
  const balance = balances[exactOut ? tokenOut : tokenIn]!
  const amount =
    kind === 0
      ? draw.magnitude(256)
      : kind < 3
        ? draw.upTo(balance * 4n)
        : kind === 3
          ? // About the 30 % that Balancer allows.
            (balance * BigInt(250 + draw.below(60))) / 1_000n
          : draw.upTo(balance)
  return { tokenIn, tokenOut, exactOut, amount: amount > UINT256_MAX ? UINT256_MAX : amount }
}

function difference(about: string, outcome: Expected, expected: Expected): string | null {
  const words = ({ done, amountIn, amountOut, pool }: Expected) => `${done} ${amountIn} ${amountOut} ${pool}`
  return words(outcome) === words(expected) ? null : `${about}: contract ${words(outcome)}, maths ${words(expected)}`
}

/** Fees as forks state them: parts, of how many. */
const FEES = [
  [3n, 1_000n],
  [25n, 10_000n],
  [30n, 10_000n],
  [200n, 100_000n],
  [300n, 100_000n],
  [10_000n, 100_000n],
  [0n, 100_000n],
] as const

/** Pools whose fee is inside the fraction, with uint112 reserves or SyncSwap's, and such whose fee leaves. */
export const constantProductSubject: Subject<ConstantProductState> = {
  amm: constantProduct,
  pool(draw) {
    const kind = draw.below(3)
    const reserves = {
      reserve0: draw.magnitude(kind === 0 ? 112 : 130),
      reserve1: draw.magnitude(kind === 0 ? 112 : 130),
    }
    if (kind === 2) {
      const fees = { fee0Pips: draw.below(301) * 100, fee1Pips: draw.below(301) * 100 }
      return { ...reserves, ...fees, taking: 'before' }
    }
    const [fee, unit] = FEES[draw.below(FEES.length)]!
    const [fee0Pips, fee1Pips] = [
      Number((fee * 1_000_000n) / unit),
      draw.below(2) ? draw.below(1_000) * 100 : draw.below(10_000) * 10,
    ]
    return { ...reserves, fee0Pips, fee1Pips, taking: 'inside', reserveMax: kind === 0 ? UINT112_MAX : UINT256_MAX }
  },
  balances: ({ reserve0, reserve1 }) => [reserve0, reserve1],
  encode(state) {
    const { reserve0, reserve1, fee0Pips, fee1Pips, taking } = state
    const isUint112 = state.taking === 'inside' && state.reserveMax === UINT112_MAX
    const isCoarse = taking === 'before' || (isUint112 && fee0Pips % 100 === 0 && fee1Pips % 100 === 0)
    const unit = isCoarse ? 10_000 : 100_000
    const [fee0, fee1] = [BigInt((fee0Pips * unit) / 1_000_000), BigInt((fee1Pips * unit) / 1_000_000)]
    const limit = state.taking === 'inside' ? state.reserveMax : UINT256_MAX
    return [reserve0, reserve1, fee0, fee1, BigInt(unit), limit, taking === 'before' ? 1n : 0n]
  },
  hasExactOut: ({ taking }) => taking === 'inside',
}

const PAIR_FEE_PIPS = 3_000
const ATTEMPTS_IN_CALL = 100

type Attempt = {
  fresh: boolean
  reserve0: bigint
  reserve1: bigint
  zeroForOne: boolean
  amountIn: bigint
  amountOut: bigint
  lessIn: bigint
  tooMuch: bigint
}
type PairOutcome = { tooMuch: string; done: string; reserve0: bigint; reserve1: bigint }

/**
 * Puts quotes to a real Uniswap V2 pair: it must pay the quoted output and refuse one more; an exact output must be paid
 * for the quoted payment and refused for two less (the library adds one to a fraction that may be whole).
 */
export async function compareWithPair(driver: Contract, seed: number, swaps: number): Promise<Comparison> {
  const draw = createDraw(seed)
  const seen: Comparison = { swaps: 0, possible: 0, outputs: 0, outputsMissing: 0, differences: [] }
  let state = constantProductPair(1n, 1n)
  while (seen.swaps < swaps) {
    const attempts: Attempt[] = []
    const expected: [bigint, bigint][] = []
    while (attempts.length < ATTEMPTS_IN_CALL) {
      const fresh = attempts.length === 0 || draw.below(4) === 0
      if (fresh) state = constantProductPair(draw.magnitude(112), draw.magnitude(112))
      const { tokenIn, tokenOut, exactOut, amount } = drawStep(draw, [state.reserve0, state.reserve1])
      const quote = constantProduct[exactOut ? 'quoteOut' : 'quoteIn'](state, tokenIn, tokenOut, amount)
      seen.swaps++
      if (quote !== null) seen.possible++
      if (exactOut) seen[quote === null ? 'outputsMissing' : 'outputs']++
      const [amountIn, amountOut] = quote === null ? [exactOut ? 1n : amount, 0n] : [quote.amountIn, quote.amountOut]
      const lessIn = exactOut ? (amountIn > 2n ? amountIn - 2n : 0n) : amountIn
      const { reserve0, reserve1 } = state
      attempts.push({
        ...{ fresh, reserve0, reserve1, zeroForOne: tokenIn === 0, amountIn: amountIn % 2n ** 255n, amountOut },
        ...{ lessIn: lessIn % 2n ** 255n, tooMuch: exactOut ? amountOut : amountOut + 1n },
      })
      if (quote !== null) state = quote.after as typeof state
      expected.push([state.reserve0, state.reserve1])
    }
    const outcomes = (await driver.read('attempt', [attempts])) as PairOutcome[]
    for (const [i, outcome] of outcomes.entries()) {
      const [reserve0, reserve1] = expected[i]!
      const { amountOut } = attempts[i]!
      const paid =
        amountOut === 0n || (outcome.done === 'done' && outcome.reserve0 === reserve0 && outcome.reserve1 === reserve1)
      const refused = amountOut === 0n ? outcome.tooMuch !== 'done' : REFUSALS.has(outcome.tooMuch)
      if (!paid || !refused)
        seen.differences.push(`${text(attempts[i])}: ${text(outcome)}, maths ${reserve0} ${reserve1}`)
    }
  }
  return seen
}

const REFUSALS = new Set(['UniswapV2: K', 'UniswapV2: INSUFFICIENT_LIQUIDITY', 'UniswapV2: INSUFFICIENT_INPUT_AMOUNT'])

function constantProductPair(reserve0: bigint, reserve1: bigint) {
  const fees = { fee0Pips: PAIR_FEE_PIPS, fee1Pips: PAIR_FEE_PIPS }
  return { reserve0, reserve1, ...fees, taking: 'inside' as const, reserveMax: UINT112_MAX }
}

/** A new pair of Uniswap V2 with its driver. */
export async function deployPair(bench: Bench): Promise<Contract> {
  const compiled = compileSolidity('ConstantProductDriver.sol')
  const [token, driver] = [compiled.ConstantProductToken!, compiled.ConstantProductDriver!]
  const core = (name: string) => createRequire(import.meta.url)(`@uniswap/v2-core/build/${name}.json`)
  const { abi, bytecode } = core('UniswapV2Factory')
  const factory = await bench.deploy(abi, `0x${bytecode.replace(/^0x/, '')}`, [bench.account])
  const tokens = [await bench.deploy(token.abi, token.bytecode), await bench.deploy(token.abi, token.bytecode)]
  const addresses = tokens.map(({ address }) => address)
  await factory.write('createPair', addresses)
  const pair = await factory.read('getPair', addresses)
  return bench.deploy(driver.abi, driver.bytecode, [pair])
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? `${inner}` : inner))
}

/** Deploys the only contract of a source that is one. */
export async function deployReference(bench: Bench, name: string): Promise<Contract> {
  const { abi, bytecode } = compileSolidity(`${name}.sol`)[name]!
  return bench.deploy(abi, bytecode)
}
