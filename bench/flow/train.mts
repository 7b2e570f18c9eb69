// npm run train:flow [-- --check]: trains the classifier of order flow on simulated histories and writes indexer/flow/model/flow.json;
// the same sources give the same bytes. With --check it only compares them with the file.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { FEATURES, type FeatureName } from '../../indexer/flow/features.ts'
import {
  type Bins,
  binOf,
  type Calibration,
  calibrate,
  type FlowModel,
  type Moment,
} from '../../indexer/flow/scorecard.ts'
import { fitIsotonic } from '../../indexer/flow/stats/isotonic.ts'
import { fitLogistic } from '../../indexer/flow/stats/logistic.ts'
import { ROUTES } from '../../indexer/types/flow.ts'
import { calibrationHistories, trainingHistories } from './histories.mts'
import { type ClockKind, collectSamples, type Sample, taughtOf, truthOf } from './samples.mts'

const MODEL_FILE = fileURLToPath(new URL('../../indexer/flow/model/flow.json', import.meta.url))
const VERSION = '1'
/** Bins of a feature at most, and what a bin has of the samples at least. */
const BINS_MAX = 7
const BIN_SHARE_MIN = 0.01
const TRAINING_ROWS = 40_000
/** Pulls the weights of bins towards nothing, so that a bin says no more than its samples. */
const RIDGE = 100
/** Of each kind at most so many may be on the wrong side of what the model tells. */
const MISTAKES = 0.05
const KNOTS_MAX = 40
const MOMENTS: readonly Moment[] = ['atBlock', 'settled']
const CLOCKS: readonly ClockKind[] = ['sequencer', 'block']

type Labelled = { sample: Sample; truth: 0 | 1 }

/** Professionals who are no algorithms are taught besides, one in so many of their trades. */
const BESIDES_PART = 8

function collect(histories: typeof trainingHistories): Labelled[] {
  const labelled: Labelled[] = []
  for (const [name, options] of histories) {
    for (const clock of CLOCKS) {
      for (const sample of collectSamples(name, options, clock)) {
        const truth = taughtOf(sample)
        if (truth !== null) labelled.push({ sample, truth })
      }
    }
    console.error(`${name}: ${labelled.length} samples so far`)
  }
  return labelled
}

/** Every so many, so that all histories have their part. */
function thin<Item>(items: readonly Item[], count: number): Item[] {
  const step = Math.max(1, items.length / count)
  return Array.from({ length: Math.floor(items.length / step) }, (_, index) => items[Math.floor(index * step)]!)
}

/** Edges at quantiles, to three digits, none of which leaves a bin nearly empty. */
function findBins(name: FeatureName, samples: readonly Labelled[]): Bins {
  if (name === 'route') return { kind: 'names', names: ROUTES.filter((route) => route !== 'UNKNOWN') }
  const known = samples.flatMap(({ sample }) => {
    const value = sample.features![name]
    return typeof value === 'number' ? [value] : []
  })
  known.sort((a, b) => a - b)
  const edges: number[] = []
  let last = 0
  for (let part = 1; part < BINS_MAX; part++) {
    const edge = Number(known[Math.floor((known.length * part) / BINS_MAX)]!.toPrecision(3))
    const below = known.findLastIndex((value) => value < edge) + 1
    const isWide = (count: number) => count >= samples.length * BIN_SHARE_MIN
    if (!isWide(below - last) || !isWide(known.length - below)) continue
    edges.push(edge)
    last = below
  }
  return { kind: 'numeric', edges }
}

const countBins = (bins: Bins): number => (bins.kind === 'names' ? bins.names.length : bins.edges.length + 1) + 1

function fitScorecard(samples: readonly Labelled[]): Pick<FlowModel, 'intercept' | 'features'> {
  const bins = FEATURES.map((name) => findBins(name, samples))
  const offsets: number[] = []
  let width = 0
  for (const its of bins) {
    offsets.push(width)
    width += countBins(its)
  }
  const rows = samples.map(({ sample }) => {
    const row = new Float64Array(width)
    for (const [index, name] of FEATURES.entries())
      row[offsets[index]! + binOf(bins[index]!, sample.features![name])] = 1
    return row
  })
  const fitted = fitLogistic(
    rows,
    samples.map(({ truth }) => truth),
    { l2: RIDGE / samples.length },
  )
  if (fitted === null) throw new Error('nothing could be fitted')
  const features = FEATURES.map((name, index) => ({
    name,
    bins: bins[index]!,
    logOdds: Array.from({ length: countBins(bins[index]!) }, (_, bin) => round(fitted.weights[offsets[index]! + bin]!)),
  }))
  return { intercept: round(fitted.intercept), features }
}

const round = (value: number): number => Number(value.toFixed(4))

function logOddsOf(
  { intercept, features }: Pick<FlowModel, 'intercept' | 'features'>,
  { features: values }: Sample,
): number {
  return features.reduce((sum, { name, bins, logOdds }) => sum + logOdds[binOf(bins, values![name])]!, intercept)
}

function fitCalibration(scores: readonly number[], truths: readonly number[]): Calibration {
  const fitted = fitIsotonic(scores, truths)
  if (fitted === null) throw new Error('nothing could be calibrated')
  const count = Math.min(KNOTS_MAX, fitted.thresholds.length)
  const picked = Array.from({ length: count }, (_, index) =>
    Math.round((index * (fitted.thresholds.length - 1)) / Math.max(1, count - 1)),
  )
  // No finite sample shows that something never happens.
  const certain = 1 / (truths.length + 2)
  const probability = (value: number) => round(Math.min(1 - certain, Math.max(certain, value)))
  return {
    scores: picked.map((index) => round(fitted.thresholds[index]!)),
    probabilities: picked.map((index) => probability(fitted.values[index]!)),
  }
}

/** The scores between which both kinds are too frequent to tell: 5 % of people lie above, 5 % of algorithms below. */
function findAmbiguous(probabilities: readonly number[], truths: readonly number[]): { above: number; below: number } {
  const of = (truth: number) => probabilities.filter((_, index) => truths[index] === truth).sort((a, b) => a - b)
  const [people, algorithms] = [of(0), of(1)]
  const above = algorithms[Math.floor(algorithms.length * MISTAKES)]!
  const below = people[Math.ceil(people.length * (1 - MISTAKES)) - 1]!
  return { above: round(Math.min(above, 0.5)), below: round(Math.max(below, 0.5)) }
}

const isBesides = ({ sample, truth }: Labelled) => truth === 1 && truthOf(sample) === null
const training = collect(trainingHistories).filter((each, index) => !isBesides(each) || index % BESIDES_PART === 0)
const thinned = thin(training, TRAINING_ROWS)
const scorecard = fitScorecard(thinned)
// What is calibrated is the claim: algorithms beside people.
const later = collect(calibrationHistories).filter((each) => !isBesides(each))
const byMoment = <Value,>(make: (moment: Moment, clock: ClockKind) => Value) =>
  Object.fromEntries(
    MOMENTS.map((moment) => [moment, Object.fromEntries(CLOCKS.map((clock) => [clock, make(moment, clock)]))]),
  ) as Record<Moment, Record<ClockKind, Value>>
const scored = byMoment((moment, clock) => {
  const its = later.filter(({ sample }) => sample.moment === moment && sample.clock === clock)
  return { scores: its.map(({ sample }) => logOddsOf(scorecard, sample)), truths: its.map(({ truth }) => truth) }
})
const calibrations = byMoment((moment, clock) => {
  const { scores, truths } = scored[moment][clock]
  return fitCalibration(scores, truths)
})
const model: FlowModel = {
  version: VERSION,
  ...scorecard,
  calibrations,
  abstain: byMoment((moment, clock) => {
    const { scores, truths } = scored[moment][clock]
    return findAmbiguous(
      scores.map((score) => calibrate(calibrations[moment][clock], score)),
      truths,
    )
  }),
  data: {
    trainingHistories: trainingHistories.map(([name]) => name),
    trainingSamples: training.length,
    trainingRows: thinned.length,
    trainingInstitutional: thinned.filter(({ truth }) => truth === 1).length,
    calibrationHistories: calibrationHistories.map(([name]) => name),
    calibrationSamples: later.length,
    ridge: RIDGE,
  },
}
const text = `${JSON.stringify(model, null, 1)}\n`
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
if (!values.check) writeFileSync(MODEL_FILE, text)
else if (readFileSync(MODEL_FILE, 'utf8') !== text) {
  console.error('the model file is another one than these sources give')
  process.exitCode = 1
} else console.log('the model file is what these sources give')
