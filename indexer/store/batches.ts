import type { Database, Row, Transaction } from '../../db/database.ts'
import type { Batch, BatchStatus, BatchStep } from '../types/batch.ts'
import { toInstant } from './instant.ts'
import { toHex, toParameter } from './load.ts'

/** The stored batches as a whole. */
export type BatchSummary = {
  /** The last stored batch; null when there is none. */
  last: { number: number; lastBlock: number; status: BatchStatus } | null
  /** The last executed batch; null when none is. */
  executed: { number: number; lastBlock: number } | null
}

/**
 * Batches that may still change, by number ascending: those that are not final, and those whose transactions can be counted
 * once more is known of the requests, as all their blocks are stored.
 */
export async function readOpenBatches(database: Database, chainId: number): Promise<Batch[]> {
  const rows = await database.query(READ_OPEN, [chainId])
  return rows.map(toBatch)
}

/** How far the stored batches reach. */
export async function readBatchSummary(database: Database, chainId: number): Promise<BatchSummary> {
  const rows = await database.query(READ_SUMMARY, [chainId])
  const [last, executed] = ['last', 'executed'].map((what) => {
    const row = rows.find((each) => each.what === what)
    return row ? { number: Number(row.number), lastBlock: Number(row.last_block), status: row.status } : null
  })
  return { last, executed } as BatchSummary
}

/** The last batch whose execution stands on L1 up to block `l1Block`; 0 when none does. */
export async function readExecutedBatch(database: Database, chainId: number, l1Block: number): Promise<number> {
  const [row] = await database.query(
    'select max(number) as number from batches where chain_id = $1 and execute_l1_block <= $2',
    [chainId, l1Block],
  )
  return Number(row!.number ?? 0)
}

/** Last block of a stored batch; null when it is not stored. */
export async function readLastBlock(database: Database, chainId: number, batch: number): Promise<number | null> {
  const [row] = await database.query('select last_block from batches where chain_id = $1 and number = $2', [
    chainId,
    batch,
  ])
  return row ? Number(row.last_block) : null
}

/** Inserts batches, or replaces those that are stored with their numbers. */
export async function writeBatches(
  transaction: Transaction,
  chainId: number,
  batches: readonly Batch[],
): Promise<void> {
  for (let start = 0; start < batches.length; start += STATEMENT_ROWS) {
    const records = batches.slice(start, start + STATEMENT_ROWS).map(toRecord)
    await transaction.query(WRITE, [chainId, JSON.stringify(records)])
  }
}

/** Removes batches by their numbers. */
export async function deleteBatches(
  transaction: Transaction,
  chainId: number,
  numbers: readonly number[],
): Promise<void> {
  if (numbers.length === 0) return
  await transaction.query(
    'delete from batches where chain_id = $1 and number in (select value::bigint from json_array_elements_text($2::json))',
    [chainId, JSON.stringify(numbers)],
  )
}

/**
 * Removes the batches that hold a block above `keep`. L1 is read again from where it committed the first of them: the blocks
 * may be the same again after a while. Runs in the transaction that removes these blocks.
 */
export async function deleteBatchesAbove(transaction: Transaction, chainId: number, keep: number): Promise<void> {
  await transaction.query(
    `with removed as (
       delete from batches where chain_id = $1 and last_block > $2 returning commit_l1_block
     )
     update l1_cursors set block_number = least(block_number, (select min(commit_l1_block) - 1 from removed))
     where chain_id = $1`,
    [chainId, keep],
  )
}

/** Transactions of a batch: those that came from L1, and all others; both null when not known. */
export type TransactionCounts = { fromL1: number | null; others: number | null }

/**
 * Counts the transactions of the blocks of a batch. Not known when not all the blocks are stored, or when a request is still
 * open that stands in the queue between the last one that ran before the batch and the last one that ran in it: L2 runs
 * requests in their order, so it ran there or shortly before.
 */
export async function countTransactions(
  database: Database,
  chainId: number,
  firstBlock: number,
  lastBlock: number,
): Promise<TransactionCounts> {
  const [row] = await database.query(COUNT, [chainId, firstBlock, lastBlock])
  const { blocks, transactions, requests, open } = row!
  if (Number(blocks) !== lastBlock - firstBlock + 1 || Number(open) > 0) return { fromL1: null, others: null }
  return { fromL1: Number(requests), others: Number(transactions) - Number(requests) }
}

/** Unix seconds of a stored block; null when it is not stored. */
export async function readTimestamp(database: Database, chainId: number, block: number): Promise<number | null> {
  const [row] = await database.query('select timestamp from blocks where chain_id = $1 and number = $2', [
    chainId,
    block,
  ])
  return row ? Number(row.timestamp) : null
}

const STATEMENT_ROWS = 500

const COLUMNS = {
  number: 'bigint',
  first_block: 'bigint',
  last_block: 'bigint',
  status: 'text',
  timestamp: 'bigint',
  l1_transaction_count: 'integer',
  l2_transaction_count: 'integer',
  root_hash: 'bytea',
  commitment: 'bytea',
  commit_transaction_hash: 'bytea',
  commit_l1_block: 'bigint',
  committed_at: 'timestamptz',
  prove_transaction_hash: 'bytea',
  prove_l1_block: 'bigint',
  proven_at: 'timestamptz',
  execute_transaction_hash: 'bytea',
  execute_l1_block: 'bigint',
  executed_at: 'timestamptz',
  settlement_chain_id: 'bigint',
  l1_gas_price: 'numeric',
  l2_fair_gas_price: 'numeric',
  fair_pubdata_price: 'numeric',
  source: 'text',
} as const

const NAMES = Object.keys(COLUMNS)

const WRITE = `
  insert into batches (chain_id, sealed_timestamp, ${NAMES.join(', ')})
  select $1::bigint, (select timestamp from blocks where chain_id = $1 and number = told.last_block),
    ${NAMES.map((name) => `told.${name}`).join(', ')}
  from json_to_recordset($2::json) as told(${Object.entries(COLUMNS)
    .map((column) => column.join(' '))
    .join(', ')})
  on conflict (chain_id, number) do update set sealed_timestamp = excluded.sealed_timestamp, ${NAMES.map((name) => `${name} = excluded.${name}`).join(', ')}`

const INSTANTS = ['committed_at', 'proven_at', 'executed_at']

const READ_OPEN = `
  select *, ${INSTANTS.map((name) => `(extract(epoch from ${name}) * 1000000)::bigint as ${name}_us`).join(', ')}
  from batches where chain_id = $1 and (status <> 'final' or l1_transaction_count is null)
    and (status <> 'final' or first_block >= (select start_block from cursors where chain_id = $1))
  order by number`

const READ_SUMMARY = `
  (select 'last' as what, number, last_block, status from batches where chain_id = $1 order by number desc limit 1)
  union all
  (select 'executed', number, last_block, status from batches where chain_id = $1 and status in ('executed', 'final')
   order by number desc limit 1)`

const COUNT = `
  with ran as (
    select count(*) as requests, max(serial_id) as last_serial_id
    from priority_requests where chain_id = $1 and block_number between $2 and $3
  ), before as (
    select max(serial_id) as last_serial_id from priority_requests where chain_id = $1 and block_number = (
      select max(block_number) from priority_requests where chain_id = $1 and block_number < $2
    )
  ), held as (
    select count(*) as blocks, coalesce(sum(transaction_count), 0) as transactions
    from blocks where chain_id = $1 and number between $2 and $3
  )
  select blocks, transactions, requests, (
    select count(*) from priority_requests where chain_id = $1 and status = 'pending'
      and serial_id > coalesce(before.last_serial_id, -1) and serial_id < ran.last_serial_id
  ) as open
  from ran, before, held`

function toRecord(batch: Batch): Record<keyof typeof COLUMNS, string | number | null> {
  const { commit, prove, execute } = batch
  return {
    ...{ number: batch.number, first_block: batch.firstBlock, last_block: batch.lastBlock },
    ...{ status: batch.status, timestamp: batch.timestamp },
    l1_transaction_count: batch.l1TransactionCount,
    l2_transaction_count: batch.l2TransactionCount,
    root_hash: batch.rootHash && toParameter(batch.rootHash),
    commitment: batch.commitment && toParameter(batch.commitment),
    commit_transaction_hash: commit && toParameter(commit.transactionHash),
    commit_l1_block: commit?.l1Block ?? null,
    committed_at: toTime(commit),
    prove_transaction_hash: prove && toParameter(prove.transactionHash),
    prove_l1_block: prove?.l1Block ?? null,
    proven_at: toTime(prove),
    execute_transaction_hash: execute && toParameter(execute.transactionHash),
    execute_l1_block: execute?.l1Block ?? null,
    executed_at: toTime(execute),
    settlement_chain_id: batch.settlementChainId,
    l1_gas_price: batch.l1GasPrice?.toString() ?? null,
    l2_fair_gas_price: batch.l2FairGasPrice?.toString() ?? null,
    fair_pubdata_price: batch.fairPubdataPrice?.toString() ?? null,
    source: batch.source,
  }
}

function toTime(step: BatchStep | null): string | null {
  return step === null || step.at === null ? null : toInstant(step.at)
}

function toBatch(row: Row): Batch {
  const number = (name: string) => (row[name] === null ? null : Number(row[name]))
  const hash = (name: string) => (row[name] === null ? null : toHex(row[name]))
  const price = (name: string) => (row[name] === null ? null : BigInt(row[name] as string))
  const step = (name: string, time: string): BatchStep | null => {
    const transactionHash = hash(`${name}_transaction_hash`)
    return transactionHash && { transactionHash, l1Block: number(`${name}_l1_block`), at: number(`${time}_us`) }
  }
  return {
    number: Number(row.number),
    firstBlock: Number(row.first_block),
    lastBlock: Number(row.last_block),
    status: row.status as BatchStatus,
    timestamp: Number(row.timestamp),
    l1TransactionCount: number('l1_transaction_count'),
    l2TransactionCount: number('l2_transaction_count'),
    rootHash: hash('root_hash'),
    commitment: hash('commitment'),
    commit: step('commit', 'committed_at'),
    prove: step('prove', 'proven_at'),
    execute: step('execute', 'executed_at'),
    settlementChainId: number('settlement_chain_id'),
    l1GasPrice: price('l1_gas_price'),
    l2FairGasPrice: price('l2_fair_gas_price'),
    fairPubdataPrice: price('fair_pubdata_price'),
    source: row.source as Batch['source'],
  }
}
