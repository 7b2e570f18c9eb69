import { EVERY_ROW, type Filter } from '../../db/queries/filter.ts'
import { tokenPrices, tokenPricesDocs, tokensDocs } from '../../db/schema/tokens.ts'
import { type Entity, toOne } from '../builder/entity.ts'
import { loadRow } from '../builder/load.ts'
import { Long } from '../builder/scalars.ts'

/** `Token`: the rows of `tokens`. */
export const tokenEntity: Entity = {
  name: 'Token',
  docs: tokensDocs,
  list: 'tokens',
  single: {
    field: 'token',
    by: [['address']],
    description: 'The token with an address; null when no known pool has it.',
  },
  defaultOrder: 'address',
  descending: false,
  many: {
    pools: {
      to: 'Pool',
      link: [{ token0Address: 'address' }, { token1Address: 'address' }],
      description: 'Pools that hold the token as their first or second one.',
    },
    poolTokens: {
      to: 'PoolToken',
      link: [{ tokenAddress: 'address' }],
      description: 'Places of the token in pools, those of more than two tokens included.',
    },
    prices: {
      to: 'TokenPrice',
      link: [{ tokenAddress: 'address' }],
      description: 'Prices of the token in US dollars, one for each block after which it had moved.',
    },
  },
  extra: (types) => ({
    price: {
      type: types('TokenPrice'),
      description:
        'Price in US dollars at the end of a block: the newest one at or before it; null when there was never one.',
      args: { block: { type: Long, description: 'Number of the block; the last indexed one unless given.' } },
      resolve: (token, { block }, context) => {
        const filter: Filter =
          typeof block === 'number' ? { column: 'blockNumber', operator: 'lte', value: block } : EVERY_ROW
        return loadRow(context, { table: tokenPrices, link: [{ tokenAddress: 'address' }] }, token, filter)
      },
    },
  }),
}

/** `TokenPrice`: the rows of `token_prices`. */
export const tokenPriceEntity: Entity = {
  name: 'TokenPrice',
  docs: tokenPricesDocs,
  list: 'tokenPrices',
  defaultOrder: 'blockNumber',
  descending: true,
  one: {
    token: toOne('Token', 'address', 'tokenAddress', 'The token.'),
    block: toOne('Block', 'number', 'blockNumber', 'The block from whose end on the price holds.'),
  },
}
