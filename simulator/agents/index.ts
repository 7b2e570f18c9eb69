import type { Agent } from './agent.ts'
import { createAggregator } from './aggregator.ts'
import { createAlgorithms } from './algorithms/index.ts'
import { createArbitrageurs } from './arbitrageur.ts'
import { createDecoys } from './decoys/index.ts'
import { createInformed } from './informed.ts'
import { createJit } from './jit.ts'
import { createMarketMakers } from './marketMaker.ts'
import { createNoise } from './noise.ts'
import { createPassiveLps } from './passiveLp.ts'
import { createPeople } from './people.ts'
import { createRetail } from './retail.ts'
import { createSandwichers } from './sandwich/index.ts'
import { createWash } from './wash.ts'

/** Every agent by its name. A new one is a file beside this and a line here. */
const registry = {
  retail: createRetail,
  aggregator: createAggregator,
  people: createPeople,
  algorithms: createAlgorithms,
  informed: createInformed,
  wash: createWash,
  noise: createNoise,
  marketMaker: createMarketMakers,
  passiveLp: createPassiveLps,
  sandwich: createSandwichers,
  jit: createJit,
  decoys: createDecoys,
  arbitrageur: createArbitrageurs,
} satisfies Record<string, (options: never) => Agent>

/** The agents of a history with their options; `{}` takes the defaults of one. */
export type AgentOptions = { [Name in keyof typeof registry]?: Parameters<(typeof registry)[Name]>[0] }

/** An agent with its name in the registry. */
export type NamedAgent = { name: string; agent: Agent }

/** Creates those that are named, in the order of the registry. */
export function createAgents(options: AgentOptions): NamedAgent[] {
  return (Object.keys(registry) as (keyof typeof registry)[]).flatMap((name) => {
    const its = options[name]
    const create = registry[name] as (options: unknown) => Agent
    return its === undefined ? [] : [{ name, agent: create(its) }]
  })
}
