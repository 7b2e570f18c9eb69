// Trades of simulated histories with what the classifier reads of them and what they truly are.
import { createChainState } from '../../indexer/derive/state.ts'
import type { FeatureValues } from '../../indexer/flow/features.ts'
import { createFlow, type Scorer } from '../../indexer/flow/index.ts'
import type { Moment } from '../../indexer/flow/scorecard.ts'
import type { BlockBundle, Hex } from '../../indexer/types/block.ts'
import type { FlowClass } from '../../indexer/types/flow.ts'
import type { StepRows } from '../../indexer/types/rows.ts'
import type { Behaviour, FlowLabel } from '../../simulator/labels.ts'
import { profileFor, type SimulatedBlock, type SimulateOptions, simulate } from '../../simulator/simulate.ts'
import { beginHistory, indexSimulated } from '../../test/indexer/flow/history.ts'

/** Whether the node tells when transactions arrived, as the sequencer does, or not at all. */
export type ClockKind = 'sequencer' | 'block'

/** One trade at one moment. */
export type Sample = {
  history: string
  moment: Moment
  clock: ClockKind
  trader: Hex
  /** Null for a trade that went round: the model is not asked. */
  features: FeatureValues | null
  label: FlowLabel
  /** As the stage tagged it, with the model it has. */
  flowClass: FlowClass
  pInstitutional: number | null
  logOdds: number | null
  /** Trades of the account that were known. */
  events: number
}

const STEP_BLOCKS = 100
/** Nothing is scored. */
const NO_SCORE = { logOdds: 0, pInstitutional: null, abstention: null } as const

/** Leaves out the arrival times. */
const withoutArrivals = (bundle: BlockBundle): BlockBundle => ({ ...bundle, arrivals: null })

/**
 * Runs a history through all stages.
 * @param scorer that of the stage unless given.
 */
export function collectSamples(name: string, options: SimulateOptions, clock: ClockKind, scorer?: Scorer): Sample[] {
  const profile = profileFor(options)
  const memory = beginHistory(createChainState(), profile)
  const values: FeatureValues[] = []
  const remembering: Scorer = (features, moment, worst) => {
    const score = scorer === undefined ? NO_SCORE : scorer(features, moment, worst)
    // The bins carry where the features stand.
    return { ...score, bins: String(values.push(features) - 1) }
  }
  memory.flow = createFlow(profile, (token) => memory.state.tokens.get(token) ?? null, remembering)
  const labels = new Map<string, { label: FlowLabel; trader: Hex }>()
  const samples: Sample[] = []
  const take = (step: readonly SimulatedBlock[]) => {
    for (const block of step) noteLabels(block, labels)
    const rows = indexSimulated(step, memory, profile, clock === 'block' ? withoutArrivals : undefined)
    addSamples(rows, { history: name, clock }, values, labels, samples)
  }
  let step: SimulatedBlock[] = []
  for (const block of simulate(options)) {
    step.push(block)
    if (step.length < STEP_BLOCKS) continue
    take(step)
    step = []
  }
  if (step.length > 0) take(step)
  return samples
}

function noteLabels({ block, labels }: SimulatedBlock, known: Map<string, { label: FlowLabel; trader: Hex }>): void {
  for (const [index, { flow }] of labels.transactions.entries()) {
    if (flow === null) continue
    known.set(`${Number(block.number)} ${index}`, { label: flow, trader: block.transactions[index]!.from })
  }
}

function addSamples(
  { flow }: StepRows,
  of: Pick<Sample, 'history' | 'clock'>,
  values: readonly FeatureValues[],
  labels: ReadonlyMap<string, { label: FlowLabel; trader: Hex }>,
  samples: Sample[],
): void {
  for (const { intent, featureBins, flowClass, pInstitutional, logOdds, events } of flow.intents) {
    const truth = labels.get(`${intent.blockNumber} ${intent.transactionIndex}`)
    if (truth === undefined) continue
    const features = featureBins === null ? null : values[Number(featureBins)]!
    samples.push({ ...of, ...truth, moment: 'atBlock', features, flowClass, pInstitutional, logOdds, events })
  }
  for (const tag of flow.settledTags) {
    const truth = labels.get(`${tag.blockNumber} ${tag.transactionIndex}`)
    if (truth === undefined) continue
    const features = tag.featureBins === null ? null : values[Number(tag.featureBins)]!
    const { flowClass, pInstitutional, logOdds } = tag
    const events = Number(features?.actorTrades ?? 0)
    samples.push({ ...of, ...truth, moment: 'settled', features, flowClass, pInstitutional, logOdds, events })
  }
}

const RETAIL: ReadonlySet<Behaviour> = new Set(['RETAIL_DIRECT', 'RETAIL_AGGREGATOR'])

const PROFESSIONAL: ReadonlySet<Behaviour> = new Set(['EXECUTION_ALGORITHM', 'INFORMED', 'MARKET_MAKER'])

/** What the model learns: 1 for algorithms and other professional takers, 0 for people; null for searchers and washers, whom rules tell. */
export function taughtOf({ label, features }: Sample): 0 | 1 | null {
  if (features === null) return null
  if (PROFESSIONAL.has(label.behaviour)) return 1
  return RETAIL.has(label.behaviour) ? 0 : null
}

/** 1 for an execution algorithm, 0 for a person, null for anybody else: makers, searchers and washers are neither. */
export function truthOf({ label, features }: Sample): 0 | 1 | null {
  if (features === null) return null
  if (label.behaviour === 'EXECUTION_ALGORITHM') return 1
  return RETAIL.has(label.behaviour) ? 0 : null
}
