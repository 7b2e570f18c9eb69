import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytes, count, documented, instant } from './columns.ts'

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

/** Up to where each chain can no longer change, as far as it was seen. */
export const finality = pgTable(
  'finality',
  {
    chainId: count('chain_id').notNull(),
    blockNumber: count('block_number').notNull(),
    blockHash: bytes('block_hash').notNull(),
    observedAt: instant('observed_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.chainId] })],
)

/** How far the L1 below each chain has been read. */
export const l1Cursors = pgTable(
  'l1_cursors',
  {
    chainId: count('chain_id').notNull(),
    l1ChainId: count('l1_chain_id').notNull(),
    diamondAddress: bytes('diamond_address').notNull(),
    startBlock: count('start_block').notNull(),
    blockNumber: count('block_number').notNull(),
  },
  (t) => [primaryKey({ columns: [t.chainId] })],
)

/** Documentation of `chains`. */
export const chainsDocs = documented(chains, 'One chain indexed into this database. Key: chain_id.', {
  chainId: 'Chain id. Source: eth_chainId.',
  name: 'Name of the chain profile, kebab-case; chain-<id> for a chain without a profile.',
  stack: 'Server software that produces the blocks: era, zksync-os or evm. Source: asked of the endpoint at the start.',
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

/** Documentation of `finality`. */
export const finalityDocs = documented(
  finality,
  'Up to where one chain was seen to be final; only grows, and depends on when it was looked at. Key: chain_id.',
  {
    chainId: 'Chain id.',
    blockNumber: 'Last stored block that the chain called final; nothing up to it is ever removed.',
    blockHash: 'Hash of that block, the stored and the served one alike.',
    observedAt: 'When that was seen, by the clock of this machine.',
  },
)

/** Documentation of `l1_cursors`. */
export const l1CursorsDocs = documented(
  l1Cursors,
  'How far the L1 of one chain has been read for good; later L1 blocks are read again until they are final. Key: chain_id.',
  {
    chainId: 'Chain id of the L2.',
    l1ChainId: 'Chain id of its L1.',
    diamondAddress: "The chain's contract on L1, whose events are read.",
    startBlock: 'First L1 block that is read.',
    blockNumber: 'Last final L1 block whose events are stored; start_block - 1 when there is none yet.',
  },
)
