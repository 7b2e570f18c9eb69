import { describe, expect, test } from 'vitest'
import { ethereum } from '../../../contracts/chains/ethereum.ts'
import { createChainState } from '../../../indexer/derive/state.ts'
import { analyzeRange, createMemory, decodeRange } from '../../../indexer/pipeline.ts'
import type { FoundPool, PoolClaim } from '../../../indexer/types/pool.ts'
import type { SwapRow } from '../../../indexer/types/rows.ts'
import { hasMevInspect, readRecordedBlock, readRecordedPools } from '../../support/mevInspect.ts'

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
  const nothing = { liquidations: new Map(), tokens: [] }
  return analyzeRange(
    decoded,
    { pools: answers, ...nothing },
    createMemory(state, ethereum, [], [], [], [], []),
    ethereum,
  ).rows.swaps
}

const LESS = 'the trader took less than the pool would have given'
const FEE = 'the fee of the fork is only seen in this swap'

/** Why a swap that differs does. */
function explain({ replayGap, event }: SwapRow): string {
  if (event.amount0 > 0n === event.amount1 > 0n) return 'no trade of one token for another'
  if (replayGap === null) return FEE
  return replayGap > 0n ? LESS : 'unexplained'
}

describe.runIf(hasMevInspect)('recorded blocks of Ethereum (skipped without ../shared)', () => {
  test.each<[number, Record<string, number>]>([
    [11935012, { equal: 29 }],
    [12483198, { equal: 17, [FEE]: 1, [LESS]: 2 }],
    [12674514, { equal: 2 }],
    [12775690, { equal: 17, [LESS]: 2 }],
    [12914944, { equal: 18 }],
    [13298725, { equal: 24, [LESS]: 1 }],
    [13302365, { equal: 16, [FEE]: 2, [LESS]: 1 }],
    [13666312, { equal: 32, [LESS]: 5 }],
  ])('block %i: swaps of pairs replay to the wei, or the gap is explained', (number, expected) => {
    const swaps = replaySwaps(number)
    const counts: Record<string, number> = {}
    for (const row of swaps) {
      const what = row.replayGap === 0n ? 'equal' : explain(row)
      counts[what] = (counts[what] ?? 0) + 1
    }
    expect(counts).toEqual(expected)
  })
})
