import type { Agent } from '../agent.ts'
import { losingWhale } from './losingWhale.ts'
import { marketMakerTrip } from './marketMakerTrip.ts'
import { oppositeBystanders } from './oppositeBystanders.ts'
import { otherPools } from './otherPools.ts'
import type { Decoy } from './parts.ts'
import { sameTransaction } from './sameTransaction.ts'
import { sharedRouter } from './sharedRouter.ts'

/** Every decoy by its name in the labels. A new one is a file beside this and a line here. */
const registry = {
  market_maker_trip: marketMakerTrip,
  shared_router: sharedRouter,
  opposite_bystanders: oppositeBystanders,
  other_pools: otherPools,
  losing_whale: losingWhale,
  same_transaction: sameTransaction,
} satisfies Record<string, Decoy>

/** A kind of decoy. */
export type DecoyName = keyof typeof registry

/** Names of all decoys. */
export const DECOYS = Object.keys(registry) as DecoyName[]

/** Scenes that look like attacks and are none. */
export type DecoyOptions = {
  /** Mean number begun in a block; 0.2 unless given. */
  decoysPerBlock?: number
  /** All kinds unless given. */
  kinds?: readonly DecoyName[]
}

/** Creates them. */
export function createDecoys({ decoysPerBlock = 0.2, kinds = DECOYS }: DecoyOptions): Agent {
  return {
    plan: (slot) =>
      Array.from({ length: slot.random.poisson(decoysPerBlock) }, () => registry[slot.random.pick(kinds)](slot)).flat(),
  }
}
