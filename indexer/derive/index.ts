import type { ChainProfile } from '../../contracts/chains/profile.ts'
import { findRouter } from '../../contracts/chains/routers.ts'
import { type DecodedBlock, toUndecoded } from '../decode/index.ts'
import { decodeSwapIntent } from '../decode/routers/index.ts'
import type { Action, BlockActions } from '../types/action.ts'
import type { Address, Transaction } from '../types/block.ts'
import type { LiquidationEvent, PoolCreated, PoolEvent, SwapEvent, UndecodedReason } from '../types/event.ts'
import { noFlow } from '../types/flow.ts'
import type { SwapIntent } from '../types/intent.ts'
import type { ChainState, FoundPool, Pool, PoolClaim, PoolState, ReservesState, Token } from '../types/pool.ts'
import type { LiquidationFacts, StepRows } from '../types/rows.ts'
import { judgeClock } from './clock.ts'
import { rulesOf } from './families/index.ts'
import type { Applied, Moment } from './families/rules.ts'
import { derivePool, OPEN_LISTS } from './pools.ts'
import { type PriceBook, valueSwap } from './prices/book.ts'
import { qualityOf, toTrade } from './replay.ts'
import { copyPoolState } from './state.ts'

/** What the chain answered about the claims of a range; a claim that is missing was not confirmed by the address itself. */
export type Answers = ReadonlyMap<PoolClaim, FoundPool>

/** What is known besides the events when a range is derived. */
export type Knowledge = {
  /** The claims of the range, in chain order. */
  claims: readonly PoolClaim[]
  answers: Answers
  /** The tokens that may be new in the range, once for each block that may bring them. */
  tokens: readonly Token[]
  /** What was asked about each liquidation; one that is missing comes from no market. */
  liquidations: ReadonlyMap<LiquidationEvent, LiquidationFacts>
  profile: ChainProfile
  prices: PriceBook
}

/**
 * Applies the events of `blocks` to `state`, which it advances in place, and returns the rows they make.
 * @param blocks consecutive, ascending, the first following the block `state` stands at.
 */
export function deriveRows(blocks: readonly DecodedBlock[], state: ChainState, knowledge: Knowledge): StepRows {
  const { rows, deriveBlock } = createDerivation(state, knowledge)
  for (const block of blocks) deriveBlock(block)
  return rows
}

/** The derivation of a range, block by block. */
export type Derivation = {
  /** What the blocks derived so far have made. */
  rows: StepRows
  /** Applies the next block; returns what happened in it, with the states before. */
  deriveBlock(block: DecodedBlock): BlockActions
}

/** Begins to derive a range that follows the block `state` stands at; `state` is advanced in place. */
export function createDerivation(state: ChainState, knowledge: Knowledge): Derivation {
  const rows: StepRows = {
    ...{
      blocks: [],
      transactions: [],
      tokens: [],
      pools: [],
      poolTokens: [],
      swaps: [],
      liquidityChanges: [],
      liquidations: [],
    },
    ...{
      poolStates: [],
      poolTicks: [],
      tokenPrices: [],
      undecodedLogs: [],
      mevBundles: [],
      mevControls: [],
      flow: noFlow(),
    },
  }
  const work: Work = {
    state,
    rows,
    knowledge,
    claims: new Map(knowledge.claims.map((claim) => [positionOf(claim.blockNumber, claim.logIndex), claim])),
    tokens: new Map(knowledge.tokens.map((token) => [tokenKey(token.address, token.firstSeenBlock), token])),
  }
  return { rows, deriveBlock: (block) => deriveBlock(work, block) }
}

type Work = {
  state: ChainState
  rows: StepRows
  knowledge: Knowledge
  claims: Map<string, PoolClaim>
  tokens: Map<string, Token>
}

/** Accounts that are no known router use the selectors of routers for anything. */
function decodeIntent({ to, input, valueWei, from }: Transaction, profile: ChainProfile): SwapIntent | null {
  const router = to === null ? null : findRouter(profile, to)
  return router === null ? null : decodeSwapIntent(to, input, valueWei, from, profile.wrappedNative, router)
}

/** What one block has changed so far. */
type Changes = {
  decoded: DecodedBlock
  lastLog: Map<Pool, number>
  ticks: Map<Pool, Set<number>>
  transactions: Set<number>
  /** The state of a pool before the reserves that a transaction last stated. */
  before: Map<Address, { transactionIndex: number; state: PoolState | null }>
  actions: Action[]
}

function positionOf(blockNumber: number, logIndex: number): string {
  return `${blockNumber} ${logIndex}`
}

function tokenKey(address: Address, blockNumber: number): string {
  return `${address} ${blockNumber}`
}

function deriveBlock(work: Work, decoded: DecodedBlock): BlockActions {
  const { rows, knowledge, state } = work
  const { bundle, events } = decoded
  rows.blocks.push({ ...bundle.block, ...judgeClock(state.clock, { ...bundle.block, arrivals: bundle.arrivals }) })
  const changes: Changes = {
    ...{ decoded, lastLog: new Map(), ticks: new Map(), transactions: new Set(), before: new Map(), actions: [] },
  }
  const intents = new Map<number, SwapIntent>()
  const blockNumber = bundle.block.number
  for (const row of decoded.undecoded) rows.undecodedLogs.push(row)
  const refused = new Map<number, UndecodedReason>()
  for (const event of events) {
    const refusal =
      event.kind === 'liquidation' ? addLiquidation(work, changes, event) : deriveEvent(work, event, changes)
    if (refusal === null) changes.transactions.add(event.transactionIndex)
    else refused.set(event.logIndex, refusal)
  }
  if (refused.size > 0) {
    for (const log of bundle.logs) {
      const reason = refused.get(log.logIndex)
      if (reason !== undefined) rows.undecodedLogs.push(toUndecoded(blockNumber, log, reason))
    }
  }
  for (const index of changes.transactions) {
    const receivedAt = bundle.arrivals?.[index]?.receivedAt ?? null
    const transaction = bundle.transactions.get(index)!
    const intent = decodeIntent(transaction, knowledge.profile)
    if (intent !== null) intents.set(index, intent)
    rows.transactions.push({ blockNumber, transaction, receivedAt, intent })
  }
  addStates(work, changes)
  knowledge.prices.update(state, changes.lastLog.keys(), bundle.block, rows.tokenPrices)
  return { block: bundle.block, actions: changes.actions, intents, idle: bundle.idle }
}

function addStates({ state, rows }: Work, { decoded, lastLog, ticks }: Changes): void {
  const { number: blockNumber, timestamp } = decoded.bundle.block
  for (const [pool, logIndex] of lastLog) {
    const after = state.states.get(pool.address)!
    const curve = rulesOf(pool.family).curve(pool, after, (token) => state.tokens.get(token) ?? null, timestamp)
    const quality = qualityOf(curve, after)
    rows.poolStates.push({ pool: pool.address, blockNumber, logIndex, state: copyPoolState(after), quality })
  }
  for (const [{ address: pool }, changed] of ticks) {
    const known = ticksOf(state.states.get(pool))
    for (const tick of changed) {
      rows.poolTicks.push({ pool, tick, blockNumber, ...(known?.get(tick) ?? { gross: 0n, net: 0n }) })
    }
  }
}

/** Applies one event and adds its row; returns the reason instead when it cannot be used. */
function deriveEvent(work: Work, event: PoolEvent, changes: Changes): UndecodedReason | null {
  const { state } = work
  const blockNumber = changes.decoded.bundle.block.number
  const isDenied = settleClaim(work, blockNumber, event, changes) === 'denied'
  const pool = state.pools.get(event.pool)
  if (event.kind === 'pool-created') return pool === undefined ? 'unconfirmed-creation' : null
  if (pool === undefined) return isDenied ? 'false-factory' : 'unknown-pool'
  if (!event.families.includes(pool.family)) return 'wrong-family'
  // Anybody can emit the logs of a singleton about its pools.
  const ownFees = [pool.address, pool.factory]
  const isOwn = event.emitter === pool.emitter || (event.kind === 'fee' && ownFees.includes(event.emitter))
  if (!isOwn) return 'wrong-emitter'
  const positions = event.kind === 'swap' ? findPositions(work, pool, event, blockNumber) : null
  if (event.kind === 'swap' && positions === null) return 'unknown-token'
  const known = state.states.get(pool.address) ?? null
  // States with ticks change in place.
  const before = known?.kind === 'ticks' ? { ...known } : known
  const applied = applyEvent(work, pool, event, positions, changes)
  addRow(work, pool, event, positions, applied, changes)
  addAction(pool, event, positions, applied, before, changes)
  return null
}

function applyEvent(
  { state }: Work,
  pool: Pool,
  event: Exclude<PoolEvent, PoolCreated>,
  positions: readonly [number, number] | null,
  changes: Changes,
): Applied {
  const { address } = pool
  const { transactionIndex, logIndex } = event
  const known = state.states.get(address) ?? null
  const before = changes.before.get(address)
  const moment: Moment = {
    timestamp: changes.decoded.bundle.block.timestamp,
    decimals: (token) => state.tokens.get(token) ?? null,
    before: before?.transactionIndex === transactionIndex ? before.state : null,
    trade: event.kind === 'swap' ? toTrade(positions!, event.amount0, event.amount1) : null,
  }
  if (event.kind === 'reserves') changes.before.set(address, { transactionIndex, state: known })
  const applied = rulesOf(pool.family).apply(pool, known, event, moment)
  if (applied.state !== null) state.states.set(address, applied.state)
  if (applied.isChanged) changes.lastLog.set(pool, logIndex)
  if (applied.ticks.length > 0) {
    const changed = changes.ticks.get(pool) ?? new Set()
    for (const tick of applied.ticks) changed.add(tick)
    changes.ticks.set(pool, changed)
  }
  return applied
}

function addRow(
  { state, rows, knowledge }: Work,
  pool: Pool,
  event: Exclude<PoolEvent, PoolCreated>,
  positions: readonly [number, number] | null,
  applied: Applied,
  { decoded }: Changes,
): void {
  const { block, transactions } = decoded.bundle
  const context = { block, pool, transaction: transactions.get(event.transactionIndex)! }
  if (event.kind === 'swap') {
    const { feePips, replayGap } = applied
    const row = { context, event, positions: positions!, reserves: reservesOf(applied.state), feePips, replayGap }
    rows.swaps.push({ ...row, usd: valueSwap(knowledge.prices, state, pool, event, positions!) })
  } else if (event.kind === 'mint' || event.kind === 'burn' || event.kind === 'collect') {
    const [amount0, amount1] = applied.amounts ?? [event.amount0, event.amount1]
    rows.liquidityChanges.push({ context, event, amount0, amount1 })
  }
}

function addAction(
  pool: Pool,
  event: Exclude<PoolEvent, PoolCreated>,
  positions: readonly [number, number] | null,
  applied: Applied,
  known: PoolState | null,
  { actions, decoded }: Changes,
): void {
  const { block, transactions } = decoded.bundle
  const transaction = transactions.get(event.transactionIndex)!
  const place = { block, order: orderOf(block.number, event.logIndex) }
  if (event.kind === 'swap') {
    const trade = toTrade(positions!, event.amount0, event.amount1)
    const { feePips, replayGap } = applied
    const before = applied.before === undefined ? known : applied.before
    actions.push({ kind: 'swap', ...place, pool, event, transaction, trade, before, feePips, replayGap })
  } else if (event.kind === 'mint' || event.kind === 'burn' || event.kind === 'collect') {
    const [amount0, amount1] = applied.amounts ?? [event.amount0, event.amount1]
    const amounts = amount0 === null || amount1 === null ? null : ([amount0, amount1] as const)
    actions.push({ kind: 'liquidity', ...place, pool, event, transaction, amounts, before: known })
  }
}

/** More logs than a block has. */
const LOGS_MAX = 2 ** 20

/** The place of a log among all of a chain. */
export function orderOf(blockNumber: number, logIndex: number): number {
  return blockNumber * LOGS_MAX + logIndex
}

/** Positions of the tokens of amount0 and amount1; null when one is no token of the pool, or both are one. */
function findPositions(
  work: Work,
  pool: Pool,
  { token0, token1 }: SwapEvent,
  blockNumber: number,
): readonly [number, number] | null {
  if (token0 === 0 && token1 === 1) return FIRST_TWO
  const first = findPosition(work, pool, token0, blockNumber)
  const second = findPosition(work, pool, token1, blockNumber)
  return first === null || second === null || first === second ? null : [first, second]
}

const FIRST_TWO = [0, 1] as const

function findPosition(work: Work, pool: Pool, token: number | Address, firstSeenBlock: number): number | null {
  if (typeof token === 'number') return token < pool.tokens.length ? token : null
  const position = pool.tokens.indexOf(token)
  if (position >= 0) return position
  if (!OPEN_LISTS.has(pool.family)) return null
  pool.tokens.push(token)
  work.rows.poolTokens.push({ pool: pool.address, position: pool.tokens.length - 1, token, firstSeenBlock })
  addToken(work, token, firstSeenBlock)
  return pool.tokens.length - 1
}

/**
 * Decides the claim that stands at this event, if any: its address becomes a pool from here on, or is refused.
 * @returns 'denied' when its factory denies it.
 */
function settleClaim(work: Work, blockNumber: number, event: PoolEvent, changes: Changes): 'denied' | null {
  const claim = work.claims.get(positionOf(blockNumber, event.logIndex))
  const { state, rows, knowledge } = work
  if (claim === undefined || state.pools.has(claim.address)) return null
  const found = knowledge.answers.get(claim) ?? null
  const pool = derivePool(claim, found, knowledge.profile)
  if (pool === null) {
    if (claim.creation === null) state.refused.add(claim.address)
    return found?.isDenied ? 'denied' : null
  }
  state.pools.set(pool.address, pool)
  state.refused.delete(pool.address)
  rows.pools.push({ ...pool, tokens: [...pool.tokens] })
  for (const [position, token] of pool.tokens.entries()) {
    rows.poolTokens.push({ pool: pool.address, position, token, firstSeenBlock: blockNumber })
    addToken(work, token, blockNumber)
  }
  beginState(state, pool, claim.creation, found?.snapshot ?? null, event.logIndex, changes)
  return null
}

function addToken({ tokens, state, rows }: Work, address: Address, blockNumber: number): void {
  const token = tokens.get(tokenKey(address, blockNumber))
  if (token === undefined || state.tokens.has(address)) return
  state.tokens.set(address, token.decimals)
  rows.tokens.push(token)
}

function beginState(
  state: ChainState,
  pool: Pool,
  creation: PoolCreated | null,
  snapshot: PoolState | null,
  logIndex: number,
  changes: Changes,
): void {
  const first = snapshot ?? rulesOf(pool.family).begin(pool, creation)
  if (first === null) return
  state.states.set(pool.address, first)
  if (snapshot === null && creation?.price === undefined) return
  if (snapshot === null && creation?.price === null && creation.bins === undefined) return
  // All of a snapshot counts as changed in the block that first shows the pool, so that it is stored.
  changes.lastLog.set(pool, logIndex)
  changes.ticks.set(pool, new Set(ticksOf(first)?.keys()))
}

function addLiquidation(work: Work, changes: Changes, event: LiquidationEvent): UndecodedReason | null {
  const { rows, knowledge, state } = work
  const { block, transactions } = changes.decoded.bundle
  const facts = knowledge.liquidations.get(event)
  if (facts === undefined) return 'unknown-market'
  const { prices } = knowledge
  for (const token of [facts.debtToken, facts.collateralToken]) if (token !== null) addToken(work, token, block.number)
  const row = {
    ...{ event, facts, transaction: transactions.get(event.transactionIndex)! },
    debtUsd: prices.value(state, facts.debtToken, event.debt.amount),
    collateralUsd: prices.value(state, facts.collateralToken, facts.collateralAmount),
  }
  rows.liquidations.push({ block, ...row })
  changes.actions.push({ kind: 'liquidation', ...row })
  return null
}

function reservesOf(state: PoolState | null): ReservesState | null {
  // A pool that was just created has none until it states some.
  return state?.kind === 'reserves' && (state.reserve0 > 0n || state.reserve1 > 0n) ? state : null
}

function ticksOf(state: PoolState | undefined) {
  return state?.kind === 'ticks' ? state.ticks : null
}
