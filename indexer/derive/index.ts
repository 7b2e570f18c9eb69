import { type DecodedBlock, toUndecoded } from '../decode/index.ts'
import type { Address } from '../types/block.ts'
import type { PoolEvent } from '../types/event.ts'
import type { ChainState, Pool, PoolState, Token } from '../types/pool.ts'
import type { StepRows, UndecodedRow } from '../types/rows.ts'
import { copyPoolState } from './state.ts'
import { applyTicksEvent, createTicksState } from './uniswapV3.ts'

/** A new pool with the state it had before its first event; null = none. */
export type AdmittedPool = { pool: Pool; snapshot: PoolState | null }

/** What is learned before the events of a range can be applied. */
export type Admission = { pools: readonly AdmittedPool[]; tokens: readonly Token[]; refused: readonly Address[] }

/**
 * Applies the events of `blocks` to `state`, which it advances in place, and returns the rows they make.
 * @param blocks consecutive, ascending, the first following the block `state` stands at.
 * @param admission the pools, tokens and refusals that are new in these blocks.
 */
export function deriveRows(blocks: readonly DecodedBlock[], state: ChainState, admission: Admission): StepRows {
  const rows: StepRows = {
    blocks: blocks.map(({ bundle }) => bundle.block),
    transactions: [],
    tokens: [...admission.tokens],
    pools: admission.pools.map(({ pool }) => pool),
    swaps: [],
    liquidityChanges: [],
    poolStates: [],
    poolTicks: [],
    undecodedLogs: [],
  }
  const snapshots = admit(state, admission)
  for (const block of blocks) deriveBlock(block, state, snapshots.get(block.bundle.block.number) ?? [], rows)
  return rows
}

/** Adds what is new to `state`; returns the pools whose state comes from a snapshot, by the block of their first event. */
function admit(state: ChainState, admission: Admission): Map<number, Pool[]> {
  const snapshots = new Map<number, Pool[]>()
  for (const { pool, snapshot } of admission.pools) {
    state.pools.set(pool.address, pool)
    if (snapshot !== null) {
      state.states.set(pool.address, snapshot)
      snapshots.set(pool.firstSeenBlock, [...(snapshots.get(pool.firstSeenBlock) ?? []), pool])
    } else if (pool.family === 'uniswap-v3') {
      const fresh = createTicksState()
      state.states.set(pool.address, pool.stateOrigin === 'creation' ? fresh : { ...fresh, ticks: null })
    }
  }
  for (const { address } of admission.tokens) state.tokens.add(address)
  for (const address of admission.refused) state.refused.add(address)
  return snapshots
}

/** What one block has changed so far. */
type Changes = { lastLog: Map<Pool, number>; ticks: Map<Pool, Set<number>>; transactions: Set<number> }

function deriveBlock(decoded: DecodedBlock, state: ChainState, fromSnapshot: readonly Pool[], rows: StepRows): void {
  const { bundle, events } = decoded
  const changes: Changes = { lastLog: new Map(), ticks: new Map(), transactions: new Set() }
  // The whole tick map of a snapshot counts as changed in the block that first shows the pool.
  for (const pool of fromSnapshot) changes.ticks.set(pool, new Set(ticksOf(state.states.get(pool.address))?.keys()))
  rows.undecodedLogs.push(...decoded.undecoded)
  for (const event of events) {
    const refusal = event.kind === 'pool-created' ? null : deriveEvent(decoded, event, state, changes, rows)
    if (refusal !== null) rows.undecodedLogs.push(refusal)
    else changes.transactions.add(event.transactionIndex)
  }
  const blockNumber = bundle.block.number
  for (const index of changes.transactions) {
    rows.transactions.push({ blockNumber, transaction: bundle.transactions.get(index)! })
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

/** Applies one event and adds its row; returns the undecoded row instead when its pool cannot be used. */
function deriveEvent(
  { bundle }: DecodedBlock,
  event: Exclude<PoolEvent, { kind: 'pool-created' }>,
  state: ChainState,
  changes: Changes,
  rows: StepRows,
): UndecodedRow | null {
  const { block, transactions, logs } = bundle
  const pool = state.pools.get(event.pool)
  if (pool === undefined || pool.family !== event.family) {
    const log = logs.find(({ logIndex }) => logIndex === event.logIndex)!
    return toUndecoded(block.number, log, pool === undefined ? 'unknown-pool' : 'wrong-family')
  }
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
