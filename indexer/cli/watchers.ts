import type { Logger } from 'pino'
import type { ChainProfile } from '../../contracts/chains/profile.ts'
import { findRouter } from '../../contracts/chains/routers.ts'
import type { Database } from '../../db/database.ts'
import type { L1Source } from '../chain/l1/source.ts'
import type { ChainSource } from '../chain/source.ts'
import { isWebSocketUrl } from '../chain/webSocket.ts'
import type { IndexOptions } from '../main.ts'
import type { Store } from '../store/index.ts'
import type { DecodeIntent } from '../types/intent.ts'
import type { PendingWatcher } from '../watchers/pending.ts'
import type { BatchEvent } from '../watchers/settlement.ts'
import type { Config } from './config.ts'
import { pairSockets } from './sockets.ts'
import type { Tracker } from './tracker.ts'

/** What is read beside the blocks, ready to run. */
export type Watched = Required<Pick<IndexOptions, 'watchers' | 'onBlocks' | 'isTakenBack'>> & {
  /** To be told when rows were removed: what L1 took back is then done. */
  onRewound(): void
  /** The L1 below the chain; null when none is given, or its contract is not known. */
  l1: L1Source | null
  /** Null when nobody listens. */
  pending: PendingWatcher | null
}

/** What the watchers work with. */
export type WatchSetting = {
  config: Config
  source: ChainSource
  profile: ChainProfile
  database: Database
  store: Store
  tracker: Tracker
  log: Logger
}

/**
 * Opens the L1 and creates the watchers that the chain and the configuration ask for: batches where the chain has any, and
 * pending transactions while the head is followed.
 * @throws WrongChainError, EndpointUnreachableError for the L1.
 */
export async function openWatchers(setting: WatchSetting): Promise<Watched> {
  const { config, source, profile, database, store } = setting
  if (source.stack === 'zksync-os' && config.l1Rpc.length === 0) {
    setting.log.warn('this server tells nothing of L1 batches and of the priority queue; give --l1-rpc to have them')
  }
  // Modules are loaded by whoever needs them: a backfill of a plain chain needs none of these.
  const l1 =
    config.l1Rpc.length === 0
      ? null
      : await (await import('../chain/l1/source.ts')).openL1(config.l1Rpc, profile, source.endpoints)
  if (config.l1Rpc.length > 0 && l1 === null) {
    setting.log.warn({ chain: profile.name }, 'the contract of the chain on L1 is not known: its L1 is not read')
  }
  const isSettled = source.stack === 'era' || (source.stack === 'zksync-os' && l1 !== null)
  const isListening = config.end === undefined && config.pending
  const decodeIntent = isSettled || isListening ? await createIntentDecoder(profile) : () => null
  const takenBack = { above: Number.POSITIVE_INFINITY }
  const settlement = isSettled
    ? (await import('../watchers/settlement.ts')).createSettlementWatcher({
        ...{ source, l1, database, store, decodeIntent },
        onEvent: createBatchLog(setting, takenBack),
      })
    : null
  const pending = isListening ? await listen(setting, decodeIntent) : null
  return {
    l1,
    pending,
    watchers: [settlement, pending].filter((watcher) => watcher !== null),
    onBlocks: (bundles, readAt) => {
      for (const { block, transactionHashes } of bundles) {
        if (transactionHashes !== null) pending?.onBlock(block, transactionHashes, readAt)
      }
    },
    isTakenBack: (number) => number > takenBack.above,
    onRewound: () => {
      takenBack.above = Number.POSITIVE_INFINITY
    },
  }
}

/** The endpoints that are asked are listened to as well, each by its WebSocket where one is given. */
async function listen(
  { config, source, database, profile }: WatchSetting,
  decodeIntent: DecodeIntent,
): Promise<PendingWatcher> {
  const { createPendingWatcher } = await import('../watchers/pending.ts')
  const { all } = source.endpoints
  const sockets = pairSockets(
    all.map(({ url }) => url),
    config.rpc.filter(isWebSocketUrl),
  )
  const members = all.map((rpc, index) => ({ rpc, webSocketUrl: sockets[index] ?? null }))
  return createPendingWatcher({ members, database, chainId: profile.id, decodeIntent })
}

/** Calls of the profile's routers; of all contracts where it knows none. */
async function createIntentDecoder(profile: ChainProfile): Promise<DecodeIntent> {
  const { decodeSwapIntent } = await import('../decode/routers/index.ts')
  return (to, calldata, valueWei, sender) => {
    const router = to === null ? null : findRouter(profile, to)
    if (router === null && profile.routers.length > 0) return null
    return decodeSwapIntent(to, calldata, valueWei, sender, profile.wrappedNative, router)
  }
}

function createBatchLog(setting: WatchSetting, takenBack: { above: number }): (event: BatchEvent) => void {
  const { tracker, log } = setting
  return (event) => {
    if (event.kind === 'batch') tracker.onBatch({ number: event.number, status: event.status })
    if (event.kind === 'executed') void noteExecuted(setting, event.block)
    if (event.kind === 'disagreement') log.warn({ what: event.text }, 'the node and L1 differ; L1 is believed')
    if (event.kind !== 'reverted') return
    takenBack.above = event.keepBlock
    log.warn({ keepBatch: event.keepBatch, keepBlock: event.keepBlock }, 'batches were taken back on L1')
  }
}

/** What L1 has executed is final, also where the node serves no tag that says so. */
async function noteExecuted({ source, store, tracker, log }: WatchSetting, number: number): Promise<void> {
  try {
    const [[ours], [theirs]] = await Promise.all([store.readHashes(number, number), source.fetchHashes([number])])
    if (!ours || ours !== theirs) return
    await store.writeFinal({ number, hash: ours })
    tracker.onEvent({ kind: 'final', block: number })
  } catch (error) {
    // The next executed batch says the same.
    log.debug({ block: number, reason: (error as Error).message }, 'an executed block could not be noted as final')
  }
}
