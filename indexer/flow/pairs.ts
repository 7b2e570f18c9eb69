import type { ChainProfile } from '../../contracts/chains/profile.ts'
import type { Address } from '../types/block.ts'
import type { Pair } from '../types/flow.ts'

/**
 * The direction in which a pair of assets is told: in a stablecoin before the base token before any other, and of two alike in
 * the one with the higher address.
 */
export function createPairs({ stablecoins, wrappedNative }: Pick<ChainProfile, 'stablecoins' | 'wrappedNative'>) {
  const known = new Map<Address, Map<Address, Pair>>()
  let count = 0
  const rank = (token: Address) => (stablecoins.includes(token) ? 2 : token === wrappedNative ? 1 : 0)
  return (a: Address, b: Address): Pair => {
    const found = known.get(a)?.get(b)
    if (found !== undefined) return found
    const isQuote = rank(a) === rank(b) ? a > b : rank(a) > rank(b)
    const [base, quote] = isQuote ? [b, a] : [a, b]
    const pair = { base, quote, key: `${base}${quote.slice(2)}`, id: count++ }
    const other = known.get(b)
    if (other === undefined) known.set(b, new Map([[a, pair]]))
    else other.set(a, pair)
    const its = known.get(a)
    if (its === undefined) known.set(a, new Map([[b, pair]]))
    else its.set(b, pair)
    return pair
  }
}

/** Finds the pair of two assets, given in any order. */
export type PairOf = ReturnType<typeof createPairs>
