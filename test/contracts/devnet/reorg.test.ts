import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '../../../contracts/devnet/index.ts'
import { type Caller, createCaller } from './caller.ts'

let devnet: Devnet
let rpc: Caller
beforeAll(async () => {
  devnet = await startDevnet({ history: 30, seed: 9, batchBlocks: 5 })
  rpc = createCaller(devnet.url)
})
afterAll(async () => {
  await rpc.close()
  await devnet.close()
})

describe('reorg', () => {
  test.each([1, 3, 8])('of depth %i replaces exactly that many blocks', async (depth) => {
    const tip = devnet.tip()
    const before = await rpc.blocks(0, tip)
    await devnet.reorg(depth)
    const after = await rpc.blocks(0, tip)
    expect(after.slice(0, tip - depth + 1)).toEqual(before.slice(0, tip - depth + 1))
    for (let number = tip - depth + 1; number <= tip; number++) {
      expect(after[number]!.block.hash).not.toBe(before[number]!.block.hash)
      expect(after[number]!.block.parentHash).toBe(after[number - 1]!.block.hash)
    }
    const logs = (blocks: typeof before) => blocks.slice(tip - depth + 1).flatMap((read) => read.logs)
    expect(logs(after)).not.toEqual(logs(before))
    expect(await rpc.call('eth_getBlockByHash', before[tip]!.block.hash, false)).toBeNull()
  })

  test('forgets the transactions it removed', async () => {
    const tip = await devnet.write(1)
    const [read] = await rpc.blocks(tip, tip)
    await devnet.reorg(2)
    for (const { transactionHash } of read!.receipts)
      expect(await rpc.call('eth_getTransactionReceipt', transactionHash)).toBeNull()
  })

  test('deeper than the chain is refused', async () => {
    await expect(devnet.reorg(10_000)).rejects.toThrow(/cannot reorg 10000 of \d+ blocks/)
  })
})

describe('revealTo', () => {
  test('holds the chain back everywhere and lets it go again', async () => {
    const tip = devnet.tip()
    const shown = tip - 4
    const beyond = (await rpc.blocks(shown + 1, tip)).find(({ receipts }) => receipts.length > 0)!
    devnet.revealTo(shown)
    expect(devnet.head()).toBe(shown)
    expect(Number(await rpc.call<string>('eth_blockNumber'))).toBe(shown)
    expect(await rpc.call('eth_getBlockByNumber', `0x${(shown + 1).toString(16)}`, false)).toBeNull()
    expect(await rpc.call('eth_getBlockByHash', beyond.block.hash, false)).toBeNull()
    expect(await rpc.call('eth_getTransactionByHash', beyond.receipts[0]!.transactionHash)).toBeNull()
    const logs = await rpc.call<{ blockNumber: string }[]>('eth_getLogs', { fromBlock: '0x6', toBlock: '0xffff' })
    expect(Math.max(...logs.map((log) => Number(log.blockNumber)))).toBe(shown)
    const blockNumberCall = { to: devnet.contracts.multicall3, data: '0x42cbb15c' }
    expect(Number(await rpc.call<string>('eth_call', blockNumberCall, 'latest'))).toBe(shown)
    devnet.revealTo(null)
    expect(Number(await rpc.call<string>('eth_blockNumber'))).toBe(tip)
  })
})
