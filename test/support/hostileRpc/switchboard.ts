import { type FaultName, type FaultRates, faultNames } from './registry.ts'
import type { Call } from './types.ts'

/** Which faults are on, for what, and how often they have struck. */
export type Switchboard = {
  counts: Record<FaultName, number>
  set(rates: FaultRates): void
  off(): void
  limit(fault: FaultName, times: number): void
  only(methods: readonly string[]): void
  spare(methods: readonly string[]): void
  /** True when `roll`, in [0, 1), makes the fault strike. */
  strikes(fault: FaultName, roll: number): boolean
  /** Positions of the calls that a fault of these methods may spoil; null = of all methods. */
  findTargets(calls: readonly Call[], methods: readonly string[] | null): number[]
  /** Notes that a fault has struck. */
  count(fault: FaultName): void
}

/** Makes a switchboard with every fault off. */
export function createSwitchboard(): Switchboard {
  const rates = record(0)
  const counts = record(0)
  const left = record(Number.POSITIVE_INFINITY)
  let only: readonly string[] = []
  let spared: readonly string[] = []
  const isFair = (method: string) => (only.length === 0 || only.includes(method)) && !spared.includes(method)
  return {
    counts,
    set: (changed) => void Object.assign(rates, changed),
    off: () => void Object.assign(rates, record(0)),
    limit: (fault, times) => {
      left[fault] = times
    },
    only: (methods) => {
      only = methods
    },
    spare: (methods) => {
      spared = methods
    },
    strikes: (fault, roll) => roll < rates[fault] && left[fault] > 0,
    findTargets: (calls, methods) =>
      [...calls.keys()].filter((index) => {
        const { method } = calls[index]!
        return isFair(method) && (methods === null || methods.includes(method))
      }),
    count: (fault) => {
      counts[fault]++
      left[fault]--
    },
  }
}

function record(value: number): Record<FaultName, number> {
  return Object.fromEntries(faultNames.map((name) => [name, value])) as Record<FaultName, number>
}
