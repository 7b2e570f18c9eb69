import type { Database, Row, Transaction } from '../../db/database.ts'
import type { Address, Hex } from '../types/block.ts'
import type { SwapIntent } from '../types/intent.ts'
import type { PendingLoss, PendingPlace, PendingSighting } from '../types/pending.ts'
import { toInstant } from './instant.ts'
import { INTENT_COLUMNS, INTENT_TYPES, intentValues } from './intent.ts'
import { toHex, toParameter } from './load.ts'

/** A sighting with the swap its calldata asks for; the intent is null when it asks for none that is known. */
export type PendingRow = { sighting: PendingSighting; intent: SwapIntent | null }

/** What has become of the rows of an endpoint; the delay is null unless it was included after it was first seen. */
export type PendingSettled = {
  endpoint: string
  outcome: 'included' | 'replaced'
  inclusionDelayMicroseconds: number | null
}

/** A row without outcome. */
export type OpenPending = {
  hash: Hex
  endpoint: string
  firstSeenAt: number
  stream: PendingSighting['stream']
  /** Sender, nonce and type; null when the transaction could not be read. */
  account: { from: Address; nonce: bigint; type: number } | null
}

/** Where reading the open rows goes on: after the row of this time, hash and endpoint. */
export type OpenPosition = Pick<OpenPending, 'firstSeenAt' | 'hash' | 'endpoint'>

/** Transactions of these types come from L1 or from the chain itself; their nonce is not their sender's. */
const WITHOUT_ACCOUNT_NONCE: readonly number[] = [0x7d, 0x7e, 0x7f, 0xfe, 0xff]

/** True when the nonce of a transaction of this type is used up by another one of the same sender. */
export function hasAccountNonce(type: number): boolean {
  return !WITHOUT_ACCOUNT_NONCE.includes(type)
}

/**
 * Writes sightings. One that is stored already only gains what was null; one that was dropped is pending again, as its
 * endpoint tells of it.
 * @returns the rows that the database refuses for a value that fits no column.
 */
export async function writePending(
  database: Database,
  chainId: number,
  rows: readonly PendingRow[],
): Promise<PendingRow[]> {
  // One statement cannot touch a row twice.
  const unique = new Map(rows.map((row) => [`${row.sighting.hash} ${row.sighting.endpoint}`, row]))
  const refused: PendingRow[] = []
  for (const chunk of chunks([...unique.values()])) refused.push(...(await writeChunk(database, chainId, chunk)))
  return refused
}

/** In one statement, or one by one when a row spoils it for the others. */
async function writeChunk(database: Database, chainId: number, rows: readonly PendingRow[]): Promise<PendingRow[]> {
  try {
    await database.query(WRITE, [chainId, JSON.stringify(rows.map(toRecord))])
    return []
  } catch (error) {
    if (!DATA_EXCEPTION.test(String((error as { code?: string }).code))) throw error
    if (rows.length === 1) return [...rows]
    const refused: PendingRow[] = []
    for (const row of rows) refused.push(...(await writeChunk(database, chainId, [row])))
    return refused
  }
}

/** SQLSTATE class of a value that is out of range or none of its type. */
const DATA_EXCEPTION = /^22/

/**
 * Notes where transactions stand, as far as the stored chain holds those very blocks, and what they replace by it.
 * @returns what was settled by this; nothing for rows that were before.
 */
export async function settlePending(
  database: Database,
  chainId: number,
  places: readonly PendingPlace[],
): Promise<PendingSettled[]> {
  if (places.length === 0) return []
  return database.transaction(async (transaction) => {
    // A removal of blocks waits until this is committed, or this until that is; the cursor may go on meanwhile.
    await transaction.query('select from cursors where chain_id = $1 for key share', [chainId])
    const included = await transaction.query(SETTLE, [chainId, JSON.stringify(places.map(toPlaceRecord))])
    const nonces = included
      .filter(({ type }) => type !== null && hasAccountNonce(Number(type)))
      .map(({ hash, from_address, nonce }) => ({
        hash: toParameter(toHex(hash)),
        from_address: toParameter(toHex(from_address)),
        nonce: String(nonce),
      }))
    const replaced = nonces.length === 0 ? [] : await transaction.query(REPLACE, [chainId, JSON.stringify(nonces)])
    return [...included.map(toSettled('included')), ...replaced.map(toSettled('replaced'))]
  })
}

/** Ends rows that are still without outcome; returns those it ended. */
export async function losePending(
  database: Database,
  chainId: number,
  losses: readonly PendingLoss[],
): Promise<PendingLoss[]> {
  if (losses.length === 0) return []
  const records = losses.map(({ hash, endpoint, outcome }) => ({ hash: toParameter(hash), endpoint, outcome }))
  const ended = await database.query(LOSE, [chainId, JSON.stringify(records)])
  return ended.map(({ hash, endpoint, outcome }) => ({
    hash: toHex(hash),
    endpoint: String(endpoint),
    outcome: outcome as PendingLoss['outcome'],
  }))
}

/** Last block whose rows are committed; -1 when there is none. */
export async function readCommitted(database: Database, chainId: number): Promise<number> {
  const [row] = await database.query('select block_number from cursors where chain_id = $1', [chainId])
  return row === undefined ? -1 : Number(row.block_number)
}

/**
 * Rows without outcome that were first seen before a time, in the order they were seen, and how many rows have none.
 * @param after where to go on; null = from the oldest.
 * @param seenBefore Unix microseconds.
 */
export async function readOpenPending(
  database: Database,
  chainId: number,
  after: OpenPosition | null,
  seenBefore: number,
  limit: number,
): Promise<{ rows: OpenPending[]; total: number }> {
  const { firstSeenAt, hash, endpoint } = after ?? { firstSeenAt: 0, hash: '0x' as const, endpoint: '' }
  const rows = await database.query(READ_OPEN, [
    ...[chainId, toInstant(seenBefore), toInstant(firstSeenAt)],
    ...[hash.slice(2), endpoint, limit],
  ])
  return {
    rows: rows.filter((row) => row.hash !== null).map(toOpen),
    total: Number(rows[0]?.total ?? 0),
  }
}

/**
 * Makes rows pending again whose block is above `keep`, and those that were replaced by one of them. Runs in the
 * transaction that removes these blocks, after it has locked the cursor.
 */
export async function reopenPendingAbove(transaction: Transaction, chainId: number, keep: number): Promise<void> {
  await transaction.query(REOPEN, [chainId, keep])
}

/** Text of one statement; larger ones would hold up other work on the database. */
const STATEMENT_BYTES_MAX = 4 * 1024 * 1024
const STATEMENT_ROWS_MAX = 500

function chunks(rows: readonly PendingRow[]): PendingRow[][] {
  const parts: PendingRow[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const row of rows) {
    const size = row.sighting.body?.calldata?.length ?? 0
    if (bytes + size > STATEMENT_BYTES_MAX || parts.at(-1)!.length >= STATEMENT_ROWS_MAX) {
      parts.push([])
      bytes = 0
    }
    parts.at(-1)!.push(row)
    bytes += size
  }
  return parts
}

/** The columns that come with a sighting, with their types in SQL; all but the first four may be null. */
const COLUMNS: readonly (readonly [name: string, type: string])[] = [
  ['hash', 'bytea'],
  ['endpoint', 'text'],
  ['stream', 'text'],
  ['first_seen_at', 'timestamptz'],
  ['seen_unmined', 'boolean'],
  ['from_address', 'bytea'],
  ['to_address', 'bytea'],
  ['nonce', 'numeric'],
  ['value', 'numeric'],
  ['gas_limit', 'numeric'],
  ['max_fee_per_gas', 'numeric'],
  ['max_priority_fee_per_gas', 'numeric'],
  ['type', 'integer'],
  ['calldata', 'bytea'],
]
const ALL_COLUMNS = [...COLUMNS, ...Object.entries(INTENT_TYPES)]
const NAMES = ALL_COLUMNS.map(([name]) => name).join(', ')

const WRITE = `
  insert into pending_transactions as stored (chain_id, outcome, ${NAMES})
  select $1::bigint, 'pending', ${NAMES} from json_to_recordset($2::json) as told(${ALL_COLUMNS.map((column) => column.join(' ')).join(', ')})
  on conflict (chain_id, hash, endpoint) do update set
    outcome = case stored.outcome when 'dropped' then 'pending' else stored.outcome end,
    ${ALL_COLUMNS.slice(4)
      .map(([name]) => `${name} = coalesce(stored.${name}, excluded.${name})`)
      .join(', ')}`

const SETTLE = `
  update pending_transactions p set outcome = 'included', block_number = place.block_number,
    transaction_index = place.transaction_index, included_at = place.included_at,
    inclusion_delay_microseconds = case when place.included_at >= p.first_seen_at
      then (extract(epoch from place.included_at - p.first_seen_at) * 1000000)::bigint end
  from json_to_recordset($2::json) as place(
    hash bytea, block_number bigint, block_hash bytea, transaction_index bigint, included_at timestamptz)
  join blocks b on b.chain_id = $1 and b.number = place.block_number and b.hash = place.block_hash
  where p.chain_id = $1 and p.hash = place.hash and p.outcome <> 'included'
  returning p.hash, p.endpoint, p.from_address, p.nonce, p.type, p.inclusion_delay_microseconds`

const REPLACE = `
  update pending_transactions p set outcome = 'replaced'
  from json_to_recordset($2::json) as taken(hash bytea, from_address bytea, nonce numeric)
  where p.chain_id = $1 and p.outcome = 'pending' and p.type not in (${WITHOUT_ACCOUNT_NONCE.join(', ')})
    and p.from_address = taken.from_address and p.nonce = taken.nonce and p.hash <> taken.hash
  returning p.endpoint, null as inclusion_delay_microseconds`

const LOSE = `
  update pending_transactions p set outcome = lost.outcome
  from json_to_recordset($2::json) as lost(hash bytea, endpoint text, outcome text)
  where p.chain_id = $1 and p.hash = lost.hash and p.endpoint = lost.endpoint and p.outcome = 'pending'
  returning p.hash, p.endpoint, p.outcome`

// The open rows first: sorted by time, the planner might walk through all that were ever seen.
const READ_OPEN = `
  with open as materialized (select * from pending_transactions where chain_id = $1 and outcome = 'pending'),
  page as (
    select * from open
    where first_seen_at < $2::text::timestamptz
      and (first_seen_at, hash, endpoint) > ($3::text::timestamptz, decode($4::text, 'hex'), $5::text)
    order by first_seen_at, hash, endpoint limit $6
  )
  select total, hash, endpoint, stream, from_address, nonce, type,
    (extract(epoch from first_seen_at) * 1000000)::bigint as first_seen_microseconds
  from (select count(*) as total from open) counted left join page on true
  order by first_seen_at, hash, endpoint`

const REOPEN = `
  with reopened as (
    update pending_transactions set outcome = 'pending', block_number = null, transaction_index = null,
      included_at = null, inclusion_delay_microseconds = null
    where chain_id = $1 and block_number > $2
    returning from_address, nonce
  )
  update pending_transactions p set outcome = 'pending' from reopened
  where p.chain_id = $1 and p.outcome = 'replaced'
    and p.from_address = reopened.from_address and p.nonce = reopened.nonce`

function toRecord({ sighting, intent }: PendingRow): Record<string, unknown> {
  const { hash, endpoint, stream, firstSeenAt, seenUnmined, body } = sighting
  const values = intentValues(intent)
  return {
    ...{ hash: toParameter(hash), endpoint, stream, first_seen_at: toInstant(firstSeenAt), seen_unmined: seenUnmined },
    ...(body && {
      from_address: toParameter(body.from),
      to_address: body.to && toParameter(body.to),
      nonce: body.nonce.toString(),
      value: body.valueWei.toString(),
      gas_limit: body.gasLimit.toString(),
      max_fee_per_gas: body.maxFeePerGasWei.toString(),
      max_priority_fee_per_gas: body.maxPriorityFeePerGasWei?.toString() ?? null,
      type: body.type,
      calldata: body.calldata && toParameter(body.calldata),
    }),
    ...Object.fromEntries(INTENT_COLUMNS.map((name, index) => [name, values[index]])),
  }
}

function toPlaceRecord({ hash, blockNumber, blockHash, transactionIndex, includedAt }: PendingPlace) {
  return {
    ...{ hash: toParameter(hash), block_number: blockNumber, block_hash: toParameter(blockHash) },
    ...{ transaction_index: transactionIndex, included_at: includedAt === null ? null : toInstant(includedAt) },
  }
}

const toSettled =
  (outcome: PendingSettled['outcome']) =>
  ({ endpoint, inclusion_delay_microseconds: delay }: Row): PendingSettled => ({
    ...{ endpoint: String(endpoint), outcome },
    inclusionDelayMicroseconds: delay === null ? null : Number(delay),
  })

function toOpen({
  hash,
  endpoint,
  stream,
  first_seen_microseconds: seen,
  from_address,
  nonce,
  type,
}: Row): OpenPending {
  return {
    ...{ hash: toHex(hash), endpoint: String(endpoint), stream: stream as OpenPending['stream'] },
    firstSeenAt: Number(seen),
    account:
      from_address === null ? null : { from: toHex(from_address), nonce: BigInt(nonce as string), type: Number(type) },
  }
}
