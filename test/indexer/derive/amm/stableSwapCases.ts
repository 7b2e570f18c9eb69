import { expect } from 'vitest'
import { removeOneCoin, type StableSwapState, stableSwap } from '../../../../indexer/derive/amm/stableSwap.ts'
import { createRandom } from '../../../support/random.ts'
import { compileSolidity, startBench } from '../../../support/solidity.ts'

const CALL_CASES = 200
/** One part of a balance in so many is noise of the loops. */
const NOISE = 10n ** 12n

/** Compares random swaps of pools of two to five coins with the rendering in Solidity; returns how many were equal. */
export async function compareStableSwap(count: number, seed: number): Promise<number> {
  const random = createRandom(seed)
  const bench = await startBench()
  let equal = 0
  try {
    const { StableSwapReference } = compileSolidity('StableSwapReference.sol')
    const contract = await bench.deploy(StableSwapReference!.abi, StableSwapReference!.bytecode)
    for (let done = 0; done < count; done += CALL_CASES) {
      const cases = Array.from({ length: CALL_CASES }, () => makeCase(random))
      const [outputs, left] = (await contract.read('outputs', [
        cases.map(({ state, tokenIn, tokenOut, amountIn }) =>
          toCase(state, BigInt(tokenIn), BigInt(tokenOut), amountIn),
        ),
      ])) as [bigint[], bigint[]]
      for (const [index, { state, tokenIn, tokenOut, amountIn }] of cases.entries()) {
        const quote = stableSwap.quoteIn(state, tokenIn, tokenOut, amountIn)
        expect(quote?.amountOut ?? 0n).toBe(outputs[index])
        if (quote === null) continue
        expect(quote.after.balances[tokenOut]).toBe(left[index])
        expect(quote.after.balances[tokenIn]).toBe(state.balances[tokenIn]! + amountIn)
        const least = stableSwap.quoteOut(state, tokenIn, tokenOut, quote.amountOut)
        if (least === null) {
          // Near the end of a pool whose fee rises, more paid in can give less.
          expect(state.variant).toBe('ng')
          expect(quote.amountOut * 10n).toBeGreaterThan(state.balances[tokenOut]! * 9n)
          continue
        }
        expect(least.amountOut).toBeGreaterThanOrEqual(quote.amountOut)
        const less = stableSwap.quoteIn(state, tokenIn, tokenOut, least.amountIn - 1n)
        expect(less?.amountOut ?? 0n).toBeLessThan(quote.amountOut)
        // The loops end near: far out of balance a smaller payment may give a last digit more than a larger one.
        const above = least.amountIn > amountIn ? quote.amountOut - less!.amountOut : 0n
        expect(above).toBeLessThanOrEqual(1n + state.balances[tokenOut]! / NOISE)
        equal++
      }
    }
  } finally {
    await bench.stop()
  }
  return equal
}

/** Compares random payments in one coin with the rendering in Solidity; returns how many were equal. */
export async function compareOneCoin(count: number, seed: number): Promise<number> {
  const random = createRandom(seed)
  const bench = await startBench()
  let equal = 0
  try {
    const { StableSwapReference } = compileSolidity('StableSwapReference.sol')
    const contract = await bench.deploy(StableSwapReference!.abi, StableSwapReference!.bytecode)
    for (let done = 0; done < count; done += CALL_CASES) {
      const cases = Array.from({ length: CALL_CASES }, () => {
        const { state, tokenIn: position } = makeCase(random)
        const supply = 10n ** 20n + BigInt(Math.floor(random() * 1e15)) * 10n ** 9n
        const burned = 1n + (supply * BigInt(Math.floor(10 ** (random() * 8.9)))) / 10n ** 9n
        return { state, position, supply, burned }
      })
      const [outputs, left] = (await contract.read('removals', [
        cases.map(({ state, position, supply, burned }) => toCase(state, BigInt(position), supply, burned)),
      ])) as [bigint[], bigint[]]
      for (const [index, { state, position, supply, burned }] of cases.entries()) {
        const removal = removeOneCoin(state, position, burned, supply)
        expect(removal?.amountOut ?? 0n).toBe(outputs[index])
        if (removal === null) continue
        expect(removal.after.balances[position]).toBe(left[index])
        equal++
      }
    }
  } finally {
    await bench.stop()
  }
  return equal
}

function toCase(state: StableSwapState, i: bigint, j: bigint, amountIn: bigint) {
  return {
    ...{ ng: state.variant === 'ng', balances: state.balances, rates: state.rates, amp: state.amp },
    ...{ ampPrecision: state.ampPrecision, fee: state.fee, adminFee: state.adminFee },
    ...{ offpeg: state.offpegFeeMultiplier ?? 0n, i, j, amountIn },
  }
}

function makeCase(random: () => number) {
  const count = 2 + Math.floor(random() * 4)
  const decimals = Array.from({ length: count }, () => [6, 8, 18][Math.floor(random() * 3)]!)
  const whole = 10 ** (2 + random() * 7)
  const balances = decimals.map((places) => {
    const amount = BigInt(Math.floor(whole * 10 ** (random() * 1.6 - 0.8) * 1e6))
    return amount * 10n ** BigInt(places - 6)
  })
  const variant: StableSwapState['variant'] = random() < 0.5 ? 'ng' : 'legacy'
  const ampPrecision = random() < 0.3 ? 1n : 100n
  const state: StableSwapState = {
    ...{ variant, balances, ampPrecision, amp: BigInt(10 + Math.floor(random() * 2_000)) * ampPrecision },
    rates: decimals.map(
      (places) => 10n ** BigInt(36 - places) + (random() < 0.2 ? BigInt(Math.floor(random() * 1e9)) : 0n),
    ),
    fee: BigInt(Math.floor(random() * 4e7)),
    adminFee: random() < 0.3 ? 0n : 5_000_000_000n,
    offpegFeeMultiplier: variant === 'ng' ? BigInt(Math.floor(1e10 + random() * 1e11)) : null,
  }
  const tokenIn = Math.floor(random() * count)
  const tokenOut = (tokenIn + 1 + Math.floor(random() * (count - 1))) % count
  const share = BigInt(Math.floor(random() * 2e9))
  const amountIn =
    random() < 0.1
      ? BigInt(1 + Math.floor(random() * 100))
      : 1n + (balances[tokenIn]! * share) / 10n ** BigInt(9 + Math.floor(random() * 5))
  return { state, tokenIn, tokenOut, amountIn }
}
