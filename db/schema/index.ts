import { blocksDocs } from './blocks.ts'
import { chainsDocs, cursorsDocs } from './chains.ts'
import type { TableDocs } from './columns.ts'
import { liquidityChangesDocs } from './liquidityChanges.ts'
import { poolStatesDocs, poolTicksDocs } from './poolStates.ts'
import { poolsDocs } from './pools.ts'
import { swapsDocs } from './swaps.ts'
import { tokensDocs } from './tokens.ts'
import { transactionsDocs } from './transactions.ts'
import { undecodedLogsDocs } from './undecodedLogs.ts'

/** Every table with its documentation, parents before children. */
export const tableDocs: readonly TableDocs[] = [
  chainsDocs,
  cursorsDocs,
  blocksDocs,
  transactionsDocs,
  tokensDocs,
  poolsDocs,
  poolStatesDocs,
  poolTicksDocs,
  swapsDocs,
  liquidityChangesDocs,
  undecodedLogsDocs,
]
