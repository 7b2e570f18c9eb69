import type { Series } from './summary.ts'

/** A curve that never falls: its value at each threshold, straight lines between, flat outside. Thresholds ascend. */
export type Isotonic = { thresholds: number[]; values: number[] }

const POINTS_MIN = 10

type Block = { weight: number; scores: number; labels: number }

/**
 * The curve without a fall that is nearest to the labels in squares: neighbours out of order are pooled. Thresholds are the
 * mean scores of the pools, values their mean labels. Null below ten points, with lists of different lengths, or weights that
 * are not positive. Source: Ayer et al. 1955 (pool adjacent violators); Zadrozny & Elkan 2002 (calibration).
 * @param labels 0 or 1, or any number to be learnt.
 */
export function fitIsotonic(scores: Series, labels: Series, weights?: Series): Isotonic | null {
  const n = scores.length
  if (n < POINTS_MIN || labels.length !== n || (weights !== undefined && weights.length !== n)) return null
  const blocks: Block[] = []
  for (const block of listScores(scores, labels, weights)) {
    if (!(block.weight > 0) || !Number.isFinite(block.scores + block.labels)) return null
    blocks.push(block)
    while (blocks.length > 1 && levelOf(blocks.at(-2)!) >= levelOf(blocks.at(-1)!)) {
      const last = blocks.pop()!
      addTo(blocks.at(-1)!, last)
    }
  }
  const [thresholds, values] = [blocks.map(({ scores, weight }) => scores / weight), blocks.map(levelOf)]
  return [...thresholds, ...values].every(Number.isFinite) ? { thresholds, values } : null
}

/** One block a score, ascending. */
function listScores(scores: Series, labels: Series, weights: Series | undefined): Block[] {
  const order = Array.from(scores, (_, index) => index).sort((a, b) => scores[a]! - scores[b]!)
  const blocks: Block[] = []
  let last: number | null = null
  for (const index of order) {
    const [score, weight] = [scores[index]!, weights?.[index] ?? 1]
    const block = { weight, scores: weight * score, labels: weight * labels[index]! }
    if (score === last) addTo(blocks.at(-1)!, block)
    else blocks.push(block)
    last = score
  }
  return blocks
}

function levelOf({ labels, weight }: Block): number {
  return labels / weight
}

function addTo(block: Block, other: Block): void {
  block.weight += other.weight
  block.scores += other.scores
  block.labels += other.labels
}

/** The curve's value at a score; null for an empty curve or a score that is no number. */
export function applyIsotonic({ thresholds, values }: Isotonic, score: number): number | null {
  if (thresholds.length === 0 || Number.isNaN(score)) return null
  if (score <= thresholds[0]!) return values[0]!
  if (score >= thresholds.at(-1)!) return values.at(-1)!
  let [low, high] = [0, thresholds.length - 1]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (thresholds[middle]! <= score) low = middle
    else high = middle
  }
  const part = (score - thresholds[low]!) / (thresholds[high]! - thresholds[low]!)
  return values[low]! + part * (values[high]! - values[low]!)
}
