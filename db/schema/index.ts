import { batchesDocs } from './batches.ts'
import { blocksDocs } from './blocks.ts'
import { chainsDocs, cursorsDocs, finalityDocs, l1CursorsDocs } from './chains.ts'
import type { TableDocs } from './columns.ts'
import {
  flowBucketsDocs,
  flowModelsDocs,
  intentsDocs,
  metaordersDocs,
  settledTagsDocs,
  swapTagsDocs,
  tradersDocs,
} from './flow.ts'
import { liquidationsDocs } from './liquidations.ts'
import { liquidityChangesDocs } from './liquidityChanges.ts'
import { mevBundlesDocs, mevControlsDocs, mevLegsDocs, mevProfitsDocs, mevVictimsDocs } from './mev.ts'
import { pendingTransactionsDocs } from './pendingTransactions.ts'
import { poolStatesDocs, poolTicksDocs } from './poolStates.ts'
import { poolsDocs, poolTokensDocs } from './pools.ts'
import { priorityRequestsDocs } from './priorityRequests.ts'
import { swapsDocs } from './swaps.ts'
import { tokenPricesDocs, tokensDocs } from './tokens.ts'
import { transactionsDocs } from './transactions.ts'
import { undecodedLogsDocs } from './undecodedLogs.ts'

/** Every table with its documentation, parents before children. */
export const tableDocs: readonly TableDocs[] = [
  chainsDocs,
  cursorsDocs,
  blocksDocs,
  transactionsDocs,
  tokensDocs,
  tokenPricesDocs,
  poolsDocs,
  poolTokensDocs,
  poolStatesDocs,
  poolTicksDocs,
  swapsDocs,
  liquidityChangesDocs,
  liquidationsDocs,
  mevBundlesDocs,
  mevLegsDocs,
  mevVictimsDocs,
  mevProfitsDocs,
  mevControlsDocs,
  intentsDocs,
  swapTagsDocs,
  settledTagsDocs,
  metaordersDocs,
  tradersDocs,
  flowBucketsDocs,
  flowModelsDocs,
  undecodedLogsDocs,
  batchesDocs,
  finalityDocs,
  l1CursorsDocs,
  priorityRequestsDocs,
  pendingTransactionsDocs,
]

/** The tables of what only a live observer can see: their rows depend on when somebody looked. */
export const liveTables: ReadonlySet<string> = new Set(['finality', 'l1_cursors', 'pending_transactions'])
