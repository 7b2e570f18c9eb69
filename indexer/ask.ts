import type { ChainProfile } from '../contracts/chains/profile.ts'
import { fetchFees, fetchOutcomes } from './chain/fees.ts'
import { fetchLiquidations } from './chain/lending.ts'
import { fetchPools } from './chain/pools/index.ts'
import type { ChainSource } from './chain/source.ts'
import { fetchTokens } from './chain/tokens.ts'
import type { GasFacts, PricedFinding } from './detect/bundles.ts'
import type { PricedProbe } from './detect/index.ts'
import type { CallOutcome } from './detect/probe.ts'
import {
  type Decoded,
  listLiquidations,
  listNewTokens,
  listOpenClaims,
  type RangeAnswers,
  type TokenQuestion,
} from './pipeline.ts'
import type { BlockBundle, Hex } from './types/block.ts'
import type { LiquidationEvent } from './types/event.ts'
import type { ChainState, FoundPool, PoolClaim, Token } from './types/pool.ts'
import type { LiquidationFacts } from './types/rows.ts'

/** What the actors of findings have paid for their transactions, in wei by hash; asked for where the blocks do not tell. */
export async function askFees(
  { endpoints }: ChainSource,
  findings: readonly PricedFinding[],
  bundles: readonly BlockBundle[],
  signal: AbortSignal,
): Promise<GasFacts> {
  const wanted = new Set(findings.flatMap(({ ownTransactions }) => ownTransactions))
  const fees = new Map<Hex, bigint>()
  for (const { feesWei } of bundles) {
    for (const [hash, fee] of feesWei ?? []) if (wanted.delete(hash)) fees.set(hash, fee)
  }
  const asked = wanted.size === 0 ? [] : await endpoints.use((rpc) => fetchFees(rpc, [...wanted], signal))
  for (const [hash, fee] of asked) fees.set(hash, fee)
  return fees
}

/** How the calls ended that left no log, in the order given. */
export async function askOutcomes(
  { endpoints }: ChainSource,
  probes: readonly PricedProbe[],
  signal: AbortSignal,
): Promise<CallOutcome[]> {
  if (probes.length === 0) return []
  const hashes = probes.map(({ probe }) => probe.hash)
  return endpoints.use((rpc) => fetchOutcomes(rpc, hashes, signal))
}

/** Asks what the events of a range leave open: what the pools, markets and tokens in it are. */
export async function ask(
  source: ChainSource,
  profile: ChainProfile,
  decoded: Decoded,
  state: ChainState,
  signal: AbortSignal,
): Promise<RangeAnswers> {
  const announced = listNewTokens(decoded, new Map(), new Map(), state)
  // Asked together: one after the other, each round trip would hold up the range.
  const [pools, liquidations, tokens] = await Promise.all([
    askPools(source, listOpenClaims(decoded, profile), profile, signal),
    askLiquidations(source, decoded, profile, signal),
    askTokens(source, announced, profile, signal),
  ])
  const asked = new Set(announced.map(({ address, blockNumber }) => `${address} ${blockNumber}`))
  const found = listNewTokens(decoded, pools, liquidations, state).filter(
    ({ address, blockNumber }) => !asked.has(`${address} ${blockNumber}`),
  )
  tokens.push(...(await askTokens(source, found, profile, signal)))
  return { pools, liquidations, tokens }
}

async function askPools(
  { endpoints }: ChainSource,
  claims: readonly PoolClaim[],
  profile: ChainProfile,
  signal: AbortSignal,
): Promise<Map<PoolClaim, FoundPool>> {
  if (claims.length === 0) return new Map()
  return endpoints.use((rpc) => fetchPools(rpc, claims, profile, signal))
}

async function askLiquidations(
  { endpoints }: ChainSource,
  decoded: Decoded,
  profile: ChainProfile,
  signal: AbortSignal,
): Promise<Map<LiquidationEvent, LiquidationFacts>> {
  const liquidations = listLiquidations(decoded)
  if (liquidations.length === 0) return new Map()
  return endpoints.use((rpc) => fetchLiquidations(rpc, liquidations, profile, signal))
}

async function askTokens(
  { endpoints }: ChainSource,
  questions: readonly TokenQuestion[],
  profile: ChainProfile,
  signal: AbortSignal,
): Promise<Token[]> {
  if (questions.length === 0) return []
  return endpoints.use((rpc) => fetchTokens(rpc, questions, profile, signal))
}
