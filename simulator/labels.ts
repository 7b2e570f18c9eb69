import type { Address, Hex } from '../indexer/types/block.ts'
import type { MevKind } from '../indexer/types/mev.ts'

/** What a transaction does in the plan of its agent; null for one that stands alone. */
export type Role =
  | 'FRONT'
  | 'VICTIM'
  | 'BACK'
  | 'MINT'
  | 'BURN'
  | 'TRIGGER'
  | 'ARBITRAGE'
  | 'LOST_RACE'
  | 'DUPLICATE'
  | 'LIKE_FRONT'
  | 'LIKE_VICTIM'
  | 'LIKE_BACK'
  | 'BYSTANDER'

/** How somebody behaves who trades, in the terms by which order flow is told apart. */
export type Behaviour =
  | 'EXECUTION_ALGORITHM'
  | 'INFORMED'
  | 'RETAIL_DIRECT'
  | 'RETAIL_AGGREGATOR'
  | 'ARBITRAGE_MEV'
  | 'MARKET_MAKER'
  | 'LP_HEDGE'
  | 'WASH'

/** Whose trade a transaction is. */
export type FlowLabel = {
  behaviour: Behaviour
  /** What kind of agent it is, such as `twap`; training and testing use different ones. */
  family: string
  /** The parent order that it is a part of; null for one that stands alone. */
  parentId: string | null
}

/** What a transaction truly is. */
export type TransactionLabel = {
  transactionHash: Hex
  /** Name of the agent that sent it, as in the registry; `setup` for what makes the pools. */
  agent: string
  role: Role | null
  /** The attack or decoy it was planned for, whether or not that came to pass; null for one that stands alone. */
  groupId: string | null
  /** Whose trade it is; null for what is no trade. */
  flow: FlowLabel | null
}

/** What a victim truly lost. */
export type VictimLabel = {
  transactionHash: Hex
  blockNumber: number
  trader: Address
  agent: string
  /** False for somebody who came between by chance. */
  isTarget: boolean
  mode: 'EXACT_IN' | 'EXACT_OUT' | 'LIQUIDITY'
  /**
   * EXACT_IN: token that came out less. EXACT_OUT: token that was paid more. LIQUIDITY: the token that the front paid with,
   * in which all that the provider holds at the end of the stretch is valued, at the price without the attacker.
   */
  lossToken: Address
  /** Base units, positive: what the same calls in the same order without the attacker would have given more, or cost less. */
  lossAmount: bigint
  /** LIQUIDITY with a swap before it, as a zap has: what that swap alone lost, as of an EXACT_IN; null for all others. */
  swapLoss: { token: Address; amount: bigint } | null
}

/** An attack, or another extraction of value, that came to pass. */
export type AttackLabel = {
  id: string
  kind: MevKind
  /**
   * Names of the variants in alphabetical order, some planned (`sell_first`, `imbalanced`, `exact_out` …), some as it came
   * (`multi_victim`, `wide_block`, `cross_block`, `cross_layer`).
   */
  variants: readonly string[]
  firstBlock: number
  lastBlock: number
  /** Of a sandwich the front legs; of JIT liquidity the mint; of an arbitrage or backrun none. */
  frontHashes: readonly Hex[]
  /** Of a sandwich the back legs; of JIT liquidity the burn; of an arbitrage or backrun its one transaction. */
  backHashes: readonly Hex[]
  /** Of JIT liquidity the swaps it served, of a backrun the transaction it follows. */
  triggerHashes: readonly Hex[]
  victims: readonly VictimLabel[]
  /** Pools that the attacker traded in, in the order of first use. */
  pools: readonly Address[]
  /** The attacker's accounts and contracts. */
  accounts: readonly Address[]
  /** What these gained (positive) or gave (negative), by token, without gas and without zeros. */
  profits: readonly { token: Address; amount: bigint }[]
  /** Part of the gain that is due to the trigger (0 to 1); null for all but arbitrages that follow one. */
  triggerShare: number | null
}

/** Something that looks like an attack and is none. */
export type DecoyLabel = {
  id: string
  kind: string
  firstBlock: number
  lastBlock: number
  /** In chain order, all that executed. */
  transactionHashes: readonly Hex[]
  pools: readonly Address[]
  /** What whoever stands where an attacker would gained (positive) or gave, by token, without gas and without zeros. */
  profits: readonly { token: Address; amount: bigint }[]
}

/** The truth about one block; nothing but tests may read it. */
export type BlockLabels = {
  /** By transaction index. */
  transactions: readonly TransactionLabel[]
  /** Attacks whose last transaction is in this block. */
  attacks: readonly AttackLabel[]
  /** Planned attacks that ended in this block and hurt nobody: the victim reverted, or came too late. */
  attempts: readonly AttackLabel[]
  /** Decoys whose last transaction is in this block. */
  decoys: readonly DecoyLabel[]
}
