import type { Address } from '../../address.ts'
import { batchAll, type Rpc, RpcError, type RpcRequest } from '../rpc.ts'
import type { Hex, LogFunction, Mode } from '../types.ts'
import { type BatchPlan, isClosingBlock } from './batches.ts'
import type { MinedBlock, RpcBlock, RpcReceipt, ViewBlock } from './block.ts'
import { withCanonicalHashes } from './canonical.ts'
import type { ChainCopy } from './chainCopy.ts'
import { toQuantity } from './json.ts'
import { createL1Executor } from './l1Executor.ts'
import type { L1Link, L1Operation } from './l1Operation.ts'
import type { PendingTransaction, Sequencer } from './sequencer.ts'

/** anvil mined a block other than the one ordered. */
export class ProducerError extends Error {
  override name = 'ProducerError'
}

/** What a produced block holds. */
export type ProducedBlock = {
  view: ViewBlock
  /** The block's transactions from the pool, in order, with the pending entry each came from. */
  included: { pending: PendingTransaction; hash: Hex }[]
}

/** anvil answers larger batches out of turn, which would change the order of their transactions. */
const orderedBatchSize = 25

/** Makes blocks: the only part that mines. */
export type Producer = {
  /**
   * Mines one block from the pool, and the batch's closing block when it is due.
   * @param timestamp Unix seconds, not before the last block's
   */
  produce(timestamp: number): Promise<ProducedBlock>
  /** Mines the batch's closing block if it is the next one; after a rollback it may be. */
  closeBatch(timestamp: number): Promise<void>
  /** Removes all blocks above `number` from anvil and from the copy. */
  rollback(number: number): Promise<void>
}

/** Settings of a producer. */
export type ProducerOptions = {
  anvil: Rpc
  chain: ChainCopy
  sequencer: Sequencer
  plan: BatchPlan
  /** Base fee of every block; null leaves it to EIP-1559. */
  fixedBaseFeePerGas: bigint | null
  mode: Mode
  /** Null for a chain without an L1. */
  l1: L1Link | null
  log: LogFunction
}

/** Creates the producer of a chain whose copy already holds block 0. */
export function createProducer(options: ProducerOptions): Producer {
  const { anvil, chain, sequencer, plan, l1 } = options
  const executor = createL1Executor(anvil)
  // One block at a time: calls queue up behind this promise.
  let last: Promise<unknown> = Promise.resolve()
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = last.then(work)
    last = result.catch(() => undefined)
    return result
  }

  async function produce(timestamp: number): Promise<ProducedBlock> {
    await closeBatch(timestamp)
    const baseFee = options.fixedBaseFeePerGas ?? nextBaseFee(chain)
    const number = chain.tip() + 1
    const operations = l1?.take(number) ?? []
    const ordered = sequencer.drain(baseFee, nonceBeside(operations))
    await executor.submit(operations, number, baseFee)
    const included = await submit(ordered)
    const mined = await mine(timestamp)
    await executor.finish(number)
    assertOrder(mined, [...operations.map(({ innerHash }) => innerHash), ...included.map(({ hash }) => hash)])
    mined.receivedAtUs = [...operations, ...included.map(({ pending }) => pending)].map((entry) => entry.receivedAtUs)
    const view = chain.append(withCanonicalHashes({ ...mined, operations }, options.mode))
    await closeBatch(timestamp)
    await l1?.follow()
    return { view, included }
  }

  /** anvil would number both, so an account whose operation comes from L1 sends its own a block later. */
  function nonceBeside(operations: readonly L1Operation[]): (address: Address) => number {
    const senders = new Set(operations.map(({ from }) => from))
    return (address) => (senders.has(address) ? Number.NaN : chain.nonce(address))
  }

  async function closeBatch(timestamp: number): Promise<void> {
    if (!isClosingBlock(plan, chain.tip() + 1)) return
    await setBaseFee()
    chain.append(await mine(timestamp))
  }

  async function setBaseFee(): Promise<void> {
    await batchAll(anvil, baseFeeRequests(options))
  }

  async function submit(ordered: PendingTransaction[]): Promise<{ pending: PendingTransaction; hash: Hex }[]> {
    await setBaseFee()
    const results: unknown[] = []
    for (let start = 0; start < ordered.length; start += orderedBatchSize) {
      const part = ordered.slice(start, start + orderedBatchSize)
      results.push(...(await anvil.batch(part.map((pending) => pending.submit))))
    }
    const accepted: { pending: PendingTransaction; hash: Hex }[] = []
    const orphans: RpcRequest[] = []
    const refusedSenders = new Set<string>()
    ordered.forEach((pending, index) => {
      const result = results[index]
      if (result instanceof RpcError) {
        options.log('transaction dropped', { from: pending.from, nonce: pending.nonce, reason: result.message })
        refusedSenders.add(pending.from)
      } else if (refusedSenders.has(pending.from)) {
        // Behind a refused nonce it could never be mined.
        orphans.push({ method: 'anvil_dropTransaction', params: [result] })
      } else accepted.push({ pending, hash: result as Hex })
    })
    await anvil.batch(orphans)
    return accepted
  }

  async function mine(timestamp: number): Promise<MinedBlock> {
    const number = toQuantity(chain.tip() + 1)
    const read: RpcRequest[] = [
      { method: 'eth_getBlockByNumber', params: [number, true] },
      { method: 'eth_getBlockReceipts', params: [number] },
    ]
    await anvil.call('evm_mine', [{ timestamp }])
    const [block, receipts] = await batchAll(anvil, read)
    return { block: block as RpcBlock, receipts: (receipts ?? []) as RpcReceipt[], receivedAtUs: [], operations: [] }
  }

  async function rollback(number: number): Promise<void> {
    await anvil.call('anvil_rollback', [chain.tip() - number])
    chain.truncate(number)
    sequencer.clear()
    await executor.undo(number + 1)
    l1?.rolledBack(number)
  }

  return {
    produce: (timestamp) => inTurn(() => produce(timestamp)),
    closeBatch: (timestamp) => inTurn(() => closeBatch(timestamp)),
    rollback: (number) => inTurn(() => rollback(number)),
  }
}

function assertOrder({ block }: MinedBlock, hashes: readonly (Hex | null)[]): void {
  const wrong = hashes.findIndex((hash, index) => block.transactions[index]?.hash !== hash)
  if (wrong >= 0) throw new ProducerError(`block ${block.number}: transaction ${wrong} is not ${hashes[wrong]}`)
}

function baseFeeRequests({ fixedBaseFeePerGas }: ProducerOptions): RpcRequest[] {
  if (fixedBaseFeePerGas === null) return []
  return [{ method: 'anvil_setNextBlockBaseFeePerGas', params: [toQuantity(fixedBaseFeePerGas)] }]
}

/** An upper bound of the next base fee under EIP-1559, which moves by at most an eighth. */
function nextBaseFee(chain: ChainCopy): bigint {
  const fee = BigInt((chain.minedBlock(chain.tip())?.header.baseFeePerGas ?? '0x0') as string)
  return fee + fee / 8n + 1n
}
