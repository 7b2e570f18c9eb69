import type { Database, Transaction } from '../../db/database.ts'
import { FlowprintError } from '../../db/errors.ts'
import type { Address, BlockId } from '../types/block.ts'
import { toHex } from './load.ts'

/** How far the L1 of a chain has been read for good. */
export type L1Cursor = { startBlock: number; number: number }

/** The stored rows rest on another contract on L1 than the one that is to be read. */
export class L1ChangedError extends FlowprintError {
  override name = 'L1ChangedError'
  constructor(location: string, stored: string, asked: string) {
    super(`${location} holds this chain with ${stored}, but now it would be ${asked}; use another database`)
  }
}

/**
 * How far the L1 of a chain has been read; null when it has not begun.
 * @throws L1ChangedError when another contract or another L1 was read.
 */
export async function readL1Cursor(
  database: Database,
  chainId: number,
  l1: { chainId: number; diamond: Address },
): Promise<L1Cursor | null> {
  const [row] = await database.query('select * from l1_cursors where chain_id = $1', [chainId])
  if (!row) return null
  const [stored, asked] = [
    `the contract ${toHex(row.diamond_address)} on L1 ${Number(row.l1_chain_id)}`,
    `${l1.diamond} on L1 ${l1.chainId}`,
  ]
  if (!stored.endsWith(asked)) throw new L1ChangedError(database.location, stored, asked)
  return { startBlock: Number(row.start_block), number: Number(row.block_number) }
}

/** Notes where reading begins; does nothing when it has begun. */
export async function startL1Cursor(
  database: Database,
  chainId: number,
  l1: { chainId: number; diamond: Address },
  startBlock: number,
): Promise<void> {
  await database.query(
    `insert into l1_cursors (chain_id, l1_chain_id, diamond_address, start_block, block_number)
     values ($1, $2, decode($3::text, 'hex'), $4, $5) on conflict (chain_id) do nothing`,
    [chainId, l1.chainId, l1.diamond.slice(2), startBlock, startBlock - 1],
  )
}

/**
 * Moves the cursor from `from` to `to`.
 * @returns false when it stood elsewhere: what was to be written with it rests on what is gone.
 */
export async function moveL1Cursor(
  transaction: Transaction,
  chainId: number,
  from: number,
  to: number,
): Promise<boolean> {
  const rows = await transaction.query(
    'update l1_cursors set block_number = $3 where chain_id = $1 and block_number = $2 returning 1',
    [chainId, from, to],
  )
  return rows.length === 1
}

/** Locks the blocks of the chain against removal until the transaction ends; the cursor may go on meanwhile. */
export async function lockChain(transaction: Transaction, chainId: number): Promise<void> {
  await transaction.query('select 1 from cursors where chain_id = $1 for key share', [chainId])
}

/**
 * As `lockChain`.
 * @param block a stored block.
 * @returns false when it is no longer stored: what was read on top of it is void.
 */
export async function holdBlock(transaction: Transaction, chainId: number, block: BlockId): Promise<boolean> {
  await lockChain(transaction, chainId)
  const rows = await transaction.query(
    `select 1 from blocks where chain_id = $1 and number = $2 and hash = decode($3::text, 'hex')`,
    [chainId, block.number, block.hash.slice(2)],
  )
  return rows.length === 1
}
