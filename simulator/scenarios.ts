import type { Ordering } from '../contracts/chains/profile.ts'
import { EVASIVE_FAMILIES } from './agents/algorithms/index.ts'
import { defaultPools } from './pools/specs.ts'
import type { SimulateOptions } from './simulate.ts'

/** A kind of history that has a name. */
export type Scenario = {
  /** What it is, in a sentence. */
  description: string
  options: Omit<SimulateOptions, 'seed' | 'blocks' | 'ordering'>
}

const LIQUIDITY = { additionsPerBlock: 0.05, stayBlocks: 600 } as const
const ARBITRAGE = { raceShare: 0.1, duplicateShare: 0.05 } as const
/** What the pools of `thin` hold, as a part of what others do. */
const THIN_PART = 0.02

/** The histories that `flowprint simulate` knows, by their names. */
export const scenarios = {
  market: {
    description: 'people with habits, algorithms that work off large orders, arbitrageurs and liquidity that stays',
    options: {
      agents: {
        people: { tradesPerBlock: 1 },
        algorithms: { parentsPerHour: 24 },
        arbitrageur: ARBITRAGE,
        passiveLp: LIQUIDITY,
      },
    },
  },
  attacks: {
    description: 'a market with sandwiches, JIT liquidity, and scenes that look like attacks and are none',
    options: {
      agents: {
        people: { tradesPerBlock: 1 },
        aggregator: { tradesPerBlock: 0.5 },
        marketMaker: {},
        sandwich: { attacksPerBlock: 0.2 },
        jit: {},
        decoys: {},
        arbitrageur: {},
        passiveLp: LIQUIDITY,
      },
    },
  },
  noise: {
    description: 'swaps at random in every pool, a share of them by two-way bots; no attack, no arbitrage',
    options: { agents: { noise: { swapsPerPoolBlock: 0.3 } } },
  },
  thin: {
    description:
      'a market of a few people in pools that hold a fiftieth of the usual, so that each trade moves the price',
    options: {
      pools: defaultPools.map((pool) => ({ ...pool, depthUsd: pool.depthUsd * THIN_PART })),
      agents: {
        people: { tradesPerBlock: 0.2, people: 150 },
        algorithms: { parentsPerHour: 4 },
        arbitrageur: ARBITRAGE,
        passiveLp: { ...LIQUIDITY, additionsPerBlock: 0.01 },
      },
    },
  },
  wash: {
    description: 'a market in which groups trade with themselves, beside informed traders',
    options: {
      agents: {
        people: { tradesPerBlock: 1 },
        informed: {},
        wash: { groups: 4, everySeconds: 60 },
        arbitrageur: ARBITRAGE,
        passiveLp: LIQUIDITY,
      },
    },
  },
  evasive: {
    description: 'a market whose algorithms mean to look like people: exponential gaps, amounts of many sizes',
    options: {
      agents: {
        people: { tradesPerBlock: 1 },
        algorithms: { families: EVASIVE_FAMILIES, parentsPerHour: 24 },
        arbitrageur: ARBITRAGE,
        passiveLp: LIQUIDITY,
      },
    },
  },
} satisfies Record<string, Scenario>

/** Name of a scenario. */
export type ScenarioName = keyof typeof scenarios

/** The names of all, in the order in which they are told. */
export const scenarioNames = Object.keys(scenarios) as ScenarioName[]

/** The options of a scenario for `simulate`. */
export function optionsOf(
  name: ScenarioName,
  given: { seed: string | number; blocks: number; ordering: Ordering },
): SimulateOptions {
  return { ...scenarios[name].options, ...given }
}
