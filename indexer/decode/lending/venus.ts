import type { Log } from '../../types/block.ts'
import type { LendingFamily, LiquidationEvent } from '../../types/event.ts'
import type { LendingDecoders } from '../family.ts'
import { hasShape, topicAddress, uintAt } from '../words.ts'
import { marketLiquidation } from './compoundV2.ts'

/** Venus isolated pools: Compound's event with its accounts indexed. Source: VenusProtocol isolated-pools VToken. */
export const venus: LendingDecoders = {
  family: 'venus',
  decoders: {
    // LiquidateBorrow(address indexed liquidator, address indexed borrower, uint256 repayAmount, address indexed vTokenCollateral, uint256 seizeTokens)
    '0x298637f684da70674f26509b10f07ec2fbc77a335ab1e7d6215a4b2484d8bb52': decodeLiquidation,
  },
}

function decodeLiquidation(log: Log, families: readonly LendingFamily[]): LiquidationEvent | null {
  if (!hasShape(log, 4, 2)) return null
  const [, liquidator, borrower, market] = log.topics
  const parties = [topicAddress(liquidator!), topicAddress(borrower!), topicAddress(market!)] as const
  return marketLiquidation(log, families, parties, uintAt(log.data, 0), uintAt(log.data, 1))
}
