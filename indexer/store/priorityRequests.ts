import type { Database, Transaction } from '../../db/database.ts'
import type { Hex } from '../types/block.ts'
import type { SwapIntent } from '../types/intent.ts'
import type { PriorityRequest, RequestReceipt } from '../types/priority.ts'
import { INTENT_TYPES, intentValues } from './intent.ts'
import { toHex, toParameter } from './load.ts'

/** A request with the swap its calldata asks for; the intent is null when it asks for none that is known. */
export type RequestRow = { request: PriorityRequest; intent: SwapIntent | null }

/** A request that is in no indexed block yet. */
export type OpenRequest = { serialId: number; transactionHash: Hex }

/**
 * Makes the requests of the L1 blocks after `after` up to `upTo` (null = the end) those that are given: others that were
 * stored have vanished from L1.
 * A request keeps its inclusion, unless its serial id now belongs to another one.
 */
export async function replaceRequests(
  transaction: Transaction,
  chainId: number,
  { after, upTo }: { after: number; upTo: number | null },
  rows: readonly RequestRow[],
): Promise<void> {
  const serialIds = JSON.stringify(rows.map(({ request }) => request.serialId))
  await transaction.query(DELETE_VANISHED, [chainId, after, upTo ?? Number.MAX_SAFE_INTEGER, serialIds])
  for (let start = 0; start < rows.length; start += STATEMENT_ROWS) {
    const records = rows.slice(start, start + STATEMENT_ROWS).map(toRecord)
    await transaction.query(WRITE, [chainId, JSON.stringify(records)])
  }
}

/** Requests that wait for L2, in the order of the queue. */
export async function readOpenRequests(
  database: Database,
  chainId: number,
  after: number,
  limit: number,
): Promise<OpenRequest[]> {
  const rows = await database.query(READ_OPEN, [chainId, after, limit])
  return rows.map(({ serial_id, transaction_hash }) => ({
    serialId: Number(serial_id),
    transactionHash: toHex(transaction_hash),
  }))
}

/** Serial id of the last request that is known to have run; null when none is. */
export async function readLastRun(database: Database, chainId: number): Promise<number | null> {
  const [row] = await database.query(READ_LAST_RUN, [chainId])
  return row ? Number(row.serial_id) : null
}

/** A receipt with the time of its block in Unix seconds, which is needed for blocks before the first indexed one only. */
export type RequestOutcome = { receipt: RequestReceipt; timestamp: number | null }

/**
 * Notes where requests ran, as far as the stored chain holds those very blocks, or its first block comes after them.
 * @returns the number of those that were noted.
 */
export async function includeRequests(
  transaction: Transaction,
  chainId: number,
  outcomes: readonly RequestOutcome[],
): Promise<number> {
  if (outcomes.length === 0) return 0
  const records = outcomes.map(({ receipt, timestamp }) => ({
    transaction_hash: toParameter(receipt.transactionHash),
    block_number: receipt.blockNumber,
    block_hash: toParameter(receipt.blockHash),
    transaction_index: receipt.transactionIndex,
    status: receipt.succeeded ? 'succeeded' : 'failed',
    timestamp,
  }))
  const rows = await transaction.query(INCLUDE, [chainId, JSON.stringify(records)])
  return rows.length
}

/** Makes requests pending again that ran above block `keep`. Runs in the transaction that removes these blocks. */
export async function reopenRequestsAbove(transaction: Transaction, chainId: number, keep: number): Promise<void> {
  await transaction.query(
    `update priority_requests set status = 'pending', block_number = null, transaction_index = null, timestamp = null,
       visible_seconds = null
     where chain_id = $1 and block_number > $2`,
    [chainId, keep],
  )
}

/** Calldata can be large. */
const STATEMENT_ROWS = 200

const COLUMNS = {
  serial_id: 'bigint',
  transaction_hash: 'bytea',
  l1_block_number: 'bigint',
  l1_log_index: 'integer',
  l1_timestamp: 'bigint',
  l1_transaction_hash: 'bytea',
  l1_sender_address: 'bytea',
  from_address: 'bytea',
  to_address: 'bytea',
  value: 'numeric',
  gas_limit: 'numeric',
  gas_per_pubdata: 'numeric',
  max_fee_per_gas: 'numeric',
  to_mint: 'numeric',
  refund_recipient_address: 'bytea',
  expiration_timestamp: 'bigint',
  factory_dependency_count: 'integer',
  calldata: 'bytea',
  ...INTENT_TYPES,
} as const

const NAMES = Object.keys(COLUMNS)

/** The inclusion of what is stored stays with the transaction it belongs to. */
const kept = (column: string, otherwise: string) =>
  `case when stored.transaction_hash = excluded.transaction_hash then ${column} else ${otherwise} end`

const WRITE = `
  insert into priority_requests as stored (chain_id, status, ${NAMES.join(', ')})
  select $1::bigint, 'pending', ${NAMES.join(', ')}
  from json_to_recordset($2::json) as told(${Object.entries(COLUMNS)
    .map((column) => column.join(' '))
    .join(', ')})
  on conflict (chain_id, serial_id) do update set
    status = ${kept('stored.status', `'pending'`)},
    block_number = ${kept('stored.block_number', 'null')},
    transaction_index = ${kept('stored.transaction_index', 'null')},
    timestamp = ${kept('stored.timestamp', 'null')},
    visible_seconds = ${kept('stored.timestamp - excluded.l1_timestamp', 'null')},
    ${NAMES.map((name) => `${name} = excluded.${name}`).join(', ')}`

const DELETE_VANISHED = `
  delete from priority_requests where chain_id = $1 and l1_block_number > $2 and l1_block_number <= $3
    and serial_id not in (select value::bigint from json_array_elements_text($4::json))`

const READ_OPEN = `
  select serial_id, transaction_hash from priority_requests
  where chain_id = $1 and status = 'pending' and serial_id > $2 order by serial_id limit $3`

/** Only those that wait stand behind it in the key. */
const READ_LAST_RUN = `
  select serial_id from priority_requests where chain_id = $1 and status <> 'pending' order by serial_id desc limit 1`

const INCLUDE = `
  update priority_requests p set status = told.status, block_number = told.block_number,
    transaction_index = told.transaction_index, timestamp = coalesce(b.timestamp, told.timestamp),
    visible_seconds = coalesce(b.timestamp, told.timestamp) - p.l1_timestamp
  from json_to_recordset($2::json) as told(
    transaction_hash bytea, block_number bigint, block_hash bytea, transaction_index bigint, status text, timestamp bigint)
  left join blocks b on b.chain_id = $1 and b.number = told.block_number and b.hash = told.block_hash
  where p.chain_id = $1 and p.transaction_hash = told.transaction_hash and p.status = 'pending'
    and coalesce(b.timestamp, told.timestamp) is not null
  returning 1`

function toRecord({ request: r, intent }: RequestRow): Record<keyof typeof COLUMNS, string | number | null> {
  const values = intentValues(intent)
  const intentRecord = Object.fromEntries(Object.keys(INTENT_TYPES).map((name, index) => [name, values[index]!]))
  return {
    serial_id: r.serialId,
    transaction_hash: toParameter(r.transactionHash),
    ...{ l1_block_number: r.l1BlockNumber, l1_log_index: r.l1LogIndex, l1_timestamp: r.l1Timestamp },
    l1_transaction_hash: toParameter(r.l1TransactionHash),
    l1_sender_address: toParameter(r.l1Sender),
    from_address: toParameter(r.from),
    to_address: toParameter(r.to),
    ...{ value: r.valueWei.toString(), gas_limit: r.gasLimit.toString(), gas_per_pubdata: r.gasPerPubdata.toString() },
    ...{ max_fee_per_gas: r.maxFeePerGasWei.toString(), to_mint: r.toMintWei.toString() },
    refund_recipient_address: toParameter(r.refundRecipient),
    expiration_timestamp: r.expirationTimestamp,
    factory_dependency_count: r.factoryDependencyCount,
    calldata: toParameter(r.calldata),
    ...(intentRecord as Record<keyof typeof INTENT_TYPES, string | number | null>),
  }
}
