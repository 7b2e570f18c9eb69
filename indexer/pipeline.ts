import type { ChainProfile } from '../contracts/chains/profile.ts'
import { type DecodedBlock, decodeBlock } from './decode/index.ts'
import { type Answers, createDerivation } from './derive/index.ts'
import { isSettled, listClaims, OPEN_LISTS } from './derive/pools.ts'
import { createPriceBook, type PriceBook } from './derive/prices/book.ts'
import type { PricedFinding } from './detect/bundles.ts'
import type { ContractCall } from './detect/callers.ts'
import type { SingleSwap } from './detect/habits.ts'
import { createDetector, type Detector, type LogPlace, type PricedProbe } from './detect/index.ts'
import type { SearcherRecord } from './detect/records.ts'
import { createFlow, type Flow } from './flow/index.ts'
import type { FlowBlock } from './flow/intents.ts'
import type { BlockActions } from './types/action.ts'
import type { Address, BlockBundle } from './types/block.ts'
import type { LiquidationEvent } from './types/event.ts'
import type { MevBundle } from './types/mev.ts'
import type { ChainState, PoolClaim, Token } from './types/pool.ts'
import type { LiquidationFacts, StepRows } from './types/rows.ts'

/** A range of blocks, decoded, with the addresses in it that claim to be pools. */
export type Decoded = { blocks: DecodedBlock[]; claims: PoolClaim[] }

/** Stage 2: logs become events, and it shows which addresses must be asked what they are. Changes nothing. */
export function decodeRange(bundles: readonly BlockBundle[], state: ChainState, profile: ChainProfile): Decoded {
  const blocks = bundles.map(decodeBlock)
  return { blocks, claims: listClaims(blocks, state, profile) }
}

/** The claims whose address must be asked: all but those that the profile settles. */
export function listOpenClaims({ claims }: Decoded, profile: ChainProfile): PoolClaim[] {
  return claims.filter((claim) => !isSettled(claim, profile))
}

/** A token to be asked for its name, at the end of the block that may bring it. */
export type TokenQuestion = { address: Address; blockNumber: number }

/**
 * The tokens that the range may bring, each once a block: which claim holds is only known when it is derived.
 * Without answers these are the tokens that the events name.
 */
export function listNewTokens(
  { blocks, claims }: Decoded,
  answers: Answers,
  liquidations: ReadonlyMap<LiquidationEvent, LiquidationFacts>,
  state: ChainState,
): TokenQuestion[] {
  const questions = new Map<string, TokenQuestion>()
  const add = (address: Address, blockNumber: number) => {
    if (!state.tokens.has(address)) questions.set(`${address} ${blockNumber}`, { address, blockNumber })
  }
  for (const claim of claims) {
    const tokens = answers.get(claim)?.tokens ?? claim.creation?.tokens ?? claim.tokens
    for (const token of tokens) add(token, claim.blockNumber)
  }
  for (const { bundle, events } of blocks) {
    for (const event of events) {
      if (event.kind === 'swap' && event.families.some((family) => OPEN_LISTS.has(family))) {
        for (const token of [event.token0, event.token1]) if (typeof token === 'string') add(token, bundle.block.number)
      }
      const facts = event.kind === 'liquidation' ? liquidations.get(event) : undefined
      for (const token of [facts?.debtToken, facts?.collateralToken]) if (token) add(token, bundle.block.number)
    }
  }
  return [...questions.values()]
}

/** The liquidations of a range with their blocks, in chain order. */
export function listLiquidations({ blocks }: Decoded): { event: LiquidationEvent; blockNumber: number }[] {
  return blocks.flatMap(({ bundle, events }) =>
    events.flatMap((event) => (event.kind === 'liquidation' ? [{ event, blockNumber: bundle.block.number }] : [])),
  )
}

/** What was asked about a range. */
export type RangeAnswers = {
  pools: Answers
  liquidations: ReadonlyMap<LiquidationEvent, LiquidationFacts>
  tokens: readonly Token[]
}

/** What the pure stages remember from range to range; each range advances it in place. */
export type Memory = { state: ChainState; prices: PriceBook; detector: Detector; flow: Flow }

/** What the stages remember when the next block is the one after that at which `state` stands. */
export function createMemory(
  state: ChainState,
  profile: ChainProfile,
  usedLegs: Iterable<LogPlace>,
  records: Iterable<readonly [Address, SearcherRecord]>,
  singles: Iterable<SingleSwap>,
  calls: Iterable<ContractCall>,
  searchers: Iterable<readonly [Address, number]>,
): Memory {
  const prices = createPriceBook(profile, state)
  return {
    state,
    prices,
    detector: createDetector({ profile, state, prices, used: usedLegs, records, singles, calls, searchers }),
    flow: createFlow(profile, (token) => state.tokens.get(token) ?? null),
  }
}

/** Stages 3 and 4: events become pool states, prices and rows, block by block, and in each block it shows who gained by order. */
export function analyzeRange(
  { blocks, claims }: Decoded,
  { pools, liquidations, tokens }: RangeAnswers,
  { state, prices, detector }: Memory,
  profile: ChainProfile,
): Analyzed {
  const knowledge = { claims, answers: pools, liquidations, tokens, profile, prices }
  const { rows, deriveBlock } = createDerivation(state, knowledge)
  const findings: PricedFinding[] = []
  const probes: PricedProbe[] = []
  const flowBlocks: FlowBlock[] = []
  for (const block of blocks) {
    const [swaps, transactions] = [rows.swaps.length, rows.transactions.length]
    const actions = deriveBlock(block)
    flowBlocks.push(toFlowBlock(actions, rows, swaps, transactions))
    const detected = detector.detect(actions)
    findings.push(...detected.findings)
    probes.push(...detected.probes)
    rows.mevControls.push(...detected.controls)
  }
  return { rows, findings, probes, flowBlocks }
}

/** The blocks of a range as the detectors leave them. */
export type Analyzed = {
  rows: StepRows
  findings: PricedFinding[]
  probes: PricedProbe[]
  /** The same blocks as the flow stage reads them. */
  flowBlocks: FlowBlock[]
}

function toFlowBlock(actions: BlockActions, rows: StepRows, swaps: number, transactions: number): FlowBlock {
  const receivedAt = new Map<number, number>()
  for (const { transaction, receivedAt: time } of rows.transactions.slice(transactions)) {
    if (time !== null) receivedAt.set(transaction.transactionIndex, time)
  }
  const { clock } = rows.blocks.at(-1)!
  return { block: actions.block, clock, actions, swaps: rows.swaps.slice(swaps), receivedAt }
}

/** Stage 5: who trades, and in what rhythm, block by block; adds its rows to those of the range, whose bundles are judged by now. */
export function measureRange({ rows, flowBlocks }: Pick<Analyzed, 'rows' | 'flowBlocks'>, { flow }: Memory): void {
  const bundles = new Map<number, MevBundle[]>()
  for (const bundle of rows.mevBundles) {
    const its = bundles.get(bundle.decidedBlock)
    if (its === undefined) bundles.set(bundle.decidedBlock, [bundle])
    else its.push(bundle)
  }
  for (const block of flowBlocks) flow.measure(block, bundles.get(block.block.number) ?? NO_BUNDLES, rows.flow)
}

const NO_BUNDLES: readonly MevBundle[] = []

/** Takes in blocks that are stored already, so that the memory reaches as far back as that of somebody who has read them all. */
export function recallRange(
  { blocks, claims }: Decoded,
  { pools, liquidations, tokens }: RangeAnswers,
  { state, prices, detector }: Memory,
  profile: ChainProfile,
): void {
  const { deriveBlock } = createDerivation(state, {
    ...{ claims, answers: pools, liquidations, tokens, profile, prices },
  })
  for (const block of blocks) detector.remember(deriveBlock(block))
}
