import type { Address, Hex } from '../types/block.ts'
import type { Family } from '../types/event.ts'
import type { FoundPool, PoolClaim } from '../types/pool.ts'
import { fetchCalls } from './calls.ts'
import type { Rpc } from './rpc.ts'
import { fetchTicksSnapshot } from './ticksSnapshot.ts'

// Selectors of the pools' getters: token0(), token1(), factory(), fee(), tickSpacing(), getReserves(), slot0().
const SELECTORS: readonly Hex[] = [
  '0x0dfe1681',
  '0xd21220a7',
  '0xc45a0155',
  '0xddca3f43',
  '0xd0c93a7c',
  '0x0902f1ac',
  '0x3850c7bd',
]
// Selectors of the factories' look-ups: getPair(address,address), getPool(address,address,uint24).
const GET_PAIR = '0xe6a43905'
const GET_POOL = '0x1698ee82'

/**
 * Asks the addresses of `claims` what they are.
 * @returns an answer for each that has two ordered tokens and the price getter of its family; the others are left out.
 * @throws EndpointError when the endpoint fails.
 */
export async function fetchPools(
  rpc: Rpc,
  claims: readonly PoolClaim[],
  signal?: AbortSignal,
): Promise<Map<PoolClaim, FoundPool>> {
  const found = await askGetters(rpc, claims, signal)
  // Who is no pool now is never asked again, so it has to say so twice.
  const refused = claims.filter((claim) => !found.has(claim))
  for (const [claim, pool] of await askGetters(rpc, refused, signal)) {
    rpc.countFault('otherAnswer')
    found.set(claim, pool)
  }
  await forgetUnconfirmedFactories(rpc, found, signal)
  for (const [claim, pool] of found) {
    const { tickSpacing } = pool
    // A pool that is being created has no state before.
    if (tickSpacing === null || claim.creation !== null || claim.kind === 'initialize') continue
    pool.snapshot = await fetchTicksSnapshot(rpc, claim.address, tickSpacing, claim.blockNumber - 1, signal)
  }
  return found
}

async function askGetters(
  rpc: Rpc,
  claims: readonly PoolClaim[],
  signal: AbortSignal | undefined,
): Promise<Map<PoolClaim, FoundPool>> {
  const calls = claims.flatMap(({ address: to, blockNumber }) => SELECTORS.map((data) => ({ to, data, blockNumber })))
  const answers = await fetchCalls(rpc, calls, 'latest', signal)
  const found = new Map<PoolClaim, FoundPool>()
  for (const [index, claim] of claims.entries()) {
    const pool = readGetters(claim.family, answers.slice(index * SELECTORS.length, (index + 1) * SELECTORS.length))
    if (pool !== null) found.set(claim, pool)
  }
  return found
}

/** A contract can name any factory; unless that one has announced it, only a factory that knows the pool counts. */
async function forgetUnconfirmedFactories(
  rpc: Rpc,
  found: ReadonlyMap<PoolClaim, FoundPool>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const named = [...found].filter(([{ creation }, { factory }]) => creation === null && factory !== null)
  const calls = named.map(([{ family, blockNumber }, { factory, token0, token1, feePips }]) => ({
    to: factory!,
    data: lookUp(family, token0, token1, feePips),
    blockNumber,
  }))
  const answers = await fetchCalls(rpc, calls, 'latest', signal)
  for (const [index, [{ address }, pool]] of named.entries()) {
    if (toAddress(answers[index] ?? null) !== address) pool.factory = null
  }
}

function lookUp(family: Family, token0: Address, token1: Address, feePips: number | null): Hex {
  const tokens = `${word(BigInt(token0))}${word(BigInt(token1))}`
  return family === 'uniswap-v2' ? `${GET_PAIR}${tokens}` : `${GET_POOL}${tokens}${word(BigInt(feePips ?? 0))}`
}

function word(value: bigint): string {
  return value.toString(16).padStart(64, '0')
}

function readGetters(family: Family, answers: readonly (Hex | null)[]): FoundPool | null {
  const [token0, token1, factory] = answers.slice(0, 3).map(toAddress)
  const [fee, tickSpacing, reserves, slot0] = answers.slice(3)
  if (!token0 || !token1 || token0 >= token1) return null
  const pool = { token0, token1, factory: factory ?? null, snapshot: null }
  if (family === 'uniswap-v2') {
    return reserves?.length === 2 + 3 * 64 ? { ...pool, feePips: null, tickSpacing: null } : null
  }
  const spacing = toSmall(tickSpacing)
  if (!slot0 || slot0.length < 2 + 2 * 64 || spacing === null || spacing === 0) return null
  return { ...pool, feePips: toSmall(fee), tickSpacing: spacing }
}

function toAddress(data: Hex | null): Address | null {
  if (data?.length !== 66 || !data.startsWith(`0x${'0'.repeat(24)}`)) return null
  const address: Address = `0x${data.slice(26)}`
  return BigInt(address) === 0n ? null : address
}

/** A fee or tick spacing: below 2^23; null when larger or missing. */
function toSmall(data: Hex | null | undefined): number | null {
  if (data?.length !== 66) return null
  const value = BigInt(data)
  return value < 1n << 23n ? Number(value) : null
}
