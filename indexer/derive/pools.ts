import type { ChainProfile } from '../../contracts/chains/profile.ts'
import type { DecodedBlock } from '../decode/index.ts'
import type { Address } from '../types/block.ts'
import type { Family, PoolCreated } from '../types/event.ts'
import type { ChainState, FoundPool, Pool, UnknownPool } from '../types/pool.ts'

/** The pools that a range of blocks names for the first time. */
export type NewPools = {
  /** Announced by a factory's event. */
  created: Pool[]
  /** Known by their own events only; they must be asked what they are. */
  unknown: UnknownPool[]
}

/**
 * Finds the pools that `blocks` name and `state` does not know; `state` is not changed.
 * A pool's own event may precede its factory's in the same range, so creations are collected first.
 */
export function deriveNewPools(blocks: readonly DecodedBlock[], state: ChainState, profile: ChainProfile): NewPools {
  const created = new Map<Address, Pool>()
  for (const { bundle, events } of blocks) {
    for (const event of events) {
      if (event.kind !== 'pool-created' || state.pools.has(event.pool) || created.has(event.pool)) continue
      created.set(event.pool, toCreatedPool(event, bundle.block.number, profile))
    }
  }
  const unknown = new Map<Address, UnknownPool>()
  for (const { bundle, events } of blocks) {
    for (const event of events) {
      const { pool: address, family } = event
      if (event.kind === 'pool-created' || state.pools.has(address) || state.refused.has(address)) continue
      if (created.has(address) || unknown.has(address)) continue
      unknown.set(address, { address, family, firstSeenBlock: bundle.block.number })
    }
  }
  return { created: [...created.values()], unknown: [...unknown.values()] }
}

/** The pool that calls have found, with the protocol its factory stands for. */
export function toFoundPool(found: FoundPool, profile: ChainProfile): Pool {
  const { unknown, factory, token0, token1, feePips, tickSpacing, snapshot } = found
  const { protocol, feePips: knownFeePips } = describeFactory(profile, factory, unknown.family)
  return {
    address: unknown.address,
    protocol,
    family: unknown.family,
    factory,
    token0,
    token1,
    feePips: feePips ?? knownFeePips,
    tickSpacing,
    created: null,
    firstSeenBlock: unknown.firstSeenBlock,
    stateOrigin: snapshot === null ? 'events' : 'snapshot',
  }
}

function toCreatedPool(event: PoolCreated, blockNumber: number, profile: ChainProfile): Pool {
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
    created: { blockNumber, transactionHash: event.transactionHash },
    firstSeenBlock: blockNumber,
    stateOrigin: 'creation',
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
