import type { Address, Hex } from '../../types/block.ts'
import type { InnerState, InnerValue } from '../../types/pool.ts'
import { fetchCalls } from '../calls.ts'
import type { Rpc } from '../rpc.ts'
import { callData, selector, wordAt, wordCount } from './probe.ts'

const STATE = selector('getState()')
const FEE = selector('fee()')
const FEE_BY_SIDE = selector('fee(bool)')
const BIN_V1 = selector('getBin(uint128)')
const BIN_V2 = selector('getBin(uint32)')
const TICK = selector('getTick(int32)')

/** A real pool has some thousands; one with more than this is made to keep us busy. */
const BINS_MAX = 6_000
/** Bins that hold something; a pool with more is not followed. */
const HELD_MAX = 2_000
/** Replays that have to be equal before a pool counts as exact (derive/families/maverick.ts). */
const DOUBTS = 2

type Read = (calls: readonly Hex[]) => Promise<(Hex | null)[]>

function reader(rpc: Rpc, to: Address, blockNumber: number, signal?: AbortSignal): Read {
  return (calls) =>
    fetchCalls(
      rpc,
      calls.map((data) => ({ to, data, blockNumber })),
      'null',
      signal,
    )
}

/**
 * Reads the active tick, the fee and every bin of a pool of Maverick V1 at the end of a block.
 * @returns null when the node does not serve all of it for that block, or an answer is of another shape.
 */
export async function fetchMaverickV1Snapshot(
  rpc: Rpc,
  address: Address,
  blockNumber: number,
  signal?: AbortSignal,
): Promise<InnerState | null> {
  if (blockNumber < 0) return null
  const read = reader(rpc, address, blockNumber, signal)
  const [state, feeAnswer] = await read([STATE, FEE])
  const values = words(state, [-32, 8, 128, 64])
  const fee = words(feeAnswer, [256])
  if (values === null || fee === null) return null
  const [activeTick, , binCounter, protocolFee] = values
  const ids = idsUpTo(binCounter!)
  if (ids === null) return null
  const held = new Map<number, InnerValue>()
  const merged = new Map<number, number>()
  const answers = await read(ids.map((id) => callData(BIN_V1, id)))
  for (const [index, id] of ids.entries()) {
    const bin = words(answers[index], [128, 128, 128, 128, 128, 8, -32])
    if (bin === null) return null
    const [reserveA, reserveB, , mergeId, , kind, tick] = bin
    if (mergeId !== 0n) merged.set(id, Number(mergeId))
    else if (reserveA !== 0n || reserveB !== 0n) {
      held.set(id, { kind: Number(kind), tick: Number(tick), reserveA: reserveA!, reserveB: reserveB! })
    }
  }
  if (held.size > HELD_MAX) return null
  const inner = { fee: fee[0]!, protocolFee: protocolFee!, activeTick: Number(activeTick) }
  return { kind: 'inner', inner: { ...inner, bins: { held, merged }, moves: [] }, doubts: DOUBTS }
}

/** As `fetchMaverickV1Snapshot`, of a pool of Maverick V2: also what each tick with a bin holds. */
export async function fetchMaverickV2Snapshot(
  rpc: Rpc,
  address: Address,
  blockNumber: number,
  signal?: AbortSignal,
): Promise<InnerState | null> {
  if (blockNumber < 0) return null
  const read = reader(rpc, address, blockNumber, signal)
  const [state, ...feeAnswers] = await read([STATE, callData(FEE_BY_SIDE, true), callData(FEE_BY_SIDE, false)])
  const values = words(state, [128, 128, -64, -64, 40, -32, 1, 32, 8])
  const [feeA, feeB] = feeAnswers.map((answer) => words(answer, [256])?.[0])
  if (values === null || feeA === undefined || feeB === undefined) return null
  const [, , , , , activeTick, , binCounter, protocolFee] = values
  const bins = await readBinsV2(read, binCounter!)
  if (bins === null) return null
  const tickNumbers = [...new Set([...bins.values()].map(({ tick }) => tick))].sort((a, b) => a - b)
  const answers = await read(tickNumbers.map((tick) => callData(TICK, tick)))
  const ticks = new Map<number, InnerValue>()
  for (const [index, tick] of tickNumbers.entries()) {
    const held = words(answers[index], [128, 128, 128, 32, 32, 32, 32])
    if (held === null) return null
    ticks.set(tick, { reserveA: held[0]!, reserveB: held[1]!, totalSupply: held[2]! })
  }
  const inner = { feeA, feeB, protocolFee: protocolFee!, activeTick: Number(activeTick) }
  return { kind: 'inner', inner: { ...inner, holdings: { bins, ticks } }, doubts: DOUBTS }
}

type BinV2 = { kind: number; tick: number; tickBalance: bigint; totalSupply: bigint }

/** The bins that are not merged and that shares were given out for. */
async function readBinsV2(read: Read, binCounter: bigint): Promise<Map<number, BinV2> | null> {
  const ids = idsUpTo(binCounter)
  if (ids === null) return null
  const bins = new Map<number, BinV2>()
  const answers = await read(ids.map((id) => callData(BIN_V2, id)))
  for (const [index, id] of ids.entries()) {
    const bin = words(answers[index], [128, 128, 128, 8, -32, 32])
    if (bin === null) return null
    const [, tickBalance, totalSupply, kind, tick, mergeId] = bin
    if (mergeId !== 0n || totalSupply === 0n) continue
    bins.set(id, { kind: Number(kind), tick: Number(tick), tickBalance: tickBalance!, totalSupply: totalSupply! })
  }
  return bins.size > HELD_MAX ? null : bins
}

/** Bins are numbered from one. */
function idsUpTo(binCounter: bigint): number[] | null {
  if (binCounter > BINS_MAX) return null
  return Array.from({ length: Number(binCounter) }, (_, index) => index + 1)
}

/** The words of an answer by their bits, negative for signed ones; null when it has others. */
function words(answer: Hex | null | undefined, bits: readonly number[]): bigint[] | null {
  if (wordCount(answer) !== bits.length) return null
  const values = bits.map((size, index) => {
    const value = wordAt(answer, index)!
    if (size > 0) return value >> BigInt(size) === 0n ? value : null
    const signed = BigInt.asIntN(256, value)
    return BigInt.asIntN(-size, signed) === signed ? signed : null
  })
  return values.every((value) => value !== null) ? values : null
}
