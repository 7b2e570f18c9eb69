import type { Address, Hex } from '../../types/block.ts'
import type { InnerValue, PoolClaim, TickLiquidity, TicksState } from '../../types/pool.ts'
import { fetchCalls } from '../calls.ts'
import type { Rpc } from '../rpc.ts'
import { callData, type Described, selector, wordAt, wordCount } from './probe.ts'

const STATE = selector('state()')
const BITMAP = selector('pointBitmap(int16)')
const POINTS = selector('points(int24)')
const ORDERS = selector('limitOrderData(int24)')

/** The outermost points of any pool. Source: iZiSwap-core RIGHT_MOST_PT. */
const POINT_MAX = 800_000
/** The bitmap has a bit for each usable point, 256 in a word. */
const WORD_POINTS = 256
/** A real pool has hundreds; one with more than this is made to keep us busy. */
const POINTS_MAX = 20_000
/** Points with limit orders; a pool with more is not followed (derive/families/iziswap.ts). */
const ORDERS_MAX = 4_000
/** In which word of its answer `limitOrderData` has what is sold of Y, by the number of words: of both versions there are. */
const SELLING_Y: ReadonlyMap<number, number> = new Map([
  [6, 3],
  [10, 5],
])

type Read = (calls: readonly Hex[]) => Promise<(Hex | null)[]>

/**
 * Reads the current point, its liquidity, the liquidity at the ends of all positions and all limit orders of a pool before
 * the block of a claim; of one that is created in this block, the point at the end of it and nothing else.
 * @returns null when the node does not serve all of it, or what it serves does not add up: a wrong map is worse than none.
 */
export async function fetchIziswapSnapshot(
  rpc: Rpc,
  { address: to, blockNumber, creation }: Pick<PoolClaim, 'address' | 'blockNumber' | 'creation'>,
  { tickSpacing, feePips }: Pick<Described, 'tickSpacing' | 'feePips'>,
  signal?: AbortSignal,
): Promise<TicksState | null> {
  const at = creation === null ? blockNumber - 1 : blockNumber
  if (at < 0 || tickSpacing === null || tickSpacing <= 0) return null
  const read = reader(rpc, to, at, signal)
  const [answer] = await read([STATE])
  const [sqrtPriceX96, point] = [uintAt(answer, 0, 160), intAt(answer, 1, 24)]
  const [liquidity, liquidityX] = [uintAt(answer, 6, 128), uintAt(answer, 7, 128)]
  if (sqrtPriceX96 === null || point === null || liquidity === null || liquidityX === null) return null
  if (sqrtPriceX96 === 0n || liquidityX > liquidity || Math.abs(Number(point)) > POINT_MAX) return null
  const price = { kind: 'ticks' as const, sqrtPriceX96, tick: Number(point), feePips, doubts: 0 }
  if (creation !== null) {
    const extra = { liquidityX: 0n, sellingX: new Map<number, bigint>(), sellingY: new Map<number, bigint>() }
    return { ...price, liquidity: 0n, ticks: new Map(), extra }
  }
  const used = await readBitmap(read, tickSpacing)
  const found = used === null ? null : await readPoints(read, used)
  if (found === null || liquidityAt(found.ticks, Number(point)) !== liquidity) return null
  const extra: { readonly [name: string]: InnerValue } = {
    ...{ liquidityX, sellingX: found.sellingX, sellingY: found.sellingY },
  }
  return { ...price, liquidity, ticks: found.ticks, extra }
}

function reader(rpc: Rpc, to: Address, blockNumber: number, signal: AbortSignal | undefined): Read {
  return (calls) =>
    fetchCalls(
      rpc,
      calls.map((data) => ({ to, data, blockNumber })),
      'null',
      signal,
    )
}

/** The points whose bits are set; null when a word is missing, there are too many, or one is none of a pool. */
async function readBitmap(read: Read, spacing: number): Promise<number[] | null> {
  const last = Math.floor(POINT_MAX / spacing)
  const [from, to] = [Math.floor(-last / WORD_POINTS), Math.floor(last / WORD_POINTS)]
  const positions = Array.from({ length: to - from + 1 }, (_, index) => from + index)
  const words = await read(positions.map((position) => callData(BITMAP, position)))
  const points: number[] = []
  for (const [index, position] of positions.entries()) {
    let bits = wordCount(words[index]) === 1 ? wordAt(words[index], 0) : null
    if (bits === null) return null
    for (let bit = 0; bits > 0n; bits >>= 1n, bit++) {
      if (bits & 1n) points.push((position * WORD_POINTS + bit) * spacing)
    }
    if (points.length > POINTS_MAX) return null
  }
  return points.every((point) => Math.abs(point) <= POINT_MAX) ? points : null
}

type Points = { ticks: Map<number, TickLiquidity>; sellingX: Map<number, bigint>; sellingY: Map<number, bigint> }

async function readPoints(read: Read, used: readonly number[]): Promise<Points | null> {
  const answers = await read(used.flatMap((point) => [callData(POINTS, point), callData(ORDERS, point)]))
  const found: Points = { ticks: new Map(), sellingX: new Map(), sellingY: new Map() }
  for (const [index, point] of used.entries()) {
    const [liquidity, orders] = [answers[2 * index], answers[2 * index + 1]]
    const [gross, net] = [uintAt(liquidity, 0, 128), intAt(liquidity, 1, 128)]
    const soldAt = SELLING_Y.get(wordCount(orders))
    const [sellingX, sellingY] = [uintAt(orders, 0, 128), soldAt === undefined ? null : uintAt(orders, soldAt, 128)]
    if (gross === null || net === null || sellingX === null || sellingY === null) return null
    if (gross > 0n) found.ticks.set(point, { gross, net })
    if (sellingY > 0n) found.sellingY.set(point, sellingY)
    // A point that is marked without reason ends a step of a swap all the same, as one that sells nothing.
    if (sellingX > 0n || (gross === 0n && sellingY === 0n)) found.sellingX.set(point, sellingX)
  }
  return found.sellingX.size + found.sellingY.size > ORDERS_MAX ? null : found
}

function liquidityAt(ticks: ReadonlyMap<number, TickLiquidity>, point: number): bigint {
  let liquidity = 0n
  for (const [at, { net }] of ticks) if (at <= point) liquidity += net
  return liquidity
}

function uintAt(answer: Hex | null | undefined, index: number, bits: number): bigint | null {
  const value = wordAt(answer, index)
  return value === null || value >> BigInt(bits) !== 0n ? null : value
}

function intAt(answer: Hex | null | undefined, index: number, bits: number): bigint | null {
  const value = wordAt(answer, index)
  if (value === null) return null
  const signed = BigInt.asIntN(256, value)
  return BigInt.asIntN(bits, signed) === signed ? signed : null
}
