import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytes, count, documented } from './columns.ts'

/** Chains that have been indexed into this database. */
export const chains = pgTable(
  'chains',
  {
    chainId: count('chain_id').notNull(),
    name: text('name').notNull(),
    stack: text('stack').notNull(),
    ordering: text('ordering').notNull(),
    nativeSymbol: text('native_symbol').notNull(),
  },
  (t) => [primaryKey({ columns: [t.chainId] })],
)

/** How far each chain has been read. */
export const cursors = pgTable(
  'cursors',
  {
    chainId: count('chain_id').notNull(),
    startBlock: count('start_block').notNull(),
    blockNumber: count('block_number').notNull(),
    blockHash: bytes('block_hash'),
  },
  (t) => [primaryKey({ columns: [t.chainId] })],
)

/** Documentation of `chains`. */
export const chainsDocs = documented(chains, 'One chain indexed into this database. Key: chain_id.', {
  chainId: 'Chain id. Source: eth_chainId.',
  name: 'Name of the chain profile, kebab-case; chain-<id> for a chain without a profile.',
  stack: 'Server software that produces the blocks: era, zksync-os or evm. Source: chain profile.',
  ordering:
    'Ordering policy of the block producer: fifo (first come first served) or tip (by priority fee). Source: chain profile.',
  nativeSymbol: 'Symbol of the base token that pays for gas. Source: chain profile.',
})

/** Documentation of `cursors`. */
export const cursorsDocs = documented(
  cursors,
  'How far one chain has been read; written in the same transaction as the rows it stands for. Key: chain_id.',
  {
    chainId: 'Chain id.',
    startBlock: 'First block that is indexed; rows of earlier blocks are never stored.',
    blockNumber: 'Last block whose rows are committed; start_block - 1 when there is none yet.',
    blockHash: 'Hash of that block; null when there is none yet.',
  },
)
