import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Devnet, DevnetError, startDevnet } from '../../../../contracts/devnet/index.ts'
import { type Caller, createCaller } from '../caller.ts'
import { createL1Reader, type L1Reader } from './l1Reader.ts'

const batchBlocks = 2
const blocksPerBatch = batchBlocks + 1

describe('batches that are taken back', () => {
  let devnet: Devnet
  let rpc: Caller
  let l1: L1Reader
  beforeAll(async () => {
    devnet = await startDevnet({ l1: true, history: 40, batchBlocks })
    rpc = createCaller(devnet.url)
    l1 = createL1Reader(devnet.l1!)
  })
  afterAll(async () => {
    await Promise.all([rpc.close(), l1.close()])
    await devnet.close()
  })

  const total = async (stage: 'Committed' | 'Verified' | 'Executed') =>
    Number(await l1.getter(`getTotalBatches${stage}`))
  const reverts = async () => (await l1.events()).filter(({ eventName }) => eventName === 'BlocksRevert')

  test('revertBatches ends L2 with the batch it keeps, and what comes after has other hashes', async () => {
    const [tip, executed, committed] = [devnet.tip(), await total('Executed'), await total('Committed')]
    expect(committed - executed).toBeGreaterThan(2)
    const keep = executed + 1
    const before = await rpc.blocks(0, tip)
    expect(await devnet.revertBatches(keep)).toBe(keep * blocksPerBatch)
    expect(devnet.tip()).toBe(keep * blocksPerBatch)
    const [event] = await reverts()
    expect(event!.args).toEqual({
      totalBatchesCommitted: BigInt(keep),
      totalBatchesVerified: BigInt(Math.min(keep, await total('Verified'))),
      totalBatchesExecuted: BigInt(executed),
    })
    expect(await total('Committed')).toBe(keep)
    expect(await rpc.call('zks_getL1BatchDetails', keep + 1)).toBeNull()
    await devnet.write(20)
    const after = await rpc.blocks(0, tip)
    for (const { block } of after.slice(1)) {
      const number = Number(block.number)
      if (number <= keep * blocksPerBatch) expect(block.hash).toBe(before[number]!.block.hash)
      else expect(block.hash).not.toBe(before[number]!.block.hash)
      expect(block.parentHash).toBe(after[number - 1]!.block.hash)
    }
  })

  test('the new batches are committed again, with other hashes', async () => {
    await devnet.l1!.mine()
    const events = await l1.events()
    const commits = events.filter(({ eventName }) => eventName === 'BlockCommit')
    const hashes = new Map<bigint, string[]>()
    for (const { args } of commits as { args: { batchNumber: bigint; batchHash: string } }[])
      hashes.set(args.batchNumber, [...(hashes.get(args.batchNumber) ?? []), args.batchHash])
    const again = [...hashes.values()].filter((list) => list.length > 1)
    expect(again.length).toBeGreaterThan(1)
    for (const list of again) expect(new Set(list).size).toBe(list.length)
    expect(Math.max(...[...hashes.keys()].map(Number))).toBe(await total('Committed'))
  })

  test('an executed batch stays', async () => {
    const executed = await total('Executed')
    const tip = devnet.tip()
    await expect(devnet.revertBatches(executed - 1)).rejects.toThrow(DevnetError)
    await expect(devnet.revertBatches(1000)).rejects.toThrow(/cannot revert to batch 1000/)
    await expect(devnet.reorg(tip - executed * blocksPerBatch + 1)).rejects.toThrow(/L1 has executed batch/)
    expect(devnet.tip()).toBe(tip)
  })

  test('a reorg over committed batches reverts them on L1 first', async () => {
    const count = (await reverts()).length
    const [tip, committed] = [devnet.tip(), await total('Committed')]
    const depth = tip - committed * blocksPerBatch + 1
    await devnet.reorg(depth)
    expect(devnet.tip()).toBe(tip)
    expect((await reverts()).length).toBe(count + 1)
    const args = (await reverts()).at(-1)!.args as { totalBatchesCommitted: bigint }
    expect(Number(args.totalBatchesCommitted)).toBe(committed - 1)
    // A reorg above every committed batch does not concern L1.
    await devnet.reorg(1)
    expect((await reverts()).length).toBe(count + 1)
  })
})
