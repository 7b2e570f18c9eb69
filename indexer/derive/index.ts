import type { ChainProfile } from '../../contracts/chains/profile.ts'
import { type DecodedBlock, toUndecoded } from '../decode/index.ts'
import type { Address } from '../types/block.ts'
import type { PoolEvent, UndecodedReason } from '../types/event.ts'
import type { ChainState, FoundPool, Pool, PoolClaim, PoolState, Token } from '../types/pool.ts'
import type { StepRows } from '../types/rows.ts'
import { judgeClock } from './clock.ts'
import { derivePool } from './pools.ts'
import { copyPoolState } from './state.ts'
import { applyTicksEvent, createTicksState } from './uniswapV3.ts'

/** What the chain answered about the claims of a range; a claim that is missing was not confirmed by the address itself. */
export type Answers = ReadonlyMap<PoolClaim, FoundPool>

/** What is known besides the events when a range is derived. */
export type Knowledge = {
  /** The claims of the range, in chain order. */
  claims: readonly PoolClaim[]
  answers: Answers
  /** The tokens that may be new in the range, once for each block that may bring them. */
  tokens: readonly Token[]
  profile: ChainProfile
}

/**
 * Applies the events of `blocks` to `state`, which it advances in place, and returns the rows they make.
 * @param blocks consecutive, ascending, the first following the block `state` stands at.
 */
export function deriveRows(blocks: readonly DecodedBlock[], state: ChainState, knowledge: Knowledge): StepRows {
  const rows: StepRows = {
    blocks: blocks.map(({ bundle: { block, arrivals } }) => ({
      ...block,
      ...judgeClock(state.clock, { ...block, arrivals }),
    })),
    transactions: [],
    tokens: [],
    pools: [],
    swaps: [],
    liquidityChanges: [],
    poolStates: [],
    poolTicks: [],
    undecodedLogs: [],
  }
  const work: Work = {
    state,
    rows,
    knowledge,
    claims: new Map(knowledge.claims.map((claim) => [positionOf(claim.blockNumber, claim.logIndex), claim])),
    tokens: new Map(knowledge.tokens.map((token) => [tokenKey(token.address, token.firstSeenBlock), token])),
  }
  for (const block of blocks) deriveBlock(work, block)
  return rows
}

type Work = {
  state: ChainState
  rows: StepRows
  knowledge: Knowledge
  claims: Map<string, PoolClaim>
  tokens: Map<string, Token>
}

/** What one block has changed so far. */
type Changes = { lastLog: Map<Pool, number>; ticks: Map<Pool, Set<number>>; transactions: Set<number> }

function positionOf(blockNumber: number, logIndex: number): string {
  return `${blockNumber} ${logIndex}`
}

function tokenKey(address: Address, blockNumber: number): string {
  return `${address} ${blockNumber}`
}

function deriveBlock(work: Work, decoded: DecodedBlock): void {
  const { rows, state } = work
  const { bundle, events } = decoded
  const changes: Changes = { lastLog: new Map(), ticks: new Map(), transactions: new Set() }
  const blockNumber = bundle.block.number
  for (const row of decoded.undecoded) rows.undecodedLogs.push(row)
  const refused = new Map<number, UndecodedReason>()
  for (const event of events) {
    const refusal = deriveEvent(work, decoded, event, changes)
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
    rows.transactions.push({ blockNumber, transaction: bundle.transactions.get(index)!, receivedAt })
  }
  for (const [{ address: pool }, logIndex] of changes.lastLog) {
    rows.poolStates.push({ pool, blockNumber, logIndex, state: copyPoolState(state.states.get(pool)!) })
  }
  for (const [{ address: pool }, changed] of changes.ticks) {
    const ticks = ticksOf(state.states.get(pool))
    for (const tick of changed) {
      rows.poolTicks.push({ pool, tick, blockNumber, ...(ticks?.get(tick) ?? { gross: 0n, net: 0n }) })
    }
  }
}

/** Applies one event and adds its row; returns the reason instead when it cannot be used. */
function deriveEvent(work: Work, decoded: DecodedBlock, event: PoolEvent, changes: Changes): UndecodedReason | null {
  const { state, rows } = work
  const { block, transactions } = decoded.bundle
  settleClaim(work, block.number, event, changes)
  const pool = state.pools.get(event.pool)
  if (event.kind === 'pool-created') return pool === undefined ? 'unconfirmed-creation' : null
  if (pool === undefined) return 'unknown-pool'
  if (pool.family !== event.family) return 'wrong-family'
  applyEvent(state, pool, event, changes)
  const context = { block, pool, transaction: transactions.get(event.transactionIndex)! }
  if (event.kind === 'swap') {
    const after = state.states.get(event.pool)
    rows.swaps.push({ context, event, reserves: after?.kind === 'reserves' ? after : null })
  } else if (event.kind === 'mint' || event.kind === 'burn' || event.kind === 'collect') {
    rows.liquidityChanges.push({ context, event })
  }
  return null
}

/** Decides the claim that stands at this event, if any: its address becomes a pool from here on, or is refused. */
function settleClaim(work: Work, blockNumber: number, event: PoolEvent, changes: Changes): void {
  const claim = work.claims.get(positionOf(blockNumber, event.logIndex))
  const { state, rows, knowledge } = work
  if (claim === undefined || state.pools.has(claim.address)) return
  const found = knowledge.answers.get(claim) ?? null
  const pool = derivePool(claim, found, knowledge.profile)
  if (pool === null) {
    if (claim.creation === null) state.refused.add(claim.address)
    return
  }
  state.pools.set(pool.address, pool)
  state.refused.delete(pool.address)
  rows.pools.push(pool)
  for (const address of [pool.token0, pool.token1]) {
    const token = work.tokens.get(tokenKey(address, blockNumber))
    if (token === undefined || state.tokens.has(address)) continue
    state.tokens.add(address)
    rows.tokens.push(token)
  }
  beginState(state, pool, found?.snapshot ?? null, event.logIndex, changes)
}

function beginState(
  state: ChainState,
  pool: Pool,
  snapshot: PoolState | null,
  logIndex: number,
  changes: Changes,
): void {
  if (pool.stateOrigin === 'snapshot' && snapshot !== null) {
    state.states.set(pool.address, snapshot)
    // All of a snapshot counts as changed in the block that first shows the pool, so that it is stored.
    changes.lastLog.set(pool, logIndex)
    changes.ticks.set(pool, new Set(ticksOf(snapshot)?.keys()))
  } else if (pool.family === 'uniswap-v3') {
    const fresh = createTicksState()
    state.states.set(pool.address, pool.stateOrigin === 'creation' ? fresh : { ...fresh, ticks: null })
  }
}

function applyEvent(
  state: ChainState,
  pool: Pool,
  event: Exclude<PoolEvent, { kind: 'pool-created' }>,
  changes: Changes,
): void {
  if (event.kind === 'reserves') {
    const { reserve0, reserve1 } = event
    state.states.set(event.pool, { kind: 'reserves', reserve0, reserve1 })
    changes.lastLog.set(pool, event.logIndex)
    return
  }
  const before = state.states.get(event.pool)
  if (before?.kind !== 'ticks') return
  const ticks = applyTicksEvent(before, event)
  if (ticks.length > 0) {
    const changed = changes.ticks.get(pool) ?? new Set()
    for (const tick of ticks) changed.add(tick)
    changes.ticks.set(pool, changed)
  }
  if (event.kind !== 'collect' && before.sqrtPriceX96 > 0n) changes.lastLog.set(pool, event.logIndex)
}

function ticksOf(state: PoolState | undefined) {
  return state?.kind === 'ticks' ? state.ticks : null
}
