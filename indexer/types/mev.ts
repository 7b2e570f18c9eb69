import type { Address, Hex } from './block.ts'
import type { Quality } from './pool.ts'

/** What a bundle is. */
export const MEV_KINDS = [
  'SANDWICH',
  'BACKRUN',
  'ATOMIC_ARBITRAGE',
  'JIT_LIQUIDITY',
  'FRONTRUN',
  'LIQUIDATION',
  'PROBE',
] as const

/** What a bundle is. */
export type MevKind = (typeof MEV_KINDS)[number]

/** The part an action has in a bundle. */
export const LEG_ROLES = [
  'FRONT',
  'VICTIM',
  'BACK',
  'MINT',
  'BURN',
  'TRIGGER',
  'ARBITRAGE',
  'LIQUIDATION',
  'PROBE',
] as const

/** The part an action has in a bundle. */
export type LegRole = (typeof LEG_ROLES)[number]

/** One action of a bundle. */
export type MevLeg = {
  role: LegRole
  blockNumber: number
  transactionIndex: number
  transactionHash: Hex
  /** Null for a transaction without a log of its own, such as one that reverted. */
  logIndex: number | null
  /** Null for a leg outside pools. */
  pool: Address | null
}

/** What a trader or liquidity provider lost; once for each transaction. */
export type MevVictim = {
  blockNumber: number
  transactionHash: Hex
  /** The swap whose amount tells the loss: the last of its path for an exact input, the first for an exact output. */
  logIndex: number
  trader: Address
  mode: 'EXACT_IN' | 'EXACT_OUT' | 'LIQUIDITY'
  /** Token that came out less, or was paid more. */
  lossToken: Address
  /** Base units of it; negative for a gain, null when not known. */
  lossAmount: bigint | null
  /** Of what would have come out, or been paid, in basis points; null when not known. */
  lossBps: number | null
  lossUsd: number | null
  /** What would have come out (EXACT_IN) or been paid (EXACT_OUT). */
  counterfactualAmount: bigint | null
  quality: Quality
}

/** Change of what an actor holds of one token, in base units. */
export type TokenAmount = { token: Address; amount: bigint }

/** A value in the evidence of a bundle; bigints become decimal strings. */
export type EvidenceValue =
  | bigint
  | number
  | boolean
  | string
  | null
  | readonly EvidenceValue[]
  | { readonly [name: string]: EvidenceValue }

/** What a detector found, before it is judged. */
export type MevFinding = {
  kind: MevKind
  /** In alphabetical order. */
  variants: readonly string[]
  /** The account that speaks for the actor: the contract that its transactions share, else their sender. */
  searcher: Address
  /** In the order of first use. */
  pools: readonly Address[]
  /** In chain order. */
  legs: readonly MevLeg[]
  victims: readonly MevVictim[]
  /** What the actor's own transactions gained (positive) or gave (negative), by token; without zeros. */
  profits: readonly TokenAmount[]
  /** Of `profits`, what is left of the position rather than gained. */
  residuals: readonly TokenAmount[]
  /** Transactions that the actor pays for. */
  ownTransactions: readonly Hex[]
  evidence: { readonly [name: string]: EvidenceValue }
  /** Names of the facts that speak for and against it, as `rules.ts` weighs them. */
  facts: readonly string[]
  quality: Quality
}

/** How sure a bundle is, in words: hidden unless asked for, likely, or as good as known. */
export type MevBand = 'candidate' | 'probable' | 'confirmed'

/** A finding that was judged. */
export type MevBundle = MevFinding & {
  /** Hash over kind, legs and pools: the same chain gives the same id. */
  id: Hex
  /** Block at whose end it was complete. */
  decidedBlock: number
  firstBlock: number
  lastBlock: number
  confidence: number
  band: MevBand
  ruleVersion: string
  /** The parts of the confidence by the names of the facts. */
  scoreParts: { readonly [fact: string]: number }
  /** Wei paid for `ownTransactions`; null when a receipt is missing. */
  gasCostWei: bigint | null
  grossProfitUsd: number | null
  gasCostUsd: number | null
  netProfitUsd: number | null
}

/**
 * How often a detector found something in a window, and how often with its transactions in another order: what
 * chance alone gives.
 */
export type MevControlRow = {
  blockNumber: number
  kind: MevKind
  /** Bundles within the window that ends with the block, at least probable before gas is counted. */
  observed: number
  /** The same over the same transactions in another order. */
  placebo: number
}
