import type { Series } from './summary.ts'

/** How trades would come about of which some know more than others. */
export type Pin = {
  /** Probability that a period has news. */
  alpha: number
  /** Probability that news is bad. */
  delta: number
  /** Informed trades in a period with news. */
  mu: number
  /** Uninformed buys and sells in a period. */
  epsilonBuy: number
  epsilonSell: number
  /** Share of all trades that is informed: alpha mu / (alpha mu + epsilonBuy + epsilonSell). */
  pin: number
}

const PERIODS_MIN = 20
const STARTS = [0.1, 0.5, 0.9] as const
/** Steps from each start; then steps of the best until it stands still. */
const FIRST_STEPS = 30
const LAST_STEPS = 2_000
const STANDSTILL = 1e-9
/** Keeps a probability inside, and a rate above 0: at the border a step could not come back. */
const BORDER = 1e-6

/** Twice the gain in likelihood, in nats, up to which counts without news come: 99 of 100 samples had less. */
const GAIN_MIN = 10
/** From here on all periods have the same news, which then cannot be told from none. */
const ALWAYS = 0.98

type Counts = { buys: Series; sells: Series }

/**
 * The probability of informed trading: the mixture of Poisson counts of periods without news, with bad news and with good that
 * is most likely, found by expectation and maximisation from several starts. Any common variation of buys and sells that the
 * model lacks passes for information. Null below 20 periods, when counts are missing or negative, without trades on both
 * sides, and when counts vary no more than without news or news is always the same, as the share cannot be told then. Sources:
 * Easley, Kiefer, O'Hara & Paperman 1996; Lin & Ke 2011 (the factorisation that neither overflows nor underflows); Yan & Zhang
 * 2012 (starts).
 * @param buys number of buys by period, of equal length.
 */
export function fitPin(buys: Series, sells: Series): Pin | null {
  if (buys.length < PERIODS_MIN || buys.length !== sells.length) return null
  const [meanBuys, meanSells] = [averageCount(buys), averageCount(sells)]
  if (meanBuys === null || meanSells === null) return null
  const counts = { buys, sells }
  let best: Pin | null = null
  for (const start of listStarts(meanBuys, meanSells)) {
    const found = climb(counts, start, FIRST_STEPS)
    if (best === null || logLikelihood(counts, found) > logLikelihood(counts, best)) best = found
  }
  const found = best === null ? null : climb(counts, best, LAST_STEPS)
  return found !== null && isTold(counts, found, { meanBuys, meanSells }) ? found : null
}

function isTold(counts: Counts, found: Pin, { meanBuys, meanSells }: { meanBuys: number; meanSells: number }): boolean {
  const none: Pin = { alpha: 0.5, delta: 0.5, mu: 0, epsilonBuy: meanBuys, epsilonSell: meanSells, pin: 0 }
  const gain = 2 * (logLikelihood(counts, found) - logLikelihood(counts, none))
  const isSame = found.alpha > ALWAYS && (found.delta > ALWAYS || found.delta < 1 - ALWAYS)
  return gain > GAIN_MIN && !isSame && Object.values(found).every(Number.isFinite)
}

/** Mean of counts; null when one is not a count, or all are 0. */
function averageCount(counts: Series): number | null {
  let sum = 0
  for (const count of counts) {
    if (!(count >= 0)) return null
    sum += count
  }
  return sum > 0 && Number.isFinite(sum) ? sum / counts.length : null
}

function listStarts(meanBuys: number, meanSells: number): Pin[] {
  const starts: Pin[] = []
  for (const alpha of STARTS)
    for (const delta of STARTS)
      for (const uninformed of STARTS) {
        const [epsilonBuy, epsilonSell] = [uninformed * meanBuys, uninformed * meanSells]
        const mu = (meanBuys - epsilonBuy + meanSells - epsilonSell) / alpha
        starts.push({ alpha, delta, mu, epsilonBuy, epsilonSell, pin: 0 })
      }
  return starts
}

function climb(counts: Counts, start: Pin, steps: number): Pin {
  let current = start
  for (let step = 0; step < steps; step++) {
    const next = improve(counts, current)
    const isStill = Math.abs(next.pin - current.pin) < STANDSTILL && Math.abs(next.alpha - current.alpha) < STANDSTILL
    current = next
    if (isStill) break
  }
  return current
}

/** One step: how probable each kind of period is given its counts, then the parameters given that. */
function improve({ buys, sells }: Counts, now: Pin): Pin {
  const n = buys.length
  /** Parts of the buys in good news, and of the sells in bad, that are uninformed. */
  const [buyPart, sellPart] = [now.epsilonBuy / (now.epsilonBuy + now.mu), now.epsilonSell / (now.epsilonSell + now.mu)]
  let [bad, good, buysBase, sellsBase, informed] = [0, 0, 0, 0, 0]
  for (let index = 0; index < n; index++) {
    const [b, s] = [buys[index]!, sells[index]!]
    const [, isBad, isGood] = posterior(now, b, s)
    bad += isBad
    good += isGood
    buysBase += b * (1 - isGood * (1 - buyPart))
    sellsBase += s * (1 - isBad * (1 - sellPart))
    informed += b * isGood * (1 - buyPart) + s * isBad * (1 - sellPart)
  }
  const news = bad + good
  const alpha = inside(news / n)
  const mu = Math.max(BORDER, informed / Math.max(news, BORDER))
  const [epsilonBuy, epsilonSell] = [Math.max(BORDER, buysBase / n), Math.max(BORDER, sellsBase / n)]
  const pin = (alpha * mu) / (alpha * mu + epsilonBuy + epsilonSell)
  return { alpha, delta: inside(bad / Math.max(news, BORDER)), mu, epsilonBuy, epsilonSell, pin }
}

function inside(probability: number): number {
  return Math.min(1 - BORDER, Math.max(BORDER, probability))
}

/** Logarithms of the three kinds of period, no news, bad, and good, but for what they have in common. */
function exponents({ alpha, delta, mu, epsilonBuy, epsilonSell }: Pin, b: number, s: number): [number, number, number] {
  const [buyRatio, sellRatio] = [b * Math.log1p(mu / epsilonBuy), s * Math.log1p(mu / epsilonSell)]
  return [
    Math.log(1 - alpha) - buyRatio - sellRatio,
    Math.log(alpha * delta) - mu - buyRatio,
    Math.log(alpha * (1 - delta)) - mu - sellRatio,
  ]
}

function posterior(now: Pin, b: number, s: number): [number, number, number] {
  const logs = exponents(now, b, s)
  const top = Math.max(...logs)
  const [none, bad, good] = [Math.exp(logs[0] - top), Math.exp(logs[1] - top), Math.exp(logs[2] - top)]
  const sum = none + bad + good
  return [none / sum, bad / sum, good / sum]
}

/** Of all periods in nats, but for the factorials, which no parameter changes. */
function logLikelihood({ buys, sells }: Counts, now: Pin): number {
  const { mu, epsilonBuy, epsilonSell } = now
  let sum = 0
  for (let index = 0; index < buys.length; index++) {
    const [b, s] = [buys[index]!, sells[index]!]
    const logs = exponents(now, b, s)
    const top = Math.max(...logs)
    const mixture = Math.exp(logs[0] - top) + Math.exp(logs[1] - top) + Math.exp(logs[2] - top)
    sum += b * Math.log(epsilonBuy + mu) + s * Math.log(epsilonSell + mu) - epsilonBuy - epsilonSell
    sum += top + Math.log(mixture)
  }
  return sum
}
