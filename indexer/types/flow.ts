import type { Address, Hex } from './block.ts'
import type { Bucket } from './bucket.ts'
import type { Clock } from './clock.ts'

/** How somebody behaves who trades; what nobody can see on a chain, such as who it is, is not claimed. */
export const FLOW_CLASSES = [
  'EXECUTION_ALGORITHM',
  'ARBITRAGE_MEV',
  'RETAIL_DIRECT',
  'RETAIL_AGGREGATOR',
  'LP_HEDGE',
  'WASH',
  'UNKNOWN',
] as const

/** How somebody behaves who trades. */
export type FlowClass = (typeof FLOW_CLASSES)[number]

/**
 * What a transaction called in order to trade: a pool itself, a router of one DEX (known, or called by many), an aggregator, a
 * wallet's or bridge's router over aggregators, a solver, a contract that only few accounts call, or none of these.
 */
export const ROUTES = ['POOL', 'ROUTER', 'AGGREGATOR', 'META_AGGREGATOR', 'SOLVER', 'BOT_CONTRACT', 'UNKNOWN'] as const

/** What a transaction called in order to trade. */
export type Route = (typeof ROUTES)[number]

/** Whether the base token of a pair was taken out of pools or paid in. */
export type Side = 'BUY' | 'SELL'

/** Why there is no probability. */
export type Abstention = 'no-direction' | 'ambiguous'

/** A transaction's place on the chain. */
export type TransactionPlace = { blockNumber: number; transactionIndex: number }

/** What one transaction traded over all its hops and pools, for the account that sent it. */
export type FlowIntent = TransactionPlace & {
  transactionHash: Hex
  /** Unix seconds of the block. */
  timestamp: number
  /** Unix microseconds on the clock of the block where that is the sequencer's, else of the block itself. */
  timeUs: number
  clock: Clock
  trader: Address
  /** Contract or account called; null for a contract creation. */
  contract: Address | null
  route: Route
  /**
   * Assets given and got, net; the base token counts as its wrapped form. Null when the transaction gave, or got, nothing on
   * balance: it went round.
   */
  tokenIn: Address | null
  tokenOut: Address | null
  /** Base units, positive; null with the token. */
  amountIn: bigint | null
  amountOut: bigint | null
  /** Assets given or got besides, on balance. */
  otherTokens: number
  /** The pair in its usual direction; null without both tokens. */
  pair: Pair | null
  side: Side | null
  /** US dollars at prices from before the block; null without a price. */
  valueUsd: number | null
  /** Largest part, over its swaps, of what it takes to move the pool's price by 1 %; null when that is known of none. */
  relativeSize: number | null
  /** What it allowed to lose against what it got, in basis points, as its calldata shows; null when it does not. */
  slippageBps: number | null
  /** Pools used. */
  pools: number
}

/** Two assets, the second being what prices of the first are told in. */
export type Pair = {
  base: Address
  quote: Address
  /** Both addresses in one. */
  key: string
  /** A short name within this process. */
  id: number
}

/** What is remembered of one intent of an actor. */
export type FlowEvent = TransactionPlace & {
  trader: Address
  timestamp: number
  timeUs: number
  clock: Clock
  /** Key of the pair; empty for a transaction that went round. */
  pair: string
  side: Side | null
  /** Base token in base units, as a number; 0 without a pair. */
  size: number
  /** What was given and got, in base units of each, as numbers; 0 where nothing was. */
  given: number
  got: number
  valueUsd: number | null
  contract: Address | null
  /** True once it is known to be a part of what somebody gained by order. */
  isMev: boolean
  /** Position in the block, from 0 to 1; null for the only transaction. */
  inBlock: number | null
}

/** An intent with its tag as of its block. */
export type TaggedIntent = {
  intent: FlowIntent
  /** First child of the parent order it belongs to, which may be itself. */
  parent: TransactionPlace | null
  /** Its number among the children, from 1; 0 without a parent. */
  childNumber: number
  /** It went round, or is a part of a bundle decided in its block. */
  isMev: boolean
  /** Position in the block, from 0 to 1; null for the only transaction. */
  inBlock: number | null
  flowClass: FlowClass
  /** As of the end of its block; null when the model abstains. */
  pInstitutional: number | null
  abstention: Abstention | null
  /** Log-odds before calibration; null where the model was not asked. */
  logOdds: number | null
  /** The bin of each feature of the model, one character each, in its order; null where the model was not asked. */
  featureBins: string | null
  /** Trades of the account in memory, with this one. */
  events: number
  /** The worst clock among these. */
  clock: Clock
}

/** The tag of one swap as of its block. */
export type SwapTag = TransactionPlace & {
  logIndex: number
  flowClass: FlowClass
  pInstitutional: number | null
  /** Null for a swap without a direction. */
  side: Side | null
  /** Whole micro-dollars; null without a price or a direction. */
  microUsd: bigint | null
}

/** Why a parent order ended. */
export type MetaorderEnd = 'gap' | 'opposite' | 'age' | 'length' | 'overflow'

/** What a transaction is once its parent order has ended. */
export type SettledTag = TransactionPlace & {
  decidedBlock: number
  flowClass: FlowClass
  pInstitutional: number | null
  abstention: Abstention | null
  logOdds: number | null
  featureBins: string | null
  /** Null for parents of fewer children than a metaorder has. */
  metaorderId: Hex | null
}

/** Timing of a series of events; each figure is null below the events it needs. */
export type Timing = {
  /** Events, of which the last 32 count. */
  events: number
  /** The worst clock among them. */
  clock: Clock
  /** Burstiness for finite samples, -1 (regular) to 1 (all at once); Kim & Jo 2016. */
  burstiness: number | null
  /** Correlation of neighbouring intervals. */
  memory: number | null
  /** Median absolute deviation of the intervals over their median. */
  jitter: number | null
  /** Share of the intervals below 50 ms; null without the sequencer's clock. */
  burstShare: number | null
  /** Period of the strongest rhythm in seconds, and how often chance alone gives one as strong. */
  periodSeconds: number | null
  periodFalseAlarm: number | null
}

/** A parent order that has ended, of three children or more. */
export type Metaorder = {
  id: Hex
  decidedBlock: number
  end: MetaorderEnd
  trader: Address
  pair: Pair
  side: Side
  first: TransactionPlace
  last: TransactionPlace
  firstTimestamp: number
  lastTimestamp: number
  children: number
  baseAmount: bigint
  quoteAmount: bigint
  valueUsd: number | null
  /** Its part of all volume of the pair between its first and last child, as far as that is remembered; null when it is not. */
  participation: number | null
  /** Coefficient of variation of the children's sizes. */
  sizeVariation: number | null
  timing: Timing
  flowClass: FlowClass
  pInstitutional: number | null
}

/** What is known of a trader when one of their parent orders has ended. */
export type TraderProfile = {
  trader: Address
  decidedBlock: number
  timestamp: number
  timing: Timing
  pairs: number
  contracts: number
  /** Micro-dollars traded, of what is remembered. */
  volumeMicroUsd: bigint
  buyShare: number | null
  mevShare: number
  /** Mean position in the block, from 0 to 1. */
  inBlock: number | null
  flowClass: FlowClass
  pInstitutional: number | null
}

/** What a range of blocks adds to the flow: rows, each list in the order of the blocks that decide them. */
export type FlowRows = {
  intents: TaggedIntent[]
  swapTags: SwapTag[]
  settledTags: SettledTag[]
  metaorders: Metaorder[]
  traders: TraderProfile[]
  buckets: Bucket[]
}

/** No rows. */
export function noFlow(): FlowRows {
  return { intents: [], swapTags: [], settledTags: [], metaorders: [], traders: [], buckets: [] }
}
