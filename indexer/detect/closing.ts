import type { Address } from '../types/block.ts'
import { type Flows, magnitude } from './flows.ts'

/** A position counts as closed when at most this part of it is left: 1 of 20. */
const CLOSED_PART = 20n

/** How a position that a front opened was closed by a back. */
export type Closing = {
  /** The asset that came back. */
  asset: Address
  /** What is left of it, as a part of the position. */
  left: number
  /** The profit as other tools count it. */
  naive: {
    /** Asset that the front paid with; null when it paid with several. */
    profitAsset: Address | null
    /** What the back brought of it less what the front paid. */
    naiveProfit: bigint | null
    /** The same for the part of the position that both have in common. */
    proRataProfit: bigint | null
  }
}

/**
 * Whether a back closes what a front opened: an asset that both moved in opposite directions comes back to at most 5 % of
 * it, and at most one other asset is given. Of several the one that came back best.
 */
export function findClosing(front: Flows, back: Flows): Closing | null {
  const assets = [...new Set([...front.keys(), ...back.keys()])].sort()
  const at = (asset: Address) => [front.get(asset) ?? 0n, back.get(asset) ?? 0n] as const
  const closed = assets.flatMap((asset) => {
    const [opened, returned] = at(asset)
    const peak = magnitude(opened) > magnitude(returned) ? magnitude(opened) : magnitude(returned)
    const isTurned = (opened > 0n && returned < 0n) || (opened < 0n && returned > 0n)
    const rest = magnitude(opened + returned)
    return isTurned && rest * CLOSED_PART <= peak ? [{ asset, left: Number(rest) / Number(peak) }] : []
  })
  if (closed.length === 0) return null
  const given = assets.filter((asset) => {
    const [opened, returned] = at(asset)
    return opened + returned < 0n && !closed.some((each) => each.asset === asset)
  })
  if (given.length > 1) return null
  const [best] = closed.toSorted((a, b) => a.left - b.left)
  return { ...best!, naive: naiveOf(front, back) }
}

/** A position of which less than this part came back was not given back at all: 1 of 5. */
const RETURNED_PART = 5n

/** How far a back took back what the front bought, where it does not close it; null when less than a fifth of the larger. */
export function findPartlyClosing(front: Flows, back: Flows): Closing | null {
  const bought = [...front].filter(([, amount]) => amount > 0n)
  const [[asset, opened]] = bought.length === 1 ? (bought as [[Address, bigint]]) : [[null, 0n]]
  const returned = asset === null ? 0n : -(back.get(asset) ?? 0n)
  if (asset === null || returned <= 0n) return null
  const [less, more] = opened < returned ? [opened, returned] : [returned, opened]
  if (less * RETURNED_PART < more) return null
  return { asset, left: Number(more - less) / Number(more), naive: naiveOf(front, back) }
}

function naiveOf(front: Flows, back: Flows): Closing['naive'] {
  const paid = [...front].filter(([, amount]) => amount < 0n)
  const bought = [...front].filter(([, amount]) => amount > 0n)
  const [[profitAsset, cost], [position, size]] = [paid[0] ?? [null, 0n], bought[0] ?? [null, 0n]]
  if (paid.length !== 1 || profitAsset === null) return { profitAsset: null, naiveProfit: null, proRataProfit: null }
  const got = back.get(profitAsset) ?? 0n
  const naiveProfit = got + cost
  const sold = position === null ? 0n : -(back.get(position) ?? 0n)
  if (bought.length !== 1 || sold <= 0n) return { profitAsset, naiveProfit, proRataProfit: null }
  return {
    profitAsset,
    naiveProfit,
    proRataProfit: sold <= size ? got + (cost * sold) / size : (got * size) / sold + cost,
  }
}
