import { toFeePips } from '../../../contracts/families.ts'
import type { Address, Hex } from '../../types/block.ts'
import type { TickLiquidity, TicksState } from '../../types/pool.ts'
import { fetchCalls } from '../calls.ts'
import type { Rpc } from '../rpc.ts'
import { PAIR_GETTERS } from './pairs.ts'
import { callData, orderedTokens, type Probe, selector, toAddress, toSmall, wordAt, wordCount } from './probe.ts'

const POOL_STATE = selector('getPoolState()')
const LIQUIDITY_STATE = selector('getLiquidityState()')
const SWAP_FEE = selector('swapFeeUnits()')
const TICK_DISTANCE = selector('tickDistance()')
const GET_POOL = selector('getPool(address,address,uint24)')
const TICKS = selector('ticks(int24)')
const INITIALIZED_TICKS = selector('initializedTicks(int24)')

/** The ends of the list of initialised ticks (TickMath). */
const MIN_TICK = -887_272
const MAX_TICK = 887_272
/** A real pool has hundreds; one with more than this is made to keep us busy. */
const TICKS_MAX = 20_000
/** Ticks are close to each other, so that one round of calls asks for several that may follow in the list. */
const TICKS_AHEAD = 100
/** 10 pips are one unit of Kyber's fees. */
const PIPS_PER_UNIT = 10

/** KyberSwap Elastic: tokens, fee, distance of the ticks, price and liquidity; the factory knows pools by tokens and fee. */
export const kyberElasticProbe: Probe = {
  family: 'kyber-elastic',
  ask: ({ address: to }) =>
    [...PAIR_GETTERS, POOL_STATE, TICK_DISTANCE, SWAP_FEE, LIQUIDITY_STATE].map((data) => ({ to, data })),
  read: ([token0, token1, factory, price, distance, fee, liquidity]) => {
    const tokens = orderedTokens(token0, token1)
    const [tickSpacing, units] = [toSmall(distance), toSmall(fee)]
    if (tokens === null || tickSpacing === null || tickSpacing === 0) return null
    if (wordCount(price) < 4 || wordCount(liquidity) === 0) return null
    const feePips = units === null ? null : toFeePips('kyber-elastic', BigInt(units))
    return { family: 'kyber-elastic', factory: toAddress(factory), tokens, feePips, tickSpacing, stable: null }
  },
  lookUp: (to, { tokens: [token0, token1], feePips }) => ({
    ...{ to, data: callData(GET_POOL, token0!, token1!, (feePips ?? 0) / PIPS_PER_UNIT), expects: 'address' },
  }),
  snapshot: (rpc, { address, blockNumber }, { tickSpacing, feePips }, signal) =>
    fetchKyberElasticSnapshot(rpc, { address, tickSpacing: tickSpacing!, feePips }, blockNumber - 1, signal),
}

type Read = (calls: readonly Hex[]) => Promise<(Hex | null)[]>

/**
 * Reads price, both liquidities and every initialised tick of a pool at the end of a block.
 * @returns null when the node does not serve all of it for that block: a wrong tick map is worse than none.
 */
export async function fetchKyberElasticSnapshot(
  rpc: Rpc,
  { address: to, tickSpacing, feePips }: { address: Address; tickSpacing: number; feePips: number | null },
  blockNumber: number,
  signal?: AbortSignal,
): Promise<TicksState | null> {
  if (blockNumber < 0) return null
  const read: Read = (calls) =>
    fetchCalls(
      rpc,
      calls.map((data) => ({ to, data, blockNumber })),
      'null',
      signal,
    )
  const [price, liquidities] = await read([POOL_STATE, LIQUIDITY_STATE])
  const [sqrtPriceX96, tick] = [uintAt(price, 0, 160), intAt(price, 1, 24)]
  const [liquidity, reinvestLiquidity] = [uintAt(liquidities, 0, 128), uintAt(liquidities, 1, 128)]
  if (sqrtPriceX96 === null || tick === null || liquidity === null || reinvestLiquidity === null) return null
  const list = await readList(read, tickSpacing)
  const ticks = list === null ? null : await readTicks(read, list)
  if (ticks === null) return null
  const state = { sqrtPriceX96, tick: Number(tick), liquidity, feePips, ticks }
  return { kind: 'ticks', ...state, extra: { reinvestLiquidity, alternatives: [] }, doubts: 0 }
}

/** The initialised ticks, ascending, with the ends of the list; null when the list is broken or too long. */
async function readList(read: Read, spacing: number): Promise<number[] | null> {
  const list = [MIN_TICK]
  const links = new Map<number, { previous: number; next: number }>()
  for (let tick = MIN_TICK; tick !== MAX_TICK; ) {
    if (!links.has(tick)) await readLinks(read, tick, spacing, links)
    const next = links.get(tick)?.next ?? null
    if (next === null || next <= tick || next > MAX_TICK || list.length > TICKS_MAX) return null
    const back = links.get(next)
    // Ticks that were asked for ahead tell whether they belong to the list.
    if (back !== undefined && back.previous !== tick) return null
    list.push(next)
    tick = next
  }
  return list
}

async function readLinks(
  read: Read,
  tick: number,
  spacing: number,
  links: Map<number, { previous: number; next: number }>,
): Promise<void> {
  const aligned = Math.floor(tick / spacing) * spacing
  const ahead = Array.from({ length: TICKS_AHEAD - 1 }, (_, index) => aligned + (index + 1) * spacing)
  const asked = [tick, ...ahead.filter((other) => other < MAX_TICK)]
  const answers = await read(asked.map((at) => callData(INITIALIZED_TICKS, at)))
  for (const [index, at] of asked.entries()) {
    const [previous, next] = [intAt(answers[index], 0, 24), intAt(answers[index], 1, 24)]
    // A tick that is not in the list has two zeros; one that is lies between two others.
    const isInList = previous !== null && next !== null && (previous !== 0n || next !== 0n)
    if (isInList) links.set(at, { previous: Number(previous), next: Number(next) })
  }
}

/** The liquidity at each tick; ends of the list that no position uses are left out. */
async function readTicks(read: Read, list: readonly number[]): Promise<Map<number, TickLiquidity> | null> {
  const answers = await read(list.map((tick) => callData(TICKS, tick)))
  const ticks = new Map<number, TickLiquidity>()
  for (const [index, tick] of list.entries()) {
    const [gross, net] = [uintAt(answers[index], 0, 128), intAt(answers[index], 1, 128)]
    if (gross === null || net === null) return null
    const isEnd = tick === MIN_TICK || tick === MAX_TICK
    if (gross > 0n) ticks.set(tick, { gross, net })
    else if (!isEnd) return null
  }
  return ticks
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
