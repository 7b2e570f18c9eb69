import { type ReadColumn, viewColumn } from './columns.ts'

/** Columns of the view `batch_flow`; the sentences are those of its comments in the database. */
export const batchFlowColumns: readonly ReadColumn[] = [
  viewColumn('chain_id', 'integer', false, 'Chain id.'),
  viewColumn('batch_number', 'integer', false, 'Number of the L1 batch.'),
  viewColumn('first_block', 'integer', false, 'Its first block.'),
  viewColumn('last_block', 'integer', false, 'Its last block.'),
  viewColumn('status', 'text', false, 'How far it is on its way to L1.'),
  viewColumn('block_count', 'integer', false, 'Indexed blocks in the range.'),
  viewColumn('transaction_count', 'integer', false, 'Transactions in the range.'),
  viewColumn('gas_used', 'decimal', false, 'Gas used by its blocks.'),
  viewColumn(
    ...(['base_fees_wei', 'decimal', true] as const),
    'Gas used times base fee, in wei: what transactions paid at least; null where blocks name no base fee.',
  ),
  viewColumn('swap_count', 'integer', false, 'Swaps.'),
  viewColumn(
    ...(['unpriced_count', 'integer', false] as const),
    'Of these, without a value in US dollars; missing in the sums of dollars.',
  ),
  viewColumn('trade_count', 'integer', false, 'Transactions that traded (intents).'),
  viewColumn('trader_count', 'integer', false, 'Accounts that traded.'),
  viewColumn(
    ...(['buy_micro_usd', 'decimal', false] as const),
    'Value of swaps that took the base token out, in millionths of a US dollar.',
  ),
  viewColumn('sell_micro_usd', 'decimal', false, 'Value of swaps that paid it in.'),
  viewColumn(
    ...(['by_class', 'json', false] as const),
    'swapCount, unpricedCount, buyMicroUsd and sellMicroUsd by flow class as of the block of each swap; they add up to the columns.',
  ),
  viewColumn('median_usd', 'double', true, 'Median size of a swap in US dollars; null without prices.'),
  viewColumn('p95_usd', 'double', true, 'Size that 95 % of the swaps do not exceed.'),
  viewColumn('max_usd', 'double', true, 'Largest size.'),
  viewColumn(
    ...(['mev_by_kind', 'json', false] as const),
    'Bundles decided in the range that are at least probable, by kind.',
  ),
  viewColumn(
    ...(['victim_loss_usd', 'double', true] as const),
    'What their victims lost in US dollars, as far as that is known.',
  ),
  viewColumn(
    ...(['inclusion_seconds', 'double', true] as const),
    'Mean seconds from the arrival of a trade at the sequencer to the timestamp of its block (cut to whole seconds); null without such times.',
  ),
  viewColumn('inclusion_count', 'integer', false, 'Trades with an arrival time.'),
  viewColumn('commit_seconds', 'double', true, 'Seconds from the last block to the commit on L1; null before.'),
  viewColumn('prove_seconds', 'double', true, 'Seconds to the proof.'),
  viewColumn('execute_seconds', 'double', true, 'Seconds to the execution.'),
]
