import { addProducts, dot, solvePositive } from './linear.ts'
import type { Series } from './summary.ts'

/** Log-odds as a sum: intercept plus weights times features. */
export type Logistic = { intercept: number; weights: number[] }

const L2 = 1e-3
const ITERATIONS = 50
/** Part of the loss that a step must gain. */
const STANDSTILL = 1e-14
const HALVINGS = 20
/** Mean loss in nats below which, without a penalty, the features separate the labels and the weights have no end. */
const LOSS_MIN = 1e-6

/** The probability of log-odds, which must be a number. */
export function sigmoid(logOdds: number): number {
  return logOdds >= 0 ? 1 / (1 + Math.exp(-logOdds)) : Math.exp(logOdds) / (1 + Math.exp(logOdds))
}

/** The log-odds, in nats, of a probability; null for 0, 1 and what is none. */
export function logit(probability: number): number | null {
  return probability > 0 && probability < 1 ? Math.log(probability / (1 - probability)) : null
}

type Problem = { rows: Float64Array[]; labels: Series; weights: Series | null; l2: number }

/**
 * Logistic regression by Newton's method, the squares of the weights penalised; the same for the same rows on every machine.
 * Null when there are no more rows than features, only one label, a negative weight, or no solution, such as without a penalty
 * for labels that the features separate. Source: iteratively reweighted least squares, McCullagh & Nelder 1989.
 * @param rows features, brought to one scale, without a column for the intercept.
 * @param labels 0 or 1.
 * @param l2 penalty: half of it times the sum of squared weights is added to the mean loss; the intercept is free.
 * @param weights how much each row counts; 1 unless told.
 */
export function fitLogistic(
  rows: readonly Series[],
  labels: Series,
  {
    l2 = L2,
    iterations = ITERATIONS,
    weights = null,
  }: { l2?: number; iterations?: number; weights?: Series | null } = {},
): Logistic | null {
  const width = rows[0]?.length ?? 0
  if (rows.length <= width + 1 || rows.length !== labels.length || !hasBoth(labels)) return null
  if (weights !== null && (weights.length !== rows.length || Array.from(weights).some((weight) => !(weight >= 0))))
    return null
  const problem = { rows: rows.map((row) => Float64Array.from([1, ...row])), labels, weights, l2 }
  const found = minimise(problem, new Float64Array(width + 1), iterations)
  return found === null ? null : { intercept: found[0]!, weights: [...found.slice(1)] }
}

function hasBoth(labels: Series): boolean {
  let ones = 0
  for (const label of labels) if (label > 0.5) ones++
  return ones > 0 && ones < labels.length
}

function minimise(problem: Problem, start: Float64Array, iterations: number): Float64Array | null {
  let [current, loss] = [start, lossOf(problem, start)]
  for (let iteration = 0; iteration < iterations; iteration++) {
    const step = newtonStep(problem, current)
    if (step === null) return null
    const next = stepDown(problem, current, step, loss)
    if (next === null) break
    const gain = loss - next.loss
    ;[current, loss] = [next.point, next.loss]
    if (gain < STANDSTILL * loss) break
  }
  return current.every(Number.isFinite) && (problem.l2 > 0 || loss > LOSS_MIN) ? current : null
}

/** The first point along the step, halved again and again, that lowers the loss; null when none does. */
function stepDown(problem: Problem, from: Float64Array, step: Float64Array, loss: number) {
  for (let halving = 0, part = 1; halving < HALVINGS; halving++, part /= 2) {
    const point = from.map((value, index) => value - part * step[index]!)
    const next = lossOf(problem, point)
    if (next < loss) return { point, loss: next }
  }
  return null
}

function weightSum({ rows, weights }: Problem): number {
  if (weights === null) return rows.length
  let sum = 0
  for (const weight of weights) sum += weight
  return sum
}

/** Mean loss in nats, and the penalty. */
function lossOf(problem: Problem, point: Float64Array): number {
  const { rows, labels, weights, l2 } = problem
  let sum = 0
  for (let index = 0; index < rows.length; index++) {
    const logOdds = dot(rows[index]!, point)
    const wrong = labels[index]! > 0.5 ? -logOdds : logOdds
    sum += (weights?.[index] ?? 1) * (Math.max(0, wrong) + Math.log1p(Math.exp(-Math.abs(wrong))))
  }
  const penalty = dot(point, point) - point[0]! ** 2
  return sum / weightSum(problem) + (l2 / 2) * penalty
}

function newtonStep(problem: Problem, point: Float64Array): Float64Array | null {
  const { rows, labels, weights, l2 } = problem
  const hessian = Array.from(point, () => new Float64Array(point.length))
  const gradient = new Float64Array(point.length)
  const all = weightSum(problem)
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index]!
    const weight = (weights?.[index] ?? 1) / all
    const probability = sigmoid(dot(row, point))
    const error = probability - (labels[index]! > 0.5 ? 1 : 0)
    addProducts(hessian, row, weight * probability * (1 - probability))
    for (let column = 0; column < row.length; column++) gradient[column]! += weight * error * row[column]!
  }
  for (let column = 1; column < point.length; column++) {
    hessian[column]![column]! += l2
    gradient[column]! += l2 * point[column]!
  }
  return solvePositive(hessian, gradient)
}
