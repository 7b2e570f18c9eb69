import {
  GraphQLEnumType,
  GraphQLFloat,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLString,
} from 'graphql'
import {
  listMevDays,
  listSearchers,
  type MevDay,
  type SearcherOrder,
  type SearcherSum,
} from '../../db/queries/mevSums.ts'
import { chainArgument, type RootFields } from '../builder/fields.ts'
import { Address, DateTime, Long } from '../builder/scalars.ts'
import { type ApiContext, findChain } from '../context.ts'
import { createError } from '../graphqlErrors.ts'

const DAY_SECONDS = 86_400
/** Days of one query. */
const DAYS_MAX = 366
const SEARCHERS_MAX = 1_000
const SEARCHERS_USUAL = 100

const counts = (fields: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(fields).map(([name, description]) => [name, { type: new GraphQLNonNull(Long), description }]),
  )
const dollars = (fields: Record<string, string>) =>
  Object.fromEntries(Object.entries(fields).map(([name, description]) => [name, { type: GraphQLFloat, description }]))

const sums = {
  ...counts({
    pricedBundles: 'Of the bundles, those whose net profit is known; the others are missing in the sums of profits.',
    victims: 'Their victims.',
  }),
  ...dollars({
    grossProfitUsd: 'Gross profits in US dollars, of bundles where it is known; null when it is of none.',
    gasCostUsd: 'Paid for the transactions of the actors, in US dollars, where it is known; null when it is of none.',
    netProfitUsd: 'Net profits in US dollars, of the priced bundles; null when there are none.',
    victimLossUsd: 'What victims lost, in US dollars, as far as it is known; null when it is of none.',
  }),
}

const searcherType = new GraphQLObjectType<SearcherSum, ApiContext>({
  name: 'Searcher',
  description: 'What one searcher gained by the order of transactions, over bundles that are at least probable.',
  fields: {
    searcherAddress: { type: new GraphQLNonNull(Address), description: 'The contract or account of the searcher.' },
    ...counts({
      bundles: 'Number of bundles.',
      sandwiches: 'Bundles of kind SANDWICH.',
      frontruns: 'Bundles of kind FRONTRUN.',
      backruns: 'Bundles of kind BACKRUN.',
      atomicArbitrages: 'Bundles of kind ATOMIC_ARBITRAGE.',
      jitLiquidity: 'Bundles of kind JIT_LIQUIDITY.',
      liquidations: 'Bundles of kind LIQUIDATION.',
      probes: 'Bundles of kind PROBE.',
    }),
    ...sums,
  },
})

const searcherOrder = new GraphQLEnumType({
  name: 'SearcherOrderBy',
  description: 'By what searchers are ordered, the largest first, and what is not known last.',
  values: {
    bundles: { description: 'By their number.' },
    grossProfitUsd: { description: 'By gross profit.' },
    gasCostUsd: { description: 'By what they paid for their transactions.' },
    netProfitUsd: { description: 'By net profit.' },
    victimLossUsd: { description: 'By what their victims lost.' },
  },
})

/** `searchers`: who gains most. */
export const searchersField: RootFields[string] = {
  type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(searcherType))),
  description:
    'Searchers by what they gained over the bundles decided in a range of blocks, the largest first; candidates do not count.',
  args: {
    first: { type: GraphQLInt, description: `How many, from 1 to ${SEARCHERS_MAX}; ${SEARCHERS_USUAL} unless given.` },
    fromBlock: { type: Long, description: 'First block; the first indexed one unless given.' },
    toBlock: { type: Long, description: 'Last block; the last indexed one unless given.' },
    orderBy: { type: searcherOrder, description: 'netProfitUsd unless given.' },
    ...chainArgument,
  },
  extensions: { rows: SEARCHERS_USUAL },
  resolve: async (_, { first, fromBlock, toBlock, orderBy, chainId }, context) => {
    const chain = await findChain(context, chainId)
    const limit = first ?? SEARCHERS_USUAL
    if (limit < 1 || limit > SEARCHERS_MAX) {
      throw createError('BAD_USER_INPUT', `first must be from 1 to ${SEARCHERS_MAX}, not ${limit}`)
    }
    const range = [fromBlock ?? 0, toBlock ?? Number.MAX_SAFE_INTEGER] as const
    if (range[0] > range[1]) throw createError('BAD_USER_INPUT', 'fromBlock must not be after toBlock')
    const order = (orderBy ?? 'netProfitUsd') as SearcherOrder
    return listSearchers(context.database, chain.chainId, range, order, limit)
  },
}

const dayType = new GraphQLObjectType<MevDay, ApiContext>({
  name: 'MevDay',
  description: 'Bundles of one kind that were decided on one UTC day, beside what chance alone gives.',
  fields: {
    day: { type: new GraphQLNonNull(DateTime), description: 'First moment of the day.' },
    kind: { type: new GraphQLNonNull(GraphQLString), description: 'Kind of bundle.' },
    ...counts({
      confirmed: 'Confirmed bundles.',
      probable: 'Probable bundles.',
    }),
    ...sums,
    ...counts({
      observed:
        'Bundles at least probable before gas is counted, in the windows of blocks that were drawn for control (mev_controls).',
      placebo:
        'The same in the same windows with the transactions in another order, which is what chance gives (mev_controls).',
    }),
    lift: {
      type: GraphQLFloat,
      description: 'observed / placebo: near 1 where what is found is chance; null without a placebo.',
      resolve: ({ observed, placebo }) => (placebo === 0 ? null : observed / placebo),
    },
  },
})

/** `mevDays`: sums by day, with the control. */
export const mevDaysField: RootFields[string] = {
  type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(dayType))),
  description:
    'Bundles by UTC day and kind, beside what the detectors find in the same transactions in another order; candidates do not count. A day that is cut by from or to is summed in part.',
  args: {
    from: { type: new GraphQLNonNull(DateTime), description: 'From this moment on.' },
    to: { type: new GraphQLNonNull(DateTime), description: `Before this moment; at most ${DAYS_MAX} days later.` },
    ...chainArgument,
  },
  extensions: { rows: 400 },
  resolve: async (_, { from, to, chainId }, context) => {
    const chain = await findChain(context, chainId)
    const [first, last] = [from, to].map((moment) => Math.floor(Date.parse(String(moment)) / 1000)) as [number, number]
    if (last < first || last - first > DAYS_MAX * DAY_SECONDS) {
      throw createError('BAD_USER_INPUT', `from and to must be at most ${DAYS_MAX} days apart, in order`)
    }
    return listMevDays(context.database, chain.chainId, first, last)
  },
}
