import { doublePrecision, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
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

/** Prices of tokens in US dollars. */
export const tokenPrices = pgTable(
  'token_prices',
  {
    chainId: count('chain_id').notNull(),
    tokenAddress: bytes('token_address').notNull(),
    blockNumber: count('block_number').notNull(),
    priceUsd: doublePrecision('price_usd'),
    depthUsd: doublePrecision('depth_usd'),
    path: text('path'),
  },
  (t) => [
    primaryKey({ columns: [t.chainId, t.tokenAddress, t.blockNumber] }),
    index('token_prices_block').on(t.chainId, t.blockNumber),
  ],
)

/** Documentation of `tokens`. */
export const tokensDocs = documented(tokens, 'One token of a known pool or liquidation. Key: chain_id, address.', {
  chainId: 'Chain id.',
  address: 'Contract of the token; the zero address is the base token.',
  symbol:
    'Symbol, control characters removed; null when the contract gives none. Source: symbol() as string or bytes32.',
  name: 'Name, control characters removed; null when the contract gives none. Source: name() as string or bytes32.',
  decimals: 'Decimals, 0 to 255; null when the contract does not answer. Source: decimals().',
  firstSeenBlock: 'Block in which the first pool with this token was seen.',
})

/** Documentation of `token_prices`. */
export const tokenPricesDocs = documented(
  tokenPrices,
  'Price of one token in US dollars from the end of one block on; a row for each block after which it had moved by 0.1 % or came another way. The price at block n is the row with the largest block_number <= n. Key: chain_id, token_address, block_number.',
  {
    chainId: 'Chain id.',
    tokenAddress: 'Token; the base token and its wrapped form have the same prices, each under its own address.',
    blockNumber: 'Block from whose end on the price holds.',
    priceUsd:
      'US dollars for one whole token: the mean over paths of at most three pools to the stablecoins of the chain profile (one dollar each), weighted by depth; null when there is no path any more on which moving each pool by 2 % costs at least 1,000 US dollars.',
    depthUsd:
      'Sum over these paths of the least cost, in US dollars, of moving one of its pools by 2 %; null without a price, and for the stablecoins themselves.',
    path: 'Pools of the deepest path, from the token to the stablecoin, parted by spaces; empty for the stablecoins themselves, null without a price.',
  },
)
