import { type SQL, sql } from 'drizzle-orm'
import type { ExportScope, ExportSource, KeyColumn } from '../../db/queries/export.ts'
import { batchesDocs } from '../../db/schema/batches.ts'
import { blocksDocs } from '../../db/schema/blocks.ts'
import { flowBucketsDocs, intentsDocs, metaordersDocs, settledTagsDocs, swapTagsDocs } from '../../db/schema/flow.ts'
import { liquidationsDocs } from '../../db/schema/liquidations.ts'
import { mevBundlesDocs } from '../../db/schema/mev.ts'
import { poolsDocs } from '../../db/schema/pools.ts'
import { swapsDocs } from '../../db/schema/swaps.ts'
import { batchFlowColumns } from './batchFlow.ts'
import { columnsOf, type Field, fieldsOf, type ReadColumn } from './columns.ts'
import { ExportRequestError } from './errors.ts'

/** A data set that can be exported. */
export type Dataset = {
  name: string
  /** What a row is. */
  row: string
  /** Which rows a range of blocks takes, and what may still change in them. */
  range: string
  fields: readonly Field[]
  source: ExportSource
}

type Entry = {
  row: string
  range: string
  table: string
  /** The table that has the key where the other is a view. */
  keyed?: string
  columns: readonly ReadColumn[]
  key: Readonly<Record<string, string>>
  within: (scope: ExportScope) => SQL
  joins?: NonNullable<ExportSource['joins']>
}

const between =
  (column: string) =>
  ({ from, to }: ExportScope): SQL =>
    sql`x.${sql.identifier(column)} between ${from} and ${to}`

const BY_BLOCK = 'Rows of the blocks of the range.'
const BY_DECISION = 'Rows whose decided_block lies in the range, so that ranges that follow each other share none.'
const BY_LAST_BLOCK =
  'Batches whose last block lies in the range. What is told of their way to L1 changes until they are final.'

const ENTRIES: Readonly<Record<string, Entry>> = {
  swaps: {
    row: `${swapsDocs.row} With the flow class behind it.`,
    range: `${BY_BLOCK} The settled columns hold what was decided up to blocks.asOf of the manifest.`,
    table: 'swaps',
    columns: [
      ...columnsOf(swapsDocs),
      ...columnsOf(swapTagsDocs, 'tag', {
        flow_class: ['flow_class', `${intentsDocs.columns.flowClass} Null where swaps have no tags.`],
        p_institutional_at_block: ['p_institutional_at_block', intentsDocs.columns.pInstitutionalAtBlock],
        side: ['side', swapTagsDocs.columns.side],
      }),
      ...columnsOf(settledTagsDocs, 'settled', {
        flow_class: [
          'settled_flow_class',
          'As flow_class, from all that was known when the parent order of the transaction had ended; null before.',
        ],
        p_institutional: [
          'p_institutional',
          'As p_institutional_at_block, with what settled_flow_class rests on; calibrated apart. Null when the model abstains, and before.',
        ],
      }),
    ],
    key: { block_number: 'bigint', log_index: 'bigint' },
    within: between('block_number'),
    joins: joinTags,
  },
  flow_buckets: {
    row: flowBucketsDocs.row,
    range:
      'Buckets that begin in the time of the blocks of the range: from the timestamp of its first block (from any time before, when that is the first block indexed) to before that of the block after it. Only those decided up to blocks.asOf of the manifest.',
    table: 'flow_buckets',
    columns: columnsOf(flowBucketsDocs),
    key: { scope: 'text', scope_key: 'bytea', interval_seconds: 'integer', start_timestamp: 'bigint' },
    within: beginsIn,
  },
  batch_flow: {
    row: 'The flow of one L1 batch: sums over its blocks. Key: chain_id, batch_number.',
    range: BY_LAST_BLOCK,
    table: 'batch_flow',
    keyed: '(select chain_id, number as batch_number, last_block from batches)',
    columns: batchFlowColumns,
    key: { batch_number: 'bigint' },
    within: between('last_block'),
  },
  metaorders: {
    row: metaordersDocs.row,
    range: BY_DECISION,
    table: 'metaorders',
    columns: columnsOf(metaordersDocs),
    key: { decided_block: 'bigint', id: 'bytea' },
    within: between('decided_block'),
  },
  mev_bundles: {
    row: mevBundlesDocs.row,
    range: BY_DECISION,
    table: 'mev_bundles',
    columns: columnsOf(mevBundlesDocs),
    key: { decided_block: 'bigint', id: 'bytea' },
    within: between('decided_block'),
  },
  liquidations: {
    row: liquidationsDocs.row,
    range: BY_BLOCK,
    table: 'liquidations',
    columns: columnsOf(liquidationsDocs),
    key: { block_number: 'bigint', log_index: 'bigint' },
    within: between('block_number'),
  },
  pools: {
    row: poolsDocs.row,
    range:
      'Pools created in the range; of those whose creation is not known, the ones first seen in it. A range that begins with the first block indexed has all created before as well.',
    table: 'pools',
    columns: columnsOf(poolsDocs),
    key: { address: 'bytea' },
    within: createdIn,
  },
  blocks: {
    row: blocksDocs.row,
    range: BY_BLOCK,
    table: 'blocks',
    columns: columnsOf(blocksDocs),
    key: { number: 'bigint' },
    within: between('number'),
  },
  batches: {
    row: batchesDocs.row,
    range: BY_LAST_BLOCK,
    table: 'batches',
    columns: columnsOf(batchesDocs),
    key: { number: 'bigint' },
    within: between('last_block'),
  },
}

/** Every data set, by name with underscores. */
export const datasets: ReadonlyMap<string, Dataset> = new Map(
  Object.entries(ENTRIES).map(([name, entry]) => [name, toDataset(name, entry)]),
)

/** The data set of a name, `-` and `_` alike. @throws ExportRequestError when there is none. */
export function datasetNamed(name: string): Dataset {
  const dataset = datasets.get(name.toLowerCase().replaceAll('-', '_'))
  if (dataset !== undefined) return dataset
  throw new ExportRequestError(`no data set "${name.slice(0, 60)}"; there are ${[...datasets.keys()].join(', ')}`)
}

function toDataset(name: string, { row, range, table, keyed, columns, key, within, joins }: Entry): Dataset {
  const keyColumns: KeyColumn[] = Object.entries(key).map(([column, type]) => ({ name: column, type }))
  return {
    ...{ name, row, range, fields: fieldsOf(columns) },
    source: {
      ...{ keyed: sql.raw(keyed ?? table), table: sql.raw(table), within, key: keyColumns, columns },
      ...(joins === undefined ? {} : { joins }),
    },
  }
}

/** The tags of the swaps of a span; the span bounds the tags as well, so that each is read once. */
function joinTags(
  { chainId, from, to, asOfBlock }: ExportScope,
  { after, last }: Parameters<NonNullable<Entry['joins']>>[1],
): SQL {
  const ofSpan = sql`chain_id = ${chainId} and block_number between ${after?.[0] ?? from}::bigint and ${last?.[0] ?? to}::bigint`
  return sql`left join (select * from swap_tags where ${ofSpan}) as tag
      on tag.block_number = x.block_number and tag.log_index = x.log_index
    left join (select * from settled_tags where ${ofSpan} and decided_block <= ${asOfBlock}) as settled
      on settled.block_number = x.block_number and settled.transaction_index = x.transaction_index`
}

function beginsIn({ chainId, from, to, asOfBlock }: ExportScope): SQL {
  const timestampOf = (block: number) =>
    sql`(select timestamp from blocks where chain_id = ${chainId} and number = ${block}::bigint)`
  // Of the first block indexed there is none before; of the last none after.
  return sql`x.decided_block <= ${asOfBlock}
    and (${timestampOf(from - 1)} is null or x.start_timestamp >= ${timestampOf(from)})
    and (${timestampOf(to + 1)} is null or x.start_timestamp < ${timestampOf(to + 1)})`
}

function createdIn({ chainId, from, to }: ExportScope): SQL {
  return sql`coalesce(x.created_block, x.first_seen_block) <= ${to}
    and (coalesce(x.created_block, x.first_seen_block) >= ${from}
      or not exists (select 1 from blocks where chain_id = ${chainId} and number = ${from - 1}::bigint))`
}
