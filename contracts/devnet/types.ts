import type { Address } from '../address.ts'
import type { Stack } from '../chains/profile.ts'

/** Hex bytes as viem writes them. */
export type Hex = `0x${string}`

/** The chain the proxy plays: it decides the RPC surface and how transactions are ordered. */
export type Mode = Stack

/** A funded account of the devnet with its public test key. */
export type DevAccount = { index: number; address: Address; privateKey: Hex }

/** Who sent a transaction, and why. */
export type AgentKind =
  | 'setup'
  | 'retail'
  | 'aggregator-retail'
  | 'twap'
  | 'burst'
  | 'arbitrageur'
  | 'market-maker'
  | 'sandwicher'
  | 'jit'
  | 'noise'

/** Part a transaction plays in a MEV group, in the words of `MevBundle.legs.role`. */
export type Role = 'FRONT' | 'VICTIM' | 'BACK' | 'MINT' | 'BURN' | 'TRIGGER' | 'ARBITRAGE'

/** Kind of MEV a group of transactions forms. */
export type GroupKind = 'SANDWICH' | 'JIT_LIQUIDITY' | 'BACKRUN' | 'ATOMIC_ARBITRAGE'

/** What an agent says about its own transaction; the ground truth of the labels file. */
export type LabelDraft = {
  agent: AgentKind
  /** What the transaction does, e.g. `swap-v2`, `mint-v3`, `junk-log`. */
  action: string
  role: Role | null
  /** Order of which this transaction is one child; null for a trade that stands alone. */
  parentOrderId: string | null
  /** MEV group the transaction belongs to, null when none. */
  groupId: string | null
  groupKind: GroupKind | null
}

/** One transaction an agent wants in the coming block. */
export type PlannedTransaction = {
  from: DevAccount
  to: Address
  data: Hex
  valueWei?: bigint
  /** Gas limit; left out means the devnet's default for a swap. */
  gas?: bigint
  /** Milliseconds after the slot's start at which the transaction reaches the sequencer. */
  atMs: number
  /** Priority fee; ignored by the FIFO sequencer. */
  tipWei: bigint
  label: LabelDraft
  /** True when the transaction is asked for on L1, which decides when it arrives. */
  isThroughL1?: boolean
}

/** Receives one line of progress with its values. */
export type LogFunction = (message: string, fields: Record<string, unknown>) => void
