import { expect } from 'vitest'
import {
  inferSyncSwapStableFee,
  type SyncSwapStableState,
  syncswapStable,
} from '../../../../indexer/derive/amm/syncswapStable.ts'
import { createRandom } from '../../../support/random.ts'
import { compileSolidity, startBench } from '../../../support/solidity.ts'

const CALL_CASES = 250

/** Compares random swaps with the rendering in Solidity; returns how many were equal in output and in the fee inferred. */
export async function compareSyncSwapStable(count: number, seed: number): Promise<{ equal: number; inferred: number }> {
  const random = createRandom(seed)
  const integer = (digits: number) => BigInt(Math.floor(random() * 1e15) + 1) * 10n ** BigInt(digits)
  const bench = await startBench()
  let inferred = 0
  let equal = 0
  try {
    const { SyncSwapStableReference } = compileSolidity('SyncSwapStableReference.sol')
    const contract = await bench.deploy(SyncSwapStableReference!.abi, SyncSwapStableReference!.bytecode)
    for (let done = 0; done < count; done += CALL_CASES) {
      const cases = Array.from({ length: Math.min(CALL_CASES, count - done) }, () => {
        const [decimals0, decimals1] = [6, 8, 18].sort(() => random() - 0.5) as [number, number]
        const whole = 10 ** (1 + random() * 8)
        const skew = 10 ** (random() * 3 - 1.5)
        const state: SyncSwapStableState = {
          reserve0: BigInt(Math.floor(whole * 1e6)) * 10n ** BigInt(Math.max(0, decimals0 - 6)),
          reserve1: BigInt(Math.floor(whole * skew * 1e6)) * 10n ** BigInt(Math.max(0, decimals1 - 6)),
          ...{ multiplier0: 10n ** BigInt(18 - decimals0), multiplier1: 10n ** BigInt(18 - decimals1) },
          ...{ fee0: BigInt(Math.floor(random() * 500)), fee1: BigInt(Math.floor(random() * 10_000)) },
        }
        const tokenIn = random() < 0.5 ? 0 : 1
        const reserve = tokenIn === 0 ? state.reserve0 : state.reserve1
        const amountIn =
          random() < 0.1
            ? 1n + (integer(0) % 100n)
            : 1n + (reserve * BigInt(Math.floor(random() * 3e9))) / 10n ** BigInt(9 + Math.floor(random() * 6))
        return { state, tokenIn, amountIn }
      })
      const outputs = (await contract.read('outputs', [
        cases.map(({ state, tokenIn, amountIn }) => ({
          reserveIn: tokenIn === 0 ? state.reserve0 : state.reserve1,
          reserveOut: tokenIn === 0 ? state.reserve1 : state.reserve0,
          multiplierIn: tokenIn === 0 ? state.multiplier0 : state.multiplier1,
          multiplierOut: tokenIn === 0 ? state.multiplier1 : state.multiplier0,
          fee: tokenIn === 0 ? state.fee0 : state.fee1,
          amountIn,
        })),
      ])) as bigint[]
      for (const [index, { state, tokenIn, amountIn }] of cases.entries()) {
        const quote = syncswapStable.quoteIn(state, tokenIn, 1 - tokenIn, amountIn)
        // Nothing out, or a wrapped subtraction: no quote.
        if (quote === null) {
          expect(outputs[index] === 0n || outputs[index]! > 10n ** 40n).toBe(true)
          continue
        }
        expect(quote.amountOut).toBe(outputs[index])
        equal++
        const least = syncswapStable.quoteOut(state, tokenIn, 1 - tokenIn, quote.amountOut)!
        expect(least.amountIn).toBeLessThanOrEqual(amountIn)
        expect(least.amountOut).toBeGreaterThanOrEqual(quote.amountOut)
        const fee = inferSyncSwapStableFee(state, tokenIn, amountIn, quote.amountOut)
        if (fee !== null) {
          expect(fee).toBe(tokenIn === 0 ? state.fee0 : state.fee1)
          inferred++
        }
      }
    }
  } finally {
    await bench.stop()
  }
  return { equal, inferred }
}
