import { expect } from 'vitest'
import { type CryptoSwapState, cryptoSwap } from '../../../../indexer/derive/amm/cryptoSwap.ts'
import { invariantOf } from '../../../../indexer/derive/amm/cryptoSwapMath.ts'
import { createRandom } from '../../../support/random.ts'
import { compileSolidity, startBench } from '../../../support/solidity.ts'

const CALL_CASES = 200
const WAD = 10n ** 18n

/** Compares random invariants and swaps of pools of two coins with the rendering in Solidity; returns how many swaps were possible. */
export async function compareCryptoSwap(count: number, seed: number): Promise<number> {
  const random = createRandom(seed)
  const bench = await startBench()
  let possible = 0
  try {
    const { CryptoSwapReference } = compileSolidity('CryptoSwapReference.sol')
    const contract = await bench.deploy(CryptoSwapReference!.abi, CryptoSwapReference!.bytecode)
    for (let done = 0; done < count; done += CALL_CASES) {
      const cases = Array.from({ length: CALL_CASES }, () => makeCase(random))
      const toCase = ({ state, tokenIn, amountIn }: (typeof cases)[number], isBefore: boolean) => ({
        ...{ ...state, d: state.d ?? 0n, i: BigInt(tokenIn), amountIn: isBefore ? 0n : amountIn },
      })
      const invariants = (await contract.read('invariants', [cases.map((each) => toCase(each, true))])) as bigint[]
      for (const [index, { state }] of cases.entries()) {
        const scaled = [
          state.balances[0] * state.precisions[0],
          (state.balances[1] * state.precisions[1] * state.priceScale) / WAD,
        ] as const
        expect(invariantOf(state.amp, state.gamma, scaled) ?? 0n).toBe(invariants[index])
        // A contract keeps the invariant from before, which may be another in its last digits.
        state.d = invariants[index]! + BigInt(Math.floor(random() * 3))
      }
      const outputs = (await contract.read('outputs', [cases.map((each) => toCase(each, false))])) as bigint[]
      for (const [index, { state, tokenIn, amountIn }] of cases.entries()) {
        const quote = cryptoSwap.quoteIn(state, tokenIn, 1 - tokenIn, amountIn)
        expect(quote?.amountOut ?? 0n).toBe(outputs[index])
        if (quote === null) continue
        possible++
        const least = cryptoSwap.quoteOut(state, tokenIn, 1 - tokenIn, quote.amountOut)!
        expect(least.amountOut).toBeGreaterThanOrEqual(quote.amountOut)
        const less = cryptoSwap.quoteIn(state, tokenIn, 1 - tokenIn, least.amountIn - 1n)
        expect(less?.amountOut ?? 0n).toBeLessThan(quote.amountOut)
      }
    }
  } finally {
    await bench.stop()
  }
  return possible
}

function makeCase(random: () => number) {
  const decimals = [6, 8, 18][Math.floor(random() * 3)]!
  const whole = BigInt(Math.floor(10 ** (3 + random() * 5)))
  const price = BigInt(Math.floor(10 ** (random() * 10 - 4) * 1e9)) * 10n ** 9n
  const state: CryptoSwapState = {
    balances: [
      whole * 10n ** BigInt(decimals),
      (((whole * WAD * WAD) / price) * BigInt(Math.floor(10 ** (random() * 1.4 - 0.7) * 1e6))) / 10n ** 6n,
    ],
    precisions: [10n ** BigInt(18 - decimals), 1n],
    priceScale: price,
    amp: BigInt(Math.floor(10 ** (4 + random() * 4))),
    gamma: BigInt(Math.floor(10 ** (10.5 + random() * 6))),
    d: null,
    midFee: BigInt(Math.floor(random() * 5e7)),
    outFee: BigInt(Math.floor(5e7 + random() * 5e7)),
    feeGamma: BigInt(Math.floor(10 ** (12 + random() * 5))),
  }
  const tokenIn = random() < 0.5 ? 0 : 1
  const amountIn = 1n + (state.balances[tokenIn]! * BigInt(Math.floor(10 ** (random() * 9)))) / 10n ** 9n
  return { state, tokenIn, amountIn }
}
