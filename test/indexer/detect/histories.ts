import type { AgentOptions } from '../../../simulator/agents/index.ts'

/** Every agent with its defaults, and some noise. */
export const everybody: AgentOptions = {
  ...{ retail: {}, aggregator: {}, noise: { swapsPerPoolBlock: 1 }, marketMaker: {}, passiveLp: {} },
  ...{ sandwich: {}, jit: {}, decoys: {}, arbitrageur: {} },
}

/** Random flow, a tenth of it by three bots that trade both ways: nobody attacks anybody. */
export const NOISE_ONLY: AgentOptions = { noise: { swapsPerPoolBlock: 3 } }
