import { describe, expect, test } from 'vitest'
import { ethereum } from '../../../contracts/chains/ethereum.ts'
import { createPriceBook } from '../../../indexer/derive/prices/book.ts'
import { createChainState } from '../../../indexer/derive/state.ts'
import { analyzeRange, decodeRange } from '../../../indexer/pipeline.ts'
import type { FoundPool, PoolClaim } from '../../../indexer/types/pool.ts'
import type { SwapRow } from '../../../indexer/types/rows.ts'
import { hasMevInspect, MEV_INSPECT_BLOCKS, readRecordedBlock, readRecordedPools } from '../../support/mevInspect.ts'

/** The swaps of pairs in one recorded block, with the pools as their getters would tell. */
function replaySwaps(number: number): SwapRow[] {
  const pools = readRecordedPools()
  const state = createChainState()
  const decoded = decodeRange([readRecordedBlock(number)], state, ethereum)
  const answers = new Map<PoolClaim, FoundPool>()
  for (const claim of decoded.claims) {
    const known = pools[claim.address]
    if (known?.kind !== 'univ2' || known.token0 === null || known.token1 === null) continue
    answers.set(claim, {
      ...{ family: 'uniswap-v2', factory: known.factory, tokens: [known.token0, known.token1], feePips: null },
      ...{ tickSpacing: null, stable: null, snapshot: null, isDenied: false },
    })
  }
  const prices = createPriceBook(ethereum, state)
  const rows = analyzeRange(decoded, { pools: answers, liquidations: new Map(), tokens: [] }, state, prices, ethereum)
  return rows.swaps
}

/** Why a swap that differs does. */
function explain({ replayGap, feePips, event }: SwapRow): string {
  if (event.amount0 > 0n === event.amount1 > 0n) return 'no trade of one token for another'
  if (feePips === null) return 'the fee of the fork is not known yet'
  if (replayGap === null) return 'not quoted'
  return replayGap > 0n ? 'the trader took less than the pool would have given' : 'unexplained'
}

describe.runIf(hasMevInspect)('recorded blocks of Ethereum (skipped without ../shared)', () => {
  test.each(MEV_INSPECT_BLOCKS)('block %i: swaps of pairs replay to the wei, or the gap is explained', (number) => {
    const swaps = replaySwaps(number)
    const counts: Record<string, number> = {}
    for (const row of swaps) {
      const what = row.replayGap === 0n ? 'equal' : explain(row)
      counts[what] = (counts[what] ?? 0) + 1
    }
    expect({ number, counts }).toMatchSnapshot()
    expect(counts.unexplained ?? 0).toBe(0)
  })
})
