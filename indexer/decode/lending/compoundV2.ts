import type { Address, Log } from '../../types/block.ts'
import type { LendingFamily, LiquidationEvent } from '../../types/event.ts'
import type { LendingDecoders } from '../family.ts'
import { addressAt, hasShape, uintAt } from '../words.ts'

/**
 * Compound V2 and its forks: the market of the debt emits the event and names the market of the collateral, whose shares
 * are taken. Nothing is indexed. Source: compound-protocol CToken.
 */
export const compoundV2: LendingDecoders = {
  family: 'compound-v2',
  decoders: {
    // LiquidateBorrow(address liquidator, address borrower, uint256 repayAmount, address cTokenCollateral, uint256 seizeTokens)
    '0x298637f684da70674f26509b10f07ec2fbc77a335ab1e7d6215a4b2484d8bb52': decodeLiquidation,
  },
}

function decodeLiquidation(log: Log, families: readonly LendingFamily[]): LiquidationEvent | null {
  if (!hasShape(log, 1, 5)) return null
  const parties = [addressAt(log.data, 0), addressAt(log.data, 1), addressAt(log.data, 3)] as const
  return marketLiquidation(log, families, parties, uintAt(log.data, 2), uintAt(log.data, 4))
}

/** A liquidation between two markets, from liquidator, borrower and market of the collateral; null without one of them. */
export function marketLiquidation(
  log: Log,
  families: readonly LendingFamily[],
  [liquidator, borrower, market]: readonly [Address | null, Address | null, Address | null],
  repaid: bigint,
  seizedShares: bigint,
): LiquidationEvent | null {
  if (liquidator === null || borrower === null || market === null) return null
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  return {
    ...{ kind: 'liquidation', families, emitter, liquidator, borrower, marketId: null },
    debt: { token: null, market: emitter, amount: repaid },
    collateral: { token: null, market, amount: seizedShares },
    ...{ logIndex, transactionIndex, transactionHash },
  }
}
