import {
  GraphQLBoolean,
  GraphQLEnumType,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLFieldConfigMap,
  GraphQLFloat,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLScalarType,
  GraphQLString,
} from 'graphql'
import type { Row } from '../../db/database.ts'
import {
  type BatchFlow,
  type FlowScope,
  listBatchFlow,
  listFlowBuckets,
  listFlowOfBatches,
  listHoursOfWeek,
  type RangeFlow,
  readBlockFlow,
  type Season,
  type TimeRange,
} from '../../db/queries/flow.ts'
import { flowBucketsDocs } from '../../db/schema/flow.ts'
import { apiColumns } from '../builder/columns.ts'
import type { ExtraField } from '../builder/entity.ts'
import { chainArgument, type RootFields } from '../builder/fields.ts'
import { Address, BigIntScalar, DateTime, Long } from '../builder/scalars.ts'
import { type ApiContext, findChain } from '../context.ts'
import { createError } from '../graphqlErrors.ts'

const BUCKETS_MAX = 2_000
const BATCHES_MAX = 200
const BLOCKS_MAX = 100_000
/** What the sums over the rows of a batch, or of a range of blocks, count in the limit of a query. */
const BATCH_ROWS = 10
const RANGE_ROWS = 2_000
const MICRO = 1e6

const required = (type: GraphQLScalarType | GraphQLObjectType) => new GraphQLNonNull(type)
const listOf = (type: GraphQLObjectType) => new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(type)))
const toUsd = (microUsd: unknown): number => Number(microUsd) / MICRO
const toInstant = (seconds: number): string => new Date(seconds * 1_000).toISOString().replace('.000Z', '.000000Z')

const intervalType = new GraphQLEnumType({
  name: 'FlowInterval',
  description: 'Length of a bucket; all are counted from midnight UTC.',
  values: {
    MINUTE: { value: 60, description: 'A minute.' },
    QUARTER: { value: 900, description: 'A quarter of an hour.' },
    HOUR: { value: 3_600, description: 'An hour.' },
    DAY: { value: 86_400, description: 'A day.' },
  },
})

const scopeArguments: GraphQLFieldConfigArgumentMap = {
  pool: { type: Address, description: 'One pool.' },
  base: { type: Address, description: 'With quote: all pools of two tokens, given in any order.' },
  quote: { type: Address, description: 'The other token.' },
}
const rangeArguments: GraphQLFieldConfigArgumentMap = {
  from: { type: new GraphQLNonNull(DateTime), description: 'From this moment on.' },
  to: { type: new GraphQLNonNull(DateTime), description: 'Before this moment.' },
}

function readScope({ pool, base, quote }: Row): FlowScope {
  const isGiven = (value: unknown) => value !== undefined && value !== null
  const text = (value: unknown) => String(value).toLowerCase()
  if (isGiven(pool) && !isGiven(base) && !isGiven(quote)) return { scope: 'pool', pool: text(pool) }
  if (!isGiven(pool) && isGiven(base) && isGiven(quote)) return { scope: 'pair', tokens: [text(base), text(quote)] }
  if (!isGiven(pool) && !isGiven(base) && !isGiven(quote)) return { scope: 'chain' }
  throw createError('BAD_USER_INPUT', 'give pool, or base and quote, or none of them for the whole chain')
}

function readRange({ from, to }: Row): TimeRange {
  const [first, last] = [from, to].map((moment) => Math.ceil(Date.parse(String(moment)) / 1_000)) as [number, number]
  if (last < first) throw createError('BAD_USER_INPUT', `from (${from}) must not be after to (${to})`)
  return { from: first, to: last }
}

async function listBuckets(context: ApiContext, args: Row): Promise<Row[]> {
  const chain = await findChain(context, args.chainId)
  const range = readRange(args)
  const interval = Number(args.interval)
  if ((range.to - range.from) / interval > BUCKETS_MAX) {
    throw createError(
      'BAD_USER_INPUT',
      `from ${args.from} to ${args.to} there may be more than ${BUCKETS_MAX} buckets of ${interval} seconds`,
    )
  }
  return listFlowBuckets(context.database, chain.chainId, readScope(args), interval, range, BUCKETS_MAX)
}

/** Sums of one flow class. */
type ClassSums = { flowClass: string } & Record<string, unknown>

const classType = new GraphQLObjectType<ClassSums, ApiContext>({
  name: 'FlowClassSums',
  description: 'The part of a bucket, or of a range of blocks, that has one flow class as of the block of each swap.',
  fields: {
    flowClass: { type: required(GraphQLString), description: 'The class.' },
    tradeCount: {
      type: required(Long),
      description: 'Its swaps.',
      resolve: ({ tradeCount, swapCount }) => tradeCount ?? swapCount,
    },
    unpricedCount: { type: required(Long), description: 'Of these, without a price in US dollars.' },
    buyBase: { type: BigIntScalar, description: 'Base token it took out of pools; null for ranges of blocks.' },
    sellBase: { type: BigIntScalar, description: 'Base token it paid in; null for ranges of blocks.' },
    buyUsd: {
      type: required(GraphQLFloat),
      description: 'US dollars bought.',
      resolve: ({ buyMicroUsd }) => toUsd(buyMicroUsd),
    },
    sellUsd: {
      type: required(GraphQLFloat),
      description: 'US dollars sold.',
      resolve: ({ sellMicroUsd }) => toUsd(sellMicroUsd),
    },
    theta: {
      type: GraphQLFloat,
      description: '(bought - sold) / (bought + sold) in dollars; null without prices.',
      resolve: ({ buyMicroUsd, sellMicroUsd }) => thetaOf(Number(buyMicroUsd), Number(sellMicroUsd)),
    },
  },
})

function thetaOf(bought: number, sold: number): number | null {
  return bought + sold === 0 ? null : (bought - sold) / (bought + sold)
}

function listClasses(byClass: unknown): ClassSums[] {
  const entries = Object.entries(byClass as Record<string, Record<string, unknown>>)
  return entries
    .map(([flowClass, sums]) => ({ flowClass, ...sums }))
    .sort((a, b) => (a.flowClass < b.flowClass ? -1 : 1))
}

/** What swaps of one class made the price do. */
type Markout = { flowClass: string; horizonSeconds: number; trades: number; usd: number; bps: number | null }

const markoutType = new GraphQLObjectType<Markout, ApiContext>({
  name: 'FlowMarkout',
  description:
    'What the price of their own pool had moved in favour of the swaps of one class some time after them; negative where they would have done better later. What they gain, whoever provides liquidity loses.',
  fields: {
    flowClass: { type: required(GraphQLString), description: 'The class.' },
    horizonSeconds: { type: required(GraphQLInt), description: 'Seconds after each swap.' },
    trades: { type: required(Long), description: 'Swaps with a price whose horizon fell into the bucket.' },
    usd: { type: required(GraphQLFloat), description: 'Their value in US dollars.' },
    bps: { type: GraphQLFloat, description: 'Basis points, weighted by value; null without value.' },
  },
})

function listMarkouts(markouts: unknown): Markout[] {
  return Object.entries(
    (markouts ?? {}) as Record<string, Record<string, Omit<Markout, 'flowClass' | 'horizonSeconds'>>>,
  )
    .flatMap(([flowClass, horizons]) =>
      Object.entries(horizons).map(([seconds, its]) => ({ flowClass, horizonSeconds: Number(seconds), ...its })),
    )
    .sort((a, b) =>
      a.flowClass === b.flowClass ? a.horizonSeconds - b.horizonSeconds : a.flowClass < b.flowClass ? -1 : 1,
    )
}

/** A row of `flow_buckets` with running sums. */
type BucketRow = Row & { cumulativeDeltaBase: bigint; cumulativeDeltaMicroUsd: bigint }

const OWN_FIELDS = new Set(['byClass', 'markouts'])

const bucketType = new GraphQLObjectType<BucketRow, ApiContext>({
  name: 'FlowBucket',
  description: flowBucketsDocs.row,
  fields: () => {
    const columns = apiColumns(flowBucketsDocs).filter(({ key }) => !OWN_FIELDS.has(key))
    const usd = (
      description: string,
      of: (row: BucketRow) => unknown,
    ): GraphQLFieldConfigMap<BucketRow, ApiContext>[string] => ({
      type: required(GraphQLFloat),
      description,
      resolve: (row) => toUsd(of(row)),
    })
    const { buyMicroUsd: bought, sellMicroUsd: sold } = {
      buyMicroUsd: (row: BucketRow) => row.buyMicroUsd as bigint,
      sellMicroUsd: (row: BucketRow) => row.sellMicroUsd as bigint,
    }
    return {
      start: {
        type: required(DateTime),
        description: 'Its beginning.',
        resolve: ({ startTimestamp }) => toInstant(Number(startTimestamp)),
      },
      ...Object.fromEntries(
        columns.map(({ key, scalar, notNull, description }) => [
          key,
          { type: notNull ? required(scalar) : scalar, description },
        ]),
      ),
      buyVolumeUsd: usd('US dollars bought.', bought),
      sellVolumeUsd: usd('US dollars sold.', sold),
      volumeUsd: usd('US dollars traded.', (row) => bought(row) + sold(row)),
      deltaUsd: usd('US dollars bought less those sold.', (row) => bought(row) - sold(row)),
      deltaBase: {
        type: required(BigIntScalar),
        description: 'buyBase - sellBase.',
        resolve: ({ buyBase, sellBase }) => (buyBase as bigint) - (sellBase as bigint),
      },
      cumulativeDeltaBase: {
        type: required(BigIntScalar),
        description: 'Sum of deltaBase over the list up to this bucket.',
      },
      cumulativeDeltaUsd: usd('Sum of deltaUsd over the list up to this bucket.', (row) => row.cumulativeDeltaMicroUsd),
      byClass: {
        type: listOf(classType),
        description: 'Its parts by flow class, in the order of their names; they add up.',
        resolve: ({ byClass }) => listClasses(byClass),
      },
      markouts: {
        type: listOf(markoutType),
        description: flowBucketsDocs.columns.markouts,
        resolve: ({ markouts }) => listMarkouts(markouts),
      },
    }
  },
})

const bucketArguments: GraphQLFieldConfigArgumentMap = {
  ...scopeArguments,
  interval: { type: new GraphQLNonNull(intervalType), description: 'Length of the buckets.' },
  ...rangeArguments,
  ...chainArgument,
}

/** `flow`: measured order flow by time. */
export const flowField: RootFields[string] = {
  type: listOf(bucketType),
  description: `The flow of a pool, of all pools of a pair, or of the chain, in buckets that begin in a range and are over, oldest first; one without swaps is missing, unless the horizon of a markout fell into it. At most ${BUCKETS_MAX}.`,
  args: bucketArguments,
  extensions: { rows: BUCKETS_MAX },
  resolve: async (_, args, context) => {
    let [cumulativeDeltaBase, cumulativeDeltaMicroUsd] = [0n, 0n]
    return (await listBuckets(context, args)).map((row): BucketRow => {
      cumulativeDeltaBase += (row.buyBase as bigint) - (row.sellBase as bigint)
      cumulativeDeltaMicroUsd += (row.buyMicroUsd as bigint) - (row.sellMicroUsd as bigint)
      return { ...row, cumulativeDeltaBase, cumulativeDeltaMicroUsd }
    })
  },
}

const price = (description: string, of: (row: Row) => unknown) => ({
  type: required(GraphQLFloat),
  description,
  resolve: of,
})

const candleType = new GraphQLObjectType<Row, ApiContext>({
  name: 'Candle',
  description:
    'Prices of a bucket: whole quote tokens for one whole base token, after each swap; and the other way round.',
  fields: {
    start: {
      type: required(DateTime),
      description: 'Beginning of the bucket.',
      resolve: ({ startTimestamp }) => toInstant(Number(startTimestamp)),
    },
    open: price('After the first swap.', ({ openPrice }) => openPrice),
    high: price('Highest.', ({ highPrice }) => highPrice),
    low: price('Lowest.', ({ lowPrice }) => lowPrice),
    close: price('After the last swap.', ({ closePrice }) => closePrice),
    inverseOpen: price(
      'Whole base tokens for one quote token, after the first swap.',
      ({ openPrice }) => 1 / Number(openPrice),
    ),
    inverseHigh: price('1 / low.', ({ lowPrice }) => 1 / Number(lowPrice)),
    inverseLow: price('1 / high.', ({ highPrice }) => 1 / Number(highPrice)),
    inverseClose: price('1 / close.', ({ closePrice }) => 1 / Number(closePrice)),
    closeUsd: { type: GraphQLFloat, description: flowBucketsDocs.columns.closeUsd },
    volumeBase: {
      type: required(BigIntScalar),
      description: 'Base token traded, in base units.',
      resolve: ({ buyBase, sellBase }) => (buyBase as bigint) + (sellBase as bigint),
    },
    volumeQuote: {
      type: required(BigIntScalar),
      description: 'Quote token traded, in base units.',
      resolve: ({ buyQuote, sellQuote }) => (buyQuote as bigint) + (sellQuote as bigint),
    },
    volumeUsd: {
      type: required(GraphQLFloat),
      description: 'US dollars traded, as far as there are prices.',
      resolve: ({ buyMicroUsd, sellMicroUsd }) => toUsd((buyMicroUsd as bigint) + (sellMicroUsd as bigint)),
    },
    trades: { type: required(Long), description: 'Swaps.', resolve: ({ tradeCount }) => tradeCount },
  },
})

/** `candles`: prices by time. */
export const candlesField: RootFields[string] = {
  type: listOf(candleType),
  description: `Prices of a pool or of all pools of a pair, by buckets that begin in a range and are over and in which a swap told a price, oldest first. Of two tokens the base is the one that is not a stablecoin, else not the base token of the chain, else the one with the lower address. At most ${BUCKETS_MAX}.`,
  args: bucketArguments,
  extensions: { rows: BUCKETS_MAX },
  resolve: async (_, args, context) => {
    if (readScope(args).scope === 'chain') throw createError('BAD_USER_INPUT', 'candles need pool, or base and quote')
    return (await listBuckets(context, args)).filter(({ openPrice }) => openPrice !== null)
  },
}

type KindCount = { kind: string; count: number }

const kindType = new GraphQLObjectType<KindCount, ApiContext>({
  name: 'MevKindCount',
  description: 'Bundles of one kind.',
  fields: {
    kind: { type: required(GraphQLString), description: 'The kind.' },
    count: { type: required(Long), description: 'Bundles that are at least probable.' },
  },
})

const long = (description: string) => ({ type: required(Long), description })
const seconds = (description: string) => ({ type: GraphQLFloat, description })

const rangeFields: GraphQLFieldConfigMap<RangeFlow, ApiContext> = {
  firstBlock: long('First block.'),
  lastBlock: long('Last block.'),
  blockCount: long('Indexed blocks.'),
  transactionCount: long('Transactions.'),
  gasUsed: { type: required(BigIntScalar), description: 'Gas used.' },
  baseFeesWei: {
    type: BigIntScalar,
    description: 'Gas used times base fee, in wei: what was paid at least; null where blocks name no base fee.',
  },
  swapCount: long('Swaps.'),
  unpricedCount: long('Of these, without a value in US dollars; missing in the sums of dollars.'),
  tradeCount: long('Transactions that traded.'),
  traderCount: long('Accounts that traded.'),
  buyVolumeUsd: {
    type: required(GraphQLFloat),
    description: 'US dollars bought.',
    resolve: ({ buyMicroUsd }) => toUsd(buyMicroUsd),
  },
  sellVolumeUsd: {
    type: required(GraphQLFloat),
    description: 'US dollars sold.',
    resolve: ({ sellMicroUsd }) => toUsd(sellMicroUsd),
  },
  buyMicroUsd: {
    type: required(BigIntScalar),
    description: 'The same in whole millionths, so that sums of sums are equal.',
  },
  sellMicroUsd: { type: required(BigIntScalar), description: 'US dollars sold, in whole millionths.' },
  volumeUsd: {
    type: required(GraphQLFloat),
    description: 'US dollars traded.',
    resolve: ({ buyMicroUsd, sellMicroUsd }) => toUsd(BigInt(buyMicroUsd) + BigInt(sellMicroUsd)),
  },
  deltaUsd: {
    type: required(GraphQLFloat),
    description: 'US dollars bought less those sold.',
    resolve: ({ buyMicroUsd, sellMicroUsd }) => toUsd(BigInt(buyMicroUsd) - BigInt(sellMicroUsd)),
  },
  theta: {
    type: GraphQLFloat,
    description: '(bought - sold) / (bought + sold) in dollars; null without prices.',
    resolve: ({ buyMicroUsd, sellMicroUsd }) => thetaOf(Number(buyMicroUsd), Number(sellMicroUsd)),
  },
  byClass: {
    type: listOf(classType),
    description: 'Parts by flow class; they add up.',
    resolve: ({ byClass }) => listClasses(byClass),
  },
  medianUsd: { type: GraphQLFloat, description: 'Median size of a swap in US dollars; null without prices.' },
  p95Usd: { type: GraphQLFloat, description: 'Size that 95 % of the swaps do not exceed.' },
  maxUsd: { type: GraphQLFloat, description: 'Largest size.' },
  mev: {
    type: listOf(kindType),
    description: 'Bundles decided here that are at least probable, by kind.',
    resolve: ({ mevByKind }) => Object.entries(mevByKind).map(([kind, count]) => ({ kind, count })),
  },
  victimLossUsd: { type: GraphQLFloat, description: 'What their victims lost in US dollars, as far as that is known.' },
  inclusionSeconds: seconds(
    'Mean seconds from the arrival of a trade at the sequencer to the timestamp of its block, which is cut to whole seconds; null without such times.',
  ),
  inclusionCount: long('Trades with such a time.'),
}

const rangeFlowType = new GraphQLObjectType<RangeFlow, ApiContext>({
  name: 'BlockFlow',
  description: 'The flow of a range of blocks: sums over their rows, so that ranges that follow each other add up.',
  fields: rangeFields,
})

const batchFlowType = new GraphQLObjectType<BatchFlow, ApiContext>({
  name: 'BatchFlow',
  description: 'The flow of an L1 batch, or of as many blocks that begin somewhere inside it (placebo).',
  fields: {
    batchNumber: long('Number of the batch.'),
    ...(rangeFields as unknown as GraphQLFieldConfigMap<BatchFlow, ApiContext>),
    status: { type: GraphQLString, description: 'How far it is on its way to L1; null for a placebo.' },
    commitSeconds: seconds('Seconds from its last block to the commit on L1; null before, and for a placebo.'),
    proveSeconds: seconds('Seconds to the proof.'),
    executeSeconds: seconds('Seconds to the execution.'),
  },
})

const PLACEBO =
  'The same over as many blocks that begin somewhere inside the batch, drawn from its number: batches are packaging, so only what differs from this has to do with them. Null while those blocks are not indexed.'

/** `batchFlow`: the flow of batches. */
export const batchFlowField: RootFields[string] = {
  type: listOf(batchFlowType),
  description: `The flow of stored L1 batches from one number to another, both included; at most ${BATCHES_MAX}.`,
  args: {
    from: { type: new GraphQLNonNull(Long), description: 'First batch.' },
    to: { type: new GraphQLNonNull(Long), description: 'Last batch.' },
    placebo: { type: GraphQLBoolean, description: `${PLACEBO} Missing rather than null here. False unless given.` },
    ...chainArgument,
  },
  extensions: { rows: BATCHES_MAX * BATCH_ROWS },
  resolve: async (_, { from, to, placebo, chainId }, context) => {
    const chain = await findChain(context, chainId)
    if (to < from || to - from >= BATCHES_MAX) {
      throw createError('BAD_USER_INPUT', `from ${from} to ${to} are not 1 to ${BATCHES_MAX} batches`)
    }
    return listBatchFlow(context.database, chain.chainId, from, to, placebo === true)
  },
}

/** `blockFlow`: the flow of any range of blocks. */
export const blockFlowField: RootFields[string] = {
  type: new GraphQLNonNull(rangeFlowType),
  description: `The flow of a range of blocks, both ends included; at most ${BLOCKS_MAX}.`,
  args: {
    fromBlock: { type: new GraphQLNonNull(Long), description: 'First block.' },
    toBlock: { type: new GraphQLNonNull(Long), description: 'Last block.' },
    ...chainArgument,
  },
  extensions: { rows: RANGE_ROWS },
  resolve: async (_, { fromBlock, toBlock, chainId }, context) => {
    const chain = await findChain(context, chainId)
    if (fromBlock < 0 || toBlock < fromBlock || toBlock - fromBlock >= BLOCKS_MAX) {
      throw createError('BAD_USER_INPUT', `from ${fromBlock} to ${toBlock} are not 1 to ${BLOCKS_MAX} blocks`)
    }
    return readBlockFlow(context.database, chain.chainId, fromBlock, toBlock)
  },
}

/** The fields of a batch that tell its flow. */
export const batchFlowFields: Record<string, ExtraField> = {
  flow: {
    type: batchFlowType,
    extensions: { rows: BATCH_ROWS },
    description: 'Its flow; null while its last block is not indexed.',
    resolve: (row, _, context) => loadBatchFlow(context, row, false),
  },
  placebo: {
    type: batchFlowType,
    extensions: { rows: BATCH_ROWS },
    description: PLACEBO,
    resolve: (row, _, context) => loadBatchFlow(context, row, true),
  },
}

function loadBatchFlow(context: ApiContext, row: Row, isPlacebo: boolean): Promise<BatchFlow | null> {
  return context.batch(`flow of batch ${row.chainId} ${isPlacebo}`, row, ['number'], (batches) =>
    listFlowOfBatches(context.database, batches, isPlacebo),
  )
}

/** A season with its name. */
type NamedSeason = Season & { hour: number | null; session: string | null }

const seasonType = new GraphQLObjectType<NamedSeason, ApiContext>({
  name: 'FlowSeason',
  description: 'Means over the hours with swaps of one hour of the week, or of a session.',
  fields: {
    hour: {
      type: GraphQLInt,
      description: 'Hour of the week in UTC, 0 being Monday from midnight to one; null for a session.',
    },
    session: {
      type: GraphQLString,
      description: 'ASIA (00 to 08 UTC), EUROPE (08 to 16) or AMERICA (13 to 21, which overlaps); null for an hour.',
    },
    hours: long('Hours with swaps.'),
    volumeUsd: { type: required(GraphQLFloat), description: 'Mean US dollars an hour.' },
    trades: { type: required(GraphQLFloat), description: 'Mean swaps an hour.' },
    absoluteTheta: { type: GraphQLFloat, description: 'Mean of |theta|; null without prices.' },
  },
})

const SESSIONS: readonly (readonly [name: string, from: number, to: number])[] = [
  ['ASIA', 0, 8],
  ['EUROPE', 8, 16],
  ['AMERICA', 13, 21],
]

function toSession(
  [session, from, to]: (typeof SESSIONS)[number],
  hours: readonly (Season & { hour: number })[],
): NamedSeason {
  const its = hours.filter(({ hour }) => hour % 24 >= from && hour % 24 < to)
  const count = its.reduce((sum, each) => sum + each.hours, 0)
  const mean = (of: (season: Season) => number) =>
    its.reduce((sum, each) => sum + of(each) * each.hours, 0) / Math.max(1, count)
  const priced = its.reduce((sum, each) => sum + each.pricedHours, 0)
  return {
    ...{
      hour: null,
      session,
      hours: count,
      volumeUsd: mean(({ volumeUsd }) => volumeUsd),
      trades: mean(({ trades }) => trades),
    },
    absoluteTheta:
      priced === 0 ? null : its.reduce((sum, each) => sum + (each.absoluteTheta ?? 0) * each.pricedHours, 0) / priced,
    pricedHours: priced,
  }
}

/** `flowSeasons`: how flow depends on the hour. */
export const flowSeasonsField: RootFields[string] = {
  type: listOf(seasonType),
  description:
    'How the flow of a pool, a pair or the chain depends on the hour of the week, and on the sessions; hours without swaps do not count.',
  args: { ...scopeArguments, ...rangeArguments, ...chainArgument },
  extensions: { rows: 171 },
  resolve: async (_, args, context) => {
    const chain = await findChain(context, args.chainId)
    const hours = await listHoursOfWeek(context.database, chain.chainId, readScope(args), readRange(args))
    return [
      ...hours.map((season): NamedSeason => ({ ...season, session: null })),
      ...SESSIONS.map((session) => toSession(session, hours)).filter((season) => season.hours > 0),
    ]
  },
}
