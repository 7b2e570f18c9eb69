import { boolean, doublePrecision, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytes, count, documented, instant, integer256, integerSum, json } from './columns.ts'

/** What each transaction traded on balance. */
export const intents = pgTable(
  'intents',
  {
    chainId: count('chain_id').notNull(),
    blockNumber: count('block_number').notNull(),
    transactionIndex: count('transaction_index').notNull(),
    transactionHash: bytes('transaction_hash').notNull(),
    timestamp: count('timestamp').notNull(),
    receivedAt: instant('received_at'),
    clock: text('clock').notNull(),
    traderAddress: bytes('trader_address').notNull(),
    contractAddress: bytes('contract_address'),
    route: text('route').notNull(),
    tokenInAddress: bytes('token_in_address'),
    tokenOutAddress: bytes('token_out_address'),
    amountIn: integerSum('amount_in'),
    amountOut: integerSum('amount_out'),
    otherTokens: integer('other_tokens').notNull(),
    side: text('side'),
    valueUsd: doublePrecision('value_usd'),
    relativeSize: doublePrecision('relative_size'),
    slippageBps: doublePrecision('slippage_bps'),
    poolCount: integer('pool_count').notNull(),
    inBlock: doublePrecision('in_block'),
    isMev: boolean('is_mev').notNull(),
    parentBlock: count('parent_block'),
    parentIndex: count('parent_index'),
    childNumber: integer('child_number').notNull(),
    flowClass: text('flow_class').notNull(),
    pInstitutionalAtBlock: doublePrecision('p_institutional_at_block'),
    abstention: text('abstention'),
    logOdds: doublePrecision('log_odds'),
    featureBins: text('feature_bins'),
    eventCount: integer('event_count').notNull(),
    eventClock: text('event_clock').notNull(),
    modelHash: bytes('model_hash').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.chainId, t.blockNumber, t.transactionIndex] }),
    index('intents_trader').on(t.chainId, t.traderAddress, t.blockNumber),
    index('intents_parent').on(t.chainId, t.parentBlock, t.parentIndex),
  ],
)

/** Documentation of `intents`. */
export const intentsDocs = documented(
  intents,
  'What one transaction traded on balance over all its hops and pools, and how its sender behaved as of the end of its block. Key: chain_id, block_number, transaction_index.',
  {
    chainId: 'Chain id.',
    blockNumber: 'Block of the transaction.',
    transactionIndex: 'Position of the transaction in the block, from 0.',
    transactionHash: 'The transaction.',
    timestamp: 'Unix time of the block in whole seconds.',
    receivedAt: 'When the sequencer took it in, where clock is sequencer; null otherwise.',
    clock:
      'Finest clock of its time: sequencer; node (arrival is told by a node that got the block later, so the time of the block counts); or block.',
    traderAddress: 'Account that sent the transaction.',
    contractAddress: 'Account or contract that it called; null for a contract creation.',
    route:
      'What was called: POOL, ROUTER (of one exchange, known or called by nine accounts or more), AGGREGATOR, META_AGGREGATOR (the router of a wallet or a bridge), SOLVER, BOT_CONTRACT (called by three accounts at most in the last day) or UNKNOWN.',
    tokenInAddress: 'Asset given on balance, the base token as its wrapped form; null when nothing was: it went round.',
    tokenOutAddress: 'Asset got on balance; null when nothing was.',
    amountIn: 'Given, in base units; null without token_in_address.',
    amountOut: 'Got, in base units; null without token_out_address.',
    otherTokens: 'Number of further assets given or got; amounts below a thousandth of the trade do not count.',
    side: 'BUY when the base of the pair was got, SELL when it was given; null for a transaction that went round. Of two tokens the base is the one that is not the stablecoin, else not the base token of the chain, else the one with the lower address.',
    valueUsd: 'US dollars at prices from before the block; null without a price.',
    relativeSize:
      'Largest, over its swaps, of the amount paid in as a part of what moves the price of the pool by 1 % at the liquidity of the current price; null where that is known of none.',
    slippageBps:
      'What it could still have lost, in basis points of its outcome, by the limit in its calldata; null where the calldata is not read, or says none.',
    poolCount: 'Number of pools used.',
    inBlock: 'Position in the block from 0 to 1; null for the only transaction.',
    isMev: 'True when it went round, or was a part of a bundle decided in its block (settled_tags knows later ones).',
    parentBlock: 'Block of the first child of the parent order it belongs to, which may be itself; null without side.',
    parentIndex: 'Position of that first child in its block.',
    childNumber: 'Its number among the children, from 1; 0 without a parent.',
    flowClass:
      'Behaviour as of the end of the block: EXECUTION_ALGORITHM, ARBITRAGE_MEV, RETAIL_DIRECT, RETAIL_AGGREGATOR, LP_HEDGE, WASH or UNKNOWN.',
    pInstitutionalAtBlock:
      'Probability that it is the trade of an execution algorithm or professional taker, from nothing later than its block; null when the model abstains. docs/models/flow.md tells how it was calibrated.',
    abstention:
      'Why there is no probability: ambiguous (on calibration data both kinds had this score too often) or no-direction; null when there is one.',
    logOdds: 'Score before calibration; null where the model was not asked.',
    featureBins:
      'The bin of each feature of the model, one character (base 36) each in the order of the model; null where it was not asked.',
    eventCount: 'Trades of the account that the features rest on, this one included: of the last day, 32 at most.',
    eventClock: 'The worst clock among them.',
    modelHash: 'Hash of the model (flow_models).',
  },
)

/** Tags of swaps. */
export const swapTags = pgTable(
  'swap_tags',
  {
    chainId: count('chain_id').notNull(),
    blockNumber: count('block_number').notNull(),
    logIndex: count('log_index').notNull(),
    transactionIndex: count('transaction_index').notNull(),
    flowClass: text('flow_class').notNull(),
    pInstitutionalAtBlock: doublePrecision('p_institutional_at_block'),
    side: text('side'),
    valueMicroUsd: integer256('value_micro_usd'),
  },
  (t) => [primaryKey({ columns: [t.chainId, t.blockNumber, t.logIndex] })],
)

/** Documentation of `swap_tags`. */
export const swapTagsDocs = documented(
  swapTags,
  'The behaviour behind one swap as of the end of its block; every swap has one. What it rests on stands in intents. Key: chain_id, block_number, log_index.',
  {
    chainId: 'Chain id.',
    blockNumber: 'Block of the swap.',
    logIndex: 'Index of the Swap log in its block.',
    transactionIndex: 'Position of the transaction in the block, from 0.',
    flowClass: 'As intents.flow_class; UNKNOWN when no swap of the transaction has a direction.',
    pInstitutionalAtBlock: 'As intents.p_institutional_at_block.',
    side: 'BUY when the base token of the pair left the pool, SELL when it was paid in (which of two is the base says intents.side); null for a swap without a direction.',
    valueMicroUsd:
      'swaps.value_usd in whole millionths of a US dollar, so that sums of sums are equal; null without a price or a direction.',
  },
)

/** What transactions are once their parent orders have ended. */
export const settledTags = pgTable(
  'settled_tags',
  {
    chainId: count('chain_id').notNull(),
    blockNumber: count('block_number').notNull(),
    transactionIndex: count('transaction_index').notNull(),
    decidedBlock: count('decided_block').notNull(),
    flowClass: text('flow_class').notNull(),
    pInstitutional: doublePrecision('p_institutional'),
    abstention: text('abstention'),
    logOdds: doublePrecision('log_odds'),
    featureBins: text('feature_bins'),
    metaorderId: bytes('metaorder_id'),
  },
  (t) => [
    primaryKey({ columns: [t.chainId, t.blockNumber, t.transactionIndex] }),
    index('settled_tags_decided').on(t.chainId, t.decidedBlock),
    index('settled_tags_metaorder').on(t.chainId, t.metaorderId),
  ],
)

/** Documentation of `settled_tags`. */
export const settledTagsDocs = documented(
  settledTags,
  'The behaviour behind one transaction once its parent order has ended, from all that was known by then. Key: chain_id, block_number, transaction_index.',
  {
    chainId: 'Chain id.',
    blockNumber: 'Block of the transaction.',
    transactionIndex: 'Position of the transaction in the block, from 0.',
    decidedBlock: 'Block with which its parent order ended; the row appears with it.',
    flowClass: 'As intents.flow_class, with what was known at decided_block.',
    pInstitutional: 'As intents.p_institutional_at_block, with what was known at decided_block; calibrated apart.',
    abstention: 'As intents.abstention.',
    logOdds: 'Score before calibration.',
    featureBins: 'As intents.feature_bins.',
    metaorderId: 'The metaorder; null when its parent order had fewer than three children.',
  },
)

/** Parent orders of three children or more. */
export const metaorders = pgTable(
  'metaorders',
  {
    chainId: count('chain_id').notNull(),
    id: bytes('id').notNull(),
    decidedBlock: count('decided_block').notNull(),
    endReason: text('end_reason').notNull(),
    traderAddress: bytes('trader_address').notNull(),
    baseAddress: bytes('base_address').notNull(),
    quoteAddress: bytes('quote_address').notNull(),
    side: text('side').notNull(),
    firstBlock: count('first_block').notNull(),
    firstIndex: count('first_index').notNull(),
    lastBlock: count('last_block').notNull(),
    firstTimestamp: count('first_timestamp').notNull(),
    lastTimestamp: count('last_timestamp').notNull(),
    childCount: integer('child_count').notNull(),
    baseAmount: integerSum('base_amount').notNull(),
    quoteAmount: integerSum('quote_amount').notNull(),
    valueUsd: doublePrecision('value_usd'),
    participation: doublePrecision('participation'),
    sizeVariation: doublePrecision('size_variation'),
    burstiness: doublePrecision('burstiness'),
    memory: doublePrecision('memory'),
    jitter: doublePrecision('jitter'),
    burstShare: doublePrecision('burst_share'),
    periodSeconds: doublePrecision('period_seconds'),
    periodFalseAlarm: doublePrecision('period_false_alarm'),
    clock: text('clock').notNull(),
    flowClass: text('flow_class').notNull(),
    pInstitutional: doublePrecision('p_institutional'),
  },
  (t) => [
    primaryKey({ columns: [t.chainId, t.id] }),
    index('metaorders_decided').on(t.chainId, t.decidedBlock),
    index('metaorders_trader').on(t.chainId, t.traderAddress, t.decidedBlock),
  ],
)

const timingDocs = {
  burstiness:
    'Burstiness of its intervals for finite samples: -1 regular, 0 as by chance, 1 all at once (Kim and Jo 2016); null below 5 intervals.',
  memory: 'Correlation of neighbouring intervals; null below 5, or when all are alike.',
  jitter: 'Median absolute deviation of the intervals over their median; null below 5.',
  burstShare: 'Share of intervals below 50 ms; null below 5, and without the clock of the sequencer.',
  periodSeconds: 'Period of its strongest rhythm in seconds; null below 6 events.',
  periodFalseAlarm: 'How often chance gives a rhythm as strong, over all periods tried.',
}

/** Documentation of `metaorders`. */
export const metaordersDocs = documented(
  metaorders,
  'A parent order that has ended: three or more trades of one account in one pair on one side, each within the longer of 30 minutes and ten times the median gap of the one before. Key: chain_id, id.',
  {
    chainId: 'Chain id.',
    id: 'Hash over account, pair, side and first trade.',
    decidedBlock: 'Block with which it was known to have ended; its row appears with it.',
    endReason:
      'gap (no further trade in time), opposite (more than a fifth of it was traded the other way), age (cut after a day), length (cut after 5,000 children) or overflow (too many open ones).',
    traderAddress: 'Account that sent its trades.',
    baseAddress: 'Token bought or sold.',
    quoteAddress: 'Token that it was paid in.',
    side: 'BUY or SELL.',
    firstBlock: 'Block of its first child.',
    firstIndex: 'Position of the first child in that block.',
    lastBlock: 'Block of its last child.',
    firstTimestamp: 'Unix time of the first child in whole seconds.',
    lastTimestamp: 'Unix time of the last child in whole seconds.',
    childCount: 'Number of children.',
    baseAmount: 'Base token traded, in base units.',
    quoteAmount: 'Quote token traded, in base units.',
    valueUsd: 'US dollars traded; null once the value of one child is not known.',
    participation:
      'Its part of everything traded in the pair from the minute of its first to that of its last child; null when nothing is remembered of it.',
    sizeVariation: 'Coefficient of variation of the sizes of its last 32 children.',
    ...timingDocs,
    clock: 'The worst clock among the last 32 children.',
    flowClass: 'As settled_tags.flow_class.',
    pInstitutional: 'As settled_tags.p_institutional.',
  },
)

/** Profiles of traders. */
export const traders = pgTable(
  'traders',
  {
    chainId: count('chain_id').notNull(),
    traderAddress: bytes('trader_address').notNull(),
    decidedBlock: count('decided_block').notNull(),
    timestamp: count('timestamp').notNull(),
    eventCount: integer('event_count').notNull(),
    clock: text('clock').notNull(),
    burstiness: doublePrecision('burstiness'),
    memory: doublePrecision('memory'),
    jitter: doublePrecision('jitter'),
    burstShare: doublePrecision('burst_share'),
    periodSeconds: doublePrecision('period_seconds'),
    periodFalseAlarm: doublePrecision('period_false_alarm'),
    inBlock: doublePrecision('in_block'),
    pairCount: integer('pair_count').notNull(),
    contractCount: integer('contract_count').notNull(),
    volumeMicroUsd: integer256('volume_micro_usd').notNull(),
    buyShare: doublePrecision('buy_share'),
    mevShare: doublePrecision('mev_share').notNull(),
    flowClass: text('flow_class').notNull(),
    pInstitutional: doublePrecision('p_institutional'),
  },
  (t) => [
    primaryKey({ columns: [t.chainId, t.traderAddress, t.decidedBlock] }),
    index('traders_decided').on(t.chainId, t.decidedBlock),
  ],
)

/** Documentation of `traders`. */
export const tradersDocs = documented(
  traders,
  'How one account has traded in the day (32 trades at most) before a block with which one of its parent orders ended, once an hour at most; the row with the largest decided_block up to a block is what was known then. Only accounts with three trades or more. Key: chain_id, trader_address, decided_block.',
  {
    chainId: 'Chain id.',
    traderAddress: 'The account.',
    decidedBlock: 'Block as of which it is told.',
    timestamp: 'Unix time of that block in whole seconds.',
    eventCount: 'Trades that it rests on.',
    clock: 'The worst clock among them.',
    ...timingDocs,
    inBlock: 'Mean position of its trades in their blocks, from 0 to 1; null when each was alone.',
    pairCount: 'Pairs traded.',
    contractCount: 'Contracts called.',
    volumeMicroUsd: 'Traded, in millionths of a US dollar, as far as there are prices.',
    buyShare: 'Share of its trades that bought; null without trades that have a side.',
    mevShare: 'Share of its trades that went round or were a part of a bundle.',
    flowClass: 'As settled_tags.flow_class of the parent order that ended.',
    pInstitutional: 'As settled_tags.p_institutional of it.',
  },
)

/** Flow by time. */
export const flowBuckets = pgTable(
  'flow_buckets',
  {
    chainId: count('chain_id').notNull(),
    scope: text('scope').notNull(),
    scopeKey: bytes('scope_key').notNull(),
    intervalSeconds: integer('interval_seconds').notNull(),
    startTimestamp: count('start_timestamp').notNull(),
    decidedBlock: count('decided_block').notNull(),
    tradeCount: integer('trade_count').notNull(),
    unpricedCount: integer('unpriced_count').notNull(),
    traderCount: integer('trader_count').notNull(),
    traderCountExact: boolean('trader_count_exact').notNull(),
    openPrice: doublePrecision('open_price'),
    highPrice: doublePrecision('high_price'),
    lowPrice: doublePrecision('low_price'),
    closePrice: doublePrecision('close_price'),
    closeUsd: doublePrecision('close_usd'),
    buyBase: integerSum('buy_base').notNull(),
    sellBase: integerSum('sell_base').notNull(),
    buyQuote: integerSum('buy_quote').notNull(),
    sellQuote: integerSum('sell_quote').notNull(),
    buyMicroUsd: integerSum('buy_micro_usd').notNull(),
    sellMicroUsd: integerSum('sell_micro_usd').notNull(),
    byClass: json('by_class').notNull(),
    theta: doublePrecision('theta'),
    flowMomentumAsymmetry: doublePrecision('flow_momentum_asymmetry'),
    washShare: doublePrecision('wash_share'),
    sampleTrades: integer('sample_trades').notNull(),
    clock: text('clock'),
    medianUsd: doublePrecision('median_usd'),
    p95Usd: doublePrecision('p95_usd'),
    maxUsd: doublePrecision('max_usd'),
    sizeGini: doublePrecision('size_gini'),
    tailAlpha: doublePrecision('tail_alpha'),
    tailLow: doublePrecision('tail_low'),
    tailHigh: doublePrecision('tail_high'),
    traderHhi: doublePrecision('trader_hhi'),
    arrivalsPerSecond: doublePrecision('arrivals_per_second'),
    burstiness: doublePrecision('burstiness'),
    memory: doublePrecision('memory'),
    burstShare: doublePrecision('burst_share'),
    hawkesBranching: doublePrecision('hawkes_branching'),
    hawkesDecay: doublePrecision('hawkes_decay'),
    hawkesPValue: doublePrecision('hawkes_p_value'),
    vpin: doublePrecision('vpin'),
    kyleLambda: doublePrecision('kyle_lambda'),
    kyleError: doublePrecision('kyle_error'),
    amihud: doublePrecision('amihud'),
    permanentImpactBps: doublePrecision('permanent_impact_bps'),
    signAutocorrelation: doublePrecision('sign_autocorrelation'),
    venueAgreement: doublePrecision('venue_agreement'),
    markouts: json('markouts'),
  },
  (t) => [
    primaryKey({ columns: [t.chainId, t.scope, t.scopeKey, t.intervalSeconds, t.startTimestamp] }),
    index('flow_buckets_decided').on(t.chainId, t.decidedBlock),
  ],
)

/** Documentation of `flow_buckets`. */
export const flowBucketsDocs = documented(
  flowBuckets,
  'The swaps of a pool, of all pools of a pair, or of the chain in a minute, quarter, hour or day (UTC) that is over; only where there were any, or a markout. Prices and amounts are in the direction of the pair. Key: chain_id, scope, scope_key, interval_seconds, start_timestamp.',
  {
    chainId: 'Chain id.',
    scope: 'pool, pair or chain.',
    scopeKey: 'Address of the pool; the addresses of base and quote token in one for a pair; empty for the chain.',
    intervalSeconds: '60, 900, 3600 or 86400.',
    startTimestamp: 'Unix time of its beginning, a multiple of interval_seconds.',
    decidedBlock: 'First block after its end; the row appears with it.',
    tradeCount: 'Swaps with a direction; those of one transaction in several pools count each.',
    unpricedCount: 'Of these, without a price in US dollars; they are missing in all sums of dollars.',
    traderCount: 'Accounts that traded: exact up to 1,024, else estimated from the lowest addresses.',
    traderCountExact: 'True when trader_count is exact.',
    openPrice:
      'Whole quote tokens for one base token after the first swap (of a pair: the first of a dollar or more, as anybody can make a pool for less); null when no swap tells a price, and for the chain.',
    highPrice: 'Highest after a swap.',
    lowPrice: 'Lowest after a swap.',
    closePrice: 'After the last swap.',
    closeUsd: 'US dollars for one whole base token at its last priced swap; null without one.',
    buyBase: 'Base token taken out of pools, in base units; 0 for the chain.',
    sellBase: 'Base token paid in, in base units; 0 for the chain.',
    buyQuote: 'Quote token paid for buy_base, in base units; 0 for the chain.',
    sellQuote: 'Quote token got for sell_base, in base units; 0 for the chain.',
    buyMicroUsd: 'Value of the buying swaps in millionths of a US dollar, at prices from before their blocks.',
    sellMicroUsd: 'Value of the selling swaps in millionths of a US dollar.',
    byClass:
      'The same sums by flow class as of the block of each swap: tradeCount, unpricedCount, buyBase, sellBase, buyQuote, sellQuote, buyMicroUsd, sellMicroUsd; they add up to the columns.',
    theta: '(bought - sold) / (bought + sold) in dollars, from -1 to 1; null without prices.',
    flowMomentumAsymmetry:
      'w thetaInstitutional - (1 - w) thetaRetail, with w the share of execution algorithms in the volume of both; null without either.',
    washShare: 'Share of the volume in dollars of class WASH; null without prices.',
    sampleTrades:
      'Swaps that the following figures rest on: the last 1,000 at most; 0 for minutes and quarters, which have none.',
    clock: 'The worst clock among them.',
    medianUsd: 'Median size in US dollars; null below 20 priced swaps.',
    p95Usd: 'Size that 95 % of the swaps do not exceed.',
    maxUsd: 'Largest size.',
    sizeGini: 'Gini coefficient of the sizes.',
    tailAlpha: 'Tail exponent of the sizes (Hill 1975); null below 100 swaps.',
    tailLow: 'Lower end of its 95 % interval.',
    tailHigh: 'Upper end of its 95 % interval.',
    traderHhi: 'Sum of the squared shares of the traders in the volume; null beyond 1,024 traders.',
    arrivalsPerSecond: 'Swaps a second.',
    burstiness:
      'Burstiness of the intervals between swaps for finite samples, -1 regular to 1 all at once (Kim and Jo 2016); null below 5 intervals.',
    memory: 'Correlation of neighbouring intervals; null below 5, or when all are alike.',
    burstShare: 'Share of intervals below 50 ms; null below 5, and without the clock of the sequencer.',
    hawkesBranching:
      'Share of the swaps that others set off, by a Hawkes process with one exponential kernel; of days, for the 100 pools and pairs with the most swaps, and of hours of the chain, from 200 swaps on. On a clock of whole seconds arrivals are spread within their second.',
    hawkesDecay: 'Decay of its kernel, per second.',
    hawkesPValue: 'Of the Kolmogorov-Smirnov test that the fit describes the arrivals: small when it does not.',
    vpin: 'Volume-synchronised imbalance with the true directions over 50 buckets of equal volume; from 100 swaps on. It has no known power beyond volume and volatility (Andersen and Bondarenko).',
    kyleLambda:
      'Basis points by a million US dollars of net flow, by regression over minutes. On one pool it follows from its depth; information is only what stays.',
    kyleError: 'Standard error of kyle_lambda.',
    amihud: 'Mean over minutes of |return in basis points| by a million US dollars of volume.',
    permanentImpactBps:
      'Basis points that one more trade moves the price for good, by a vector autoregression of signs and returns (Hasbrouck 1991); of days.',
    signAutocorrelation: 'Correlation of the direction of a swap with that of the next.',
    venueAgreement:
      'Of pairs with several pools: share of the volume in pools whose net flow goes the way of that of all; null for one pool.',
    markouts:
      'By flow class and horizon in seconds, of the swaps whose horizon fell into the bucket: trades, dollars, and what the price of their own pool had moved in their favour in basis points, weighted by dollars; moves of half the price and more are left out.',
  },
)

/** Models of the classifier. */
export const flowModels = pgTable(
  'flow_models',
  { chainId: count('chain_id').notNull(), hash: bytes('hash').notNull(), model: json('model').notNull() },
  (t) => [primaryKey({ columns: [t.chainId, t.hash] })],
)

/** Documentation of `flow_models`. */
export const flowModelsDocs = documented(
  flowModels,
  'A model of the classifier that tags of a chain rest on. Key: chain_id, hash.',
  {
    chainId: 'Chain id.',
    hash: 'Hash (keccak256) of the model file.',
    model:
      'The model: features with their bins and log-odds, calibrations, and what it was trained on (docs/models/flow.md).',
  },
)
