import type { ChainProfile } from '../../contracts/chains/profile.ts'
import { findRouter } from '../../contracts/chains/routers.ts'
import { assetOf, BASE_TOKEN } from '../derive/assets.ts'
import { orderOf } from '../derive/index.ts'
import type { PriceBook } from '../derive/prices/book.ts'
import type { BlockActions } from '../types/action.ts'
import type { Address } from '../types/block.ts'
import type { MevControlRow, MevFinding, MevKind } from '../types/mev.ts'
import type { ChainState } from '../types/pool.ts'
import { detectArbitrages } from './arbitrage.ts'
import { detectBackruns } from './backrun.ts'
import type { PricedFinding } from './bundles.ts'
import { type ContractCall, createCallers } from './callers.ts'
import type { DetectContext } from './context.ts'
import { countControls } from './control.ts'
import { magnitude } from './flows.ts'
import { detectFrontruns } from './frontrun.ts'
import { createHabits, type SingleSwap } from './habits.ts'
import { detectJit } from './jit.ts'
import { detectLiquidations } from './liquidation.ts'
import { createSearchers, type IdleProbe, listProbes } from './probe.ts'
import { grossUsdOf } from './profit.ts'
import { noteOutcome, type SearcherRecord } from './records.ts'
import { PROBABLE, score } from './rules.ts'
import { detectSandwiches } from './sandwich.ts'
import { createRollingWindow, judgedTransactions, type Window } from './window.ts'

/** How far back the detectors look on chains whose order is that of arrival: the time, and the blocks at least and at most. */
const WINDOW_MS = 10_000
const WINDOW_BLOCKS_MIN = 10
const WINDOW_BLOCKS_MAX = 50

/**
 * How many blocks before a block have a say in what is found in it. Where whoever pays goes first, an attack happens in one
 * block; where the first to come is the first to go, over those of some seconds.
 */
export function windowOf({ ordering, blockTimeMs }: Pick<ChainProfile, 'ordering' | 'blockTimeMs'>): number {
  if (ordering === 'tip') return 0
  return Math.min(WINDOW_BLOCKS_MAX, Math.max(WINDOW_BLOCKS_MIN, Math.round(WINDOW_MS / blockTimeMs)))
}

/** The detectors with what they remember: the last blocks, and which actions bundles have used. */
export type Detector = {
  /** Takes in the next block without judging it. */
  remember(actions: BlockActions): void
  /** Takes in the next block and returns what ends in it; a transaction is the actor's own in one finding only. */
  detect(actions: BlockActions): Detected
}

/** What one block holds, and what chance alone would have given. */
export type Detected = { findings: PricedFinding[]; controls: MevControlRow[]; probes: PricedProbe[] }

/** A call that came to nothing, with what its block knew about the base token; see `PricedFinding`. */
export type PricedProbe = { probe: IdleProbe; nativeUsd: number | null }

/** Where a log stands. */
export type LogPlace = { blockNumber: number; logIndex: number }

/** What the detectors need of a chain: its facts, the pools and prices as of the block judged, and legs used before. */
export type DetectorOptions = {
  profile: ChainProfile
  state: ChainState
  prices: PriceBook
  /** Legs of the last blocks that sandwiches have used. */
  used: Iterable<LogPlace>
  /** How the sandwiches of searchers came out that are stored. */
  records: Iterable<readonly [Address, SearcherRecord]>
  /** What accounts did lately besides, up to the last block that is not judged, in chain order. */
  singles: Iterable<SingleSwap>
  /** Who called what lately, up to the block before the first that is taken in, in chain order. */
  calls: Iterable<ContractCall>
  /** Searchers by the last block in which they gained, up to the last block that is not judged. */
  searchers: Iterable<readonly [Address, number]>
}

/** Begins at a block: what is remembered comes from the blocks given. */
export function createDetector({
  profile,
  state,
  prices,
  used,
  records: stored,
  singles,
  calls,
  searchers: gained,
}: DetectorOptions): Detector {
  const usedLegs = new Set<number>()
  for (const { blockNumber, logIndex } of used) usedLegs.add(orderOf(blockNumber, logIndex))
  const records = new Map(stored)
  const habits = createHabits(singles)
  const callers = createCallers(calls)
  const searchers = createSearchers(gained)
  const length = windowOf(profile)
  const isPool = (account: Address) => state.pools.has(account)
  const singletons = new Set(profile.singletons.map(({ address }) => address))
  const context: DetectContext = {
    decimals: (token) => state.tokens.get(token) ?? null,
    asset: (token) => assetOf(token, profile.wrappedNative),
    isPool,
    isPublic: (account) => isPool(account) || singletons.has(account) || findRouter(profile, account) !== null,
    valueUsd: (token, amount) => prices.value(state, token, amount),
    isUsed: (order) => usedLegs.has(order),
    recordOf: (searcher) => records.get(searcher) ?? { won: 0, lost: 0 },
    countOthers: habits.countOthers,
  }
  const inWindows = {
    ...context,
    isPublic: (account: Address) => context.isPublic(account) || callers.isShared(account),
  }
  const rolling = createRollingWindow(length, inWindows)
  const push = (actions: BlockActions): Window => {
    callers.note(actions)
    return rolling.push(actions)
  }
  const probesOf = ({ block: { number }, idle }: BlockActions, findings: readonly MevFinding[]) =>
    listProbes(number, idle, findings, (to) => searchers.isKnown(to, number) && !context.isPublic(to))
  return {
    remember: (actions) => void push(actions),
    detect: (actions) => {
      const window = push(actions)
      habits.note(actions.block.number, judgedTransactions(window))
      if (window.transactions.length === 0 && actions.actions.length === 0 && actions.idle.length === 0)
        return { findings: [], controls: [], probes: [] }
      const findings = detectAll(window, context)
      const controls = countControls(window, inWindows)
      for (const finding of findings) {
        if (finding.kind !== 'SANDWICH') continue
        noteOutcome(records, finding)
        if (!finding.facts.includes('gross-negative'))
          habits.explain(finding.legs.filter(({ role }) => role !== 'VICTIM'))
      }
      for (const { kind, legs } of findings) {
        if (kind !== 'SANDWICH') continue
        for (const { role, blockNumber, logIndex } of legs) {
          if (role !== 'VICTIM' && logIndex !== null) usedLegs.add(orderOf(blockNumber, logIndex))
        }
      }
      // Only what the window still has matters.
      for (const order of usedLegs) if (order < orderOf(window.leavingBlock, 0)) usedLegs.delete(order)
      searchers.note(actions.block.number, findings)
      const nativeUsd = valueOfNative(profile, context)
      return {
        probes: probesOf(actions, findings).map((probe) => ({ probe, nativeUsd })),
        findings: findings.map((finding) => ({
          ...{ ...finding, decidedBlock: actions.block.number, nativeUsd },
          grossProfitUsd: grossUsdOf(finding, context),
        })),
        controls: controls.map((control) => ({ blockNumber: actions.block.number, ...control })),
      }
    },
  }
}

/** US dollars for one wei of the base token, by its wrapped form where there is one. */
function valueOfNative({ wrappedNative }: ChainProfile, { valueUsd }: DetectContext): number | null {
  const usd = valueUsd(wrappedNative ?? BASE_TOKEN, WEI_PER_NATIVE)
  return usd === null ? null : usd / Number(WEI_PER_NATIVE)
}

const WEI_PER_NATIVE = 10n ** 18n

/** The kinds of which a transaction is one rather than the next. */
const PRECEDENCE: readonly MevKind[] = [
  'SANDWICH',
  'JIT_LIQUIDITY',
  'LIQUIDATION',
  'BACKRUN',
  'ATOMIC_ARBITRAGE',
  'FRONTRUN',
  'PROBE',
]

/** What the other kind is called as a variant of the one that takes its place. */
const EMBEDDED: Readonly<Partial<Record<MevKind, string>>> = {
  JIT_LIQUIDITY: 'with_liquidity',
  LIQUIDATION: 'with_liquidation',
  BACKRUN: 'with_arbitrage',
  ATOMIC_ARBITRAGE: 'with_arbitrage',
}

/** Every detector over a window, each transaction counted once. */
export function detectAll(window: Window, context: DetectContext): MevFinding[] {
  const arbitrages = detectArbitrages(context, judgedTransactions(window))
  return settle([
    ...detectSandwiches(window, context),
    ...detectJit(window, context),
    ...detectLiquidations(window, context),
    ...detectBackruns(window, context, arbitrages),
    ...arbitrages,
    ...detectFrontruns(window, context),
  ])
}

/** A sandwich that lost, or that hardly is one, does not take the place of anything. */
function rankOf(finding: MevFinding): number {
  const isWeak = finding.kind === 'SANDWICH' && score(finding.kind, finding.facts).confidence < PROBABLE
  return PRECEDENCE.indexOf(finding.kind) + (isWeak ? PRECEDENCE.length : 0)
}

const UINT256_MAX = (1n << 256n) - 1n

/** Sums that no token can have come from logs of contracts that are made up. */
function isPossible({ profits, victims }: MevFinding): boolean {
  return (
    profits.every(({ amount }) => magnitude(amount) <= UINT256_MAX) &&
    victims.every(({ lossAmount, counterfactualAmount }) =>
      [lossAmount, counterfactualAmount].every((amount) => amount === null || magnitude(amount) <= UINT256_MAX),
    )
  )
}

/** Leaves out what is part of a finding that comes before, which is told of it. */
function settle(findings: readonly MevFinding[]): MevFinding[] {
  const owners = new Map<string, number>()
  const kept: MevFinding[] = []
  const byPrecedence = findings.filter(isPossible).toSorted((a, b) => rankOf(a) - rankOf(b))
  for (const finding of byPrecedence) {
    const owner = finding.ownTransactions.map((hash) => owners.get(hash)).find((index) => index !== undefined)
    if (owner === undefined) {
      for (const hash of finding.ownTransactions) owners.set(hash, kept.length)
      kept.push(finding)
      continue
    }
    const variant = EMBEDDED[finding.kind]
    const known = kept[owner]!
    if (variant !== undefined && known.kind !== 'BACKRUN' && !known.variants.includes(variant)) {
      kept[owner] = { ...known, variants: [...known.variants, variant].sort() }
    }
  }
  return kept
}
