import { type Interval95, interval95, type Series } from './summary.ts'

const REPEATS = 500
const CLUSTERS_MIN = 10

/**
 * Probability that a positive scores above a negative, ties counting half; 0.5 is chance. Null without both, or with a score
 * that is no number. Source: Hanley & McNeil 1982.
 * @param labels 1 for a positive, 0 for a negative.
 */
export function rocAuc(scores: Series, labels: Series): number | null {
  if (scores.length !== labels.length) return null
  return aucOf(sortRows(scores, labels), null)
}

/** Rows in ascending order of their scores; which row each was. */
type Sorted = { scores: Float64Array; labels: Float64Array; order: Int32Array }

function sortRows(scores: Series, labels: Series): Sorted {
  const order = Int32Array.from(scores, (_, index) => index).sort((a, b) => scores[a]! - scores[b]!)
  return {
    scores: Float64Array.from(order, (index) => scores[index]!),
    labels: Float64Array.from(order, (index) => labels[index]!),
    order,
  }
}

/** The area, each row counting as often as told. */
function aucOf({ scores, labels }: Sorted, counts: Float64Array | null): number | null {
  let [negatives, positives, wins] = [0, 0, 0]
  for (let start = 0; start < scores.length; ) {
    const score = scores[start]!
    if (Number.isNaN(score)) return null
    let [tiedPositives, tiedNegatives] = [0, 0]
    for (; start < scores.length && scores[start] === score; start++) {
      const count = counts === null ? 1 : counts[start]!
      if (labels[start]! > 0.5) tiedPositives += count
      else tiedNegatives += count
    }
    wins += tiedPositives * (negatives + tiedNegatives / 2)
    positives += tiedPositives
    negatives += tiedNegatives
  }
  return positives > 0 && negatives > 0 ? wins / (positives * negatives) : null
}

/**
 * The area under the curve with a 95 % interval from drawing whole clusters with replacement, as rows of one account are not
 * independent. Null below ten clusters, without both labels, or when one draw of twenty lacks one of them. Source: Field &
 * Welsh 2007 (cluster bootstrap).
 * @param clusters name of the cluster of each row.
 */
export function bootstrapAuc(
  scores: Series,
  labels: Series,
  clusters: readonly string[],
  random: () => number,
  { repeats = REPEATS }: { repeats?: number } = {},
): ({ auc: number } & Interval95) | null {
  const auc = rocAuc(scores, labels)
  const numbers = numberClusters(clusters)
  if (auc === null || clusters.length !== scores.length || numbers.size < CLUSTERS_MIN) return null
  const sorted = sortRows(scores, labels)
  const members = Int32Array.from(sorted.order, (row) => numbers.get(clusters[row]!)!)
  const counts = new Float64Array(scores.length)
  const found: number[] = []
  for (let repeat = 0; repeat < repeats; repeat++) {
    const drawn = draw(numbers.size, random)
    for (let row = 0; row < counts.length; row++) counts[row] = drawn[members[row]!]!
    const each = aucOf(sorted, counts)
    if (each !== null) found.push(each)
  }
  const interval = found.length < 0.95 * repeats ? null : interval95(found)
  return interval === null ? null : { auc, ...interval }
}

function numberClusters(clusters: readonly string[]): Map<string, number> {
  const numbers = new Map<string, number>()
  for (const cluster of clusters) if (!numbers.has(cluster)) numbers.set(cluster, numbers.size)
  return numbers
}

/** How often each of `n` is drawn in `n` draws. */
function draw(n: number, random: () => number): Float64Array {
  const drawn = new Float64Array(n)
  for (let index = 0; index < n; index++) drawn[Math.floor(random() * n)]!++
  return drawn
}
