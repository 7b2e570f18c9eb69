import type { Log } from '../../types/block.ts'
import type { LendingFamily, LiquidationEvent } from '../../types/event.ts'
import type { LendingDecoders } from '../family.ts'
import { hasShape, topicAddress, uintAt } from '../words.ts'

/** Morpho Blue: markets by id in one contract. Source: morpho-blue EventsLib. */
export const morphoBlue: LendingDecoders = {
  family: 'morpho-blue',
  decoders: {
    // Liquidate(bytes32 indexed id, address indexed caller, address indexed borrower, uint256 repaidAssets, uint256 repaidShares, uint256 seizedAssets, uint256 badDebtAssets, uint256 badDebtShares)
    '0xa4946ede45d0c6f06a0f5ce92c9ad3b4751452d2fe0e25010783bcab57a67e41': decodeLiquidation,
  },
}

function decodeLiquidation(log: Log, families: readonly LendingFamily[]): LiquidationEvent | null {
  if (!hasShape(log, 4, 5)) return null
  const liquidator = topicAddress(log.topics[2]!)
  const borrower = topicAddress(log.topics[3]!)
  if (liquidator === null || borrower === null) return null
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  return {
    ...{ kind: 'liquidation', families, emitter, liquidator, borrower, marketId: log.topics[1]! },
    debt: { token: null, market: null, amount: uintAt(log.data, 0) },
    collateral: { token: null, market: null, amount: uintAt(log.data, 2) },
    ...{ logIndex, transactionIndex, transactionHash },
  }
}
