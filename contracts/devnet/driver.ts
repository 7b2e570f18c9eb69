import type { Address } from '../address.ts'
import { type AgentOptions, createAgents } from './agents/index.ts'
import type { Core } from './core.ts'
import type { LabelWriter } from './labels.ts'
import { createMarket, type Market } from './market.ts'
import type { ViewBlock } from './proxy/block.ts'
import { createRandom, type Random } from './random.ts'
import { produceBlock, sendThroughL1 } from './submit.ts'
import type { PlannedTransaction } from './types.ts'

/** Lets the agents act, slot by slot, and keeps what they know of the chain. */
export type Driver = {
  /** Returns the agents' transactions for the next slot, in the order they are sent. */
  planSlot(durationMs: number): PlannedTransaction[]
  /** Writes one block of agents' transactions at the driver's own time, not the wall clock's. */
  writeBlock(): Promise<ViewBlock>
  /** Forgets what was learned from blocks that a rollback removed. */
  resync(): void
}

/** Settings of a driver. */
export type DriverOptions = {
  core: Core
  labels: LabelWriter
  seed: number
  blockTimeMs: number
  agents: AgentOptions
}

/** Creates the driver of a chain whose setup is done. */
export function createDriver({ core, labels, seed, blockTimeMs, agents: agentOptions }: DriverOptions): Driver {
  const { chain } = core
  const random = createRandom(seed)
  // Times come from a generator of their own: a slot's length does not change what agents decide.
  const clock = createRandom(seed ^ 0x5bd1e995)
  const agents = createAgents(agentOptions)
  let market = createMarket()
  let applied = -1
  let slotIndex = 0
  let timeMs = tipTimestamp(core) * 1000

  function learn(): Market {
    while (applied < chain.tip()) {
      const view = chain.minedBlock(++applied)
      if (view) market.apply(view)
    }
    return market
  }

  function planSlot(durationMs: number): PlannedTransaction[] {
    const planned = agents({ index: slotIndex++, random, market: learn(), durationMs })
    const busy = new Set(core.l1?.view.pending().map(({ from }) => from))
    return withoutConflicts(planned, busy).sort((a, b) => a.atMs - b.atMs)
  }

  async function writeBlock(): Promise<ViewBlock> {
    const previous = tipTimestamp(core)
    timeMs = Math.max(timeMs, previous * 1000)
    const start = timeMs
    timeMs += Math.round(blockTimeMs * (0.6 + 0.8 * clock.next()))
    const timestamp = nextTimestamp(core, Math.floor(timeMs / 1000))
    const planned = planSlot(timeMs - start)
    for (const transaction of planned) if (transaction.isThroughL1) await sendThroughL1(core, labels, transaction)
    const direct = planned.filter(({ isThroughL1 }) => !isThroughL1)
    const transactions = direct.map(({ atMs, ...transaction }) => ({
      ...transaction,
      receivedAtUs: receivedAt(start + atMs, clock),
    }))
    return produceBlock(core, labels, transactions, timestamp)
  }

  return {
    ...{ planSlot, writeBlock },
    resync() {
      market = createMarket()
      applied = -1
    },
  }
}

/** Returns the timestamp of the last block, Unix seconds. */
export function tipTimestamp({ chain }: Core): number {
  return chain.minedBlock(chain.tip())?.timestamp ?? 0
}

/** Returns the timestamp a block made at `seconds` gets: ZKsync's blocks share seconds, Ethereum's do not. */
export function nextTimestamp(core: Core, seconds: number): number {
  const previous = tipTimestamp(core)
  return Math.max(seconds, core.mode === 'evm' ? previous + 1 : previous)
}

function receivedAt(ms: number, clock: Random): bigint {
  return BigInt(ms) * 1000n + BigInt(clock.int(0, 999))
}

/**
 * Leaves an account that plays a role in a group without any other transaction in the slot, and
 * drops a group whose account is taken: a second nonce would tear the group's order apart.
 * @param busy accounts whose transactions from L1 come first in the block and put off their others
 */
function withoutConflicts(planned: readonly PlannedTransaction[], busy: ReadonlySet<Address>): PlannedTransaction[] {
  const groupOfAccount = new Map<string, string>()
  const dropped = new Set<string>()
  for (const { from, label } of planned) {
    if (!isOrchestrated(label.groupKind) || label.groupId === null) continue
    const holder = groupOfAccount.get(from.address) ?? label.groupId
    if (holder === label.groupId && !busy.has(from.address)) groupOfAccount.set(from.address, holder)
    else dropped.add(label.groupId)
  }
  return planned.filter(({ from, label }) => {
    if (label.groupId !== null && dropped.has(label.groupId)) return false
    const holder = groupOfAccount.get(from.address)
    return holder === undefined || holder === label.groupId
  })
}

/** An arbitrage is one transaction; the other groups depend on their order. */
function isOrchestrated(kind: PlannedTransaction['label']['groupKind']): boolean {
  return kind !== null && kind !== 'ATOMIC_ARBITRAGE'
}
