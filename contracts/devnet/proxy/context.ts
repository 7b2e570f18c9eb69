import type { Rpc } from '../rpc.ts'
import type { LogFunction, Mode } from '../types.ts'
import type { BatchPlan } from './batches.ts'
import type { ChainCopy } from './chainCopy.ts'
import type { Filters } from './filters.ts'
import type { LogLimits } from './getLogs.ts'
import type { L1View } from './l1Operation.ts'
import type { PendingFeed } from './pendingFeed.ts'
import type { Sequencer } from './sequencer.ts'
import type { SettlementView } from './settlement.ts'

/** Everything a method of the proxy may read. */
export type ProxyContext = {
  mode: Mode
  chainId: number
  anvil: Rpc
  chain: ChainCopy
  sequencer: Sequencer
  plan: BatchPlan
  settlement: SettlementView
  /** What L1 asks of this chain; null without an L1. */
  l1: L1View | null
  logLimits: LogLimits
  /** Base fee of every block; null when it floats. */
  fixedBaseFeePerGas: bigint | null
  /** How many of the last blocks keep their state in anvil. */
  keptStates: number
  pending: PendingFeed
  filters: Filters
  log: LogFunction
}

/** Answers one call; the result is JSON text, so that stored blocks are not serialised again. */
export type Method = (
  context: ProxyContext,
  params: readonly unknown[],
  receivedAtUs: bigint,
) => string | Promise<string>
