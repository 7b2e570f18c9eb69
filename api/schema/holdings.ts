import { GraphQLFloat, GraphQLList, GraphQLNonNull, GraphQLObjectType } from 'graphql'
import type { Row } from '../../db/database.ts'
import { EVERY_ROW, type Filter } from '../../db/queries/filter.ts'
import { tokenPrices, tokens } from '../../db/schema/tokens.ts'
import { listHoldings } from '../../indexer/derive/holdings.ts'
import type { EntityTypes, ExtraField } from '../builder/entity.ts'
import { loadRow } from '../builder/load.ts'
import { Address, BigIntScalar } from '../builder/scalars.ts'
import type { ApiContext } from '../context.ts'
import type { FindCurve } from './quote.ts'

type Holding = { chainId: unknown; tokenAddress: string; amount: bigint; valueUsd: number | null }

/** What reading the holdings of one pool counts in the limit of a query; it may read all its ticks. */
const HOLDINGS_ROWS = 100

/** `Pool.holdings` and `Pool.tvlUsd`. */
export function holdingsFields(
  types: EntityTypes,
  args: NonNullable<ExtraField['args']>,
  findCurve: FindCurve,
): Record<string, ExtraField> {
  return {
    holdings: {
      type: new GraphQLList(new GraphQLNonNull(holdingType(types))),
      description:
        'What the liquidity of the pool is made of at the end of a block, by position: reserves or balances; for a pool with ticks what all its positions would get, without the fees they are owed. Null when the state does not tell.',
      extensions: { rows: HOLDINGS_ROWS },
      args,
      resolve: (pool, { block }, context) => findHoldings(context, pool, block, findCurve),
    },
    tvlUsd: {
      type: GraphQLFloat,
      description:
        'Value of the holdings in US dollars at the end of a block, at the prices of that block. Null when they are not known, or one of them has no price.',
      extensions: { rows: HOLDINGS_ROWS },
      args,
      resolve: async (pool, { block }, context) => {
        const holdings = await findHoldings(context, pool, block, findCurve)
        const values = holdings?.map(({ valueUsd }) => valueUsd) ?? [null]
        return values.reduce((sum, value) => (sum === null || value === null ? null : sum + value), 0)
      },
    },
  }
}

function holdingType(types: EntityTypes): GraphQLObjectType {
  return new GraphQLObjectType<Holding, ApiContext>({
    name: 'PoolHolding',
    description: 'What the liquidity of a pool holds of one token.',
    fields: {
      tokenAddress: { type: new GraphQLNonNull(Address), description: 'The token.' },
      token: {
        type: types('Token'),
        description: 'The token; null when it is not stored.',
        resolve: (holding, _, context) =>
          loadRow(context, { table: tokens, link: [{ address: 'tokenAddress' }] }, holding),
      },
      amount: { type: new GraphQLNonNull(BigIntScalar), description: 'In base units.' },
      valueUsd: {
        type: GraphQLFloat,
        description: 'In US dollars, at the price of that block; null without a price or decimals.',
      },
    },
  })
}

async function findHoldings(
  context: ApiContext,
  row: Row,
  block: unknown,
  findCurve: FindCurve,
): Promise<Holding[] | null> {
  const found = await findCurve(context, row, block)
  const amounts = found === null ? null : listHoldings(found.pool, found.state)
  if (found === null || amounts === null) return null
  const filter: Filter =
    typeof block === 'number' ? { column: 'blockNumber', operator: 'lte', value: block } : EVERY_ROW
  return Promise.all(
    amounts.map(async (amount, position) => {
      const tokenAddress = found.pool.tokens[position]!
      const parent = { chainId: row.chainId, tokenAddress }
      const price = await loadRow(
        context,
        { table: tokenPrices, link: [{ tokenAddress: 'tokenAddress' }] },
        parent,
        filter,
      )
      return { ...parent, amount, valueUsd: worthOf(amount, found.decimals.get(tokenAddress) ?? null, price) }
    }),
  )
}

function worthOf(amount: bigint, decimals: number | null, price: Row | null): number | null {
  if (amount === 0n) return 0
  if (decimals === null || typeof price?.priceUsd !== 'number') return null
  return (Number(amount) / 10 ** decimals) * price.priceUsd
}
