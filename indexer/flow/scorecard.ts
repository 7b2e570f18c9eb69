import type { Clock } from '../types/clock.ts'
import type { Abstention } from '../types/flow.ts'
import { FEATURES, type FeatureName, type FeatureValues } from './features.ts'

/** How a feature becomes one of few bins: by edges that ascend (bin 0 is what is not known), or by name (bin 0 is any other). */
export type Bins = { kind: 'numeric'; edges: readonly number[] } | { kind: 'names'; names: readonly string[] }

/** A feature of the scorecard with what each of its bins adds to the log-odds. */
export type ScoredFeature = { name: FeatureName; bins: Bins; logOdds: readonly number[] }

/** Probabilities of ascending scores, learnt by isotonic regression on later data; between two it is linear. */
export type Calibration = { scores: readonly number[]; probabilities: readonly number[] }

/** When a tag is told: at the end of its block, or once its parent order has ended. */
export type Moment = 'atBlock' | 'settled'

/** A trained model: what `npm run train:flow` writes. */
export type FlowModel = {
  version: string
  intercept: number
  features: readonly ScoredFeature[]
  /** By moment, and by whether times are those of the sequencer. */
  calibrations: Readonly<Record<Moment, Readonly<Record<'sequencer' | 'block', Calibration>>>>
  /** Probabilities between these are not told: on later data both kinds of people had them too often. */
  abstain: Readonly<Record<Moment, Readonly<Record<'sequencer' | 'block', { above: number; below: number }>>>>
  /** What it was trained and calibrated on. */
  data: Readonly<Record<string, string | number | readonly string[]>>
}

/** What the model says of a trade. */
export type Score = {
  logOdds: number
  /** The bin of each feature, one character each. */
  bins: string
  /** Null when the model abstains. */
  pInstitutional: number | null
  abstention: Abstention | null
}

const RADIX = 36

/** The bin of a value: 0 when it is not known, else 1 + the number of edges or names before it. */
export function binOf(bins: Bins, value: number | string | null): number {
  if (value === null) return 0
  if (bins.kind === 'names') return bins.names.indexOf(String(value)) + 1
  let bin = 1
  for (const edge of bins.edges) {
    if (Number(value) < edge) break
    bin++
  }
  return bin
}

/** The score of a trade; each feature adds the log-odds of its bin, and the sum is calibrated. */
export function scoreOf(model: FlowModel, values: FeatureValues, moment: Moment, clock: Clock): Score {
  let logOdds = model.intercept
  let bins = ''
  for (const { name, bins: its, logOdds: weights } of model.features) {
    const bin = binOf(its, values[name])
    logOdds += weights[bin] ?? 0
    bins += bin.toString(RADIX)
  }
  const kind = clock === 'sequencer' ? 'sequencer' : 'block'
  const probability = calibrate(model.calibrations[moment][kind], logOdds)
  const { above, below } = model.abstain[moment][kind]
  const isAmbiguous = probability > above && probability < below
  return {
    ...{ logOdds, bins },
    pInstitutional: isAmbiguous ? null : probability,
    abstention: isAmbiguous ? 'ambiguous' : null,
  }
}

/** The probability of a score. */
export function calibrate({ scores, probabilities }: Calibration, score: number): number {
  let [low, high] = [0, scores.length - 1]
  if (score <= scores[0]!) return probabilities[0]!
  if (score >= scores[high]!) return probabilities[high]!
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (scores[middle]! <= score) low = middle
    else high = middle
  }
  const part = (score - scores[low]!) / (scores[high]! - scores[low]!)
  return probabilities[low]! + part * (probabilities[high]! - probabilities[low]!)
}

/** Throws when a model file does not fit these features. */
export function checkModel(model: FlowModel): FlowModel {
  const names = model.features.map(({ name }) => name)
  if (names.join() !== FEATURES.join()) throw new Error(`the model has the features ${names.join(', ')}`)
  return model
}
