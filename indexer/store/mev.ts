import type { MevBundle } from '../types/mev.ts'
import type { StepRows } from '../types/rows.ts'
import { bytes, escaped, NULL, nullable } from './copy.ts'

/** The lines of the tables of bundles, without the chain id. */
export function encodeMev({ mevBundles, mevControls, blocks }: StepRows) {
  const timestamps = new Map(blocks.map(({ number, timestamp }) => [number, timestamp]))
  return [
    {
      name: 'mev_bundles',
      columns: BUNDLE_COLUMNS,
      lines: mevBundles.map((bundle) => encodeBundle(bundle, timestamps)),
    },
    { name: 'mev_legs', columns: LEG_COLUMNS, lines: mevBundles.flatMap(encodeLegs) },
    { name: 'mev_victims', columns: VICTIM_COLUMNS, lines: mevBundles.flatMap(encodeVictims) },
    { name: 'mev_profits', columns: PROFIT_COLUMNS, lines: mevBundles.flatMap(encodeProfits) },
    {
      name: 'mev_controls',
      columns: CONTROL_COLUMNS,
      lines: mevControls.map(({ blockNumber, kind, observed, placebo }) => join(blockNumber, kind, observed, placebo)),
    },
  ]
}

const BUNDLE_COLUMNS = [
  'id',
  'kind',
  'variants',
  'confidence',
  'band',
  'rule_version',
  'score_parts',
  'searcher_address',
  'first_block',
  'last_block',
  'decided_block',
  'timestamp',
  'pool_addresses',
  'gas_cost_wei',
  'gross_profit_usd',
  'gas_cost_usd',
  'net_profit_usd',
  'victim_count',
  'victim_loss_usd',
  'quality',
  'evidence',
]

function encodeBundle(bundle: MevBundle, timestamps: ReadonlyMap<number, number>): string {
  const losses = bundle.victims.flatMap(({ lossUsd }) => (lossUsd === null ? [] : [lossUsd]))
  return join(
    ...[bytes(bundle.id), bundle.kind, toJson(bundle.variants), bundle.confidence, bundle.band, bundle.ruleVersion],
    ...[toJson(bundle.scoreParts), bytes(bundle.searcher), bundle.firstBlock, bundle.lastBlock, bundle.decidedBlock],
    ...[timestamps.get(bundle.decidedBlock)!, toJson(bundle.pools), bundle.gasCostWei, bundle.grossProfitUsd],
    ...[bundle.gasCostUsd, bundle.netProfitUsd, bundle.victims.length],
    losses.length === 0 ? null : losses.reduce((a, b) => a + b),
    ...[bundle.quality, toJson(bundle.evidence)],
  )
}

const LEG_COLUMNS = [
  'bundle_id',
  'position',
  'role',
  'block_number',
  'transaction_index',
  'transaction_hash',
  'log_index',
  'pool_address',
  'band',
  'decided_block',
]

function encodeLegs({ id, legs, band, decidedBlock }: MevBundle): string[] {
  return legs.map(({ role, blockNumber, transactionIndex, transactionHash, logIndex, pool }, position) => {
    const place = [blockNumber, transactionIndex, bytes(transactionHash), logIndex, nullable(pool)]
    return join(bytes(id), position, role, ...place, band, decidedBlock)
  })
}

const VICTIM_COLUMNS = [
  'bundle_id',
  'position',
  'block_number',
  'transaction_hash',
  'log_index',
  'trader_address',
  'mode',
  'loss_token_address',
  'loss_amount',
  'loss_bps',
  'loss_usd',
  'counterfactual_amount',
  'quality',
  'kind',
  'band',
  'decided_block',
]

function encodeVictims({ id, victims, kind, band, decidedBlock }: MevBundle): string[] {
  return victims.map((victim, position) =>
    join(
      ...[bytes(id), position, victim.blockNumber, bytes(victim.transactionHash), victim.logIndex],
      ...[
        bytes(victim.trader),
        victim.mode,
        bytes(victim.lossToken),
        victim.lossAmount,
        victim.lossBps,
        victim.lossUsd,
      ],
      ...[victim.counterfactualAmount, victim.quality, kind, band, decidedBlock],
    ),
  )
}

const PROFIT_COLUMNS = ['bundle_id', 'token_address', 'amount', 'is_residual', 'decided_block']

function encodeProfits({ id, profits, residuals, decidedBlock }: MevBundle): string[] {
  return profits.map(({ token, amount }) => {
    const isResidual = residuals.some((residual) => residual.token === token)
    return join(bytes(id), bytes(token), amount, isResidual, decidedBlock)
  })
}

const CONTROL_COLUMNS = ['block_number', 'kind', 'observed', 'placebo']

function join(...values: readonly (string | number | bigint | boolean | null)[]): string {
  return values.map((value) => value ?? NULL).join('\t')
}

/** Integers that may be large as decimal strings. */
function toJson(value: unknown): string {
  return escaped(JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? each.toString() : each)))
}
