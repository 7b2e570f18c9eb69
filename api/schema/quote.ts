import { GraphQLFloat, GraphQLInt, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLString } from 'graphql'
import type { Row } from '../../db/database.ts'
import { listTicks } from '../../db/queries/ticks.ts'
import { blocks } from '../../db/schema/blocks.ts'
import { poolTokens } from '../../db/schema/pools.ts'
import { tokens } from '../../db/schema/tokens.ts'
import type { Curve, CurveQuote } from '../../indexer/derive/curve.ts'
import { type Depth, listDepth } from '../../indexer/derive/depth.ts'
import { rulesOf } from '../../indexer/derive/families/index.ts'
import { qualityOf } from '../../indexer/derive/replay.ts'
import { toPool, toPoolState } from '../../indexer/derive/stored.ts'
import type { Pool, PoolState, Quality } from '../../indexer/types/pool.ts'
import type { ExtraField } from '../builder/entity.ts'
import { loadPage } from '../builder/load.ts'
import { Address, BigIntScalar, Long } from '../builder/scalars.ts'
import type { ApiContext } from '../context.ts'
import { createError } from '../graphqlErrors.ts'

/** What a pool's curve says at the end of a block. */
export type PoolCurve = {
  pool: Pool
  state: PoolState
  decimals: ReadonlyMap<string, number | null>
  /** Null when the pool cannot be quoted. */
  curve: Curve | null
  quality: Quality
  /** Block that last changed the state. */
  blockNumber: number
}

const EVERYTHING = { filter: { all: [] }, bounds: [], limit: 64, fromEnd: false } as const

/**
 * The curve of a pool.
 * @param row of `pools`.
 * @param state of `pool_states`.
 * @param upTo block at whose end the ticks hold; null = the newest.
 */
export async function loadCurve(context: ApiContext, row: Row, state: Row, upTo: number | null): Promise<PoolCurve> {
  const order = { column: 'position', descending: false }
  const source = { table: poolTokens, link: [{ poolAddress: 'address' }] }
  const places = await loadPage(context, source, row, { ...EVERYTHING, order })
  const pool = toPool(
    row,
    places.map((place) => place.tokenAddress as Pool['address']),
  )
  const isTicked = state.sqrtPriceX96 !== null && pool.stateOrigin !== 'events'
  const [ticks, known, [block]] = await Promise.all([
    isTicked
      ? context.batch(`ticks ${upTo}`, row, ['address'], (pools) => listTicks(context.database, pools, upTo))
      : Promise.resolve(null),
    Promise.all(places.map((place) => loadDecimals(context, place))),
    loadPage(context, { table: blocks, link: [{ number: 'blockNumber' }] }, state, {
      ...{ ...EVERYTHING, limit: 1 },
      order: { column: 'number', descending: true },
    }),
  ])
  const decimals = new Map(known)
  const poolState = toPoolState(state, ticks)
  const timestamp = Number(block?.timestamp ?? 0)
  const curve = rulesOf(pool.family).curve(pool, poolState, (token) => decimals.get(token) ?? null, timestamp)
  const quality = qualityOf(curve, poolState)
  return { pool, state: poolState, decimals, curve, quality, blockNumber: Number(state.blockNumber) }
}

async function loadDecimals(context: ApiContext, place: Row): Promise<[string, number | null]> {
  const source = { table: tokens, link: [{ address: 'tokenAddress' }] }
  const order = { column: 'address', descending: false }
  const [token] = await loadPage(context, source, place, { ...EVERYTHING, limit: 1, order })
  return [place.tokenAddress as string, typeof token?.decimals === 'number' ? token.decimals : null]
}

type QuoteAnswer = CurveQuote & { curve: PoolCurve; tokenIn: number; tokenOut: number }

const required = <T extends typeof BigIntScalar>(type: T) => new GraphQLNonNull(type)

const quoteType = new GraphQLObjectType<QuoteAnswer, ApiContext>({
  name: 'PoolQuote',
  description: 'What a swap would give at the state of a pool.',
  fields: {
    amountIn: { type: required(BigIntScalar), description: 'Paid in, in base units, fee included.' },
    amountOut: { type: required(BigIntScalar), description: 'Coming out, in base units.' },
    price: {
      type: GraphQLFloat,
      description: 'Base units out for one base unit in, fee included; for display.',
      resolve: ({ amountIn, amountOut }) => Number(amountOut) / Number(amountIn),
    },
    spotPrice: {
      type: GraphQLFloat,
      description: 'Marginal price before the swap without the fee, base units out for one base unit in; for display.',
      resolve: ({ curve, tokenIn, tokenOut }) => toFloat(curve.curve!.spotPrice(tokenIn, tokenOut)),
    },
    priceImpactBps: {
      type: GraphQLFloat,
      description: 'How far the swap moves the marginal price, in basis points of it.',
      resolve: ({ curve, after, tokenIn, tokenOut }) => {
        const before = toFloat(curve.curve!.spotPrice(tokenIn, tokenOut))
        const moved = toFloat(after.spotPrice(tokenIn, tokenOut))
        return before === null || moved === null ? null : (1 - moved / before) * 10_000
      },
    },
    quality: {
      type: new GraphQLNonNull(GraphQLString),
      description: 'How far this can be trusted: exact, single-range, approximate.',
      resolve: ({ curve }) => curve.quality,
    },
    blockNumber: {
      type: new GraphQLNonNull(Long),
      description: 'Block that last changed the state of the pool.',
      resolve: ({ curve }) => curve.blockNumber,
    },
  },
})

type DepthAnswer = Depth & { tokenInAddress: string }

const depthType = new GraphQLObjectType<DepthAnswer, ApiContext>({
  name: 'PoolDepth',
  description: 'What it takes to move the price of a pool.',
  fields: {
    bps: {
      type: new GraphQLNonNull(GraphQLInt),
      description: 'How far the price of the token paid in falls, in basis points.',
    },
    tokenInAddress: { type: new GraphQLNonNull(Address), description: 'Token paid in.' },
    amountIn: {
      type: required(BigIntScalar),
      description: 'The most that can be paid in for it, in base units, fee included.',
    },
    amountOut: { type: required(BigIntScalar), description: 'What that gives, in base units.' },
  },
})

function toFloat(ratio: { numerator: bigint; denominator: bigint } | null): number | null {
  return ratio === null ? null : Number(ratio.numerator) / Number(ratio.denominator)
}

/** How the fields of a pool find its state: null where none is known at the block asked for. */
export type FindCurve = (context: ApiContext, pool: Row, block: unknown) => Promise<PoolCurve | null>

const MAX_UINT256 = 2n ** 256n - 1n

/** `Pool.quote`: an exact quote in either direction. */
export function quoteField(blockArgument: NonNullable<ExtraField['args']>, findCurve: FindCurve): ExtraField {
  return {
    type: quoteType,
    extensions: { rows: QUOTE_ROWS },
    description:
      'What a swap would give at the end of a block, exact to the digit where quality is exact: give amountIn or amountOut. Null when the pool cannot be quoted, or not for that amount.',
    args: {
      tokenIn: { type: new GraphQLNonNull(Address), description: 'Token paid in.' },
      tokenOut: { type: Address, description: 'Token coming out; may be left out for pools of two tokens.' },
      amountIn: { type: BigIntScalar, description: 'Exact amount paid in, in base units.' },
      amountOut: { type: BigIntScalar, description: 'Exact amount coming out, in base units.' },
      ...blockArgument,
    },
    resolve: async (row, { tokenIn, tokenOut, amountIn, amountOut, block }, context) => {
      const amount = readAmount(amountIn, amountOut)
      const found = await findCurve(context, row, block)
      if (found === null) return null
      const [first, second] = readSides(found.pool, tokenIn, tokenOut)
      const quote =
        typeof amountIn === 'bigint'
          ? found.curve?.quoteIn(first, second, amount)
          : found.curve?.quoteOut(first, second, amount)
      if (!quote) return null
      return {
        amountIn: quote.amountIn,
        amountOut: quote.amountOut,
        after: quote.after,
        curve: found,
        tokenIn: first,
        tokenOut: second,
      }
    },
  }
}

function readAmount(amountIn: unknown, amountOut: unknown): bigint {
  const given = [amountIn, amountOut].filter((amount) => typeof amount === 'bigint')
  const [amount] = given
  if (given.length !== 1 || amount === undefined) {
    throw createError('BAD_USER_INPUT', 'give either amountIn or amountOut')
  }
  if (amount <= 0n || amount > MAX_UINT256) {
    throw createError('BAD_USER_INPUT', `an amount must be from 1 to 2^256-1, not ${amount}`)
  }
  return amount
}

function readSides(pool: Pool, tokenIn: unknown, tokenOut: unknown): [number, number] {
  const first = pool.tokens.indexOf(tokenIn as Pool['address'])
  if (first < 0) throw createError('BAD_USER_INPUT', `${tokenIn} is no token of pool ${pool.address}`)
  if (typeof tokenOut !== 'string') {
    if (pool.tokens.length === 2) return [first, 1 - first]
    throw createError('BAD_USER_INPUT', `pool ${pool.address} has ${pool.tokens.length} tokens: give tokenOut`)
  }
  const second = pool.tokens.indexOf(tokenOut as Pool['address'])
  if (second < 0 || second === first) {
    throw createError('BAD_USER_INPUT', `${tokenOut} is no other token of pool ${pool.address}`)
  }
  return [first, second]
}

/** What finding the depth of one pool counts in the limit of a query: it tries hundreds of swaps. */
const DEPTH_ROWS = 400
/** What one quote counts; it may read all ticks of a pool. */
const QUOTE_ROWS = 100

/** `Pool.depth`: depth at ±10, 25, 50, 100, 200 bps. */
export function depthField(blockArgument: NonNullable<ExtraField['args']>, findCurve: FindCurve): ExtraField {
  return {
    type: new GraphQLList(new GraphQLNonNull(depthType)),
    description:
      'How much can be swapped before the marginal price moves by 10, 25, 50, 100 and 200 basis points, for the first two tokens and both directions: with token0 paid in its price falls, with token1 it rises. Null when the pool cannot be quoted.',
    extensions: { rows: DEPTH_ROWS },
    args: blockArgument,
    resolve: async (row, { block }, context) => {
      const found = await findCurve(context, row, block)
      if (found?.curve == null) return null
      const { pool, curve } = found
      return [0, 1].flatMap((tokenIn) =>
        listDepth(curve, tokenIn, 1 - tokenIn).map((depth) => ({ ...depth, tokenInAddress: pool.tokens[tokenIn]! })),
      )
    },
  }
}
