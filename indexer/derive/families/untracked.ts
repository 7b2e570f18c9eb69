import { toFeePips } from '../../../contracts/families.ts'
import { type FamilyRules, unchanged } from './rules.ts'

/**
 * Pools whose price comes from an oracle, an order book or a curve that no event shows: their swaps are known, their state
 * is not, and nothing is quoted from them.
 */
export const untracked: FamilyRules = {
  begin: () => null,
  apply: (pool, _, event) => unchanged(null, event.kind === 'swap' ? toFeePips(pool.family, event.fee) : null),
  curve: () => null,
}
