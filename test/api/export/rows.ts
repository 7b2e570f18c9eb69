import type { Database, Row } from '../../../db/database.ts'
import { columnOf } from '../../../db/queries/sql.ts'
import type { TableDocs } from '../../../db/schema/columns.ts'
import { documentedColumns } from '../../../db/schema/columns.ts'
import {
  flowBuckets,
  flowBucketsDocs,
  metaorders,
  metaordersDocs,
  settledTags,
  swapTags,
} from '../../../db/schema/flow.ts'
import { address, CHAIN_ID, hash, insert, insertAll, LAST_BLOCK, rowsOf, UINT256_MAX } from '../rows.ts'

/** Text that is awkward in every format. */
export const AWKWARD = 'a "b", \\N\n\\n\r\n✓ 𝔘 \t'

const swapTag = ({ chainId, blockNumber, logIndex, transactionIndex }: Row): Row => ({
  ...{ chainId, blockNumber, logIndex, transactionIndex, flowClass: 'RETAIL_DIRECT', side: 'BUY', valueMicroUsd: 5n },
  pInstitutionalAtBlock: Number(logIndex) === 0 ? null : 0.1 + Number(logIndex),
})

/** Of the first transaction of the first block, known at once, and of the second only later than anything indexed. */
const settled = [0, 1].map((transactionIndex) => ({
  ...{ chainId: CHAIN_ID, blockNumber: 100, transactionIndex, flowClass: 'WASH', pInstitutional: 0.25 },
  ...{ abstention: null, logOdds: 1, featureBins: null, metaorderId: null },
  decidedBlock: transactionIndex === 0 ? 101 : LAST_BLOCK + 1,
}))

/** A row of which only some columns matter. */
const filled = (docs: TableDocs, more: Row): Row => {
  const columns = documentedColumns(docs).map(({ key, column }) => {
    if (!column.notNull) return [key, null]
    const type = columnOf(docs.table, key).getSQLType()
    return [key, type === 'boolean' ? false : type.startsWith('numeric') ? UINT256_MAX : type === 'text' ? 'x' : 1]
  })
  return { ...Object.fromEntries(columns), chainId: CHAIN_ID, ...more }
}

/** Parent orders; texts of one are awkward. */
export const metaorderRows = [103, 104].map((decidedBlock) =>
  filled(metaordersDocs, {
    ...{ id: hash(700, decidedBlock), decidedBlock, firstTimestamp: 1_700_000_000, lastTimestamp: 1_700_000_001 },
    ...{ traderAddress: address(1), baseAddress: address(2), quoteAddress: address(3), valueUsd: 1e22 },
    endReason: decidedBlock === 103 ? AWKWARD : '',
  }),
)

/** Buckets of a minute, one before the first block; values of one are no numbers. */
export const bucketRows = [1_699_999_980, 1_700_000_033, 1_700_000_036].map((startTimestamp, index) =>
  filled(flowBucketsDocs, {
    ...{ scope: 'chain', scopeKey: '0x', intervalSeconds: 60, startTimestamp, decidedBlock: 105 },
    ...{ byClass: { [AWKWARD]: [AWKWARD, null] }, theta: index === 0 ? Number.NaN : -1e-300 },
    vpin: index === 0 ? Number.POSITIVE_INFINITY : null,
  }),
)

/** Stores the rows of the test chain and those of order flow. */
export async function insertForExport(database: Database): Promise<void> {
  await insertAll(database)
  await insert(database, swapTags, rowsOf.swaps.slice(0, 30).map(swapTag))
  await insert(database, settledTags, settled)
  await insert(database, metaorders, metaorderRows)
  await insert(database, flowBuckets, bucketRows)
}
