// npm run bench:flow: how well order flow is told apart, on families of algorithms and seeds that training has not seen.
import os from 'node:os'
import type { Scorer } from '../../indexer/flow/index.ts'
import { flowModel, flowModelHash } from '../../indexer/flow/model/index.ts'
import type { Moment } from '../../indexer/flow/scorecard.ts'
import { scoreOf } from '../../indexer/flow/scorecard.ts'
import { bootstrapAuc } from '../../indexer/flow/stats/auc.ts'
import { brier, expectedCalibrationError, f1, reliability } from '../../indexer/flow/stats/calibration.ts'
import { createRandom } from '../../test/support/random.ts'
import { evasiveHistories, heldOutHistories, sameFamilyHistories, searcherHistories } from './histories.mts'
import { type ClockKind, collectSamples, type Sample, truthOf } from './samples.mts'

const MOMENTS: readonly Moment[] = ['atBlock', 'settled']
const CLOCKS: readonly ClockKind[] = ['sequencer', 'block']
/** Below so many trades of the account nothing of its rhythm is known. */
const RHYTHM_EVENTS = 6

const scorer: Scorer = (values, moment, clock) => scoreOf(flowModel, values, moment, clock)
const percent = (value: number | null): string => (value === null ? '-' : `${(value * 100).toFixed(1)} %`)
const figure = (value: number | null): string => (value === null ? '-' : value.toFixed(3))

function auc(samples: readonly Sample[]): string {
  const labelled = samples.filter((sample) => truthOf(sample) !== null && sample.logOdds !== null)
  const found = bootstrapAuc(
    labelled.map(({ logOdds }) => logOdds!),
    labelled.map((sample) => truthOf(sample)!),
    labelled.map(({ trader }) => trader),
    createRandom(7),
    { repeats: 200 },
  )
  return found === null ? '-' : `${figure(found.auc)} (${figure(found.low)} to ${figure(found.high)})`
}

function judge(name: string, all: readonly Sample[]): void {
  const people = all.filter((sample) => truthOf(sample) !== null)
  const told = people.filter(({ pInstitutional }) => pInstitutional !== null)
  const p = told.map(({ pInstitutional }) => pInstitutional!)
  const y = told.map((sample) => truthOf(sample)!)
  console.log(
    `${name} | ${people.length} | ${auc(people)} | ${auc(told)} | ${auc(people.filter(({ events }) => events >= RHYTHM_EVENTS))} | ${figure(brier(p, y))} | ${figure(expectedCalibrationError(p, y))} | ${percent(1 - told.length / people.length)}`,
  )
}

function judgeClasses(name: string, samples: readonly Sample[]): void {
  const predicted = samples.map(({ flowClass }) => flowClass === 'ARBITRAGE_MEV')
  const actual = samples.map(({ label }) => label.behaviour === 'ARBITRAGE_MEV')
  console.log(`${name}: arbitrage and MEV F1 ${figure(f1(predicted, actual))}`)
  const counts = new Map<string, Map<string, number>>()
  for (const { label, flowClass } of samples) {
    const its = counts.get(label.behaviour) ?? new Map<string, number>()
    its.set(flowClass, (its.get(flowClass) ?? 0) + 1)
    counts.set(label.behaviour, its)
  }
  for (const [behaviour, its] of counts) {
    console.log(
      `  ${behaviour}: ${[...its]
        .sort((a, b) => b[1] - a[1])
        .map(([flowClass, count]) => `${flowClass} ${count}`)
        .join(', ')}`,
    )
  }
}

console.log(`${os.cpus()[0]?.model}, Node ${process.version}, model ${flowModelHash}`)
for (const [name, options] of searcherHistories) {
  for (const clock of CLOCKS) {
    const samples = collectSamples(name, options, clock, scorer)
    for (const moment of MOMENTS) {
      judgeClasses(
        `${name}, ${clock} clock, ${moment}`,
        samples.filter((sample) => sample.moment === moment),
      )
    }
  }
}
console.log('what | samples | AUC of all (95 %) | AUC where it is told | AUC from 6 trades on | Brier | ECE | abstains')
for (const [kind, histories] of [
  ['held-out families', heldOutHistories],
  ['evasive', evasiveHistories],
  ['training families, other seeds', sameFamilyHistories],
] as const) {
  for (const clock of CLOCKS) {
    const samples = histories.flatMap(([name, options]) => collectSamples(name, options, clock, scorer))
    for (const moment of MOMENTS) {
      const its = samples.filter((sample) => sample.moment === moment)
      judge(`${kind}, ${clock} clock, ${moment}`, its)
      const families = [...new Set(its.flatMap((sample) => (truthOf(sample) === 1 ? [sample.label.family] : [])))]
      for (const family of families) {
        judge(
          `  ${family}`,
          its.filter((sample) => truthOf(sample) === 0 || sample.label.family === family),
        )
      }
      if (kind !== 'held-out families') continue
      judgeClasses(`${kind}, ${clock} clock, ${moment}`, its)
      const told = its.filter((sample) => truthOf(sample) !== null && sample.pInstitutional !== null)
      const rows = reliability(
        told.map(({ pInstitutional }) => pInstitutional!),
        told.map((sample) => truthOf(sample)!),
      )
      for (const { low, high, n, meanP, rate, rateLow, rateHigh } of rows ?? []) {
        console.log(
          `  told ${low.toFixed(1)} to ${high.toFixed(1)}: ${n} trades, mean ${figure(meanP)}, true ${figure(rate)} (${figure(rateLow)} to ${figure(rateHigh)})`,
        )
      }
    }
  }
}
