import { GraphQLFloat, GraphQLList, GraphQLNonNull, GraphQLObjectType } from 'graphql'
import { listSequencerDays, type SequencerDay } from '../../db/queries/sequencerDays.ts'
import { chainArgument, type RootFields } from '../builder/fields.ts'
import { DateTime, Long } from '../builder/scalars.ts'
import { type ApiContext, findChain } from '../context.ts'
import { createError } from '../graphqlErrors.ts'

const DAY_SECONDS = 86_400
/** Days of one query. */
const DAYS_MAX = 31

const counts: Record<string, string> = {
  pairs:
    'Stored transactions next to each other in the order of the chain whose arrival is known by the clock of the sequencer.',
  inversions: 'Pairs in the other order than they arrived; each counts under the first reason that holds.',
  priority: 'One of the two was asked for on L1, and goes first.',
  sameMillisecond: 'Both arrived in one millisecond, the unit of the queue.',
  nonceGap: 'The one that arrived first had to wait for a transaction of its sender with the nonce before.',
  unexplained: 'None of these.',
}

const dayType = new GraphQLObjectType<SequencerDay, ApiContext>({
  name: 'SequencerDay',
  description: 'How the order of the transactions of one UTC day compares with that of their arrival.',
  fields: {
    day: { type: new GraphQLNonNull(DateTime), description: 'First moment of the day.' },
    ...Object.fromEntries(
      Object.entries(counts).map(([name, description]) => [name, { type: new GraphQLNonNull(Long), description }]),
    ),
    largestMs: {
      type: GraphQLFloat,
      description: 'The longest that an unexplained one was passed by, in milliseconds; null without any.',
    },
  },
})

/** `sequencerDays`: whether the sequencer keeps to first come, first served. */
export const sequencerDaysField: RootFields[string] = {
  type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(dayType))),
  description:
    'By UTC day, how the order of transactions compares with that of their arrival at the sequencer, and how each inversion is explained. Only stored transactions of blocks with the clock of the sequencer count; empty where there are none.',
  args: {
    from: { type: new GraphQLNonNull(DateTime), description: 'From this moment on.' },
    to: { type: new GraphQLNonNull(DateTime), description: 'Before this moment; at most 31 days later.' },
    ...chainArgument,
  },
  extensions: { rows: 400 },
  resolve: async (_, { from, to, chainId }, context) => {
    const chain = await findChain(context, chainId)
    const [first, last] = [from, to].map((moment) => Math.floor(Date.parse(String(moment)) / 1000)) as [number, number]
    if (last < first || last - first > DAYS_MAX * DAY_SECONDS) {
      throw createError('BAD_USER_INPUT', `from and to must be at most ${DAYS_MAX} days apart, in order`)
    }
    return listSequencerDays(context.database, chain.chainId, first, last)
  },
}
