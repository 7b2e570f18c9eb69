import { GraphQLFloat } from 'graphql'
import type { Row } from '../../db/database.ts'
import { poolStatesDocs, poolTicksDocs } from '../../db/schema/poolStates.ts'
import { pools } from '../../db/schema/pools.ts'
import { tokens } from '../../db/schema/tokens.ts'
import { type Entity, toOne } from '../builder/entity.ts'
import { loadRow } from '../builder/load.ts'
import type { ApiContext } from '../context.ts'

/** `PoolState`: the rows of `pool_states`. */
export const poolStateEntity: Entity = {
  name: 'PoolState',
  docs: poolStatesDocs,
  list: 'poolStates',
  defaultOrder: 'blockNumber',
  descending: true,
  one: {
    pool: toOne('Pool', 'address', 'poolAddress', 'The pool.'),
    block: toOne('Block', 'number', 'blockNumber', 'The block at whose end the state holds.'),
  },
  extra: () => ({
    price: {
      type: GraphQLFloat,
      description:
        'Marginal price for display: token1 for one token0 in whole tokens, without the fee; null when decimals, reserves or price are not known.',
      resolve: (state, _, context) => findPrice(context, state),
    },
  }),
}

/** `PoolTick`: the rows of `pool_ticks`. */
export const poolTickEntity: Entity = {
  name: 'PoolTick',
  docs: poolTicksDocs,
  defaultOrder: 'blockNumber',
  descending: true,
  one: {
    pool: toOne('Pool', 'address', 'poolAddress', 'The pool.'),
    block: toOne('Block', 'number', 'blockNumber', 'The block at whose end the values hold.'),
  },
}

async function findPrice(context: ApiContext, state: Row): Promise<number | null> {
  const pool = await loadRow(context, { table: pools, link: [{ address: 'poolAddress' }] }, state)
  if (!pool) return null
  const [token0, token1] = await Promise.all([
    loadRow(context, { table: tokens, link: [{ address: 'token0Address' }] }, pool),
    loadRow(context, { table: tokens, link: [{ address: 'token1Address' }] }, pool),
  ])
  if (typeof token0?.decimals !== 'number' || typeof token1?.decimals !== 'number') return null
  const ratio = baseUnitRatio(pool, state)
  const price = ratio === null ? null : ratio * 10 ** (token0.decimals - token1.decimals)
  return price !== null && Number.isFinite(price) && price > 0 ? price : null
}

/** token1 for one token0 in base units; null when the state does not tell. */
function baseUnitRatio(pool: Row, { reserve0, reserve1, sqrtPriceX96 }: Row): number | null {
  if (typeof sqrtPriceX96 === 'bigint') return (Number(sqrtPriceX96) / 2 ** 96) ** 2
  // Only where x * y = k is the ratio of the reserves the price.
  if (pool.family !== 'uniswap-v2' || typeof reserve0 !== 'bigint' || typeof reserve1 !== 'bigint') return null
  return Number(reserve1) / Number(reserve0)
}
