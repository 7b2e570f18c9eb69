// The histories that the classifier is trained, calibrated and judged on. Families of algorithms and seeds are kept apart.

import { EVASIVE_FAMILIES, HELD_OUT_FAMILIES, TRAINING_FAMILIES } from '../../simulator/agents/algorithms/index.ts'
import type { SimulateOptions } from '../../simulator/simulate.ts'

type History = readonly [name: string, options: SimulateOptions]
type Families = NonNullable<NonNullable<SimulateOptions['agents']['algorithms']>['families']>

const HOUR_BLOCKS = 3_600
/** Four hours of blocks a second. */
const BLOCKS = 4 * HOUR_BLOCKS

function history(name: string, families: Families, hour: number, blocks = BLOCKS, tradesPerBlock = 0.35): History {
  return [
    name,
    {
      ...{ seed: name, blocks, ordering: 'fifo', startMs: Date.UTC(2025, 0, 7, hour) },
      agents: {
        people: { tradesPerBlock },
        algorithms: { families, parentsPerHour: 24 },
        arbitrageur: { raceShare: 0.1, duplicateShare: 0.05 },
        informed: { share: 0.01 },
        marketMaker: { tripsPerBlock: 0.01 },
        passiveLp: {},
      },
    },
  ]
}

/** What the weights are fitted on. */
export const trainingHistories: readonly History[] = [
  ...[0, 4, 8, 12, 16, 20].map((hour) => history(`train ${hour}`, TRAINING_FAMILIES, hour)),
]

/** Later days, on which probabilities are calibrated. */
export const calibrationHistories: readonly History[] = [
  ...[2, 8, 14, 20].map((hour) => history(`calibrate ${hour}`, TRAINING_FAMILIES, 24 + hour)),
]

/** Families of algorithms, and seeds, that neither has seen. */
export const heldOutHistories: readonly History[] = [
  ...[1, 7, 13, 19].map((hour) => history(`held out ${hour}`, HELD_OUT_FAMILIES, 48 + hour)),
]

/** Algorithms that mean to look like people. */
export const evasiveHistories: readonly History[] = [
  ...[3, 15].map((hour) => history(`evasive ${hour}`, EVASIVE_FAMILIES, 72 + hour)),
]

/** Searchers of all kinds among people, where order is that of arrival, and where it is bought. */
export const searcherHistories: readonly History[] = (['fifo', 'tip'] as const).map((ordering) => [
  `searchers ${ordering}`,
  {
    ...{ seed: `searchers ${ordering}`, blocks: 2_000, ordering, startMs: Date.UTC(2025, 0, 12, 9) },
    agents: {
      ...{ people: { tradesPerBlock: 1 }, algorithms: { families: HELD_OUT_FAMILIES, parentsPerHour: 60 } },
      ...{ arbitrageur: {}, sandwich: {}, jit: {}, passiveLp: {} },
    },
  },
])

/** The families of training with other seeds: what is lost to families is the difference. */
export const sameFamilyHistories: readonly History[] = [history('same families', TRAINING_FAMILIES, 96 + 9)]
