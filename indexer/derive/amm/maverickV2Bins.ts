import { clip, max, min, mulDiv, mulDivUp, tickSqrtPrice, unlessReverted, WAD } from './maverickMath.ts'
import type { MaverickV2Tick } from './maverickV2.ts'

/** A bin: its share of its tick, and the sum of the shares that were given out for it. Kinds: see `MaverickV1Bin`. */
export type MaverickV2Bin = { kind: number; tick: number; tickBalance: bigint; totalSupply: bigint }

/** The bins of a pool by id, and its ticks. */
export type MaverickV2Holdings = {
  bins: ReadonlyMap<number, MaverickV2Bin>
  ticks: ReadonlyMap<number, MaverickV2Tick>
}

/** Holdings after a change, and what went in or came out, with 18 decimals. */
export type MaverickV2Change = { after: MaverickV2Holdings; amountA: bigint; amountB: bigint }

/** Where shares are added. */
export type MaverickV2Place = { id: number; kind: number; tick: number }

/** Shares that a new bin locks. */
const MINIMUM_LIQUIDITY = 10n ** 8n
const EMPTY_TICK: MaverickV2Tick = { reserveA: 0n, reserveB: 0n, totalSupply: 0n }

/**
 * Adds shares of a bin, which is new when its id is; null where the contract would revert.
 * @param pool activeTick and tickSpacing of the pool
 * Source: the adapter of @paraswap/dex-lib 5.0.6 (maverick-bin-math).
 */
export function addShares(
  { bins, ticks }: MaverickV2Holdings,
  { id, kind, tick }: MaverickV2Place,
  shares: bigint,
  pool: { activeTick: number; tickSpacing: number },
): MaverickV2Change | null {
  const bin = bins.get(id) ?? { kind, tick, tickBalance: 0n, totalSupply: 0n }
  if (bin.tick !== tick || bin.kind !== kind || shares <= 0n) return null
  if (bin.totalSupply === 0n && shares < MINIMUM_LIQUIDITY) return null
  return unlessReverted(() => {
    const held = ticks.get(tick) ?? EMPTY_TICK
    const balance = max(1n, bin.tickBalance)
    const [amountA, amountB] = isEmpty(held)
      ? priceOfShares(shares, tick, pool)
      : [held.reserveA, held.reserveB].map((reserve) =>
          mulDivUp(reserve, balance * shares, max(1n, held.totalSupply) * max(1n, bin.totalSupply)),
        )
    const added = held.totalSupply === 0n ? shares : mulDiv(shares, balance, max(1n, bin.totalSupply))
    const locked = bin.totalSupply === 0n ? MINIMUM_LIQUIDITY : bin.totalSupply
    const nextBin = { ...bin, tickBalance: bin.tickBalance + added, totalSupply: locked + shares }
    const nextTick = {
      reserveA: held.reserveA + amountA!,
      reserveB: held.reserveB + amountB!,
      totalSupply: held.totalSupply + added,
    }
    return { ...withBin({ bins, ticks }, id, nextBin, nextTick), amountA: amountA!, amountB: amountB! }
  })
}

/** What an empty tick has to be given for shares: only A below the active tick, only B in it and above. */
function priceOfShares(shares: bigint, tick: number, pool: { activeTick: number; tickSpacing: number }) {
  return tick < pool.activeTick
    ? [mulDivUp(shares, tickSqrtPrice(tick, pool.tickSpacing), WAD), 0n]
    : [0n, mulDivUp(shares, WAD, tickSqrtPrice(tick + 1, pool.tickSpacing))]
}

/** Removes shares of a bin; null when there is no such bin that is not merged, or where the contract would revert. */
export function removeShares({ bins, ticks }: MaverickV2Holdings, id: number, shares: bigint): MaverickV2Change | null {
  const bin = bins.get(id)
  const held = bin === undefined ? undefined : ticks.get(bin.tick)
  if (bin === undefined || held === undefined || bin.totalSupply === 0n || shares < 0n) return null
  const removed = min(shares, bin.totalSupply)
  const balance = min((removed * bin.tickBalance) / bin.totalSupply, held.totalSupply)
  const part = (reserve: bigint) => (held.totalSupply === 0n ? 0n : (reserve * balance) / held.totalSupply)
  const [amountA, amountB] = [part(held.reserveA), part(held.reserveB)]
  const nextBin = {
    ...bin,
    tickBalance: clip(bin.tickBalance, balance),
    totalSupply: bin.totalSupply - removed,
  }
  const nextTick = {
    reserveA: held.reserveA - amountA,
    reserveB: held.reserveB - amountB,
    totalSupply: held.totalSupply - balance,
  }
  return { ...withBin({ bins, ticks }, id, nextBin, nextTick), amountA, amountB }
}

function isEmpty({ reserveA, reserveB }: MaverickV2Tick): boolean {
  return reserveA === 0n && reserveB === 0n
}

function withBin(
  { bins, ticks }: MaverickV2Holdings,
  id: number,
  bin: MaverickV2Bin,
  tick: MaverickV2Tick,
): { after: MaverickV2Holdings } {
  return { after: { bins: new Map(bins).set(id, bin), ticks: new Map(ticks).set(bin.tick, tick) } }
}
