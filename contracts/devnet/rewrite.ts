import type { Core } from './core.ts'
import { type Driver, tipTimestamp } from './driver.ts'
import { DevnetError } from './errors.ts'
import { batchOfBlock, blocksOfBatch, lastSealedBatch } from './proxy/batches.ts'

/**
 * Replaces the last `depth` blocks by different ones and returns the tip's number. Batches that L1
 * has committed of them are reverted there first.
 * @throws DevnetError when there are not so many blocks, or L1 has executed one of them
 */
export async function reorg(core: Core, driver: Driver, depth: number): Promise<number> {
  const { chain, producer } = core
  const tip = chain.tip()
  if (!Number.isInteger(depth) || depth < 1 || depth > tip)
    throw new DevnetError(`cannot reorg ${depth} of ${tip} blocks`)
  await rollback(core, driver, tip - depth)
  // A second later than before: even an empty closing block gets another hash.
  await producer.closeBatch(tipTimestamp(core) + 1)
  while (chain.tip() < tip) await driver.writeBlock()
  return chain.tip()
}

/**
 * Removes every block above L1 batch `keepBatch`, on L1 as well, and returns the tip's number.
 * @throws DevnetError when the batch is not sealed, or a later one is executed on L1
 */
export async function revertBatches(core: Core, driver: Driver, keepBatch: number): Promise<number> {
  const { chain, plan, l1 } = core
  if (!l1) throw new DevnetError('without an L1 there is nothing to revert batches on')
  const sealed = lastSealedBatch(plan, chain.tip())
  if (!Number.isInteger(keepBatch) || keepBatch < 0 || keepBatch > sealed)
    throw new DevnetError(`cannot revert to batch ${keepBatch} of ${sealed}`)
  await rollback(core, driver, blocksOfBatch(plan, keepBatch).last)
  return chain.tip()
}

async function rollback(core: Core, driver: Driver, blockNumber: number): Promise<void> {
  const { plan, l1, producer } = core
  const executed = l1?.executedBatch() ?? 0
  if (l1 && blockNumber < blocksOfBatch(plan, executed).last)
    throw new DevnetError(`cannot remove blocks above ${blockNumber}: L1 has executed batch ${executed}`)
  // The batch of the next block is not whole any more, nor is any after it.
  await l1?.revertBatches(batchOfBlock(plan, blockNumber + 1) - 1)
  await producer.rollback(blockNumber)
  driver.resync()
}
