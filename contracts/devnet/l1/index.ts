import type { Address } from '../../address.ts'
import { DevnetError } from '../errors.ts'
import type { BatchPlan } from '../proxy/batches.ts'
import type { ChainCopy } from '../proxy/chainCopy.ts'
import { operator } from '../proxy/eraView.ts'
import type { L1Link, L1Operation, L1View } from '../proxy/l1Operation.ts'
import type { SettlementView } from '../proxy/settlement.ts'
import type { Hex, Mode } from '../types.ts'
import {
  decodeRequest,
  diamondAddress,
  encodeForward,
  encodeRequest,
  encodeRevert,
  forwarderAddress,
  type L2Call,
} from './diamond.ts'
import { type L1Block, L1Error, type L1Node, type L1Transaction, startL1Node } from './node.ts'
import { createPriorityQueue } from './priorityQueue.ts'
import { createSettler, type StageCall } from './settler.ts'
import { createTimeline } from './timeline.ts'
import { upgradeOperation } from './upgrade.ts'

/** A request for a transaction on L2, by an L1 account or by the forwarder in its place. */
export type L2Request = L2Call & { from: Address; throughForwarder: boolean }

/** The L1 below the chain. */
export type L1 = {
  node: L1Node
  link: L1Link
  view: L1View
  settlement: SettlementView
  /** Mines one L1 block with what is in the pool and what is due, at the L2's time. */
  mine(): Promise<void>
  /** Lets the time of one L2 block pass, up to `timestamp` in Unix seconds, in which none was made. */
  idle(timestamp: number): Promise<void>
  /** Hands a request to L1's pool; `onAccepted` hears of the operation once L1 has mined it. */
  send(request: L2Request, onAccepted?: (operation: L1Operation) => void): Promise<Hex>
  /** Gives L2 the next `count` operations, whatever the delay. */
  release(count: number): void
  /** Calls back with every operation that L2 takes over. */
  onRelease(listener: (operation: L1Operation) => void): void
  /** Takes back every batch above `keepBatch` that was committed. */
  revertBatches(keepBatch: number): Promise<void>
  /** Last batch that L1 executed, and with it made final. */
  executedBatch(): number
}

/** Settings of the L1. */
export type L1Options = {
  chain: ChainCopy
  plan: BatchPlan
  mode: Mode
  genesisTimestamp: number
  /** Price of L2 gas that requests pay, in wei. */
  l2GasPriceWei: bigint
  /** L2 blocks per L1 block. */
  blockEvery: number
  /** L1 blocks from a request to its release to L2; null waits for `release`. */
  priorityDelay: number | null
}

/** Starts the L1 of a chain that holds block 0. */
export async function startL1(options: L1Options): Promise<L1> {
  const { chain, plan, mode } = options
  const node = await startL1Node(options.genesisTimestamp, mode === 'zksync-os', options.l2GasPriceWei)
  const timeline = createTimeline()
  const settler = createSettler(chain, plan, timeline)
  const queue = createPriorityQueue()
  const releaseListeners = new Set<(operation: L1Operation) => void>()
  const requesters = new Map<Hex, (operation: L1Operation) => void>()
  // L2 blocks, made or idle, since the last L1 block.
  let waited = 0
  // One L1 block at a time: calls queue up behind this promise.
  let last: Promise<unknown> = Promise.resolve()
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = last.then(work)
    last = result.catch(() => undefined)
    return result
  }

  const l2Time = () => chain.minedBlock(chain.tip())?.timestamp ?? 0

  async function mine(calls: readonly StageCall[], now = l2Time()): Promise<L1Block> {
    const sent: { call: StageCall; hash: Hex }[] = []
    for (const call of calls)
      sent.push({ call, hash: await node.send({ from: operator, to: diamondAddress, data: call.data }) })
    const block = await node.mine(now)
    const { number, timestamp } = block
    for (const { call, hash } of sent) {
      if (!block.succeeded(hash)) throw new L1Error(`cannot ${call.stage} batches ${call.from} to ${call.to}: ${hash}`)
      settler.record(call, { transactionHash: hash, l1Block: number, timestamp })
    }
    accept(block)
    waited = 0
    timeline.add(number, chain.tip())
    if (options.priorityDelay !== null) release(number - options.priorityDelay, now)
    return block
  }

  function accept({ requests }: L1Block): void {
    for (const operation of requests.map(decodeRequest)) {
      queue.add(operation)
      requesters.get(operation.l1TransactionHash)?.(operation)
      requesters.delete(operation.l1TransactionHash)
    }
  }

  function release(upToL1Block: number, now: number, count?: number): void {
    const given = queue.release(upToL1Block, BigInt(now) * 1_000_000n, count)
    for (const operation of given) for (const listener of releaseListeners) listener(operation)
  }

  async function follow(now = l2Time()): Promise<void> {
    if (++waited >= options.blockEvery) await inTurn(() => mine(settler.due(), now))
  }

  queue.add(upgradeOperation())
  release(0, options.genesisTimestamp)
  timeline.add(node.head(), 0)

  return {
    node,
    settlement: settler.view,
    view: { diamond: diamondAddress, operation: queue.operation, pending: queue.pending },
    link: {
      take: queue.take,
      follow: () => follow(),
      rolledBack(blockNumber) {
        timeline.rolledBack(blockNumber)
        queue.rolledBack(blockNumber)
      },
    },
    mine: () => inTurn(async () => void (await mine(settler.due()))),
    idle: follow,
    send: (request, onAccepted) =>
      inTurn(async () => {
        const hash = await node.send(requestTransaction(request, options.l2GasPriceWei))
        if (onAccepted) requesters.set(hash, onAccepted)
        return hash
      }),
    release: (count) => release(Number.POSITIVE_INFINITY, l2Time(), count),
    onRelease: (listener) => void releaseListeners.add(listener),
    revertBatches: (keepBatch) =>
      inTurn(async () => {
        if (keepBatch >= settler.total('commit')) return
        const hash = await node.send({ from: operator, to: diamondAddress, data: encodeRevert(keepBatch) })
        const block = await mine([])
        if (!block.succeeded(hash)) throw new DevnetError(`L1 does not revert to batch ${keepBatch}`)
        settler.reverted(keepBatch)
      }),
    executedBatch: () => settler.total('execute'),
  }
}

/** What is paid above the value is the price of the whole gas limit. */
function requestTransaction({ throughForwarder, ...request }: L2Request, l2GasPriceWei: bigint): L1Transaction {
  const { from, valueWei, gasLimit } = request
  const data = encodeRequest(request)
  const call = throughForwarder ? { to: forwarderAddress, data: encodeForward(data) } : { to: diamondAddress, data }
  return { from, ...call, valueWei: valueWei + gasLimit * l2GasPriceWei }
}
