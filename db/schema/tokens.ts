import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytes, count, documented } from './columns.ts'

/** ERC-20 tokens of the known pools. */
export const tokens = pgTable(
  'tokens',
  {
    chainId: count('chain_id').notNull(),
    address: bytes('address').notNull(),
    symbol: text('symbol'),
    name: text('name'),
    decimals: integer('decimals'),
    firstSeenBlock: count('first_seen_block').notNull(),
  },
  (t) => [primaryKey({ columns: [t.chainId, t.address] })],
)

/** Documentation of `tokens`. */
export const tokensDocs = documented(tokens, 'One token of a known pool. Key: chain_id, address.', {
  chainId: 'Chain id.',
  address: 'Contract of the token.',
  symbol:
    'Symbol, control characters removed; null when the contract gives none. Source: symbol() as string or bytes32.',
  name: 'Name, control characters removed; null when the contract gives none. Source: name() as string or bytes32.',
  decimals: 'Decimals, 0 to 255; null when the contract does not answer. Source: decimals().',
  firstSeenBlock: 'Block in which the first pool with this token was seen.',
})
