import { DevnetError } from './errors.ts'
import type { LogLimits } from './proxy/getLogs.ts'
import type { LogFunction, Mode } from './types.ts'

/** Settings of a devnet; every one has a default. */
export type DevnetOptions = {
  /** Kind of chain to play; default `era`. */
  mode?: Mode
  /** Port on 127.0.0.1; 0, the default, takes a free one. */
  port?: number
  /** Seed of everything the agents do; default 1. */
  seed?: number
  /** Folder for the labels file; default a temporary one, removed on close. */
  dataDir?: string
  /** Mean time between blocks in milliseconds; default 500, in `evm` mode 1000. */
  blockTimeMs?: number
  /** Blocks with transactions per L1 batch; default 10. */
  batchBlocks?: number
  /** Blocks from a batch's end to commit, proof and execution on L1; default 10, 20 and 30. */
  settlementBlocks?: { commit: number; prove: number; execute: number }
  /** True makes agents trade live; default false. */
  traffic?: boolean
  /** `interval` makes blocks by the clock, `manual` only on `mine`; default `interval` with traffic, else `manual`. */
  mining?: 'interval' | 'manual'
  /** Blocks of agents' trades to write before the devnet is ready; default 0. */
  history?: number
  /** Unix seconds of block 0; default 1750000000, with traffic so that the history ends now. */
  genesisTimestamp?: number
  /** How many of the last blocks answer `eth_call`; default all, with traffic the history and 150 more. */
  keptStates?: number
  /** Limits of `eth_getLogs`; default 10000 results and 10000 blocks. */
  logLimits?: Partial<LogLimits>
  /** True, or settings, starts a second chain as L1: batches settle there for real; default false. */
  l1?: boolean | L1Settings
  /** True shows the aggregator's customers as smart accounts (type 0x71, era only); default the same as `l1`. */
  smartAccounts?: boolean
  log?: LogFunction
}

/** Settings of the L1; every one has a default. */
export type L1Settings = {
  /** L2 blocks per L1 block; default 4. */
  blockEvery?: number
  /** L1 blocks from a request to its arrival on L2; `manual` waits for `release`; default 2, when L1 calls it final. */
  priorityDelay?: number | 'manual'
  /** Share of the retail swaps, 0 to 1, that are sent through L1; default 0. */
  swapShare?: number
}

const defaultL1 = { blockEvery: 4, priorityDelay: 2, swapShare: 0 } as const

/**
 * Returns the settings of the L1 with their defaults; null when there is none.
 * @throws DevnetError for a plain EVM chain, which settles nowhere
 */
export function l1Settings({ l1, mode }: DevnetOptions): Required<L1Settings> | null {
  if (l1 === undefined || l1 === false) return null
  if (mode === 'evm') throw new DevnetError('a chain of kind evm has no L1 below it')
  return l1 === true ? defaultL1 : { ...defaultL1, ...l1 }
}
