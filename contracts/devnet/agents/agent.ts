import type { Market } from '../market.ts'
import type { Random } from '../random.ts'
import type { AgentKind, GroupKind, LabelDraft, PlannedTransaction, Role } from '../types.ts'

/** What an agent sees when it decides about the coming block. */
export type Slot = {
  /** Number of the slot since the setup; one slot becomes one block. */
  index: number
  random: Random
  market: Market
  /** Milliseconds in which transactions can still reach this block. */
  durationMs: number
}

/** A trader or group of traders: returns its transactions for the coming block. */
export type Agent = (slot: Slot) => PlannedTransaction[]

/** Returns the label of a transaction that stands alone. */
export function plainLabel(agent: AgentKind, action: string, parentOrderId: string | null = null): LabelDraft {
  return { agent, action, role: null, parentOrderId, groupId: null, groupKind: null }
}

/** Returns the label of a transaction that plays a role in a MEV group. */
export function roleLabel(
  agent: AgentKind,
  action: string,
  role: Role,
  groupId: string,
  groupKind: GroupKind,
): LabelDraft {
  return { agent, action, role, parentOrderId: null, groupId, groupKind }
}

/** Returns a moment of the slot, in whole milliseconds, that leaves `reserveMs` at its end. */
export function pickMoment(slot: Slot, reserveMs = 20): number {
  return slot.random.int(0, Math.max(0, Math.floor(slot.durationMs) - reserveMs))
}

/** Priority fee of an ordinary transaction: up to 2 gwei, different for nearly every transaction. */
export function ordinaryTip(random: Random): bigint {
  return BigInt(random.int(100_000, 2_000_000)) * 1000n
}

/** Tip far above every ordinary one; the rank orders the transactions of one group. */
export function groupTip(slot: Slot, rank: number): bigint {
  // Groups of one slot get ranges of their own, so that tips never interleave two groups.
  return BigInt(10 + slot.random.int(0, 80)) * 1_000_000_000n - BigInt(rank) * 1_000_000n
}
