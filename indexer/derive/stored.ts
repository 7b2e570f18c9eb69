import type { Address } from '../types/block.ts'
import type { Family } from '../types/event.ts'
import type { InnerState, InnerValue, Pool, PoolState, StateOrigin, TickLiquidity } from '../types/pool.ts'

/** A row as drizzle and the API give it: columns in camelCase, amounts as bigint, bytes as hex. */
type StoredRow = Record<string, unknown>

/** Key under which a map from numbers is kept in JSON. */
const MAP = '@map'

/** The pool of a stored row of `pools`. */
export function toPool(row: StoredRow, tokens: readonly Address[]): Pool {
  const { createdBlock, createdTransactionHash } = row
  return {
    address: row.address as Address,
    emitter: row.emitterAddress as Address,
    protocol: String(row.protocol),
    family: row.family as Family,
    factory: row.factoryAddress as Address | null,
    tokens: [...tokens],
    feePips: row.fee as number | null,
    tickSpacing: row.tickSpacing as number | null,
    stable: row.stable as boolean | null,
    hooks: row.hooksAddress as Address | null,
    created:
      typeof createdBlock === 'number'
        ? { blockNumber: createdBlock, transactionHash: createdTransactionHash as Address }
        : null,
    firstSeenBlock: Number(row.firstSeenBlock),
    stateOrigin: row.stateOrigin as StateOrigin,
  }
}

/**
 * The state of a stored row of `pool_states`.
 * @param ticks stored rows of the pool's ticks in use; null when the tick map is not known.
 */
export function toPoolState(row: StoredRow, ticks: readonly StoredRow[] | null): PoolState {
  const doubts = Number(row.doubts)
  const fee0Pips = row.fee0 as number | null
  const inner = row.innerState === null ? null : decodeInner(row.innerState)
  if (row.sqrtPriceX96 === null && inner !== null) return { kind: 'inner', inner, doubts }
  if (row.reserve0 === null) {
    const price = { sqrtPriceX96: row.sqrtPriceX96 as bigint, tick: row.tick as number }
    const map = ticks === null ? null : new Map(ticks.map(toTick))
    const rest = { feePips: fee0Pips, ticks: map, extra: inner, doubts }
    return { kind: 'ticks', ...price, liquidity: row.liquidity as bigint, ...rest }
  }
  const virtual =
    row.virtualReserve0 === null
      ? null
      : { reserve0: row.virtualReserve0 as bigint, reserve1: row.virtualReserve1 as bigint }
  const reserves = { reserve0: row.reserve0 as bigint, reserve1: row.reserve1 as bigint }
  return { kind: 'reserves', ...reserves, virtual, fee0Pips, fee1Pips: row.fee1 as number | null, doubts }
}

function toTick({ tick, liquidityGross, liquidityNet }: StoredRow): [number, TickLiquidity] {
  return [tick as number, { gross: liquidityGross as bigint, net: liquidityNet as bigint }]
}

/** The inner state of a pool as JSON: bigints as decimal strings, maps by ascending key. */
export function encodeInner(inner: InnerState['inner']): string {
  return JSON.stringify(toJson(inner))
}

/** The inner state that `encodeInner` made this JSON value of. Strings of digits become bigints. */
export function decodeInner(json: unknown): InnerState['inner'] {
  return fromJson(json) as InnerState['inner']
}

function toJson(value: InnerValue): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<number, InnerValue>)].sort(([a], [b]) => a - b)
    return { [MAP]: entries.map(([key, item]) => [key, toJson(item)]) }
  }
  if (Array.isArray(value)) return value.map(toJson)
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toJson(item as InnerValue)]))
}

function fromJson(json: unknown): InnerValue {
  if (typeof json === 'string') return /^-?\d+$/.test(json) ? BigInt(json) : json
  if (typeof json !== 'object' || json === null) return json as InnerValue
  if (Array.isArray(json)) return json.map(fromJson)
  const entries = Object.entries(json)
  if (entries.length === 1 && entries[0]![0] === MAP) {
    return new Map((entries[0]![1] as [number, unknown][]).map(([key, item]) => [key, fromJson(item)]))
  }
  return Object.fromEntries(entries.map(([name, item]) => [name, fromJson(item)]))
}
