import type { ChainProfile } from '../../contracts/chains/profile.ts'
import type { Database } from '../../db/database.ts'
import { liveTables } from '../../db/schema/index.ts'
import type { Flow } from '../flow/index.ts'
import type { Address, BlockId, Hex } from '../types/block.ts'
import type { ChainState } from '../types/pool.ts'
import type { StepRows } from '../types/rows.ts'
import { deleteBatchesAbove } from './batches.ts'
import { encodeRows } from './encode.ts'
import { CursorMovedError, FinalRowsError, StartBlockError } from './errors.ts'
import { loadChainState, toHex, toParameter } from './load.ts'
import { reopenPendingAbove } from './pending.ts'
import { reopenRequestsAbove } from './priorityRequests.ts'
import { recallFlow, writeModel } from './recallFlow.ts'

/** How far the chain is stored; the hash is null when no block is. */
export type Cursor = { startBlock: number; number: number; hash: Hex | null }

/** The rows of one chain. Each write is one transaction with the cursor inside it. */
export type Store = {
  readCursor(): Promise<Cursor>
  /** What the stages remember at the end of a stored block; the cursor's unless given. */
  readState(blockNumber?: number): Promise<ChainState>
  /** The actions after a block that bundles have used as legs of their actor. */
  readUsedLegs(after: number): Promise<{ blockNumber: number; logIndex: number }[]>
  /** How the stored sandwiches of each searcher came out. */
  readRecords(): Promise<[Address, { won: number; lost: number }][]>
  /** Transactions with just one swap, in the blocks after `after` up to `last`, that were no part of a sandwich that gained. */
  readSingleSwaps(after: number, last: number): Promise<{ blockNumber: number; from: Address; transactionHash: Hex }[]>
  /** Contracts called by transactions that traded or changed liquidity, in the blocks after `after` up to `last`, in chain order. */
  readContractCalls(after: number, last: number): Promise<{ blockNumber: number; contract: Address; from: Address }[]>
  /** Searchers that have gained in a bundle decided after a block, and the last block in which they have. */
  readSearchers(after: number): Promise<[Address, number][]>
  /** Lets the flow stage take in what it remembers at the end of a stored block. */
  recallFlow(flow: Flow, state: ChainState, blockNumber: number): Promise<void>
  /** Hashes of the stored blocks `from` to `to`; null for one that is not stored. */
  readHashes(from: number, to: number): Promise<(Hex | null)[]>
  /** Adds the rows of consecutive blocks that follow block `after`. Throws CursorMovedError when the cursor is elsewhere. */
  writeStep(after: number, rows: StepRows): Promise<void>
  /** The last stored block that was seen to be final; null when none was. */
  readFinal(): Promise<BlockId | null>
  /** Notes that a block is final, if it is still stored with that hash. */
  writeFinal(block: BlockId): Promise<void>
  /** Removes every row above block `keep`. Throws FinalRowsError when final ones are among them. */
  deleteAbove(keep: number): Promise<void>
  /** Removes every row of the chain and sets the cursor back to the start. */
  clear(): Promise<void>
}

/**
 * Opens the rows of one chain, made if absent.
 * @param startBlock first block to index; null = where the stored rows begin, or 0.
 * @throws StartBlockError when the stored rows begin elsewhere.
 */
export async function openStore(database: Database, profile: ChainProfile, startBlock: number | null): Promise<Store> {
  const chainId = profile.id
  await writeChain(database, profile, startBlock ?? 0)
  await writeModel(database, chainId)
  const stored = await readCursor(database, chainId)
  if (startBlock !== null && stored.startBlock !== startBlock) {
    throw new StartBlockError(database.location, stored.startBlock, startBlock)
  }
  return {
    readCursor: () => readCursor(database, chainId),
    readState: async (blockNumber) =>
      loadChainState(database, chainId, blockNumber ?? (await readCursor(database, chainId)).number),
    readUsedLegs: (after) => readUsedLegs(database, chainId, after),
    readRecords: () => readRecords(database, chainId),
    readSingleSwaps: (after, last) => readSingleSwaps(database, chainId, after, last),
    readContractCalls: (after, last) => readContractCalls(database, chainId, after, last),
    readSearchers: (after) => readSearchers(database, chainId, after),
    recallFlow: (flow, state, blockNumber) => recallFlow(database, chainId, flow, state, blockNumber),
    readHashes: (from, to) => readHashes(database, chainId, from, to),
    writeStep: (after, rows) => writeStep(database, chainId, after, rows),
    readFinal: () => readFinal(database, chainId),
    writeFinal: (block) => writeFinal(database, chainId, block),
    deleteAbove: (keep) => deleteAbove(database, chainId, keep),
    clear: () => clear(database, chainId),
  }
}

async function writeChain(database: Database, profile: ChainProfile, startBlock: number): Promise<void> {
  const { id, name, stack, ordering, nativeSymbol } = profile
  await database.query(
    `insert into chains (chain_id, name, stack, ordering, native_symbol) values ($1, $2, $3, $4, $5)
     on conflict (chain_id) do update set name = $2, stack = $3, ordering = $4, native_symbol = $5`,
    [id, name, stack, ordering, nativeSymbol],
  )
  await database.query(
    `insert into cursors (chain_id, start_block, block_number) values ($1, $2, $3) on conflict (chain_id) do nothing`,
    [id, startBlock, startBlock - 1],
  )
}

async function readCursor(database: Database, chainId: number): Promise<Cursor> {
  const [row] = await database.query('select * from cursors where chain_id = $1', [chainId])
  return {
    startBlock: Number(row!.start_block),
    number: Number(row!.block_number),
    hash: row!.block_hash === null ? null : toHex(row!.block_hash),
  }
}

async function readUsedLegs(database: Database, chainId: number, after: number) {
  const rows = await database.query(
    `select block_number, log_index from mev_legs join mev_bundles using (chain_id)
     where chain_id = $1 and bundle_id = id and block_number > $2 and kind = 'SANDWICH' and role in ('FRONT', 'BACK')
     order by block_number, log_index`,
    [chainId, after],
  )
  return rows.map(({ block_number, log_index }) => ({ blockNumber: Number(block_number), logIndex: Number(log_index) }))
}

async function readRecords(database: Database, chainId: number): Promise<[Address, { won: number; lost: number }][]> {
  const rows = await database.query(
    `select searcher_address, count(*) as all, count(score_parts->>'gross-negative') as lost
     from mev_bundles where chain_id = $1 and kind = 'SANDWICH' group by searcher_address`,
    [chainId],
  )
  return rows.map(({ searcher_address, all, lost }) => [
    toHex(searcher_address),
    { won: Number(all) - Number(lost), lost: Number(lost) },
  ])
}

async function readSingleSwaps(database: Database, chainId: number, after: number, last: number) {
  const rows = await database.query(
    `select block_number, trader_address, transaction_hash from swaps
     where chain_id = $1 and block_number > $2 and block_number <= $3 and (block_number, transaction_index) not in (
       select block_number, transaction_index from mev_legs join mev_bundles using (chain_id)
       where chain_id = $1 and bundle_id = id and block_number > $2 and kind = 'SANDWICH' and role in ('FRONT', 'BACK')
         and not score_parts ? 'gross-negative'
     )
     group by block_number, transaction_index, trader_address, transaction_hash
     having count(*) = 1 order by block_number, transaction_index`,
    [chainId, after, last],
  )
  return rows.map(({ block_number, trader_address, transaction_hash }) => ({
    blockNumber: Number(block_number),
    from: toHex(trader_address),
    transactionHash: toHex(transaction_hash),
  }))
}

async function readContractCalls(database: Database, chainId: number, after: number, last: number) {
  const inRange = 'chain_id = $1 and block_number > $2 and block_number <= $3'
  const rows = await database.query(
    `select block_number, to_address, from_address from transactions
     where ${inRange} and to_address <> from_address and (block_number, transaction_index) in (
       select block_number, transaction_index from swaps where ${inRange}
       union all select block_number, transaction_index from liquidity_changes where ${inRange}
     )
     order by block_number, transaction_index`,
    [chainId, after, last],
  )
  return rows.map(({ block_number, to_address, from_address }) => ({
    blockNumber: Number(block_number),
    contract: toHex(to_address),
    from: toHex(from_address),
  }))
}

async function readSearchers(database: Database, chainId: number, after: number): Promise<[Address, number][]> {
  const rows = await database.query(
    `select searcher_address, max(decided_block) as block from mev_bundles
     where chain_id = $1 and decided_block > $2 and kind not in ('FRONTRUN', 'PROBE')
       and not score_parts ? 'gross-negative'
     group by searcher_address order by searcher_address`,
    [chainId, after],
  )
  return rows.map(({ searcher_address, block }) => [toHex(searcher_address), Number(block)])
}

async function readHashes(database: Database, chainId: number, from: number, to: number): Promise<(Hex | null)[]> {
  const rows = await database.query(
    'select number, hash from blocks where chain_id = $1 and number between $2 and $3',
    [chainId, from, to],
  )
  const hashes = new Map(rows.map(({ number, hash }) => [Number(number), toHex(hash)]))
  return Array.from({ length: to - from + 1 }, (_, offset) => hashes.get(from + offset) ?? null)
}

async function readFinal(database: Database, chainId: number): Promise<BlockId | null> {
  const [row] = await database.query('select block_number, block_hash from finality where chain_id = $1', [chainId])
  return row === undefined ? null : { number: Number(row.block_number), hash: toHex(row.block_hash) }
}

/** The cursor is held meanwhile, so that the block is not just being removed. */
async function writeFinal(database: Database, chainId: number, { number, hash }: BlockId): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.query('select 1 from cursors where chain_id = $1 for key share', [chainId])
    await transaction.query(
      `insert into finality select chain_id, number, hash, now() from blocks
       where chain_id = $1 and number = $2 and hash = $3
       on conflict (chain_id) do update set
         block_number = excluded.block_number, block_hash = excluded.block_hash, observed_at = excluded.observed_at
       where finality.block_number < excluded.block_number`,
      [chainId, number, Buffer.from(hash.slice(2), 'hex')],
    )
  })
}

async function writeStep(database: Database, chainId: number, after: number, rows: StepRows): Promise<void> {
  const last = rows.blocks.at(-1)!
  try {
    await database.bulkInsert(moveCursor(chainId, after, last.number, last.hash), encodeRows(chainId, rows))
  } catch (error) {
    if ((error as { code?: string }).code === DIVISION_BY_ZERO) throw new CursorMovedError(chainId, after)
    throw error
  }
}

const DIVISION_BY_ZERO = '22012'

/** Statement that moves the cursor, and fails with a division by zero unless it stands at `from`. */
function moveCursor(chainId: number, from: number, to: number, hash: Hex | null): string {
  const value = hash === null ? 'null' : `'${toParameter(hash)}'`
  return `with moved as (
    update cursors set block_number = ${to}, block_hash = ${value}
    where chain_id = ${chainId} and block_number = ${from} returning 1
  ) select 1 / count(*) from moved`
}

/** Where each table keeps the block that a row belongs to; rows of pools and tokens belong to the block that first shows them. */
const BLOCK_COLUMN = {
  blocks: 'number',
  transactions: 'block_number',
  tokens: 'first_seen_block',
  token_prices: 'block_number',
  pools: 'first_seen_block',
  pool_tokens: 'first_seen_block',
  pool_states: 'block_number',
  pool_ticks: 'block_number',
  swaps: 'block_number',
  liquidity_changes: 'block_number',
  liquidations: 'block_number',
  undecoded_logs: 'block_number',
  mev_bundles: 'decided_block',
  mev_legs: 'decided_block',
  mev_victims: 'decided_block',
  mev_profits: 'decided_block',
  mev_controls: 'block_number',
  intents: 'block_number',
  swap_tags: 'block_number',
  settled_tags: 'decided_block',
  metaorders: 'decided_block',
  traders: 'decided_block',
  flow_buckets: 'decided_block',
}

async function deleteAbove(database: Database, chainId: number, keep: number): Promise<void> {
  await database.transaction(async (transaction) => {
    const [cursor] = await transaction.query('select block_number from cursors where chain_id = $1 for update', [
      chainId,
    ])
    const [final] = await transaction.query('select block_number from finality where chain_id = $1', [chainId])
    if (final !== undefined && keep < Number(final.block_number)) {
      throw new FinalRowsError(chainId, keep, Number(final.block_number))
    }
    for (const [table, column] of Object.entries(BLOCK_COLUMN)) {
      await transaction.query(`delete from ${table} where chain_id = $1 and ${column} > $2`, [chainId, keep])
    }
    await deleteBatchesAbove(transaction, chainId, keep)
    await reopenRequestsAbove(transaction, chainId, keep)
    await reopenPendingAbove(transaction, chainId, keep)
    const [block] = await transaction.query('select hash from blocks where chain_id = $1 and number = $2', [
      chainId,
      keep,
    ])
    const hash = block ? toHex(block.hash) : null
    await transaction.query(moveCursor(chainId, Number(cursor!.block_number), keep, hash))
  })
}

async function clear(database: Database, chainId: number): Promise<void> {
  await database.transaction(async (transaction) => {
    for (const table of [...Object.keys(BLOCK_COLUMN), 'batches', 'priority_requests', ...liveTables]) {
      await transaction.query(`delete from ${table} where chain_id = $1`, [chainId])
    }
    await transaction.query(
      'update cursors set block_number = start_block - 1, block_hash = null where chain_id = $1',
      [chainId],
    )
  })
}
