import type { Database, Row } from '../../db/database.ts'
import { decodeRow } from '../../db/queries/sql.ts'
import { poolStates } from '../../db/schema/poolStates.ts'
import { pools } from '../../db/schema/pools.ts'
import { CLOCK_MEMORY_BLOCKS } from '../derive/clock.ts'
import { rulesOf } from '../derive/families/index.ts'
import { createChainState } from '../derive/state.ts'
import { toPool, toPoolState } from '../derive/stored.ts'
import type { Address, Hex } from '../types/block.ts'
import type { Clock, ClockMemory } from '../types/clock.ts'
import type { ChainState, TicksState } from '../types/pool.ts'

/** Reads what the stages remember at the end of a stored block of a chain. */
export async function loadChainState(database: Database, chainId: number, blockNumber: number): Promise<ChainState> {
  const query = (text: string) => database.query(text, [chainId, blockNumber])
  const state = createChainState(await loadClockMemory(database, chainId, blockNumber))
  for (const row of await query(POOLS)) {
    const pool = toPool(decodeRow(pools, row), [])
    state.pools.set(pool.address, pool)
  }
  for (const row of await query(POOL_TOKENS)) {
    state.pools.get(toHex(row.pool_address))!.tokens.push(toHex(row.token_address))
  }
  for (const row of await query(TOKENS)) {
    state.tokens.set(toHex(row.address), row.decimals === null ? null : Number(row.decimals))
  }
  for (const row of await query(LATEST_PRICES)) {
    const usd = row.price_usd === null ? null : Number(row.price_usd)
    state.prices.set(toHex(row.token_address), { usd, path: row.path === null ? null : String(row.path) })
  }
  for (const row of await query(REFUSED)) {
    // A factory may have announced it since.
    const emitter = toHex(row.emitter_address)
    if (!state.pools.has(emitter)) state.refused.add(emitter)
  }
  for (const row of await query(LATEST_STATES)) setPoolState(state, row)
  for (const row of await query(LATEST_TICKS)) setTick(state, row)
  return state
}

async function loadClockMemory(database: Database, chainId: number, blockNumber: number): Promise<ClockMemory> {
  const rows = await database.query(TESTED_CLOCKS, [chainId, CLOCK_MEMORY_BLOCKS, blockNumber])
  return rows.map((row) => ({ number: Number(row.number), clock: row.clock as Clock }))
}

const TESTED_CLOCKS = `
  select number, clock from (
    select number, clock, clock_tested from blocks where chain_id = $1 and number <= $3 order by number desc limit $2
  ) last where clock_tested order by number`

const POOLS = `select * from pools where chain_id = $1 and first_seen_block <= $2 order by address`

const TOKENS = `select address, decimals from tokens where chain_id = $1 and first_seen_block <= $2`

const REFUSED = `
  select distinct emitter_address from undecoded_logs
  where chain_id = $1 and block_number <= $2 and reason in ('unknown-pool', 'false-factory')`

const POOL_TOKENS = `
  select pool_address, token_address from pool_tokens
  where chain_id = $1 and first_seen_block <= $2 order by pool_address, position`

const LATEST_PRICES = `
  select distinct on (token_address) token_address, price_usd, path from token_prices
  where chain_id = $1 and block_number <= $2 order by token_address, block_number desc`

const LATEST_STATES = `
  select p.address, s.*
  from pools p
  left join lateral (
    select * from pool_states
    where chain_id = p.chain_id and pool_address = p.address and block_number <= $2
    order by block_number desc limit 1
  ) s on true
  where p.chain_id = $1 and p.first_seen_block <= $2`

const LATEST_TICKS = `
  select * from (
    select distinct on (pool_address, tick) pool_address, tick, liquidity_gross, liquidity_net
    from pool_ticks where chain_id = $1 and block_number <= $2
    order by pool_address, tick, block_number desc
  ) latest where liquidity_gross <> 0`

function setPoolState(state: ChainState, row: Row): void {
  const address = toHex(row.address)
  const pool = state.pools.get(address)!
  const stored =
    row.quality === null ? rulesOf(pool.family).begin(pool, null) : toPoolState(decodeRow(poolStates, row), null)
  if (stored === null) return
  // Ticks are stored apart, and not at all where the tick map is not known.
  if (stored.kind === 'ticks') stored.ticks = pool.stateOrigin === 'events' ? null : new Map()
  state.states.set(address, stored)
}

function setTick(state: ChainState, row: Row): void {
  const pool = state.states.get(toHex(row.pool_address)) as TicksState
  pool.ticks?.set(Number(row.tick), { gross: toBigInt(row.liquidity_gross), net: toBigInt(row.liquidity_net) })
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
