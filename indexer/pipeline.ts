import type { ChainProfile } from '../contracts/chains/profile.ts'
import { type DecodedBlock, decodeBlock } from './decode/index.ts'
import { type Admission, deriveRows } from './derive/index.ts'
import { deriveNewPools, type NewPools, toFoundPool } from './derive/pools.ts'
import type { Address, BlockBundle } from './types/block.ts'
import type { ChainState, FoundPool, Token } from './types/pool.ts'
import type { StepRows } from './types/rows.ts'

/** A range of blocks, decoded, with the pools it names for the first time. */
export type Decoded = { blocks: DecodedBlock[]; newPools: NewPools }

/** What the chain answered about the unknown pools; a pool that is missing did not answer as one. */
export type PoolAnswers = ReadonlyMap<Address, FoundPool>

/** Stage 2: logs become events, and it shows which pools must be asked what they are. Changes nothing. */
export function decodeRange(bundles: readonly BlockBundle[], state: ChainState, profile: ChainProfile): Decoded {
  const blocks = bundles.map(decodeBlock)
  return { blocks, newPools: deriveNewPools(blocks, state, profile) }
}

/** Which tokens the new pools bring, with the block that first shows them. */
export function listNewTokens(decoded: Decoded, answers: PoolAnswers, state: ChainState): Map<Address, number> {
  const seen = new Map<Address, number>()
  const found = [...answers.values()].map(({ token0, token1, unknown }) => ({ token0, token1, ...unknown }))
  for (const { token0, token1, firstSeenBlock } of [...decoded.newPools.created, ...found]) {
    for (const token of [token0, token1]) {
      if (!state.tokens.has(token)) seen.set(token, Math.min(firstSeenBlock, seen.get(token) ?? firstSeenBlock))
    }
  }
  return seen
}

/** Stages 3 to 5: events become pool states and rows. Advances `state` in place. */
export function analyzeRange(
  decoded: Decoded,
  answers: PoolAnswers,
  tokens: readonly Token[],
  state: ChainState,
  profile: ChainProfile,
): StepRows {
  return deriveRows(decoded.blocks, state, toAdmission(decoded.newPools, answers, tokens, profile))
}

function toAdmission(
  { created, unknown }: NewPools,
  answers: PoolAnswers,
  tokens: readonly Token[],
  profile: ChainProfile,
): Admission {
  const found = [...answers.values()]
  return {
    pools: [
      ...created.map((pool) => ({ pool, snapshot: null })),
      ...found.map((answer) => ({ pool: toFoundPool(answer, profile), snapshot: answer.snapshot })),
    ],
    tokens,
    refused: unknown.map(({ address }) => address).filter((address) => !answers.has(address)),
  }
}
