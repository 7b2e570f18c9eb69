import type { LiquidationAction } from '../types/action.ts'
import type { MevFinding, MevLeg } from '../types/mev.ts'
import type { WindowTransaction } from './actors.ts'
import type { DetectContext } from './context.ts'
import { type Flows, flowsOf, listAmounts, sumFlows } from './flows.ts'
import type { Window } from './window.ts'

/**
 * Liquidations in the last block of the window, one finding for each transaction with one or more. The gain is the collateral taken less
 * the debt paid back, with the swaps of the same transaction: those that sell the collateral, and any other. Amounts are those of the log,
 * so collateral that is paid out in base tokens or in shares counts as well. What made the position unsafe, an update of
 * an oracle, is not decoded and stays unknown.
 */
export function detectLiquidations(window: Window, context: DetectContext): MevFinding[] {
  const { block, actions } = window.blocks.at(-1)!
  const byTransaction = new Map<number, LiquidationAction[]>()
  for (const action of actions) {
    if (action.kind !== 'liquidation') continue
    const { transactionIndex } = action.transaction
    byTransaction.set(transactionIndex, [...(byTransaction.get(transactionIndex) ?? []), action])
  }
  return [...byTransaction.values()].map((liquidations) => {
    const others = window.byTransaction.get(liquidations[0]!.transaction)
    return toFinding(block.number, liquidations, others, context)
  })
}

function toFinding(
  blockNumber: number,
  liquidations: readonly LiquidationAction[],
  others: WindowTransaction | undefined,
  context: DetectContext,
): MevFinding {
  const { transaction } = liquidations[0]!
  const { hash, transactionIndex, from, to } = transaction
  const place = { blockNumber, transactionIndex, transactionHash: hash }
  const legs: MevLeg[] = liquidations.map(({ event }) => ({
    ...{ role: 'LIQUIDATION', ...place, logIndex: event.logIndex, pool: null },
  }))
  const swaps = (others?.actions ?? []).filter(({ kind }) => kind === 'swap')
  const taken = new Set(
    liquidations.flatMap(({ facts }) => (facts.collateralToken === null ? [] : [context.asset(facts.collateralToken)])),
  )
  const sales = swaps.filter(
    ({ pool, ...action }) =>
      action.kind === 'swap' && action.trade !== null && taken.has(context.asset(pool.tokens[action.trade.tokenIn]!)),
  )
  for (const { event, pool } of sales)
    legs.push({ role: 'BACK', ...place, logIndex: event.logIndex, pool: pool.address })
  const isOwn = to !== null && to !== from && !context.isPublic(to)
  return {
    kind: 'LIQUIDATION',
    variants: [
      ...(sales.length > 0 ? ['collateral_sold'] : []),
      ...(liquidations.length > 1 ? ['several'] : []),
    ].sort(),
    facts: ['liquidation-event', ...(sales.length > 0 ? ['collateral-sold'] : [])],
    searcher: liquidations[0]!.event.liquidator ?? (isOwn ? to : from),
    pools: [...new Set(sales.map(({ pool }) => pool.address))],
    legs: legs.sort((a, b) => a.logIndex! - b.logIndex!),
    victims: [],
    profits: listAmounts(
      sumFlows([...liquidations.map((each) => flowsOfLiquidation(each, context)), flowsOf(swaps, context)]),
    ),
    residuals: [],
    ownTransactions: [hash],
    evidence: {
      trigger: null,
      liquidations: liquidations.map(({ event, facts, debtUsd, collateralUsd }) => ({
        protocol: facts.protocol,
        borrower: event.borrower,
        debtToken: facts.debtToken,
        debtAmount: event.debt.amount,
        collateralToken: facts.collateralToken,
        collateralAmount: facts.collateralAmount,
        bonusUsd: debtUsd === null || collateralUsd === null ? null : collateralUsd - debtUsd,
      })),
    },
    quality: 'exact',
  }
}

function flowsOfLiquidation({ event, facts }: LiquidationAction, { asset }: DetectContext): Flows {
  const flows: Flows = new Map()
  if (facts.debtToken !== null && event.debt.amount !== null) flows.set(asset(facts.debtToken), -event.debt.amount)
  if (facts.collateralToken !== null && facts.collateralAmount !== null) {
    const token = asset(facts.collateralToken)
    flows.set(token, (flows.get(token) ?? 0n) + facts.collateralAmount)
  }
  return flows
}
