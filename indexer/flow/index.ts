import * as Hash from 'ox/Hash'
import * as OxHex from 'ox/Hex'
import type { ChainProfile } from '../../contracts/chains/profile.ts'
import { findRouter, type RouterKind } from '../../contracts/chains/routers.ts'
import { assetOf } from '../derive/assets.ts'
import { OPEN_LISTS } from '../derive/pools.ts'
import type { Address } from '../types/block.ts'
import type { Clock } from '../types/clock.ts'
import type {
  FlowClass,
  FlowEvent,
  FlowIntent,
  FlowRows,
  Metaorder,
  Route,
  SettledTag,
  TaggedIntent,
  TransactionPlace,
} from '../types/flow.ts'
import type { LegRole, MevBundle } from '../types/mev.ts'
import type { Pool } from '../types/pool.ts'
import type { SwapRow } from '../types/rows.ts'
import { createBuckets } from './buckets/index.ts'
import { type SwapFigures, toBucketTrade } from './buckets/trade.ts'
import { classify, mevShareOf, wentRound } from './classify.ts'
import { toMicroUsd } from './dollars.ts'
import { type FeatureValues, listFeatures, variation } from './features.ts'
import { type FlowBlock, listIntents } from './intents.ts'
import {
  type Child,
  createParents,
  type EndedParent,
  METAORDER_CHILDREN,
  type OpenParent,
  RHYTHM_CHILDREN,
} from './metaorders.ts'
import { flowModel } from './model/index.ts'
import { createPairs } from './pairs.ts'
import { createProviders } from './providers.ts'
import { type Moment, type Score, scoreOf } from './scorecard.ts'
import { clockOf, timingOf } from './timing.ts'
import { createTraders, TRADER_EVENTS } from './traders.ts'
import { createVolumes } from './volumes.ts'

/** A stored intent, from which the memory is rebuilt. */
export type StoredIntent = {
  intent: Omit<FlowIntent, 'pair'>
  /** First child of its parent; null without one. */
  parent: TransactionPlace | null
  isSettled: boolean
  isMev: boolean
  /** Position in the block, from 0 to 1; null for the only transaction. */
  inBlock: number | null
}

/** What the flow stage remembers, and the one thing it does. */
export type Flow = {
  /** Takes in the next block with the bundles decided in it, and adds to the rows what it makes of it. */
  measure(block: FlowBlock, bundles: readonly MevBundle[], rows: FlowRows): void
  /** Takes in a stored intent, in chain order. */
  restoreIntent(stored: StoredIntent): void
  /** Takes in a stored change of liquidity, in chain order. */
  restoreProvision(provider: Address, tokens: readonly [Address, Address], timestamp: number): void
  /** Takes in when a profile of a trader was told last, in the order of these times. */
  restoreProfile(trader: Address, timestamp: number): void
  /** Takes in a stored swap, in chain order. */
  restoreSwap(figures: SwapFigures): void
  /** Says up to which Unix time everything stored was taken in. */
  restored(timestamp: number): void
}

/** What tells how likely a trade is institutional. */
export type Scorer = (values: FeatureValues, moment: Moment, clock: Clock) => Score

const scoreByModel: Scorer = (values, moment, clock) => scoreOf(flowModel, values, moment, clock)

/** Begins with nothing known; see `restoreIntent`. */
export function createFlow(
  profile: ChainProfile,
  decimalsOf: (token: Address) => number | null,
  scorer: Scorer = scoreByModel,
): Flow {
  const traders = createTraders()
  const providers = createProviders()
  const parents = createParents()
  const volumes = createVolumes()
  // When a profile of a trader was told last, in that order.
  const told = new Map<Address, number>()
  const pairOf = createPairs(profile)
  const buckets = createBuckets()
  const asset = (token: Address) => assetOf(token, profile.wrappedNative)
  const context = {
    wrappedNative: profile.wrappedNative,
    pairOf,
    routeOf: (to: Address | null, from: Address) => routeOf(profile, to, from, traders.callersOf),
  }

  /** Adds a trade to what is remembered, and to its parent. */
  function remember(
    intent: FlowIntent,
    isMev: boolean,
    inBlock: number | null,
  ): { event: FlowEvent; child: Child | null } {
    const event = toEvent(intent, isMev, inBlock)
    traders.add(event)
    if (intent.pair === null) return { event, child: null }
    const [baseAmount, quoteAmount] =
      intent.side === 'BUY' ? [intent.amountOut!, intent.amountIn!] : [intent.amountIn!, intent.amountOut!]
    volumes.add(intent.pair.key, intent.timestamp, baseAmount)
    return { event, child: { event, baseAmount, quoteAmount, shape: intent } }
  }

  function tag(intent: FlowIntent, parent: OpenParent | null, isMev: boolean, inBlock: number | null): TaggedIntent {
    const events = traders.eventsOf(intent.trader)
    const clock = clockOf(events)
    const score = parent === null ? NO_SCORE : scorer(featuresOf(parent, events), 'atBlock', clock)
    const flowClass = classify({
      route: intent.route,
      isMev,
      events,
      pair: intent.pair?.key ?? '',
      pInstitutional: score.pInstitutional,
      isProvider: intent.pair !== null && providers.isProvider(intent.trader, intent.pair.key),
    })
    return {
      intent,
      parent: parent === null ? null : parent.first,
      childNumber: parent === null ? 0 : parent.children.length,
      isMev,
      inBlock,
      flowClass,
      clock,
      pInstitutional: score.pInstitutional,
      abstention: score.abstention,
      logOdds: score.logOdds,
      featureBins: score.bins,
      events: events.length,
    }
  }

  /** The features of the last child; when its account has done nothing since, those that it was tagged with. */
  function featuresOf(parent: OpenParent, events: readonly FlowEvent[]): FeatureValues {
    const isSame = parent.features?.events === events.length && events.at(-1) === parent.children.at(-1)
    if (isSame) return parent.features!.values
    const values = listFeatures(parent.shape, events, parent)
    parent.features = { events: events.length, values }
    return values
  }

  function settle({ parent, end }: EndedParent, decidedBlock: number, timestamp: number, rows: FlowRows): void {
    const remembered = traders.eventsOf(parent.trader)
    const events = remembered.length > 0 ? remembered : parent.children.slice(-TRADER_EVENTS)
    const score = scorer(featuresOf(parent, events), 'settled', clockOf(events))
    const evidence = {
      ...{
        route: parent.shape.route,
        events,
        pair: parent.pair.key,
        pInstitutional: score.pInstitutional,
      },
      isProvider: providers.isProvider(parent.trader, parent.pair.key),
    }
    const flowClass = classify({ ...evidence, isMev: false })
    const isMetaorder = parent.children.length >= METAORDER_CHILDREN
    const metaorder = isMetaorder ? toMetaorder(parent, end, decidedBlock) : null
    if (metaorder !== null) {
      const participation = volumes.partOf(
        ...[parent.pair.key, parent.firstTimestamp, metaorder.lastTimestamp, parent.baseAmount],
      )
      rows.metaorders.push({ ...metaorder, participation, flowClass, pInstitutional: score.pInstitutional })
    }
    for (const { blockNumber, transactionIndex, isMev } of parent.children) {
      rows.settledTags.push({
        blockNumber,
        transactionIndex,
        decidedBlock,
        metaorderId: metaorder === null ? null : metaorder.id,
        flowClass: isMev ? 'ARBITRAGE_MEV' : flowClass,
        pInstitutional: score.pInstitutional,
        abstention: score.abstention,
        logOdds: score.logOdds,
        featureBins: score.bins,
      })
    }
    if (events.length < PROFILE_EVENTS || timestamp < (told.get(parent.trader) ?? 0) + PROFILE_SECONDS) return
    told.delete(parent.trader)
    told.set(parent.trader, timestamp)
    rows.traders.push({
      ...toProfile(parent.trader, events),
      ...{ decidedBlock, timestamp, flowClass, pInstitutional: score.pInstitutional },
    })
  }

  function forget(timestamp: number): void {
    traders.forget(timestamp)
    providers.forget(timestamp)
    for (const [trader, last] of told) {
      if (last > timestamp - PROFILE_SECONDS) break
      told.delete(trader)
    }
  }

  /** Notes who provides liquidity, and whose trades were a part of MEV. */
  function takeIn({ block, actions }: FlowBlock, bundles: readonly MevBundle[]): ReadonlySet<string> {
    forget(block.timestamp)
    for (const action of actions.actions) {
      if (action.kind !== 'liquidity' || !hasPair(action.pool)) continue
      const pair = pairOf(asset(action.pool.tokens[0]!), asset(action.pool.tokens[1]!)).key
      providers.add({ provider: action.transaction.from, pair, timestamp: block.timestamp })
    }
    const own = new Set<string>()
    for (const { transactionHash } of listOwnLegs(bundles)) own.add(transactionHash)
    return own
  }

  function measure(flowBlock: FlowBlock, bundles: readonly MevBundle[], rows: FlowRows): void {
    const { block } = flowBlock
    const own = takeIn(flowBlock, bundles)
    for (const ended of parents.expire(block.timestamp)) settle(ended, block.number, block.timestamp, rows)
    rows.buckets.push(...buckets.advance(block.number, block.timestamp))
    const tags = new Map<number, TaggedIntent>()
    const endedNow: EndedParent[] = []
    for (const { intent } of listIntents(flowBlock, context)) {
      const isMev = wentRound(intent) || own.has(intent.transactionHash)
      const { transactionCount } = block
      const inBlock = transactionCount < 2 ? null : intent.transactionIndex / (transactionCount - 1)
      const { child } = remember(intent, isMev, inBlock)
      const joined = child === null ? null : parents.add(intent.trader, intent.pair!, intent.side!, child)
      if (joined === null) rows.settledTags.push(settleAlone(intent))
      else endedNow.push(...joined.ended)
      const tagged = tag(intent, joined?.parent ?? null, isMev, inBlock)
      tags.set(intent.transactionIndex, tagged)
      rows.intents.push(tagged)
    }
    // Earlier trades of a bundle across blocks are known only now.
    for (const leg of listOwnLegs(bundles)) if (leg.blockNumber < block.number) traders.mark(leg)
    for (const ended of endedNow) settle(ended, block.number, block.timestamp, rows)
    for (const row of flowBlock.swaps) {
      const { transactionIndex, logIndex } = row.event
      const tagged = tags.get(transactionIndex)
      const flowClass = tagged?.flowClass ?? 'UNKNOWN'
      const trade = toBucketTrade(figuresOf(row, flowBlock, flowClass), { asset, pairOf, decimalsOf })
      rows.swapTags.push({
        blockNumber: block.number,
        transactionIndex,
        logIndex,
        flowClass,
        pInstitutional: tagged === undefined ? null : tagged.pInstitutional,
        side: trade === null ? null : trade.sign === 1 ? 'BUY' : 'SELL',
        microUsd: trade === null ? null : trade.microUsd,
      })
      buckets.add(trade)
    }
  }

  return {
    measure,
    restoreIntent: ({ intent: stored, parent, isSettled, isMev, inBlock }) => {
      const { tokenIn, tokenOut } = stored
      const intent = { ...stored, pair: tokenIn === null || tokenOut === null ? null : pairOf(tokenIn, tokenOut) }
      traders.forget(intent.timestamp)
      const { child } = remember(intent, isMev, inBlock)
      if (child !== null) parents.restore(intent.trader, intent.pair!, intent.side!, child, isSettled ? null : parent)
    },
    restoreProvision: (provider, [token0, token1], timestamp) => {
      providers.add({ provider, pair: pairOf(asset(token0), asset(token1)).key, timestamp })
    },
    restoreProfile: (trader, timestamp) => void told.set(trader, timestamp),
    restoreSwap: (figures) => {
      buckets.advance(null, figures.timestamp)
      buckets.add(toBucketTrade(figures, { asset, pairOf, decimalsOf }))
    },
    restored: (timestamp) => {
      buckets.advance(null, timestamp)
      forget(timestamp)
    },
  }
}

/** Whether the tokens of a pool are known from its first event on, so that they tell its pair. */
export function hasPair({ family, tokens }: Pick<Pool, 'family' | 'tokens'>): boolean {
  return tokens.length > 1 && !OPEN_LISTS.has(family)
}

/** Trades of an account from which on something can be said of it. */
const PROFILE_EVENTS = 3
/** A trader's profile is told again after so many seconds at the earliest. */
export const PROFILE_SECONDS = 3_600

const NO_SCORE = { logOdds: null, bins: null, pInstitutional: null, abstention: 'no-direction' } as const

/** What went round has no parent order, and is what it is at once. */
function settleAlone({ blockNumber, transactionIndex }: FlowIntent): SettledTag {
  return {
    ...{ blockNumber, transactionIndex, decidedBlock: blockNumber, flowClass: 'ARBITRAGE_MEV', metaorderId: null },
    ...{ pInstitutional: null, abstention: 'no-direction', logOdds: null, featureBins: null },
  }
}

/** What the actor of a bundle does itself. */
export const OWN_ROLES: ReadonlySet<LegRole> = new Set(['FRONT', 'BACK', 'MINT', 'BURN', 'ARBITRAGE', 'LIQUIDATION'])

/** Whether the actor of a bundle gained by order, as far as can be told: at least probable, and no mere attempt. */
export function countsAsMev({ band, kind }: Pick<MevBundle, 'band' | 'kind'>): boolean {
  return band !== 'candidate' && kind !== 'FRONTRUN' && kind !== 'PROBE'
}

function listOwnLegs(bundles: readonly MevBundle[]) {
  return bundles.filter(countsAsMev).flatMap(({ legs }) => legs.filter(({ role }) => OWN_ROLES.has(role)))
}

const ROUTE_OF: Readonly<Record<RouterKind, Route>> = {
  router: 'ROUTER',
  aggregator: 'AGGREGATOR',
  solver: 'SOLVER',
  wallet: 'META_AGGREGATOR',
  bridge: 'META_AGGREGATOR',
  helper: 'UNKNOWN',
}

function routeOf(
  profile: ChainProfile,
  to: Address | null,
  from: Address,
  callersOf: (contract: Address) => 'few' | 'some' | 'many',
): Route {
  if (to === null || to === from) return 'UNKNOWN'
  const known = findRouter(profile, to)
  if (known !== null) return ROUTE_OF[known.kind]
  const callers = callersOf(to)
  return callers === 'few' ? 'BOT_CONTRACT' : callers === 'many' ? 'ROUTER' : 'UNKNOWN'
}

function toEvent(intent: FlowIntent, isMev: boolean, inBlock: number | null): FlowEvent {
  const { pair, side } = intent
  return {
    trader: intent.trader,
    blockNumber: intent.blockNumber,
    transactionIndex: intent.transactionIndex,
    timestamp: intent.timestamp,
    timeUs: intent.timeUs,
    clock: intent.clock,
    pair: pair === null ? '' : pair.key,
    side,
    size: pair === null ? 0 : Number(side === 'BUY' ? intent.amountOut! : intent.amountIn!),
    given: Number(intent.amountIn ?? 0n),
    got: Number(intent.amountOut ?? 0n),
    valueUsd: intent.valueUsd,
    contract: intent.contract,
    isMev,
    inBlock,
  }
}

function toMetaorder(parent: OpenParent, end: Metaorder['end'], decidedBlock: number) {
  const { trader, pair, side, first, firstTimestamp, children, baseAmount, quoteAmount, valueUsd } = parent
  const last = children.at(-1)!
  const rhythm = children.slice(-RHYTHM_CHILDREN)
  const name = [trader, pair.key, side, first.blockNumber, first.transactionIndex].join(' ')
  return {
    ...{ id: Hash.keccak256(OxHex.fromString(name)), decidedBlock, end, trader, pair, side, first, firstTimestamp },
    last: { blockNumber: last.blockNumber, transactionIndex: last.transactionIndex },
    ...{ lastTimestamp: last.timestamp, children: children.length, baseAmount, quoteAmount, valueUsd },
    ...{ sizeVariation: variation(rhythm.map(({ size }) => size)), timing: timingOf(rhythm) },
  }
}

function figuresOf(row: SwapRow, { block, clock, receivedAt }: FlowBlock, flowClass: FlowClass): SwapFigures {
  const { event, context, positions, reserves } = row
  const { pool } = context
  return {
    pool,
    token0: pool.tokens[positions[0]]!,
    token1: pool.tokens[positions[1]]!,
    amount0: event.amount0,
    amount1: event.amount1,
    sqrtPriceX96: event.after === null ? null : event.after.sqrtPriceX96,
    reserves: reserves === null ? null : [reserves.reserve0, reserves.reserve1],
    valueUsd: row.usd.value,
    trader: context.transaction.from,
    flowClass,
    timestamp: block.timestamp,
    clock,
    receivedUs: clock === 'sequencer' ? (receivedAt.get(event.transactionIndex) ?? null) : null,
  }
}

function toProfile(trader: Address, events: readonly FlowEvent[]) {
  const sided = events.filter(({ side }) => side !== null)
  const places = events.flatMap(({ inBlock }) => (inBlock === null ? [] : [inBlock]))
  const microUsd = events.reduce((sum, { valueUsd }) => sum + (toMicroUsd(valueUsd) ?? 0n), 0n)
  return {
    ...{ trader, timing: timingOf(events), mevShare: mevShareOf(events) },
    pairs: new Set(events.map(({ pair }) => pair)).size,
    contracts: new Set(events.map(({ contract }) => contract)).size,
    volumeMicroUsd: microUsd,
    buyShare: sided.length === 0 ? null : sided.filter(({ side }) => side === 'BUY').length / sided.length,
    inBlock: places.length === 0 ? null : places.reduce((a, b) => a + b) / places.length,
  }
}
