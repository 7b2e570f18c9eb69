import { GraphQLFloat } from 'graphql'
import type { Row } from '../../db/database.ts'
import { poolStatesDocs, poolTicksDocs } from '../../db/schema/poolStates.ts'
import { pools } from '../../db/schema/pools.ts'
import { type Entity, toOne } from '../builder/entity.ts'
import { loadRow } from '../builder/load.ts'
import type { ApiContext } from '../context.ts'
import { loadCurve } from './quote.ts'

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
  const row = await loadRow(context, { table: pools, link: [{ address: 'poolAddress' }] }, state)
  if (!row) return null
  // Of the ticks only the current price is needed.
  const { curve, pool, decimals } = await loadCurve(context, { ...row, stateOrigin: 'events' }, state, null)
  const [decimals0, decimals1] = pool.tokens.map((token) => decimals.get(token) ?? null)
  const ratio = curve?.spotPrice(0, 1) ?? null
  if (ratio === null || decimals0 == null || decimals1 == null) return null
  const price = (Number(ratio.numerator) / Number(ratio.denominator)) * 10 ** (decimals0 - decimals1)
  return Number.isFinite(price) && price > 0 ? price : null
}
