import type { Address } from '../../address.ts'
import type { Hex, Mode } from '../types.ts'

/** A transaction that L1 hands to L2, past the sequencer's own order. */
export type L1Operation = {
  kind: 'priority' | 'upgrade'
  /** Canonical hash: the one in the L1 event and everywhere on L2. */
  hash: Hex
  /** Place in the priority queue, from 0. */
  serialId: number
  /** Sender on L2: the alias of the L1 sender when that is a contract. */
  from: Address
  to: Address
  data: Hex
  valueWei: bigint
  gasLimit: bigint
  maxFeePerGas: bigint
  gasPerPubdataLimit: bigint
  /** Paid on L1 and minted on L2: the value, the fee and what is left of it. */
  toMintWei: bigint
  refundRecipient: Address
  /** Where the request stands on L1; block 0 for an upgrade. */
  l1BlockNumber: number
  l1TransactionHash: Hex
  /** When the L2 node took it over from L1, Unix microseconds; 0 before. */
  receivedAtUs: bigint
  /** Hash of the transaction that anvil ran in its place; null before it is included. */
  innerHash: Hex | null
}

/** What the proxy may ask of L1. */
export type L1View = {
  diamond: Address
  /** Operation that the L2 node knows; undefined while it stands on L1 only. */
  operation(hash: Hex): L1Operation | undefined
  /** Operations that wait for a block, in their order. */
  pending(): readonly L1Operation[]
}

/** The producer's line to L1. */
export type L1Link = {
  /** Hands over the operations that go into L2 block `blockNumber`, in their order. */
  take(blockNumber: number): L1Operation[]
  /** Lets L1 follow the block that was just made. */
  follow(): Promise<void>
  /** Takes back the operations of the blocks above `blockNumber`. */
  rolledBack(blockNumber: number): void
}

const types: Readonly<Record<L1Operation['kind'], Readonly<Partial<Record<Mode, Hex>>>>> = {
  priority: { era: '0xff', 'zksync-os': '0x7f' },
  upgrade: { era: '0xfe', 'zksync-os': '0x7e' },
}

/** Gas per byte of public data of everything that comes from L1. */
export const l1GasPerPubdata = 800n

/** Returns the transaction type of an operation on the played server. */
export function typeOfOperation(mode: Mode, kind: L1Operation['kind']): Hex {
  const type = types[kind][mode]
  if (!type) throw new RangeError(`a chain of kind ${mode} has no L1 operations`)
  return type
}

/** True for the types of priority operations and upgrades, on either server. */
export function isFromL1(type: Hex): boolean {
  return isPriority(type) || type === '0xfe' || type === '0x7e'
}

/** True for the types of priority operations, on either server. */
export function isPriority(type: Hex): boolean {
  return type === '0xff' || type === '0x7f'
}
