import type { ChainProfile } from '../contracts/chains/profile.ts'
import { type DecodedBlock, decodeBlock } from './decode/index.ts'
import { type Answers, deriveRows } from './derive/index.ts'
import { isTrusted, listClaims } from './derive/pools.ts'
import type { Address, BlockBundle } from './types/block.ts'
import type { ChainState, PoolClaim, Token } from './types/pool.ts'
import type { StepRows } from './types/rows.ts'

/** A range of blocks, decoded, with the addresses in it that claim to be pools. */
export type Decoded = { blocks: DecodedBlock[]; claims: PoolClaim[] }

/** Stage 2: logs become events, and it shows which addresses must be asked what they are. Changes nothing. */
export function decodeRange(bundles: readonly BlockBundle[], state: ChainState, profile: ChainProfile): Decoded {
  const blocks = bundles.map(decodeBlock)
  return { blocks, claims: listClaims(blocks, state, profile) }
}

/** The claims whose address must be asked: all but those a factory of the profile makes. */
export function listOpenClaims({ claims }: Decoded, profile: ChainProfile): PoolClaim[] {
  return claims.filter(({ creation }) => creation === null || !isTrusted(creation, profile))
}

/** A token to be asked for its name, at the end of the block that may bring it. */
export type TokenQuestion = { address: Address; blockNumber: number }

/**
 * The tokens that the claims may bring, each once a block: which claim holds is only known when it is derived.
 * Without answers these are the tokens that factories announce.
 */
export function listNewTokens({ claims }: Decoded, answers: Answers, state: ChainState): TokenQuestion[] {
  const questions = new Map<string, TokenQuestion>()
  for (const claim of claims) {
    const tokens = answers.get(claim) ?? claim.creation
    for (const address of tokens === null ? [] : [tokens.token0, tokens.token1]) {
      const { blockNumber } = claim
      if (!state.tokens.has(address)) questions.set(`${address} ${blockNumber}`, { address, blockNumber })
    }
  }
  return [...questions.values()]
}

/** Stages 3 to 5: events become pool states and rows. Advances `state` in place. */
export function analyzeRange(
  { blocks, claims }: Decoded,
  answers: Answers,
  tokens: readonly Token[],
  state: ChainState,
  profile: ChainProfile,
): StepRows {
  return deriveRows(blocks, state, { claims, answers, tokens, profile })
}
