import { createPool, seedPool } from '../deploy.ts'
import { devnetPools, type PoolName } from '../pools.ts'
import { setupLabel } from '../setup.ts'
import type { Agent } from './agent.ts'

/** Slots in which a pool of the middle of the history is created; liquidity follows two slots later. */
const openings: readonly { slot: number; pool: PoolName }[] = [
  { slot: 20, pool: 'v3ZapUsdc500' },
  { slot: 30, pool: 'v2ZapUsdc' },
]

/** Creates the liquidity provider who opens new pools while the chain runs. */
export function createBuilder(): Agent {
  return ({ index }) =>
    openings.flatMap(({ slot, pool }) => {
      const spec = devnetPools()[pool]
      const steps = index === slot ? createPool(spec) : index === slot + 2 ? seedPool(spec) : []
      return steps.flatMap(({ to, action, ...step }, order) =>
        to === null
          ? []
          : [{ ...step, to, gas: 8_000_000n, atMs: order, tipWei: BigInt(100 - order), label: setupLabel(action) }],
      )
    })
}
