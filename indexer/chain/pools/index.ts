import type { ChainProfile } from '../../../contracts/chains/profile.ts'
import { derivePoolAddress } from '../../../contracts/create2.ts'
import { ASKED_AT_CREATION } from '../../../contracts/families.ts'
import type { Address, Hex } from '../../types/block.ts'
import type { FoundPool, PoolClaim } from '../../types/pool.ts'
import { fetchCalls } from '../calls.ts'
import type { Rpc } from '../rpc.ts'
import { balancerV2Probe } from './balancerV2.ts'
import { curveProbes } from './curve.ts'
import { iziswapProbe } from './iziswap.ts'
import { kyberElasticProbe } from './kyberElastic.ts'
import { maverickProbes } from './maverick.ts'
import { pairProbes } from './pairs.ts'
import {
  type Described,
  type LookUp,
  type Probe,
  type Question,
  toAddress,
  toBoolean,
  wordAt,
  wordCount,
} from './probe.ts'
import { tickProbes, uniswapV4Probe } from './ticks.ts'

/**
 * How each family's contracts are asked what they are; where a log fits several families, the first whose getters answer.
 * Families without a line here are only believed where the profile names their contracts.
 */
const PROBES: readonly Probe[] = [
  ...pairProbes,
  kyberElasticProbe,
  ...tickProbes,
  uniswapV4Probe,
  iziswapProbe,
  ...maverickProbes,
  ...curveProbes,
  balancerV2Probe,
]

/**
 * Asks the addresses of `claims` what they are, and the factories they name whether that is so.
 * @returns an answer for each that is a pool of a family its claim allows; the others are left out.
 * @throws EndpointError when the endpoint fails.
 */
export async function fetchPools(
  rpc: Rpc,
  claims: readonly PoolClaim[],
  profile: ChainProfile,
  signal?: AbortSignal,
): Promise<Map<PoolClaim, FoundPool>> {
  const described = await askGetters(rpc, claims, signal)
  // Who is no pool now is never asked again, so it has to say so twice.
  const refused = claims.filter((claim) => !described.has(claim))
  for (const [claim, pools] of await askGetters(rpc, refused, signal)) {
    rpc.countFault('otherAnswer')
    described.set(claim, pools)
  }
  const found = await askFactories(rpc, described, profile, signal)
  for (const [claim, pool] of found) {
    const probe = PROBES.find(({ family }) => family === pool.family)
    // A pool that is being created has no state before.
    const isNew = claim.creation !== null || claim.kind === 'initialize'
    if (pool.isDenied || (isNew && !ASKED_AT_CREATION.has(pool.family))) continue
    pool.snapshot = (await probe?.snapshot?.(rpc, claim, pool, signal)) ?? null
  }
  return found
}

/** What the getters of each claim say it could be, the more telling family first. */
async function askGetters(
  rpc: Rpc,
  claims: readonly PoolClaim[],
  signal: AbortSignal | undefined,
): Promise<Map<PoolClaim, Described[]>> {
  const asked = claims.map((claim) => {
    const probes = PROBES.filter(({ family }) => claim.families.includes(family))
    return { claim, probes: probes.map((probe) => ({ probe, questions: probe.ask(claim) })) }
  })
  const questions = asked.flatMap(({ claim, probes }) =>
    probes.flatMap((probe) => probe.questions.map((question) => ({ claim, question }))),
  )
  const answers = await askOnce(rpc, questions, signal)
  const found = new Map<PoolClaim, Described[]>()
  for (const { claim, probes } of asked) {
    const pools = probes.flatMap(({ probe, questions: its }) => {
      const pool = probe.read(
        its.map((question) => answers.get(keyOf(claim, question)) ?? null),
        claim,
      )
      return pool === null ? [] : [pool]
    })
    if (pools.length > 0) found.set(claim, pools)
  }
  return found
}

function keyOf({ blockNumber }: PoolClaim, { to, data }: Question): string {
  return `${blockNumber} ${to} ${data}`
}

/** Answers by `keyOf`; what several probes want to know is asked once. */
async function askOnce(
  rpc: Rpc,
  asked: readonly { claim: PoolClaim; question: Question }[],
  signal: AbortSignal | undefined,
): Promise<Map<string, Hex | null>> {
  const calls = new Map(
    asked.map(({ claim, question }) => [keyOf(claim, question), { ...question, blockNumber: claim.blockNumber }]),
  )
  const answers = await fetchCalls(rpc, [...calls.values()], 'latest', signal)
  return new Map([...calls.keys()].map((key, index) => [key, answers[index] ?? null]))
}

/** A pool that may be of a factory, and how to find out. */
type Candidate = { claim: PoolClaim; pool: Described; factory: Address; isNamed: boolean; lookUp: LookUp | null }

/**
 * A contract can name any factory, so the factory has to know the pool. One that is named and says otherwise makes the
 * claim false. Pools that name none may be of one in the profile, which is asked.
 */
async function askFactories(
  rpc: Rpc,
  described: ReadonlyMap<PoolClaim, Described[]>,
  profile: ChainProfile,
  signal: AbortSignal | undefined,
): Promise<Map<PoolClaim, FoundPool>> {
  const candidates = [...described].flatMap(([claim, pools]) =>
    pools.flatMap((pool) => listCandidates(claim, pool, profile)),
  )
  const asked = candidates.filter(({ lookUp }) => lookUp !== null)
  const answers = await askOnce(
    rpc,
    asked.map(({ claim, lookUp }) => ({ claim, question: lookUp! })),
    signal,
  )
  const found = new Map<PoolClaim, FoundPool>()
  for (const [claim, pools] of described) {
    found.set(claim, pickPool(claim, pools, candidates, answers, profile))
  }
  return found
}

function listCandidates(claim: PoolClaim, pool: Described, profile: ChainProfile): Candidate[] {
  const probe = PROBES.find(({ family }) => family === pool.family)!
  const isNamed = pool.factory !== null
  const factories = isNamed
    ? [pool.factory!]
    : profile.factories.filter(({ family }) => family === pool.family).map(({ address }) => address)
  // The factory that announces a pool has said already that it knows it.
  return factories.map((factory) => {
    const lookUp = claim.creation === null ? probe.lookUp(factory, pool, claim) : null
    return { claim, pool, factory, isNamed, lookUp }
  })
}

type Verdict = 'confirmed' | 'denied' | 'silent'

function pickPool(
  claim: PoolClaim,
  pools: readonly Described[],
  candidates: readonly Candidate[],
  answers: ReadonlyMap<string, Hex | null>,
  profile: ChainProfile,
): FoundPool {
  const judged = pools.map((pool) => {
    const its = candidates.filter((candidate) => candidate.claim === claim && candidate.pool === pool)
    const verdicts = its.map((candidate) => ({ ...candidate, verdict: judge(candidate, answers, profile) }))
    const confirmed = verdicts.find(({ verdict }) => verdict === 'confirmed')
    const isKnown = profile.factories.some(
      ({ address, family }) => address === confirmed?.factory && family === pool.family,
    )
    const isDenied = confirmed === undefined && verdicts.some(({ verdict, isNamed }) => isNamed && verdict === 'denied')
    return { pool, factory: confirmed?.factory ?? null, isKnown, isDenied }
  })
  // A factory of the profile says the family; else the more telling getters do.
  const pick = judged.find(({ isKnown }) => isKnown) ?? judged[0]!
  const factory = claim.creation === null ? pick.factory : pick.pool.factory
  return { ...pick.pool, factory, snapshot: null, isDenied: pick.isDenied }
}

function judge(
  { claim, pool, factory, lookUp }: Candidate,
  answers: ReadonlyMap<string, Hex | null>,
  profile: ChainProfile,
): Verdict {
  const create2 = profile.create2.find((known) => known.factory === factory)
  const [token0, token1] = pool.tokens
  if (create2 !== undefined && (create2.salt === 'pair' || pool.feePips !== null)) {
    return derivePoolAddress(create2, token0!, token1!, pool.feePips ?? 0) === claim.address ? 'confirmed' : 'denied'
  }
  const answer = lookUp === null ? null : (answers.get(keyOf(claim, lookUp)) ?? null)
  if (lookUp === null || answer === null) return 'silent'
  if (lookUp.expects === 'address') {
    const isWord = wordCount(answer) === 1
    return toAddress(answer) === claim.address ? 'confirmed' : isWord ? 'denied' : 'silent'
  }
  if (lookUp.expects === 'true') return toBoolean(answer) === true ? 'confirmed' : 'denied'
  return wordAt(answer, 0) === lookUp.expects ? 'confirmed' : 'denied'
}
