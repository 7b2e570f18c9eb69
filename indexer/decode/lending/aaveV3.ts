import type { Address, Log } from '../../types/block.ts'
import type { LendingFamily, LiquidationEvent } from '../../types/event.ts'
import type { LendingDecoders } from '../family.ts'
import { addressAt, booleanAt, hasShape, topicAddress, uintAt } from '../words.ts'

/** How Aave V1 writes ether, which is the base token. */
const ETHER: Address = '0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee'
const BASE_TOKEN: Address = '0x0000000000000000000000000000000000000000'

/**
 * Aave V3 and its forks (ZeroLend, Kona Lend); V2 emits the same event, V1 one of its own, with ether as the base token.
 * Source: aave-v3-core IPool, aave-protocol LendingPoolLiquidationManager.
 */
export const aaveV3: LendingDecoders = {
  family: 'aave-v3',
  decoders: {
    // LiquidationCall(address indexed collateralAsset, address indexed debtAsset, address indexed user, uint256 debtToCover, uint256 liquidatedCollateralAmount, address liquidator, bool receiveAToken)
    '0xe413a321e8681d831f4dbccbca790d2952b56f977908e45be37335533e005286': decodeLiquidation,
    // LiquidationCall(address indexed _collateral, address indexed _reserve, address indexed _user, uint256 _purchaseAmount, uint256 _liquidatedCollateralAmount, uint256 _accruedBorrowInterest, address _liquidator, bool _receiveAToken, uint256 _timestamp)
    '0x56864757fd5b1fc9f38f5f3a981cd8ae512ce41b902cf73fc506ee369c6bc237': decodeV1Liquidation,
  },
}

function decodeLiquidation(log: Log, families: readonly LendingFamily[]): LiquidationEvent | null {
  if (!hasShape(log, 4, 4) || booleanAt(log.data, 3) === null) return null
  return assetLiquidation(log, families, topicAddress(log.topics[1]!), topicAddress(log.topics[2]!), 2)
}

function decodeV1Liquidation(log: Log, families: readonly LendingFamily[]): LiquidationEvent | null {
  if (!hasShape(log, 4, 6) || booleanAt(log.data, 4) === null) return null
  return assetLiquidation(
    log,
    families,
    etherAsBase(topicAddress(log.topics[1]!)),
    etherAsBase(topicAddress(log.topics[2]!)),
    3,
  )
}

/** A liquidation whose amounts are the first two words, and the liquidator that at `caller`; null without one of the addresses. */
function assetLiquidation(
  log: Log,
  families: readonly LendingFamily[],
  collateral: Address | null,
  debt: Address | null,
  caller: number,
): LiquidationEvent | null {
  const borrower = topicAddress(log.topics[3]!)
  const liquidator = addressAt(log.data, caller)
  if (collateral === null || debt === null || borrower === null || liquidator === null) return null
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  return {
    ...{ kind: 'liquidation', families, emitter, liquidator, borrower, marketId: null },
    debt: { token: debt, market: null, amount: uintAt(log.data, 0) },
    collateral: { token: collateral, market: null, amount: uintAt(log.data, 1) },
    ...{ logIndex, transactionIndex, transactionHash },
  }
}

function etherAsBase(token: Address | null): Address | null {
  return token === ETHER ? BASE_TOKEN : token
}
