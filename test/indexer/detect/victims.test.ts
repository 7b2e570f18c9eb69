import { describe, expect, test } from 'vitest'
import { usedSlippage } from '../../../indexer/detect/victims.ts'
import type { SwapIntent } from '../../../indexer/types/intent.ts'
import type { MevVictim } from '../../../indexer/types/mev.ts'

const victim = (change: Partial<MevVictim> = {}) =>
  ({ mode: 'EXACT_IN', lossAmount: 20n, counterfactualAmount: 1_000n, ...change }) as MevVictim
const intent = (change: Partial<SwapIntent> = {}) =>
  ({ kind: 'EXACT_IN', amountIn: 7n, amountOut: 960n, ...change }) as SwapIntent

describe('usedSlippage', () => {
  test.each<[clause: string, victim: MevVictim, intent: SwapIntent | undefined, used: number | null]>([
    ['an exact input: the loss, of what the least that was accepted leaves', victim(), intent(), 0.5],
    [
      'an exact output: of what the most that was given leaves',
      victim({ mode: 'EXACT_OUT' }),
      intent({ kind: 'EXACT_OUT', amountIn: 1_080n }),
      0.25,
    ],
    ['a limit that would have failed without the attack', victim(), intent({ amountOut: 1_001n }), 1],
    ['a gain', victim({ lossAmount: -5n }), intent(), 0],
    ['a limit that leaves more than a tenth is none', victim(), intent({ amountOut: 899n }), null],
    ['no limit at all', victim(), intent({ amountOut: 0n }), null],
    ['no calldata that says', victim(), undefined, null],
    ['calldata that says the other', victim(), intent({ kind: 'EXACT_OUT' }), null],
    ['no most that is known', victim({ mode: 'EXACT_OUT' }), intent({ kind: 'EXACT_OUT', amountIn: null }), null],
    ['no known loss', victim({ lossAmount: null }), intent(), null],
    ['no known amount', victim({ counterfactualAmount: null }), intent(), null],
    ['liquidity', victim({ mode: 'LIQUIDITY' }), intent(), null],
  ])('%s', (_, each, asked, used) => {
    expect(usedSlippage(each, asked)).toBe(used)
  })
})
