import type { ChainProfile, SingletonProfile } from '../../contracts/chains/profile.ts'
import { ASKED_AT_CREATION, toFeePips } from '../../contracts/families.ts'
import type { DecodedBlock } from '../decode/index.ts'
import type { Address } from '../types/block.ts'
import type { Family, PoolCreated, SwapEvent } from '../types/event.ts'
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
      if (event.kind === 'liquidation') continue
      const { pool: address, emitter, families, kind, logIndex, poolId = null } = event
      if (state.pools.has(address) || settled.has(address)) continue
      const creation = event.kind === 'pool-created' ? event : null
      if (creation === null && spoken.has(address)) continue
      if (creation === null) spoken.add(address)
      else if (isTrusted(creation, profile)) settled.add(address)
      const tokens = event.kind === 'swap' ? namedTokens(event) : []
      const place = { emitter, families, blockNumber: bundle.block.number, logIndex }
      claims.push({ address, ...place, creation, kind, tokens, poolId })
    }
  }
  return claims
}

/** The tokens that a swap names by their contracts. */
function namedTokens({ token0, token1 }: SwapEvent): Address[] {
  return typeof token0 === 'number' || typeof token1 === 'number' ? [] : [token0, token1]
}

/** The singleton of the profile that makes a claim about itself or one of its pools; null when it is none. */
export function findSingleton(claim: PoolClaim, profile: ChainProfile): SingletonProfile | null {
  const { emitter, families } = claim
  return profile.singletons.find(({ address, family }) => address === emitter && families.includes(family)) ?? null
}

/** True when the profile and the event tell all there is to know, so that nobody has to be asked. */
export function isSettled(claim: PoolClaim, profile: ChainProfile): boolean {
  if (claim.creation !== null) {
    const family = isTrusted(claim.creation, profile) ? findCreator(claim.creation, profile)!.family : null
    return family !== null && !ASKED_AT_CREATION.has(family)
  }
  const singleton = findSingleton(claim, profile)
  return claim.tokens.length >= 2 && singleton !== null && !ASKED_AT_CREATION.has(singleton.family)
}

/**
 * True when the event comes from a factory or singleton that the chain profile names. Anybody can emit the event of a
 * factory about any address, so the word of another contract is checked against the pool itself.
 */
export function isTrusted(creation: PoolCreated, profile: ChainProfile): boolean {
  return creation.tokens.length >= 2 && findCreator(creation, profile) !== null
}

/** What the profile says of the contract that announces a pool; null when it does not know it as such. */
function findCreator({ emitter, families }: PoolCreated, profile: ChainProfile): Creator | null {
  return (
    profile.factories.find(({ address, family }) => address === emitter && families.includes(family)) ??
    profile.singletons.find(({ address, family }) => address === emitter && families.includes(family)) ??
    null
  )
}

type Creator = { protocol: string; family: Family; feePips?: number | null; stable?: boolean | null }

/**
 * The pool that a claim stands for; null when it is none.
 * @param found what the address answered, null when it did not answer as a pool; not looked at for a trusted creation.
 */
export function derivePool(claim: PoolClaim, found: FoundPool | null, profile: ChainProfile): Pool | null {
  const { creation } = claim
  if (creation === null) {
    const answer = found ?? speakForSingleton(claim, profile)
    if (answer === null || answer.isDenied) return null
    // Every change of a Uniswap V2 pair begins with Sync, so what begins with another event is no such pair.
    if (answer.family === 'uniswap-v2' && claim.kind !== 'reserves') return null
    return toFoundPool(claim, answer, profile)
  }
  if (isTrusted(creation, profile)) return toCreatedPool(claim, creation, findCreator(creation, profile)!, profile)
  if (found === null || !confirms(found, creation)) return null
  const creator = { protocol: `${found.family}-fork`, family: found.family }
  return {
    ...toCreatedPool(claim, creation, creator, profile),
    tokens: found.tokens,
    stable: creation.stable ?? found.stable,
  }
}

function confirms(found: FoundPool, creation: PoolCreated): boolean {
  const { tokens, emitter, families, fee, tickSpacing } = creation
  return (
    families.includes(found.family) &&
    tokens.every((token, position) => found.tokens[position] === token) &&
    found.factory === emitter &&
    (found.feePips === null || fee === null || found.feePips === toFeePips(found.family, fee)) &&
    (tickSpacing === null || found.tickSpacing === tickSpacing)
  )
}

function speakForSingleton(claim: PoolClaim, profile: ChainProfile): FoundPool | null {
  const singleton = claim.tokens.length >= 2 ? findSingleton(claim, profile) : null
  if (singleton === null) return null
  const { family } = singleton
  const tokens = [...claim.tokens]
  return {
    family,
    factory: null,
    tokens,
    feePips: null,
    tickSpacing: null,
    stable: null,
    snapshot: null,
    isDenied: false,
  }
}

/** Families whose pools do not list their tokens: a token is one of the pool's once a swap shows it. */
export const OPEN_LISTS: ReadonlySet<Family> = new Set(['woofi', 'wombat', 'gmx-v1'])

/** Families whose pools are told of by a contract that holds them all. */
const IN_SINGLETONS: ReadonlySet<Family> = new Set(['uniswap-v4', 'balancer-v2', 'velocore-v2', 'clober-v2'])

/** The contract whose logs tell of a new pool; some singletons leave the announcement to a factory of theirs. */
function emitterOf({ emitter, pool }: PoolCreated, family: Family, profile: ChainProfile): Address {
  if (!IN_SINGLETONS.has(family)) return pool
  const known = profile.singletons.filter((singleton) => singleton.family === family)
  return known.some(({ address }) => address === emitter) ? emitter : (known[0]?.address ?? emitter)
}

function toCreatedPool(claim: PoolClaim, event: PoolCreated, creator: Creator, profile: ChainProfile): Pool {
  const { family, protocol } = creator
  return {
    address: event.pool,
    emitter: emitterOf(event, family, profile),
    protocol,
    family,
    factory: event.emitter,
    tokens: [...event.tokens],
    feePips: toFeePips(family, event.fee) ?? creator.feePips ?? null,
    tickSpacing: event.tickSpacing,
    stable: event.stable ?? creator.stable ?? null,
    hooks: event.hooks,
    created: { blockNumber: claim.blockNumber, transactionHash: event.transactionHash },
    firstSeenBlock: claim.blockNumber,
    stateOrigin: 'creation',
  }
}

function toFoundPool(claim: PoolClaim, found: FoundPool, profile: ChainProfile): Pool {
  const { family, factory, tokens, tickSpacing, snapshot } = found
  const known = describeCreator(profile, factory, claim.emitter, family)
  // A pool that speaks with its first price has nothing before it.
  const stateOrigin = claim.kind === 'initialize' ? 'creation' : snapshot === null ? 'events' : 'snapshot'
  return {
    ...{
      address: claim.address,
      emitter: claim.emitter,
      protocol: known.protocol,
      family,
      factory,
      tokens,
      tickSpacing,
    },
    feePips: found.feePips ?? known.feePips,
    stable: found.stable ?? known.stable,
    hooks: null,
    created: null,
    firstSeenBlock: claim.blockNumber,
    stateOrigin,
  }
}

function describeCreator(profile: ChainProfile, factory: Address | null, emitter: Address, family: Family) {
  const fromFactory = profile.factories.find(({ address, family: its }) => address === factory && its === family)
  const fromSingleton = profile.singletons.find(({ address, family: its }) => address === emitter && its === family)
  const { protocol } = fromFactory ?? fromSingleton ?? { protocol: `${family}-fork` }
  return { protocol, feePips: fromFactory?.feePips ?? null, stable: fromFactory?.stable ?? null }
}
