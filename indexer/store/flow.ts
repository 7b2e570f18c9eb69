import { flowModelHash } from '../flow/model/index.ts'
import type { Bucket, Sums } from '../types/bucket.ts'
import { HORIZONS } from '../types/bucket.ts'
import type { FlowRows, Metaorder, SettledTag, SwapTag, TaggedIntent, Timing, TraderProfile } from '../types/flow.ts'
import { bytes, escaped, NULL, nullable } from './copy.ts'
import { toInstant } from './instant.ts'

/** The lines of the tables of flow, without the chain id. */
export function encodeFlow(rows: FlowRows) {
  return [
    { name: 'intents', columns: INTENT_COLUMNS, lines: rows.intents.map(encodeIntent) },
    { name: 'swap_tags', columns: TAG_COLUMNS, lines: rows.swapTags.map(encodeTag) },
    { name: 'settled_tags', columns: SETTLED_COLUMNS, lines: rows.settledTags.map(encodeSettled) },
    { name: 'metaorders', columns: METAORDER_COLUMNS, lines: rows.metaorders.map(encodeMetaorder) },
    { name: 'traders', columns: TRADER_COLUMNS, lines: rows.traders.map(encodeTrader) },
    { name: 'flow_buckets', columns: BUCKET_COLUMNS, lines: rows.buckets.map(encodeBucket) },
  ]
}

type Value = string | number | bigint | boolean | null

function join(values: readonly Value[]): string {
  let line = ''
  for (const value of values) line += line === '' ? (value ?? NULL) : `\t${value ?? NULL}`
  return line
}

const INTENT_COLUMNS = [
  ...['block_number', 'transaction_index', 'transaction_hash', 'timestamp', 'received_at', 'clock', 'trader_address'],
  ...['contract_address', 'route', 'token_in_address', 'token_out_address', 'amount_in', 'amount_out', 'other_tokens'],
  ...['side', 'value_usd', 'relative_size', 'slippage_bps', 'pool_count', 'in_block', 'is_mev', 'parent_block'],
  ...['parent_index', 'child_number', 'flow_class', 'p_institutional_at_block', 'abstention', 'log_odds'],
  ...['feature_bins', 'event_count', 'event_clock', 'model_hash'],
]

function encodeIntent(tag: TaggedIntent): string {
  const { intent, parent } = tag
  const place = `${intent.blockNumber}\t${intent.transactionIndex}\t${bytes(intent.transactionHash)}\t${intent.timestamp}`
  const receivedAt = intent.clock === 'sequencer' ? toInstant(intent.timeUs) : NULL
  const who = `${receivedAt}\t${intent.clock}\t${bytes(intent.trader)}\t${nullable(intent.contract)}\t${intent.route}`
  const amounts = `${nullable(intent.tokenIn)}\t${nullable(intent.tokenOut)}\t${intent.amountIn ?? NULL}\t${intent.amountOut ?? NULL}\t${intent.otherTokens}`
  const size = `${intent.side ?? NULL}\t${intent.valueUsd ?? NULL}\t${intent.relativeSize ?? NULL}\t${intent.slippageBps ?? NULL}\t${intent.pools}`
  const order = `${tag.inBlock ?? NULL}\t${tag.isMev}\t${parent === null ? NULL : parent.blockNumber}\t${parent === null ? NULL : parent.transactionIndex}\t${tag.childNumber}`
  const score = `${tag.flowClass}\t${tag.pInstitutional ?? NULL}\t${tag.abstention ?? NULL}\t${tag.logOdds ?? NULL}\t${tag.featureBins ?? NULL}`
  return `${place}\t${who}\t${amounts}\t${size}\t${order}\t${score}\t${tag.events}\t${tag.clock}\t${MODEL}`
}

const MODEL = bytes(flowModelHash)

const TAG_COLUMNS = [
  ...['block_number', 'log_index', 'transaction_index', 'flow_class', 'p_institutional_at_block', 'side'],
  'value_micro_usd',
]

function encodeTag({
  blockNumber,
  logIndex,
  transactionIndex,
  flowClass,
  pInstitutional,
  side,
  microUsd,
}: SwapTag): string {
  return `${blockNumber}\t${logIndex}\t${transactionIndex}\t${flowClass}\t${pInstitutional ?? NULL}\t${side ?? NULL}\t${microUsd ?? NULL}`
}

const SETTLED_COLUMNS = [
  ...['block_number', 'transaction_index', 'decided_block', 'flow_class', 'p_institutional', 'abstention'],
  ...['log_odds', 'feature_bins', 'metaorder_id'],
]

function encodeSettled(tag: SettledTag): string {
  const place = `${tag.blockNumber}\t${tag.transactionIndex}\t${tag.decidedBlock}`
  const score = `${tag.flowClass}\t${tag.pInstitutional ?? NULL}\t${tag.abstention ?? NULL}\t${tag.logOdds ?? NULL}\t${tag.featureBins ?? NULL}`
  return `${place}\t${score}\t${nullable(tag.metaorderId)}`
}

const TIMING_COLUMNS = [
  'burstiness',
  'memory',
  'jitter',
  'burst_share',
  'period_seconds',
  'period_false_alarm',
  'clock',
]

function timingValues({
  burstiness,
  memory,
  jitter,
  burstShare,
  periodSeconds,
  periodFalseAlarm,
  clock,
}: Timing): Value[] {
  return [burstiness, memory, jitter, burstShare, periodSeconds, periodFalseAlarm, clock]
}

const METAORDER_COLUMNS = [
  ...['id', 'decided_block', 'end_reason', 'trader_address', 'base_address', 'quote_address', 'side', 'first_block'],
  ...['first_index', 'last_block', 'first_timestamp', 'last_timestamp', 'child_count', 'base_amount', 'quote_amount'],
  ...['value_usd', 'participation', 'size_variation', ...TIMING_COLUMNS, 'flow_class', 'p_institutional'],
]

function encodeMetaorder(order: Metaorder): string {
  return join([
    ...[bytes(order.id), order.decidedBlock, order.end, bytes(order.trader), bytes(order.pair.base)],
    ...[bytes(order.pair.quote), order.side, order.first.blockNumber, order.first.transactionIndex],
    ...[order.last.blockNumber, order.firstTimestamp, order.lastTimestamp, order.children, order.baseAmount],
    ...[order.quoteAmount, order.valueUsd, order.participation, order.sizeVariation, ...timingValues(order.timing)],
    ...[order.flowClass, order.pInstitutional],
  ])
}

const TRADER_COLUMNS = [
  ...['trader_address', 'decided_block', 'timestamp', 'event_count', ...TIMING_COLUMNS, 'in_block', 'pair_count'],
  ...['contract_count', 'volume_micro_usd', 'buy_share', 'mev_share', 'flow_class', 'p_institutional'],
]

function encodeTrader(profile: TraderProfile): string {
  return join([
    ...[bytes(profile.trader), profile.decidedBlock, profile.timestamp, profile.timing.events],
    ...timingValues(profile.timing),
    ...[profile.inBlock, profile.pairs, profile.contracts, profile.volumeMicroUsd, profile.buyShare],
    ...[profile.mevShare, profile.flowClass, profile.pInstitutional],
  ])
}

const BUCKET_COLUMNS = [
  ...['scope', 'scope_key', 'interval_seconds', 'start_timestamp', 'decided_block', 'trade_count', 'unpriced_count'],
  ...['trader_count', 'trader_count_exact', 'open_price', 'high_price', 'low_price', 'close_price', 'close_usd'],
  ...['buy_base', 'sell_base', 'buy_quote', 'sell_quote', 'buy_micro_usd', 'sell_micro_usd', 'by_class', 'theta'],
  ...['flow_momentum_asymmetry', 'wash_share', 'sample_trades', 'clock', 'median_usd', 'p95_usd', 'max_usd'],
  ...[
    'size_gini',
    'tail_alpha',
    'tail_low',
    'tail_high',
    'trader_hhi',
    'arrivals_per_second',
    'burstiness',
    'memory',
    'burst_share',
    'hawkes_branching',
  ],
  ...['hawkes_decay', 'hawkes_p_value', 'vpin', 'kyle_lambda', 'kyle_error', 'amihud', 'permanent_impact_bps'],
  ...['sign_autocorrelation', 'venue_agreement', 'markouts'],
]

function encodeBucket(bucket: Bucket): string {
  const { sums, candle, measures: m } = bucket
  return join([
    ...[bucket.scope, bytes(`0x${bucket.key.slice(2)}`), bucket.interval, bucket.start, bucket.decidedBlock],
    ...[sums.trades, sums.unpriced, bucket.traders, bucket.tradersExact, candle?.open ?? null, candle?.high ?? null],
    ...[candle?.low ?? null, candle?.close ?? null, bucket.closeUsd, sums.buyBase, sums.sellBase, sums.buyQuote],
    ...[sums.sellQuote, sums.buyMicroUsd, sums.sellMicroUsd, encodeClasses(bucket.byClass), m.theta],
    ...[m.flowMomentumAsymmetry, m.washShare, m.sampleTrades, m.clock, m.medianUsd, m.p95Usd, m.maxUsd, m.sizeGini],
    ...[
      m.tailAlpha,
      m.tailLow,
      m.tailHigh,
      m.traderHhi,
      m.arrivalsPerSecond,
      m.burstiness,
      m.memory,
      m.burstShare,
      m.hawkesBranching,
      m.hawkesDecay,
    ],
    ...[m.hawkesPValue, m.vpin, m.kyleLambda, m.kyleError, m.amihud, m.permanentImpactBps, m.signAutocorrelation],
    ...[m.venueAgreement, encodeMarkouts(m.markouts)],
  ])
}

/** As `sums` with amounts as decimal strings: integers of any size. */
function encodeClasses(byClass: Bucket['byClass']): string {
  let text = ''
  for (const [flowClass, sums] of byClass) text += `${text === '' ? '' : ','}"${flowClass}":${encodeSums(sums)}`
  return `{${text}}`
}

function encodeSums({
  trades,
  unpriced,
  buyBase,
  sellBase,
  buyQuote,
  sellQuote,
  buyMicroUsd,
  sellMicroUsd,
}: Sums): string {
  return `{"tradeCount":${trades},"unpricedCount":${unpriced},"buyBase":"${buyBase}","sellBase":"${sellBase}","buyQuote":"${buyQuote}","sellQuote":"${sellQuote}","buyMicroUsd":"${buyMicroUsd}","sellMicroUsd":"${sellMicroUsd}"}`
}

function encodeMarkouts(markouts: Bucket['measures']['markouts']): string | null {
  if (markouts === null) return null
  const entries = [...markouts].map(([flowClass, horizons]) => [
    flowClass,
    Object.fromEntries(
      horizons.flatMap(({ trades, microUsd, bpsMicroUsd }, index) =>
        trades === 0
          ? []
          : [[HORIZONS[index]!, { trades, usd: microUsd / 1e6, bps: microUsd === 0 ? null : bpsMicroUsd / microUsd }]],
      ),
    ),
  ])
  return escaped(JSON.stringify(Object.fromEntries(entries)))
}
