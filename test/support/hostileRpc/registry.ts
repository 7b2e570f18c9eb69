import { batchFaults } from './batchFaults.ts'
import { blockFaults } from './blockFaults.ts'
import { capFaults } from './capFaults.ts'
import { chainFaults } from './chainFaults.ts'
import { deliveryFaults } from './deliveryFaults.ts'
import { errorFaults } from './errorFaults.ts'
import { headFaults } from './headFaults.ts'
import { httpFaults } from './httpFaults.ts'
import { logFaults } from './logFaults.ts'
import type { Fault } from './types.ts'

/** Every fault by name. Those of one stage are applied in this order; batches come last, since they mix the answers. */
export const faults = {
  ...httpFaults,
  ...chainFaults,
  ...headFaults,
  ...blockFaults,
  ...logFaults,
  ...errorFaults,
  ...capFaults,
  ...batchFaults,
  ...deliveryFaults,
} satisfies Record<string, Fault>

/** Name of a fault. */
export type FaultName = keyof typeof faults

/** All names, in the order of the registry. */
export const faultNames = Object.keys(faults) as FaultName[]

/** The faults of one stage. */
export function faultsOf<S extends Fault['stage']>(stage: S): [FaultName, Extract<Fault, { stage: S }>][] {
  return faultNames.flatMap((name) => {
    const fault: Fault = faults[name]
    return fault.stage === stage ? [[name, fault as Extract<Fault, { stage: S }>]] : []
  })
}

/** Share of the HTTP requests, of those that a fault could spoil, which it does spoil; 0 for those left out. */
export type FaultRates = Partial<Record<FaultName, number>>

/** The same rate for several faults, `total` together. */
export function spread(names: readonly FaultName[], total: number): FaultRates {
  return Object.fromEntries(names.map((name) => [name, total / names.length]))
}
