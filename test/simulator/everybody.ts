import type { SimulateOptions } from '../../simulator/simulate.ts'

/** A history in which every agent trades. */
export function everybody(ordering: 'fifo' | 'tip', blocks: number, seed: string): SimulateOptions {
  return {
    ...{ seed, blocks, ordering },
    agents: {
      ...{
        retail: {},
        aggregator: {},
        noise: { swapsPerPoolBlock: 0.1 },
        marketMaker: {},
        passiveLp: {},
        arbitrageur: {},
      },
      ...{ sandwich: { attacksPerBlock: 0.6 }, jit: { attemptsPerBlock: 0.1 }, decoys: { decoysPerBlock: 0.3 } },
    },
  }
}
