import type { ChainProfile } from '../../contracts/chains/profile.ts'
import type { DecodedBlock } from '../decode/index.ts'
import type { Address } from '../types/block.ts'
import type { Family, PoolCreated } from '../types/event.ts'
import type { ChainState, FoundPool, Pool, PoolClaim } from '../types/pool.ts'

/**
 * Lists the claims to be a pool that `blocks` make about addresses `state` does not know, in chain order.
 * An address claims once by its own events, unless it was refused before, and once by each factory event about it;
 * after the event of a factory in the profile it has nothing more to claim. `state` is not changed.
 */
export function listClaims(blocks: readonly DecodedBlock[], state: ChainState, profile: ChainProfile): PoolClaim[] {
  const claims: PoolClaim[] = []
  const settled = new Set<Address>()
  const spoken = new Set<Address>(state.refused)
  for (const { bundle, events } of blocks) {
    for (const event of events) {
      const { pool: address, family, kind, logIndex } = event
      if (state.pools.has(address) || settled.has(address)) continue
      const creation = event.kind === 'pool-created' ? event : null
      if (creation === null && spoken.has(address)) continue
      if (creation === null) spoken.add(address)
      else if (isTrusted(creation, profile)) settled.add(address)
      claims.push({ address, family, blockNumber: bundle.block.number, logIndex, creation, kind })
    }
  }
  return claims
}

/**
 * True when the event comes from a factory that the chain profile names. Anybody can emit the event of a factory about any
 * address, so the word of another contract is checked against the pool itself.
 */
export function isTrusted(creation: PoolCreated, profile: ChainProfile): boolean {
  return profile.factories.some(({ address, family }) => address === creation.factory && family === creation.family)
}

/**
 * The pool that a claim stands for; null when it is none.
 * @param found what the address answered, null when it did not answer as a pool; not looked at for a trusted creation.
 */
export function derivePool(claim: PoolClaim, found: FoundPool | null, profile: ChainProfile): Pool | null {
  const { creation, kind, family } = claim
  if (creation !== null) {
    return isTrusted(creation, profile) || confirms(found, creation) ? toCreatedPool(claim, creation, profile) : null
  }
  // Every change of a V2 pair begins with Sync(uint112,uint112); Solidly pools share its other events and getters.
  if (found === null || (family === 'uniswap-v2' && kind !== 'reserves')) return null
  return toFoundPool(claim, found, profile)
}

function confirms(found: FoundPool | null, creation: PoolCreated): boolean {
  if (found === null) return false
  const { token0, token1, factory, feePips, tickSpacing } = creation
  return (
    found.token0 === token0 &&
    found.token1 === token1 &&
    found.factory === factory &&
    (feePips === null || found.feePips === feePips) &&
    found.tickSpacing === tickSpacing
  )
}

function toCreatedPool(claim: PoolClaim, event: PoolCreated, profile: ChainProfile): Pool {
  const { protocol, feePips } = describeFactory(profile, event.factory, event.family)
  return {
    address: event.pool,
    protocol,
    family: event.family,
    factory: event.factory,
    token0: event.token0,
    token1: event.token1,
    feePips: event.feePips ?? feePips,
    tickSpacing: event.tickSpacing,
    created: { blockNumber: claim.blockNumber, transactionHash: event.transactionHash },
    firstSeenBlock: claim.blockNumber,
    stateOrigin: 'creation',
  }
}

function toFoundPool(claim: PoolClaim, found: FoundPool, profile: ChainProfile): Pool {
  const { factory, token0, token1, tickSpacing, snapshot } = found
  const { protocol, feePips } = describeFactory(profile, factory, claim.family)
  // A pool that speaks with its first price has nothing before it.
  const stateOrigin = claim.kind === 'initialize' ? 'creation' : snapshot === null ? 'events' : 'snapshot'
  return {
    ...{ address: claim.address, protocol, family: claim.family, factory, token0, token1, tickSpacing },
    feePips: found.feePips ?? feePips,
    created: null,
    firstSeenBlock: claim.blockNumber,
    stateOrigin,
  }
}

function describeFactory(
  profile: ChainProfile,
  factory: Address | null,
  family: Family,
): { protocol: string; feePips: number | null } {
  const known = profile.factories.find(({ address, family: its }) => address === factory && its === family)
  return known ?? { protocol: `${family}-fork`, feePips: null }
}
