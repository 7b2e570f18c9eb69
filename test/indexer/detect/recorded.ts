import { ethereum } from '../../../contracts/chains/ethereum.ts'
import { createDerivation } from '../../../indexer/derive/index.ts'
import { createPriceBook } from '../../../indexer/derive/prices/book.ts'
import { createChainState } from '../../../indexer/derive/state.ts'
import { toBundle } from '../../../indexer/detect/bundles.ts'
import { createDetector } from '../../../indexer/detect/index.ts'
import { decodeRange, listLiquidations } from '../../../indexer/pipeline.ts'
import type { LiquidationEvent } from '../../../indexer/types/event.ts'
import type { MevBundle } from '../../../indexer/types/mev.ts'
import type { FoundPool, PoolClaim } from '../../../indexer/types/pool.ts'
import type { LiquidationFacts } from '../../../indexer/types/rows.ts'
import { readRecordedBlock, readRecordedPools } from '../../support/mevInspect.ts'

/** The bundles of one recorded block of Ethereum, with the pools as their getters would tell. */
export function detectRecorded(number: number): MevBundle[] {
  const pools = readRecordedPools()
  const state = createChainState()
  const decoded = decodeRange([readRecordedBlock(number)], state, ethereum)
  const answers = new Map<PoolClaim, FoundPool>()
  for (const claim of decoded.claims) {
    const known = pools[claim.address]
    if (known === undefined || known.kind === 'balancer_v1' || known.token0 === null || known.token1 === null) continue
    const isTicked = known.kind === 'univ3'
    answers.set(claim, {
      ...{
        family: isTicked ? 'uniswap-v3' : 'uniswap-v2',
        factory: known.factory,
        tokens: [known.token0, known.token1],
      },
      ...{ feePips: isTicked ? (known.fee ?? null) : null, tickSpacing: isTicked ? 60 : null, stable: null },
      ...{ snapshot: null, isDenied: false },
    })
  }
  const prices = createPriceBook(ethereum, state)
  const liquidations = new Map<LiquidationEvent, LiquidationFacts>()
  for (const { event } of listLiquidations(decoded)) {
    liquidations.set(event, {
      ...{ protocol: event.families[0]!, debtToken: event.debt.token, collateralToken: event.collateral.token },
      collateralAmount: event.collateral.amount,
    })
  }
  const knowledge = { claims: decoded.claims, answers, liquidations, tokens: [], profile: ethereum, prices }
  const derivation = createDerivation(state, knowledge)
  const detector = createDetector({
    profile: ethereum,
    state,
    prices,
    used: [],
    records: [],
    singles: [],
    calls: [],
    searchers: [],
  })
  return decoded.blocks.flatMap((block) =>
    detector.detect(derivation.deriveBlock(block)).findings.map((finding) => toBundle(finding, new Map())),
  )
}
