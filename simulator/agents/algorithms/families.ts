import { pickSlippage } from '../trades.ts'
import { type Child, type Family, fromPlan, plannedSchedule } from './parent.ts'

const SECOND = 1e6
const MILLISECOND = 1e3

/** Equal slices on a grid, a little beside it. */
const twap: Family = (parent, startUs) => {
  const jitter = parent.random.between(0, 0.2)
  const { random } = parent
  return plannedSchedule(
    parent,
    startUs,
    (_, mean) => mean * (1 + jitter * random.between(-1, 1)),
    () => 1,
  )
}

/** A child whenever the market has traded so much. */
const pov: Family = (parent) => {
  const share = parent.random.between(0.05, 0.2)
  let left = parent.usd
  const least = parent.usd / (parent.children * 2)
  return {
    due: ({ nowUs, volumeUsd }, untilUs) => {
      if (left <= 0 || volumeUsd * share < least) return []
      const usd = Math.min(left, volumeUsd * share, parent.usd / 3)
      left -= usd
      return [{ atUs: parent.random.int(nowUs, untilUs - 1), usd, hop: 0 }]
    },
    isDone: () => left <= 0,
  }
}

/** Gaps and sizes that are drawn from wide, but even ranges. */
const randomised: Family = (parent, startUs) => {
  const { random } = parent
  const jitter = random.between(0.3, 0.6)
  return plannedSchedule(
    ...[parent, startUs, (_: number, mean: number) => mean * (1 + jitter * random.between(-1, 1))],
    () => 1 + random.between(-0.3, 0.3),
  )
}

/** Now and then some children within milliseconds. */
const burst: Family = (parent, startUs) => {
  const { random, children, seconds, usd, hops } = parent
  const plan: Child[] = []
  for (let atUs = startUs; plan.length < children; ) {
    const count = Math.min(children - plan.length, random.int(2, 5))
    for (let index = 0; index < count; index++) {
      plan.push({
        atUs: atUs + index * random.int(1, 12) * MILLISECOND,
        usd: usd / children,
        hop: random.int(0, hops.length - 1),
      })
    }
    atUs += Math.round(((seconds * count) / children) * random.between(0.7, 1.3) * SECOND)
  }
  return fromPlan(plan)
}

/** Each slice goes to all pools of the pair at once. */
const crossPool: Family = (parent, startUs) => {
  const { random, children, seconds, usd, hops } = parent
  const plan: Child[] = []
  const slices = Math.max(3, Math.round(children / hops.length))
  for (let slice = 0; slice < slices; slice++) {
    const atUs = startUs + Math.round((seconds / slices) * (slice + random.between(-0.1, 0.1)) * SECOND)
    for (const [hop] of hops.entries()) {
      plan.push({
        atUs: Math.max(startUs, atUs) + hop * random.int(1, 20) * MILLISECOND,
        usd: usd / slices / hops.length,
        hop,
      })
    }
  }
  return fromPlan(plan)
}

/** More and faster when the day is busy. */
const vwap: Family = (parent, startUs) => {
  const { random } = parent
  const phase = random.between(0, 2 * Math.PI)
  const curve = (child: number) => 1 + 0.5 * Math.sin(phase + (2 * Math.PI * child) / parent.children)
  return plannedSchedule(
    ...[parent, startUs, (child: number, mean: number) => (mean / curve(child)) * (1 + 0.2 * random.between(-1, 1))],
    (child) => curve(child) * (1 + 0.1 * random.between(-1, 1)),
  )
}

/** The same visible size again as soon as the price has come back, or after a minute. */
const iceberg: Family = (parent, startUs) => {
  const { random, children, usd } = parent
  const delayUs = random.int(2, 6) * SECOND
  let [left, lastUs] = [children, startUs - 60 * SECOND]
  return {
    due: ({ nowUs, worse }, untilUs) => {
      const waited = nowUs - lastUs
      if (left <= 0 || waited < delayUs || (worse > 0.0005 && waited < 60 * SECOND)) return []
      left--
      lastUs = Math.min(untilUs - 1, nowUs + random.int(0, 40) * MILLISECOND)
      return [{ atUs: lastUs, usd: usd / children, hop: 0 }]
    },
    isDone: () => left <= 0,
  }
}

/** The same amount at the same second, again and again, by a keeper. */
const dca: Family = (parent, startUs) => {
  const { random, children, usd } = parent
  const gapSeconds = random.pick([300, 600, 900, 1_800])
  const plan = Array.from({ length: Math.min(children, 40) }, (_, index) => ({
    atUs: Math.ceil(startUs / SECOND / gapSeconds + index) * gapSeconds * SECOND + random.int(200, 3_000) * MILLISECOND,
    ...{ usd: usd / children, hop: 0 },
  }))
  return fromPlan(plan)
}

/** Means to look like people: gaps without memory, sizes and routes that change. */
const evasive: Family = (parent, startUs) => {
  const { random, children, seconds, usd } = parent
  const plan: Child[] = []
  let atUs = startUs
  for (let child = 0; child < children; child++) {
    plan.push({
      ...{ atUs: Math.round(atUs), usd: (usd / children) * random.logNormal(0.7, 0.8), hop: 0 },
      route: random.pick(['router', 'aggregator', 'executor'] as const),
      slippageBps: pickSlippage(random),
    })
    atUs += random.exponential(seconds / children) * SECOND
  }
  return fromPlan(plan)
}

/** Every family of algorithms by its name. */
export const FAMILIES = { twap, pov, randomised, burst, crossPool, vwap, iceberg, dca, evasive } satisfies Record<
  string,
  Family
>

/** A family of algorithms. */
export type FamilyName = keyof typeof FAMILIES

/** Those that a classifier may learn from. */
export const TRAINING_FAMILIES: readonly FamilyName[] = ['twap', 'pov', 'randomised', 'burst', 'crossPool']
/** Those that it is judged on. */
export const HELD_OUT_FAMILIES: readonly FamilyName[] = ['vwap', 'iceberg', 'dca']
/** Those that hide. */
export const EVASIVE_FAMILIES: readonly FamilyName[] = ['evasive']
