import { isConstant, mean, type Series } from './summary.ts'

/** Part of its diagonal below which what is left of a pivot is rounding. */
const PIVOT_MIN = 1e-10

/** A line through points: y = intercept + slope * x. */
export type Line = { slope: number; intercept: number; standardError: number; n: number }

/**
 * Ordinary least squares of one variable, the standard error of the slope robust to uneven scatter. Null below three points,
 * or when x is constant. Source: White 1980, MacKinnon & White 1985 (HC1).
 */
export function fitLine(x: Series, y: Series): Line | null {
  const n = x.length
  const [meanX, meanY] = [mean(x), mean(y)]
  if (n < 3 || y.length !== n || meanX === null || meanY === null) return null
  let [squares, products] = [0, 0]
  for (let index = 0; index < n; index++) {
    squares += (x[index]! - meanX) ** 2
    products += (x[index]! - meanX) * (y[index]! - meanY)
  }
  if (isConstant(squares, meanX, n)) return null
  const slope = products / squares
  let meat = 0
  for (let index = 0; index < n; index++) {
    const deviation = x[index]! - meanX
    meat += (deviation * (y[index]! - meanY - slope * deviation)) ** 2
  }
  const standardError = Math.sqrt((n / (n - 2)) * meat) / squares
  return Number.isFinite(slope + standardError) ? { slope, intercept: meanY - slope * meanX, standardError, n } : null
}

/** Coefficients of ordinary least squares, and the sum of squared residuals; null when the columns depend on each other. */
export function leastSquares(
  rows: readonly Float64Array[],
  y: Series,
): { coefficients: Float64Array; residual: number } | null {
  const width = rows[0]?.length ?? 0
  if (rows.length <= width || rows.length !== y.length) return null
  const matrix = Array.from({ length: width }, () => new Float64Array(width))
  const vector = new Float64Array(width)
  rows.forEach((row, index) => {
    addProducts(matrix, row, 1)
    for (let column = 0; column < width; column++) vector[column]! += row[column]! * y[index]!
  })
  const coefficients = solvePositive(matrix, vector)
  if (coefficients === null) return null
  let residual = 0
  rows.forEach((row, index) => {
    residual += (y[index]! - dot(row, coefficients)) ** 2
  })
  return Number.isFinite(residual) ? { coefficients, residual } : null
}

/** Adds the products of a row with itself to the lower half of a matrix. */
export function addProducts(matrix: readonly Float64Array[], row: Series, weight: number): void {
  for (let left = 0; left < matrix.length; left++) {
    const line = matrix[left]!
    for (let right = 0; right <= left; right++) line[right]! += weight * row[left]! * row[right]!
  }
}

/** Sum of the products of two rows. */
export function dot(left: Series, right: Series): number {
  let sum = 0
  for (let index = 0; index < left.length; index++) sum += left[index]! * right[index]!
  return sum
}

/** Solves a symmetric positive definite system, of which the lower half is read (Cholesky); null when it is not one. */
export function solvePositive(matrix: readonly Float64Array[], vector: Series): Float64Array | null {
  const lower = factor(matrix)
  if (lower === null) return null
  const solved = Float64Array.from(vector)
  for (let row = 0; row < solved.length; row++) {
    for (let column = 0; column < row; column++) solved[row]! -= lower[row]![column]! * solved[column]!
    solved[row]! /= lower[row]![row]!
  }
  for (let row = solved.length - 1; row >= 0; row--) {
    for (let below = row + 1; below < solved.length; below++) solved[row]! -= lower[below]![row]! * solved[below]!
    solved[row]! /= lower[row]![row]!
  }
  return solved.every(Number.isFinite) ? solved : null
}

function factor(matrix: readonly Float64Array[]): Float64Array[] | null {
  const lower = matrix.map((row) => new Float64Array(row.length))
  for (let row = 0; row < matrix.length; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row]![column]!
      for (let index = 0; index < column; index++) sum -= lower[row]![index]! * lower[column]![index]!
      if (column < row) lower[row]![column] = sum / lower[column]![column]!
      else if (!(sum > PIVOT_MIN * matrix[row]![row]!)) return null
      else lower[row]![row] = Math.sqrt(sum)
    }
  }
  return lower
}
