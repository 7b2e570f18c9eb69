import type { Log } from '../../types/block.ts'
import type { LendingFamily, LiquidationEvent } from '../../types/event.ts'
import type { LendingDecoders } from '../family.ts'
import { addressAt, booleanAt, hasShape } from '../words.ts'

/**
 * Leveraged positions of vaults like that of GMX V1. Size and collateral stand in US dollars of the oracle (1e30), so no
 * amount of a token is told, and who called is not either. Source: gmx-contracts Vault.
 */
export const gmxV1Liquidations: LendingDecoders = {
  family: 'gmx-v1',
  decoders: {
    // LiquidatePosition(bytes32 key, address account, address collateralToken, address indexToken, bool isLong, uint256 size, uint256 collateral, uint256 reserveAmount, int256 realisedPnl, uint256 markPrice)
    '0x2e1f85a64a2f22cf2f0c42584e7c919ed4abe8d53675cff0f62bf1e95a1c676f': decodeLiquidation,
  },
}

function decodeLiquidation(log: Log, families: readonly LendingFamily[]): LiquidationEvent | null {
  if (!hasShape(log, 1, 10) || booleanAt(log.data, 4) === null) return null
  const borrower = addressAt(log.data, 1)
  const collateral = addressAt(log.data, 2)
  if (borrower === null || collateral === null || addressAt(log.data, 3) === null) return null
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  return {
    ...{ kind: 'liquidation', families, emitter, liquidator: null, borrower, marketId: null },
    debt: { token: null, market: null, amount: null },
    collateral: { token: collateral, market: null, amount: null },
    ...{ logIndex, transactionIndex, transactionHash },
  }
}
