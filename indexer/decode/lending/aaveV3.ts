import type { Log } from '../../types/block.ts'
import type { LendingFamily, LiquidationEvent } from '../../types/event.ts'
import type { LendingDecoders } from '../family.ts'
import { addressAt, booleanAt, hasShape, topicAddress, uintAt } from '../words.ts'

/** Aave V3 and its forks (ZeroLend, Kona Lend); V2 emits the same event. Source: aave-v3-core IPool. */
export const aaveV3: LendingDecoders = {
  family: 'aave-v3',
  decoders: {
    // LiquidationCall(address indexed collateralAsset, address indexed debtAsset, address indexed user, uint256 debtToCover, uint256 liquidatedCollateralAmount, address liquidator, bool receiveAToken)
    '0xe413a321e8681d831f4dbccbca790d2952b56f977908e45be37335533e005286': decodeLiquidation,
  },
}

function decodeLiquidation(log: Log, families: readonly LendingFamily[]): LiquidationEvent | null {
  if (!hasShape(log, 4, 4) || booleanAt(log.data, 3) === null) return null
  const collateral = topicAddress(log.topics[1]!)
  const debt = topicAddress(log.topics[2]!)
  const borrower = topicAddress(log.topics[3]!)
  const liquidator = addressAt(log.data, 2)
  if (collateral === null || debt === null || borrower === null || liquidator === null) return null
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  return {
    ...{ kind: 'liquidation', families, emitter, liquidator, borrower, marketId: null },
    debt: { token: debt, market: null, amount: uintAt(log.data, 0) },
    collateral: { token: collateral, market: null, amount: uintAt(log.data, 1) },
    ...{ logIndex, transactionIndex, transactionHash },
  }
}
