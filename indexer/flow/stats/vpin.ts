import { leastSquares } from './linear.ts'
import { finite, isConstant, mean } from './summary.ts'

const BUCKETS = 50
/** Part of a bucket that rounding may leave out of it. */
const ROUNDING = 1e-9
const WINDOWS_MIN = 50

/** A trade's volume, in any unit, and whether it bought. */
export type SignedVolume = { volume: number; sign: 1 | -1 }

/**
 * Volume-synchronised imbalance: mean of |bought - sold| / volume over the last buckets of equal volume, with the true signs
 * of trades, each split over the buckets it fills; from 0 to 1, no unit. Of unrelated trades of one size, m to a bucket, it is
 * sqrt(2 / (pi m)) and not 0. Null when fewer buckets are full. Source: Easley, Lopez de Prado & O'Hara 2012; that it says
 * nothing more than volume and volatility: Andersen & Bondarenko 2014 (see `vpinControls`).
 * @param bucketVolume volume of a bucket, in the unit of the trades.
 */
export function vpin(trades: readonly SignedVolume[], bucketVolume: number, buckets = BUCKETS): number | null {
  if (!(bucketVolume > 0) || !Number.isFinite(bucketVolume) || buckets < 1) return null
  const imbalances = listImbalances(trades, bucketVolume, buckets).slice(-buckets)
  return imbalances.length < buckets ? null : mean(imbalances)
}

/** The imbalance of each full bucket; of buckets that one trade fills alone, no more than can count. */
function listImbalances(trades: readonly SignedVolume[], bucketVolume: number, buckets: number): number[] {
  const imbalances: number[] = []
  let [filled, net] = [0, 0]
  for (const { volume, sign } of trades) {
    if (!(volume > 0) || !Number.isFinite(volume)) continue
    let left = volume
    const room = bucketVolume - filled
    if (left >= room - ROUNDING * bucketVolume) {
      imbalances.push(Math.min(1, Math.abs(net + sign * Math.min(left, room)) / bucketVolume))
      left = Math.max(0, left - room)
      const alone = Math.floor(left / bucketVolume + ROUNDING)
      for (let index = 0; index < Math.min(alone, buckets); index++) imbalances.push(1)
      left = Math.max(0, left - alone * bucketVolume)
      ;[filled, net] = [0, 0]
    }
    filled += left
    net += sign * left
  }
  return imbalances
}

/** A window's VPIN with what may explain the next return without it. */
export type VpinWindow = { vpin: number; volume: number; volatility: number; nextAbsReturn: number }

/** What VPIN adds to the explanation of the next absolute return. */
export type VpinControls = {
  /** Share of the variance that volume and realised volatility explain. */
  controlsR2: number
  /** Share that VPIN explains besides. */
  incrementalR2: number
  /** Of VPIN's coefficient, with 1 and n - 4 degrees of freedom; null for a perfect fit. */
  fStatistic: number | null
  n: number
}

/**
 * The explanatory power of VPIN for the next absolute return after volume and realised volatility, in sample. Null below 50
 * windows, or when one of the four is constant or made of others. Source: Andersen & Bondarenko 2014.
 */
export function vpinControls(windows: readonly VpinWindow[]): VpinControls | null {
  const n = windows.length
  const y = windows.map(({ nextAbsReturn }) => nextAbsReturn)
  const average = mean(y)
  if (n < WINDOWS_MIN || average === null) return null
  const total = y.reduce((sum, value) => sum + (value - average) ** 2, 0)
  const controls = leastSquares(listRows(windows, false), y)
  const all = leastSquares(listRows(windows, true), y)
  if (isConstant(total, average, n) || controls === null || all === null) return null
  const added = Math.max(0, controls.residual - all.residual)
  const fStatistic = finite(added / (all.residual / (n - 4)))
  return { controlsR2: 1 - controls.residual / total, incrementalR2: added / total, fStatistic, n }
}

/** Rows of a regression, the variables brought to one scale so that none is lost to rounding. */
function listRows(windows: readonly VpinWindow[], withVpin: boolean): Float64Array[] {
  const columns = [windows.map(({ volume }) => volume), windows.map(({ volatility }) => volatility)]
  if (withVpin) columns.push(windows.map((window) => window.vpin))
  const scaled = columns.map(standardise)
  return windows.map((_, index) => Float64Array.from([1, ...scaled.map((column) => column[index]!)]))
}

function standardise(values: readonly number[]): number[] {
  const average = mean(values)!
  const squares = values.reduce((sum, value) => sum + (value - average) ** 2, 0)
  if (isConstant(squares, average, values.length)) return values.map(() => 0)
  const deviation = Math.sqrt(squares / values.length)
  return values.map((value) => (value - average) / deviation)
}
