import type { Address, Hex } from '../types/block.ts'
import type { FoundPool, UnknownPool } from '../types/pool.ts'
import { fetchCalls } from './calls.ts'
import type { Rpc } from './rpc.ts'
import { fetchTicksSnapshot } from './ticksSnapshot.ts'

// Selectors of the pools' getters: token0(), token1(), factory(), fee(), tickSpacing(), getReserves(), slot0().
const TOKEN0 = '0x0dfe1681'
const TOKEN1 = '0xd21220a7'
const FACTORY = '0xc45a0155'
const FEE = '0xddca3f43'
const TICK_SPACING = '0xd0c93a7c'
const GET_RESERVES = '0x0902f1ac'
const SLOT0 = '0x3850c7bd'
const SELECTORS: readonly Hex[] = [TOKEN0, TOKEN1, FACTORY, FEE, TICK_SPACING, GET_RESERVES, SLOT0]

/**
 * Asks contracts that emitted pool events what they are.
 * @returns an answer for each contract that has two ordered tokens and the price getter of its family; the others are left out.
 */
export async function fetchPools(
  rpc: Rpc,
  unknown: readonly UnknownPool[],
  signal?: AbortSignal,
): Promise<Map<Address, FoundPool>> {
  const found = new Map<Address, FoundPool>()
  for (const pool of unknown) {
    const calls = SELECTORS.map((data) => ({ to: pool.address, data }))
    const answers = await fetchCalls(rpc, calls, pool.firstSeenBlock, 'latest', signal)
    const answer = readGetters(pool, answers)
    if (answer === null) continue
    const { tickSpacing } = answer
    if (tickSpacing !== null) {
      answer.snapshot = await fetchTicksSnapshot(rpc, pool.address, tickSpacing, pool.firstSeenBlock - 1, signal)
    }
    found.set(pool.address, answer)
  }
  return found
}

function readGetters(unknown: UnknownPool, answers: readonly (Hex | null)[]): FoundPool | null {
  const [token0, token1, factory] = answers.slice(0, 3).map(toAddress)
  const [fee, tickSpacing, reserves, slot0] = answers.slice(3)
  if (!token0 || !token1 || token0 >= token1) return null
  const pool = { unknown, token0, token1, factory: factory ?? null, snapshot: null }
  if (unknown.family === 'uniswap-v2') {
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
