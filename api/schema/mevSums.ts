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
const sums = (fields: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(fields).map(([name, description]) => [
      name,
      { type: new GraphQLNonNull(GraphQLFloat), description },
    ]),
  )

const searcherType = new GraphQLObjectType<SearcherSum, ApiContext>({
  name: 'Searcher',
  description: 'What one searcher gained by the order of transactions, over bundles that are at least probable.',
  fields: {
    searcherAddress: { type: new GraphQLNonNull(Address), description: 'The contract or account of the searcher.' },
    ...counts({
      bundles: 'Number of bundles.',
      sandwiches: 'Of these, sandwiches.',
      arbitrages: 'Of these, atomic arbitrages and backruns.',
      others: 'All others.',
    }),
    ...sums({
      grossProfitUsd: 'Gross profit in US dollars, of bundles whose tokens have a price.',
      gasCostUsd: 'Paid for its transactions, in US dollars.',
      netProfitUsd: 'Net profit in US dollars, of bundles where it is known.',
      victimLossUsd: 'What victims lost, in US dollars, as far as it is known.',
    }),
  },
})

const searcherOrder = new GraphQLEnumType({
  name: 'SearcherOrderBy',
  description: 'By what searchers are ordered, the largest first.',
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
  description: 'Searchers by what they gained in a range of blocks, the largest first.',
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
    const order = (orderBy ?? 'netProfitUsd') as SearcherOrder
    return listSearchers(context.database, chain.chainId, range, order, limit)
  },
}

const dayType = new GraphQLObjectType<MevDay, ApiContext>({
  name: 'MevDay',
  description: 'The bundles of one kind that were decided on one UTC day, beside what chance alone gives.',
  fields: {
    day: { type: new GraphQLNonNull(DateTime), description: 'First moment of the day.' },
    kind: { type: new GraphQLNonNull(GraphQLString), description: 'Kind of bundle.' },
    ...counts({
      confirmed: 'Confirmed bundles.',
      probable: 'Probable bundles.',
      victims: 'Their victims.',
      observed: 'Bundles at least probable before gas is counted.',
      placebo: 'The same with the transactions in another order.',
    }),
    ...sums({
      victimLossUsd: 'What victims lost, in US dollars, as far as it is known.',
      grossProfitUsd: 'Gross profits in US dollars, as far as they are known.',
      netProfitUsd: 'Net profits in US dollars, as far as they are known.',
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
  description: 'Bundles by UTC day and kind, beside what the detectors find in the same transactions in another order.',
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
