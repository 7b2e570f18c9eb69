import { boolean, doublePrecision, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytes, count, documented, integer256, json } from './columns.ts'

/** Bundles: what somebody gained by the order of transactions. */
export const mevBundles = pgTable(
  'mev_bundles',
  {
    chainId: count('chain_id').notNull(),
    id: bytes('id').notNull(),
    kind: text('kind').notNull(),
    variants: json('variants').notNull(),
    confidence: doublePrecision('confidence').notNull(),
    band: text('band').notNull(),
    ruleVersion: text('rule_version').notNull(),
    scoreParts: json('score_parts').notNull(),
    searcherAddress: bytes('searcher_address').notNull(),
    firstBlock: count('first_block').notNull(),
    lastBlock: count('last_block').notNull(),
    decidedBlock: count('decided_block').notNull(),
    timestamp: count('timestamp').notNull(),
    poolAddresses: json('pool_addresses').notNull(),
    gasCostWei: integer256('gas_cost_wei'),
    grossProfitUsd: doublePrecision('gross_profit_usd'),
    gasCostUsd: doublePrecision('gas_cost_usd'),
    netProfitUsd: doublePrecision('net_profit_usd'),
    victimCount: integer('victim_count').notNull(),
    victimLossUsd: doublePrecision('victim_loss_usd'),
    quality: text('quality').notNull(),
    evidence: json('evidence').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.chainId, t.id] }),
    index('mev_bundles_decided').on(t.chainId, t.decidedBlock),
    index('mev_bundles_searcher').on(t.chainId, t.searcherAddress, t.decidedBlock),
    index('mev_bundles_kind').on(t.chainId, t.kind, t.decidedBlock),
  ],
)

/** Actions of bundles. */
export const mevLegs = pgTable(
  'mev_legs',
  {
    chainId: count('chain_id').notNull(),
    bundleId: bytes('bundle_id').notNull(),
    position: integer('position').notNull(),
    role: text('role').notNull(),
    blockNumber: count('block_number').notNull(),
    transactionIndex: count('transaction_index').notNull(),
    transactionHash: bytes('transaction_hash').notNull(),
    logIndex: count('log_index'),
    poolAddress: bytes('pool_address'),
    band: text('band').notNull(),
    decidedBlock: count('decided_block').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.chainId, t.bundleId, t.position] }),
    index('mev_legs_block').on(t.chainId, t.blockNumber, t.transactionIndex),
    index('mev_legs_decided').on(t.chainId, t.decidedBlock),
    index('mev_legs_pool').on(t.chainId, t.poolAddress, t.decidedBlock),
    index('mev_legs_transaction').using('hash', t.transactionHash),
  ],
)

/** Who lost by bundles. */
export const mevVictims = pgTable(
  'mev_victims',
  {
    chainId: count('chain_id').notNull(),
    bundleId: bytes('bundle_id').notNull(),
    position: integer('position').notNull(),
    blockNumber: count('block_number').notNull(),
    transactionHash: bytes('transaction_hash').notNull(),
    logIndex: count('log_index').notNull(),
    traderAddress: bytes('trader_address').notNull(),
    mode: text('mode').notNull(),
    lossToken: bytes('loss_token_address').notNull(),
    lossAmount: integer256('loss_amount'),
    lossBps: doublePrecision('loss_bps'),
    lossUsd: doublePrecision('loss_usd'),
    counterfactualAmount: integer256('counterfactual_amount'),
    quality: text('quality').notNull(),
    kind: text('kind').notNull(),
    band: text('band').notNull(),
    decidedBlock: count('decided_block').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.chainId, t.bundleId, t.position] }),
    index('mev_victims_decided').on(t.chainId, t.decidedBlock),
    index('mev_victims_trader').on(t.chainId, t.traderAddress, t.blockNumber),
    index('mev_victims_transaction').using('hash', t.transactionHash),
  ],
)

/** What the actors of bundles gained and gave. */
export const mevProfits = pgTable(
  'mev_profits',
  {
    chainId: count('chain_id').notNull(),
    bundleId: bytes('bundle_id').notNull(),
    tokenAddress: bytes('token_address').notNull(),
    amount: integer256('amount').notNull(),
    isResidual: boolean('is_residual').notNull(),
    decidedBlock: count('decided_block').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.chainId, t.bundleId, t.tokenAddress] }),
    index('mev_profits_decided').on(t.chainId, t.decidedBlock),
  ],
)

/** What chance alone would have given. */
export const mevControls = pgTable(
  'mev_controls',
  {
    chainId: count('chain_id').notNull(),
    blockNumber: count('block_number').notNull(),
    kind: text('kind').notNull(),
    observed: integer('observed').notNull(),
    placebo: integer('placebo').notNull(),
  },
  (t) => [primaryKey({ columns: [t.chainId, t.blockNumber, t.kind] })],
)

/** Documentation of `mev_bundles`. */
export const mevBundlesDocs = documented(
  mevBundles,
  'What one actor gained, or tried to, by the order of transactions: a sandwich, an arbitrage, a backrun and so on (docs/detectors). Key: chain_id, id.',
  {
    chainId: 'Chain id.',
    id: 'Hash over kind, legs and pools: the same chain gives the same id.',
    kind: 'SANDWICH, FRONTRUN, BACKRUN, ATOMIC_ARBITRAGE, JIT_LIQUIDITY, LIQUIDATION or PROBE.',
    variants: 'What is special about it, as a list of names in alphabetical order; docs/detectors lists them by kind.',
    confidence:
      'How sure it is, from 0 to 1: the sum of score_parts within bounds. What it was calibrated on says bench/RESULTS.md.',
    band: 'confirmed from a confidence of 0.8 on, probable from 0.55, else candidate.',
    ruleVersion: 'Version of the weights and thresholds (indexer/detect/rules.ts).',
    scoreParts: 'What each fact added to the confidence, by the name of the fact.',
    searcherAddress:
      'The account that speaks for the actor: the contract that all its transactions call, else the sender of the first.',
    firstBlock: 'Block of the first leg.',
    lastBlock: 'Block of the last leg.',
    decidedBlock: 'Block at whose end it was complete; its rows appear with this block.',
    timestamp: 'Unix time of decided_block in whole seconds.',
    poolAddresses: 'Pools in which the actor traded, as a list in the order of first use.',
    gasCostWei: 'Wei that the transactions of the actor paid; null when a receipt does not tell.',
    grossProfitUsd:
      'US dollars of what the actor gained and gave over its transactions (mev_profits), at the prices after decided_block; null without a price of one token.',
    gasCostUsd: 'gas_cost_wei in US dollars; null without a price.',
    netProfitUsd:
      'gross_profit_usd - gas_cost_usd; null when one of them is. What was paid to others inside the transactions is not known.',
    victimCount: 'Number of victims.',
    victimLossUsd: 'US dollars that the victims lost, as far as that is known; null when it is of none.',
    quality:
      'How far the losses and triggers can be trusted: exact, single-range, approximate or unknown, the worst on the way.',
    evidence: 'What it rests on besides, by kind (docs/detectors); integers as decimal strings.',
  },
)

/** Documentation of `mev_legs`. */
export const mevLegsDocs = documented(
  mevLegs,
  'One action of a bundle, of the actor or of others. Key: chain_id, bundle_id, position.',
  {
    chainId: 'Chain id.',
    bundleId: 'The bundle.',
    position: 'Place in the bundle, from 0, in the order of the chain.',
    role: 'FRONT, VICTIM, BACK, MINT, BURN, TRIGGER, ARBITRAGE, LIQUIDATION or PROBE.',
    blockNumber: 'Block of the action.',
    transactionIndex: 'Position of the transaction in the block, from 0.',
    transactionHash: 'Transaction of the action.',
    logIndex: 'Index of the log in its block; null for a transaction without one.',
    poolAddress: 'Pool; null for actions outside pools.',
    band: 'Band of the bundle: confirmed, probable or candidate.',
    decidedBlock: 'Block at whose end the bundle was complete.',
  },
)

/** Documentation of `mev_victims`. */
export const mevVictimsDocs = documented(
  mevVictims,
  'What one transaction lost by a bundle, told by doing everything again without the actor. Key: chain_id, bundle_id, position.',
  {
    chainId: 'Chain id.',
    bundleId: 'The bundle.',
    position: 'Place among the victims, from 0, in the order of the chain.',
    blockNumber: 'Block of the transaction.',
    transactionHash: 'Transaction that lost.',
    logIndex:
      'Index of the log whose amount tells the loss: the last swap of an exact input, the first of an exact output.',
    traderAddress: 'Account that sent the transaction.',
    mode: 'EXACT_IN, EXACT_OUT, or LIQUIDITY for whoever provided liquidity meanwhile.',
    lossToken: 'Token that came out less (EXACT_IN) or was paid more (EXACT_OUT).',
    lossAmount: 'Base units of it; negative for a gain; null when not known.',
    lossBps: 'Part of what would have come out or been paid, in basis points; null when not known.',
    lossUsd: 'Loss in US dollars at the prices after decided_block; null when not known.',
    counterfactualAmount:
      'What would have come out or been paid without the actor, in base units; null when not known.',
    quality:
      'exact when every swap on the way, done again as it was, gives what it gave; single-range, approximate or unknown otherwise.',
    kind: 'Kind of the bundle, such as SANDWICH.',
    band: 'Band of the bundle: confirmed, probable or candidate.',
    decidedBlock: 'Block at whose end the bundle was complete.',
  },
)

/** Documentation of `mev_profits`. */
export const mevProfitsDocs = documented(
  mevProfits,
  'What the transactions of the actor of a bundle changed in its holdings of one token, by the logs of pools and markets. Key: chain_id, bundle_id, token_address.',
  {
    chainId: 'Chain id.',
    bundleId: 'The bundle.',
    tokenAddress: 'Token; the base token counts as its wrapped form.',
    amount: 'Base units; positive = gained.',
    isResidual: 'True for what is left of the position rather than gained.',
    decidedBlock: 'Block at whose end the bundle was complete.',
  },
)

/** Documentation of `mev_controls`. */
export const mevControlsDocs = documented(
  mevControls,
  'How many bundles a detector finds in the window of blocks that ends with one, and how many in the same transactions in another order, which is what chance gives; for windows drawn by the hash of that block, so that a block is in one in 1 of 16 cases, and only where one of both is not zero. Key: chain_id, block_number, kind.',
  {
    chainId: 'Chain id.',
    blockNumber: 'Last block of the window.',
    kind: 'Kind of bundle.',
    observed: 'Bundles within the window that are at least probable before gas is counted.',
    placebo: 'The same with the transactions of the window in an order drawn from the hash of the block.',
  },
)
