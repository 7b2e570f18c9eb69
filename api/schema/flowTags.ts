import { GraphQLFloat, GraphQLInt, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLString } from 'graphql'
import type { Row } from '../../db/database.ts'
import { listTraderTotals, readFlowModel } from '../../db/queries/flow.ts'
import {
  intents,
  intentsDocs,
  metaorders,
  metaordersDocs,
  settledTags,
  settledTagsDocs,
  swapTags,
  swapTagsDocs,
  traders,
  tradersDocs,
} from '../../db/schema/flow.ts'
import { type Entity, type EntityTypes, type ExtraField, toOne } from '../builder/entity.ts'
import { chainArgument, type RootFields } from '../builder/fields.ts'
import { loadRow } from '../builder/load.ts'
import { Address, Hash, Long } from '../builder/scalars.ts'
import { type ApiContext, findChain } from '../context.ts'

const inTransaction = [{ blockNumber: 'blockNumber', transactionIndex: 'transactionIndex' }]

/** `Intent`: the rows of `intents`. */
export const intentEntity: Entity = {
  name: 'Intent',
  docs: intentsDocs,
  list: 'intents',
  defaultOrder: 'blockNumber',
  descending: true,
  one: {
    block: toOne('Block', 'number', 'blockNumber', 'The block of the transaction.'),
    transaction: toOne('Transaction', 'hash', 'transactionHash', 'The transaction.'),
    tokenIn: toOne('Token', 'address', 'tokenInAddress', 'The asset given.'),
    tokenOut: toOne('Token', 'address', 'tokenOutAddress', 'The asset got.'),
    settled: {
      to: 'SettledTag',
      link: inTransaction,
      description: 'What it is since its parent order has ended; null before.',
    },
  },
  many: { swaps: { to: 'Swap', link: inTransaction, description: 'Its swaps.' } },
  extra: (types) => ({ trader: traderField(types) }),
}

/** `SettledTag`: the rows of `settled_tags`. */
export const settledTagEntity: Entity = {
  name: 'SettledTag',
  docs: settledTagsDocs,
  defaultOrder: 'blockNumber',
  descending: true,
  one: {
    block: toOne('Block', 'number', 'blockNumber', 'The block of the transaction.'),
    intent: { to: 'Intent', link: inTransaction, description: 'The trade.' },
    metaorder: toOne('Metaorder', 'id', 'metaorderId', 'The metaorder it is a child of; null for none.'),
  },
}

/** `Metaorder`: the rows of `metaorders`. */
export const metaorderEntity: Entity = {
  name: 'Metaorder',
  docs: metaordersDocs,
  list: 'metaorders',
  single: { field: 'metaorder', by: [['id']], description: 'The metaorder with an id; null when there is none.' },
  defaultOrder: 'decidedBlock',
  descending: true,
  one: {
    base: toOne('Token', 'address', 'baseAddress', 'The token bought or sold.'),
    quote: toOne('Token', 'address', 'quoteAddress', 'The token that it was paid in.'),
  },
  many: {
    children: { to: 'SettledTag', link: [{ metaorderId: 'id' }], description: 'Its children.' },
    intents: {
      to: 'Intent',
      link: [{ parentBlock: 'firstBlock', parentIndex: 'firstIndex', traderAddress: 'traderAddress' }],
      description: 'Its children as trades.',
    },
  },
  extra: (types) => ({ trader: traderField(types) }),
}

/** `TraderProfile`: the rows of `traders`. */
export const traderProfileEntity: Entity = {
  name: 'TraderProfile',
  docs: tradersDocs,
  list: 'traderProfiles',
  defaultOrder: 'decidedBlock',
  descending: true,
  extra: (types) => ({ trader: traderField(types) }),
}

/** `Trader`: an account by what it traded; not the rows of a table, so its lists hang on the address. */
export const traderEntity: Entity = {
  name: 'Trader',
  docs: { ...tradersDocs, row: 'An account that traded, over all that is indexed.' },
  defaultOrder: 'decidedBlock',
  descending: true,
  isBare: true,
  many: {
    profiles: {
      to: 'TraderProfile',
      link: [{ traderAddress: 'address' }],
      description: 'How it traded, each time one of its parent orders had ended.',
    },
    intents: { to: 'Intent', link: [{ traderAddress: 'address' }], description: 'Its trades.' },
    swaps: { to: 'Swap', link: [{ traderAddress: 'address' }], description: 'Its swaps.' },
    metaorders: {
      to: 'Metaorder',
      link: [{ traderAddress: 'address' }],
      description: 'Its metaorders that have ended.',
    },
    mevBundles: {
      to: 'MevBundle',
      link: [{ searcherAddress: 'address' }],
      description: 'Bundles that it is the searcher of.',
    },
    victimOf: { to: 'MevVictim', link: [{ traderAddress: 'address' }], description: 'What it lost by bundles.' },
  },
  extra: (types) => ({
    address: { type: new GraphQLNonNull(Address), description: 'The account.' },
    firstBlock: { type: new GraphQLNonNull(Long), description: 'Block of its first trade that is indexed.' },
    lastBlock: { type: new GraphQLNonNull(Long), description: 'Block of its last trade.' },
    tradeCount: { type: new GraphQLNonNull(Long), description: 'Transactions that traded.' },
    volumeUsd: { type: GraphQLFloat, description: 'US dollars traded, as far as there are prices; null without any.' },
    profile: {
      type: types('TraderProfile'),
      description: 'How it has traded lately, as of the last parent order of it that ended; null below three trades.',
      resolve: latestProfile,
    },
    flowClass: {
      type: GraphQLString,
      description: 'Behaviour as of its profile; null without one.',
      resolve: async (row, args, context) => (await latestProfile(row, args, context))?.flowClass ?? null,
    },
    pInstitutional: {
      type: GraphQLFloat,
      description:
        'Probability as of its profile that it is an execution algorithm or a professional taker; null without one.',
      resolve: async (row, args, context) => (await latestProfile(row, args, context))?.pInstitutional ?? null,
    },
  }),
}

function latestProfile(row: Row, _: unknown, context: ApiContext): Promise<Row | null> {
  return loadRow(context, { table: traders, link: [{ traderAddress: 'address' }] }, row)
}

/** What the totals of one trader count in the limit of a query. */
const TRADER_ROWS = 20

/** The trader of a row with a `traderAddress`. */
export function traderField(types: EntityTypes): ExtraField {
  return {
    type: types('Trader'),
    extensions: { rows: TRADER_ROWS },
    description: 'The account of traderAddress, over all that is indexed; null when no trade of it has a direction.',
    resolve: ({ chainId, traderAddress }, _, context) => loadTrader(context, Number(chainId), String(traderAddress)),
  }
}

async function loadTrader(context: ApiContext, chainId: number, address: string): Promise<Row | null> {
  const totals = await context.batch(`trader ${chainId}`, { chainId, address }, ['address'], (rows) =>
    listTraderTotals(context.database, rows),
  )
  return totals === null ? null : { ...totals, chainId }
}

/** `trader`: an account by its address. */
export function traderRoot(types: EntityTypes): RootFields[string] {
  return {
    type: types('Trader'),
    description: 'An account that traded; null for one that never did.',
    args: { address: { type: new GraphQLNonNull(Address), description: 'The account.' }, ...chainArgument },
    resolve: async (_, { address, chainId }, context) => {
      const chain = await findChain(context, chainId)
      return loadTrader(context, chain.chainId, String(address).toLowerCase())
    },
  }
}

/** A feature of a tag as it was scored. */
type Feature = { name: string; bin: string; from: number | null; to: number | null; logOdds: number }

const featureType = new GraphQLObjectType<Feature, ApiContext>({
  name: 'FlowFeature',
  description: 'What one feature said about a trade.',
  fields: {
    name: { type: new GraphQLNonNull(GraphQLString), description: 'Its name; docs/models/flow.md says what it is.' },
    bin: { type: new GraphQLNonNull(GraphQLString), description: 'The bin of its value: a range, a name, or unknown.' },
    from: { type: GraphQLFloat, description: 'Least value of the bin; null when it has none.' },
    to: { type: GraphQLFloat, description: 'Values of the bin are below this; null when it has no such end.' },
    logOdds: {
      type: new GraphQLNonNull(GraphQLFloat),
      description: 'What it added to the log-odds; the sum with the intercept of the model is logOdds of the tag.',
    },
  },
})

const listOfFeatures = new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(featureType)))

type StoredModel = {
  intercept: number
  features: {
    name: string
    bins: { kind: 'numeric'; edges: number[] } | { kind: 'names'; names: string[] }
    logOdds: number[]
  }[]
}

const RADIX = 36

function toFeatures({ features }: StoredModel, bins: string): Feature[] {
  return features.map(({ name, bins: its, logOdds }, index) => {
    const bin = Number.parseInt(bins[index] ?? '0', RADIX)
    const added = logOdds[bin] ?? 0
    if (bin === 0)
      return { name, bin: its.kind === 'names' ? 'other' : 'unknown', from: null, to: null, logOdds: added }
    if (its.kind === 'names') return { name, bin: its.names[bin - 1]!, from: null, to: null, logOdds: added }
    const [from, to] = [its.edges[bin - 2] ?? null, its.edges[bin - 1] ?? null]
    const range =
      from === null ? (to === null ? 'any' : `below ${to}`) : to === null ? `from ${from}` : `${from} to ${to}`
    return { name, bin: range, from, to, logOdds: added }
  })
}

async function loadFeatures(context: ApiContext, hash: unknown, bins: unknown): Promise<Feature[]> {
  if (typeof bins !== 'string') return []
  const [model] = await context.batch('flow model', { chainId: 0, hash }, ['hash'], async (rows) =>
    Promise.all(rows.map(async (row) => [await readFlowModel(context.database, String(row.hash))])),
  )
  return model === null ? [] : toFeatures(model as StoredModel, bins)
}

/** A tag: the rows about one swap. */
type Tag = { tag: Row; intent: Row | null; settled: Row | null }

async function loadTag(context: ApiContext, swap: Row): Promise<Tag | null> {
  const [tag, intent, settled] = await Promise.all([
    loadRow(context, { table: swapTags, link: [{ blockNumber: 'blockNumber', logIndex: 'logIndex' }] }, swap),
    loadRow(context, { table: intents, link: inTransaction }, swap),
    loadRow(context, { table: settledTags, link: inTransaction }, swap),
  ])
  return tag === null ? null : { tag, intent, settled }
}

const { columns: ofIntent } = intentsDocs
const { columns: ofSettled } = settledTagsDocs

function tagType(types: EntityTypes): GraphQLObjectType<Tag, ApiContext> {
  const fromIntent = (
    type: typeof GraphQLString | typeof GraphQLFloat | typeof GraphQLInt | typeof Hash,
    key: string,
    description: string,
  ) => ({
    type,
    description,
    resolve: ({ intent }: Tag) => intent?.[key] ?? null,
  })
  return new GraphQLObjectType<Tag, ApiContext>({
    name: 'FlowTag',
    description:
      'Who seems to be behind a swap: as of the end of its block (nothing later is in it), and settled once its parent order has ended. The two are never mixed.',
    fields: {
      flowClass: {
        type: new GraphQLNonNull(GraphQLString),
        description: ofIntent.flowClass,
        resolve: ({ tag }) => tag.flowClass,
      },
      pInstitutionalAtBlock: {
        type: GraphQLFloat,
        description: ofIntent.pInstitutionalAtBlock,
        resolve: ({ tag }) => tag.pInstitutionalAtBlock,
      },
      abstention: fromIntent(GraphQLString, 'abstention', ofIntent.abstention),
      logOdds: fromIntent(GraphQLFloat, 'logOdds', ofIntent.logOdds),
      eventCount: fromIntent(GraphQLInt, 'eventCount', ofIntent.eventCount),
      clock: fromIntent(GraphQLString, 'eventClock', ofIntent.eventClock),
      route: fromIntent(GraphQLString, 'route', ofIntent.route),
      relativeSize: fromIntent(GraphQLFloat, 'relativeSize', ofIntent.relativeSize),
      slippageBps: fromIntent(GraphQLFloat, 'slippageBps', ofIntent.slippageBps),
      childNumber: fromIntent(GraphQLInt, 'childNumber', ofIntent.childNumber),
      modelHash: fromIntent(Hash, 'modelHash', ofIntent.modelHash),
      features: {
        type: listOfFeatures,
        description: 'What the features said as of its block, in the order of the model; empty where it was not asked.',
        resolve: ({ intent }, _, context) => loadFeatures(context, intent?.modelHash, intent?.featureBins),
      },
      settledBlock: {
        type: Long,
        description: ofSettled.decidedBlock,
        resolve: ({ settled }) => settled?.decidedBlock ?? null,
      },
      settledFlowClass: {
        type: GraphQLString,
        description: `${ofSettled.flowClass} Null before.`,
        resolve: ({ settled }) => settled?.flowClass ?? null,
      },
      pInstitutional: {
        type: GraphQLFloat,
        description: `${ofSettled.pInstitutional} Null before, and when the model abstains.`,
        resolve: ({ settled }) => settled?.pInstitutional ?? null,
      },
      settledFeatures: {
        type: listOfFeatures,
        description: 'What the features said when it was settled; empty before.',
        resolve: ({ intent, settled }, _, context) => loadFeatures(context, intent?.modelHash, settled?.featureBins),
      },
      metaorder: {
        type: types('Metaorder'),
        description: 'The metaorder it is a child of; null for none, and before it has ended.',
        resolve: ({ settled }, _, context) =>
          settled === null ? null : loadRow(context, { table: metaorders, link: [{ id: 'metaorderId' }] }, settled),
      },
    },
  })
}

/** The fields of a swap that tell who seems to be behind it. */
export function tagFields(types: EntityTypes): Record<string, ExtraField> {
  const type = tagType(types)
  return {
    flowClass: {
      type: GraphQLString,
      description: swapTagsDocs.columns.flowClass,
      resolve: async (row, _, context) => (await loadTag(context, row))?.tag.flowClass ?? null,
    },
    pInstitutionalAtBlock: {
      type: GraphQLFloat,
      description: ofIntent.pInstitutionalAtBlock,
      resolve: async (row, _, context) => (await loadTag(context, row))?.tag.pInstitutionalAtBlock ?? null,
    },
    pInstitutional: {
      type: GraphQLFloat,
      description: `${ofSettled.pInstitutional} Null before its parent order has ended, and when the model abstains.`,
      resolve: async (row, _, context) => (await loadTag(context, row))?.settled?.pInstitutional ?? null,
    },
    tag: {
      type,
      description: 'Who seems to be behind it, and what that rests on.',
      resolve: (row, _, context) => loadTag(context, row),
    },
    trader: traderField(types),
  }
}
