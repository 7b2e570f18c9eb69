import type { Address, Hex } from '../../types/block.ts'
import type { TickLiquidity, TicksState } from '../../types/pool.ts'
import { fetchCalls } from '../calls.ts'
import type { Rpc } from '../rpc.ts'

// Selectors of IUniswapV3PoolState: slot0(), liquidity(), tickBitmap(int16), ticks(int24).
const SLOT0 = '0x3850c7bd'
const LIQUIDITY = '0x1a686502'
const TICK_BITMAP = '0x5339c296'
const TICKS = '0xf30dba93'
/** Largest tick of a price (TickMath.MAX_TICK). */
const TICK_MAX = 887_272
/** A real pool has hundreds; one with more than this is made to keep us busy. */
const TICKS_MAX = 20_000
const INT128_LIMIT = 1n << 127n

/**
 * Reads price, liquidity and every initialised tick of a pool at the end of a block.
 * @returns null when the node does not serve all of it for that block: a wrong tick map is worse than none.
 */
export async function fetchTicksSnapshot(
  rpc: Rpc,
  { address: pool, tickSpacing, feePips }: { address: Address; tickSpacing: number; feePips: number | null },
  blockNumber: number,
  signal?: AbortSignal,
): Promise<TicksState | null> {
  if (blockNumber < 0) return null
  const read = (calls: { to: Address; data: Hex }[]) =>
    fetchCalls(
      rpc,
      calls.map((call) => ({ ...call, blockNumber })),
      'null',
      signal,
    )
  const [slot0, liquidity] = await read([
    { to: pool, data: SLOT0 },
    { to: pool, data: LIQUIDITY },
  ])
  if (!slot0 || !liquidity || slot0.length < 2 + 2 * 64) return null
  const positions = bitmapPositions(tickSpacing)
  const words = await read(positions.map((position) => ({ to: pool, data: withInt(TICK_BITMAP, position) })))
  const ticks = initialisedTicks(positions, words, tickSpacing)
  if (ticks === null) return null
  const answers = await read(ticks.map((tick) => ({ to: pool, data: withInt(TICKS, tick) })))
  const map = new Map<number, TickLiquidity>()
  for (const [index, tick] of ticks.entries()) {
    const answer = answers[index]
    if (!answer || answer.length < 2 + 2 * 64) return null
    map.set(tick, { gross: wordAt(answer, 0), net: toSigned(wordAt(answer, 1) & ((1n << 128n) - 1n), INT128_LIMIT) })
  }
  return {
    kind: 'ticks',
    sqrtPriceX96: wordAt(slot0, 0),
    tick: Number(toSigned(wordAt(slot0, 1) & 0xffffffn, 1n << 23n)),
    liquidity: wordAt(liquidity, 0),
    feePips,
    ticks: map,
    extra: null,
    doubts: 0,
  }
}

/** Positions of the bitmap words that can hold a tick (TickBitmap: 256 usable ticks a word). */
function bitmapPositions(tickSpacing: number): number[] {
  const last = Math.floor(TICK_MAX / tickSpacing) >> 8
  const first = Math.floor(-TICK_MAX / tickSpacing) >> 8
  return Array.from({ length: last - first + 1 }, (_, offset) => first + offset)
}

function initialisedTicks(positions: number[], words: (Hex | null)[], tickSpacing: number): number[] | null {
  const ticks: number[] = []
  for (const [index, position] of positions.entries()) {
    const word = words[index]
    if (word?.length !== 66) return null
    for (let bits = BigInt(word), bit = 0; bits > 0n; bits >>= 1n, bit++) {
      if (bits & 1n) ticks.push((position * 256 + bit) * tickSpacing)
    }
    if (ticks.length > TICKS_MAX) return null
  }
  return ticks.every((tick) => Math.abs(tick) <= TICK_MAX) ? ticks : null
}

function withInt(selector: Hex, value: number): Hex {
  return `${selector}${BigInt.asUintN(256, BigInt(value)).toString(16).padStart(64, '0')}`
}

function wordAt(data: Hex, index: number): bigint {
  return BigInt(`0x${data.slice(2 + index * 64, 66 + index * 64) || '0'}`)
}

function toSigned(value: bigint, limit: bigint): bigint {
  return value < limit ? value : value - 2n * limit
}
