import { toFeePips } from '../../../contracts/families.ts'
import { type Probe, selector, toAddress, wordAt, wordCount } from './probe.ts'

/** Balancer V2: pool and vault have to name each other. */
export const balancerV2Probe: Probe = {
  family: 'balancer-v2',
  ask: ({ address: to }) =>
    ['getVault()', 'getPoolId()', 'getSwapFeePercentage()'].map((name) => ({ to, data: selector(name) })),
  read: ([vault, poolId, fee], { address, emitter, creation }) => {
    const id = wordCount(poolId) === 1 ? wordAt(poolId, 0)! : null
    const named = creation?.tokens ?? []
    if (toAddress(vault) !== emitter || id === null || id >> 96n !== BigInt(address) || named.length < 2) return null
    const feePips = wordCount(fee) === 1 ? toFeePips('balancer-v2', wordAt(fee, 0)) : null
    return { family: 'balancer-v2', factory: emitter, tokens: [...named], feePips, tickSpacing: null, stable: null }
  },
  lookUp: () => null,
}
