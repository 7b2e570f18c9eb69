import type { Database, Row } from '../../db/database.ts'
import { CLOCK_MEMORY_BLOCKS } from '../derive/clock.ts'
import { createChainState } from '../derive/state.ts'
import type { Address, Hex } from '../types/block.ts'
import type { Clock, ClockMemory } from '../types/clock.ts'
import type { Family } from '../types/event.ts'
import type { ChainState, Pool, StateOrigin, TicksState } from '../types/pool.ts'

/** Reads what the stages remember at the last committed block of a chain. */
export async function loadChainState(database: Database, chainId: number): Promise<ChainState> {
  const state = createChainState(await loadClockMemory(database, chainId))
  for (const row of await database.query('select * from pools where chain_id = $1 order by address', [chainId])) {
    const pool = toPool(row)
    state.pools.set(pool.address, pool)
  }
  for (const row of await database.query('select address from tokens where chain_id = $1', [chainId])) {
    state.tokens.add(toHex(row.address))
  }
  for (const row of await database.query(REFUSED, [chainId])) {
    // A factory may have announced it since.
    const emitter = toHex(row.emitter_address)
    if (!state.pools.has(emitter)) state.refused.add(emitter)
  }
  for (const row of await database.query(LATEST_STATES, [chainId])) setPoolState(state, row)
  for (const row of await database.query(LATEST_TICKS, [chainId])) setTick(state, row)
  return state
}

async function loadClockMemory(database: Database, chainId: number): Promise<ClockMemory> {
  const rows = await database.query(TESTED_CLOCKS, [chainId, CLOCK_MEMORY_BLOCKS])
  return rows.map((row) => ({ number: Number(row.number), clock: row.clock as Clock }))
}

const TESTED_CLOCKS = `
  select number, clock from (
    select number, clock, clock_tested from blocks where chain_id = $1 order by number desc limit $2
  ) last where clock_tested order by number`

const REFUSED = `select distinct emitter_address from undecoded_logs where chain_id = $1 and reason = 'unknown-pool'`

const LATEST_STATES = `
  select p.address, p.family, p.state_origin, s.reserve0, s.reserve1, s.sqrt_price_x96, s.tick, s.liquidity
  from pools p
  left join lateral (
    select * from pool_states
    where chain_id = p.chain_id and pool_address = p.address
    order by block_number desc limit 1
  ) s on true
  where p.chain_id = $1`

const LATEST_TICKS = `
  select * from (
    select distinct on (pool_address, tick) pool_address, tick, liquidity_gross, liquidity_net
    from pool_ticks where chain_id = $1
    order by pool_address, tick, block_number desc
  ) latest where liquidity_gross <> 0`

function setPoolState(state: ChainState, row: Row): void {
  const address = toHex(row.address)
  if (row.reserve0 !== null) {
    state.states.set(address, { kind: 'reserves', reserve0: toBigInt(row.reserve0), reserve1: toBigInt(row.reserve1) })
  } else if (row.family === 'uniswap-v3') {
    state.states.set(address, {
      kind: 'ticks',
      sqrtPriceX96: toBigInt(row.sqrt_price_x96 ?? 0),
      tick: Number(row.tick ?? 0),
      liquidity: toBigInt(row.liquidity ?? 0),
      ticks: row.state_origin === 'events' ? null : new Map(),
    })
  }
}

function setTick(state: ChainState, row: Row): void {
  const pool = state.states.get(toHex(row.pool_address)) as TicksState
  pool.ticks?.set(Number(row.tick), { gross: toBigInt(row.liquidity_gross), net: toBigInt(row.liquidity_net) })
}

function toPool(row: Row): Pool {
  return {
    address: toHex(row.address),
    protocol: String(row.protocol),
    family: row.family as Family,
    factory: row.factory_address === null ? null : toHex(row.factory_address),
    token0: toHex(row.token0_address),
    token1: toHex(row.token1_address),
    feePips: row.fee === null ? null : Number(row.fee),
    tickSpacing: row.tick_spacing === null ? null : Number(row.tick_spacing),
    created:
      row.created_block === null
        ? null
        : { blockNumber: Number(row.created_block), transactionHash: toHex(row.created_transaction_hash) },
    firstSeenBlock: Number(row.first_seen_block),
    stateOrigin: row.state_origin as StateOrigin,
  }
}

/** A bytea as a driver returns it. */
export function toHex(value: unknown): Hex {
  return `0x${Buffer.from(value as Uint8Array).toString('hex')}`
}

function toBigInt(value: unknown): bigint {
  return BigInt(value as string | number)
}

/** A stored address or hash, for comparisons in SQL parameters. */
export function toParameter(value: Address | Hex): string {
  return `\\x${value.slice(2)}`
}
