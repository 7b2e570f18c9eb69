import type { Agent } from './agent.ts'
import { createArbitrageurs } from './arbitrageur.ts'
import { createBackruns } from './backrunner.ts'
import { createBuilder } from './builder.ts'
import { createBurst } from './burst.ts'
import { createJit } from './jit.ts'
import { createMarketMakers } from './marketMaker.ts'
import { createNoise } from './noise.ts'
import { createAggregatorRetail, createRetail } from './retail.ts'
import { createSandwiches } from './sandwicher.ts'
import { createTwap } from './twap.ts'

/** What can be chosen about the agents. */
export type AgentOptions = {
  /** Share of the retail swaps that are sent through L1, 0 to 1. */
  l1SwapShare: number
}

/** Creates every agent of the devnet; all draw from the slot's generator, so this order is part of the seed. */
export function createAgents({ l1SwapShare }: AgentOptions): Agent {
  const agents = [
    createBuilder(),
    createRetail(l1SwapShare),
    createAggregatorRetail(),
    createTwap(),
    createBurst(),
    createArbitrageurs(),
    createBackruns(),
    createMarketMakers(),
    createSandwiches(),
    createJit(),
    createNoise(),
  ]
  return (slot) => agents.flatMap((agent) => agent(slot))
}
