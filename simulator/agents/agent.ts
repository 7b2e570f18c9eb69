import type { Ordering } from '../../contracts/chains/profile.ts'
import type { Address, Hex } from '../../indexer/types/block.ts'
import type { MevKind } from '../../indexer/types/mev.ts'
import type { Call } from '../execute/call.ts'
import type { Execution } from '../execute/index.ts'
import type { FlowLabel, Role } from '../labels.ts'
import type { Market } from '../market.ts'
import type { SimulatedPool } from '../pools/types.ts'
import type { World } from '../pools/world.ts'
import type { Random } from '../random.ts'

/** What belongs together in the plan of an agent: an attack, or a decoy. */
export type Group = {
  id: string
  /** What it is if it comes to pass; null for a decoy. */
  kind: MevKind | null
  /** Name of the decoy; null for what is none. */
  decoy: string | null
  /** Variants that follow from the plan. */
  variants: readonly string[]
  /** The attacker's accounts and contracts. */
  accounts: readonly Address[]
  pools: readonly Address[]
  /** Transactions planned for it; it is judged when all have run, or were given up. */
  size: number
}

/** What a transaction's sender can see when it runs. */
export type Moment = { world: World; timestamp: number; blockNumber: number }

/** A transaction on its way to the sequencer. */
export type PlannedTransaction = {
  /** Unix microseconds at which the sequencer has it. */
  arrivalUs: number
  from: Address
  /** True for a priority operation from L1. */
  isFromL1: boolean
  /** Priority fee in wei per gas; counts where the chain orders by it. */
  tipWei: bigint
  role: Role | null
  /** What it turns out to be when it reverts; as `role` unless given. */
  revertedRole?: Role
  group: Group | null
  /** Whose trade it is; the agent's own kind (`agents/behaviour.ts`) unless given. */
  flow?: FlowLabel
  /** What it does, decided as it runs; null when it was never sent after all. */
  decide(moment: Moment): Call | null
  /** Told when it has run. */
  onExecuted?(execution: Execution): void
}

/** A transaction that has run. */
export type Executed = {
  planned: PlannedTransaction
  agent: string
  call: Call
  execution: Execution
  hash: Hex
  blockNumber: number
  transactionIndex: number
  /** The pools that it changed, as they were before; undefined for one that it made. */
  before: ReadonlyMap<Address, SimulatedPool | undefined>
}

/** What an agent sees when it plans for the coming block. */
export type Slot = {
  /** From 0. */
  index: number
  blockNumber: number
  timestamp: number
  /** Unix microseconds between which arrivals are in this block. */
  startUs: number
  endUs: number
  ordering: Ordering
  /** The agent's own stream. */
  random: Random
  /** As it stands before the block; not to be changed. */
  world: World
  pools: readonly Address[]
  market: Market
  /**
   * Claims pools for a plan until a moment, so that plans do not cross each other; false when one is taken.
   */
  claim(pools: readonly Address[], untilUs: number): boolean
  /** True when a plan of this block has one of the pools. */
  isClaimed(pools: readonly Address[]): boolean
  newGroup(group: Omit<Group, 'id'>): Group
  newTokenId(): bigint
}

/** Somebody who sends transactions. */
export type Agent = {
  /** Transactions that the agent sends of itself, for this block or later. */
  plan(slot: Slot): PlannedTransaction[]
  /** Transactions that it sends on seeing another's run; they arrive later than that. */
  react?(seen: Executed, slot: Slot): PlannedTransaction[]
}

/** What a plan need not say of a transaction that stands alone. */
export const alone = { isFromL1: false, role: null, group: null } as const
