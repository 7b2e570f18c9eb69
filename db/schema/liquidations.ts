import { doublePrecision, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytes, count, documented, integer256 } from './columns.ts'

/** Liquidations of lending markets and leveraged positions. */
export const liquidations = pgTable(
  'liquidations',
  {
    chainId: count('chain_id').notNull(),
    blockNumber: count('block_number').notNull(),
    logIndex: count('log_index').notNull(),
    transactionIndex: count('transaction_index').notNull(),
    transactionHash: bytes('transaction_hash').notNull(),
    timestamp: count('timestamp').notNull(),
    protocol: text('protocol').notNull(),
    marketAddress: bytes('market_address').notNull(),
    marketId: bytes('market_id'),
    senderAddress: bytes('sender_address').notNull(),
    liquidatorAddress: bytes('liquidator_address'),
    borrowerAddress: bytes('borrower_address').notNull(),
    debtTokenAddress: bytes('debt_token_address'),
    debtAmount: integer256('debt_amount'),
    collateralTokenAddress: bytes('collateral_token_address'),
    collateralAmount: integer256('collateral_amount'),
    debtUsd: doublePrecision('debt_usd'),
    collateralUsd: doublePrecision('collateral_usd'),
    bonusUsd: doublePrecision('bonus_usd'),
  },
  (t) => [
    primaryKey({ columns: [t.chainId, t.blockNumber, t.logIndex] }),
    index('liquidations_borrower').on(t.chainId, t.borrowerAddress, t.blockNumber),
    index('liquidations_liquidator').on(t.chainId, t.liquidatorAddress, t.blockNumber),
  ],
)

/** Documentation of `liquidations`. */
export const liquidationsDocs = documented(
  liquidations,
  'One liquidation: a debt repaid by somebody else, who takes the collateral. Key: chain_id, block_number, log_index.',
  {
    chainId: 'Chain id.',
    blockNumber: 'Block of the liquidation.',
    logIndex: 'Index of the log in its block.',
    transactionIndex: 'Position of the transaction in the block, from 0.',
    transactionHash: 'Transaction of the liquidation.',
    timestamp: 'Unix time of the block in whole seconds.',
    protocol: 'Protocol id such as aave-v3, from the chain profile; <family>-fork for a market without a profile.',
    marketAddress: 'Contract that emitted the log: the lending pool, the market of the debt, or the vault.',
    marketId: 'Market inside the contract (Morpho); null elsewhere.',
    senderAddress: 'Account that sent the transaction.',
    liquidatorAddress: 'Account that repaid, as the log names it; null when it names none.',
    borrowerAddress: 'Account whose debt was repaid.',
    debtTokenAddress:
      'Token of the debt; the zero address is the base token; null when the log and the market do not tell.',
    debtAmount: 'Debt repaid, in base units; null when the log does not tell.',
    collateralTokenAddress: 'Token of the collateral; the zero address is the base token; null when not told.',
    collateralAmount:
      'Collateral taken, in base units of its token; shares are converted at the exchange rate of the end of the block; null when not known.',
    debtUsd: 'Debt repaid in US dollars, at prices from before the block; null without a price.',
    collateralUsd: 'Collateral taken in US dollars, at prices from before the block; null without a price.',
    bonusUsd:
      'collateral_usd - debt_usd: what the liquidator got above what was repaid, before gas; null when one of them is.',
  },
)
