import { describe, expect, test } from 'vitest'
import { type DevnetOptions, startDevnet } from '../../../contracts/devnet/index.ts'
import { type Label, readLabels } from '../../../contracts/devnet/labels.ts'
import { createCaller, type ReadBlock } from './caller.ts'

async function history(options: DevnetOptions): Promise<{ blocks: ReadBlock[]; labels: Label[] }> {
  const devnet = await startDevnet(options)
  const rpc = createCaller(devnet.url)
  try {
    return { blocks: await rpc.blocks(0, devnet.tip()), labels: readLabels(devnet.labelsPath) }
  } finally {
    await rpc.close()
    await devnet.close()
  }
}

describe('a fixed history', () => {
  test('is the same chain for the same seed, and another for another', async () => {
    const [first, again, other] = [
      await history({ history: 60, seed: 5 }),
      await history({ history: 60, seed: 5 }),
      await history({ history: 60, seed: 6 }),
    ]
    expect(again).toEqual(first)
    expect(other.blocks.at(-1)!.block.hash).not.toBe(first.blocks.at(-1)!.block.hash)
    expect(other.blocks[5]!.block.hash).toBe(first.blocks[5]!.block.hash)
  })

  test('labels every transaction, and holds every kind the indexer has to cope with', async () => {
    const { blocks, labels } = await history({ history: 250, seed: 3 })
    const byHash = new Map(labels.map((label) => [label.transactionHash as string, label]))
    const succeeded = new Set<string>()
    const reverted = new Set<string>()
    let swaps = 0
    for (const { receipts } of blocks)
      for (const receipt of receipts) {
        const label = byHash.get(receipt.transactionHash)
        expect(label, receipt.transactionHash).toBeDefined()
        const kinds = receipt.status === '0x1' ? succeeded : reverted
        kinds.add(label!.role ?? label!.action)
        swaps += receipt.logs.filter((log) => swapTopics.has((log.topics as string[])[0] ?? '')).length
      }
    expect(labels).toHaveLength(byHash.size)
    expect([...succeeded]).toEqual(expect.arrayContaining(expectedKinds))
    expect([...reverted]).toContain('swap-reverting')
    const swapsPerBlock = swaps / 250
    expect(swapsPerBlock).toBeGreaterThan(3)
    expect(swapsPerBlock).toBeLessThan(8)
  })
})

const swapTopics = new Set([
  '0xd78ad95fa46c994b6551d0da85fc275fe613ce37657fb8d5e3d130840159d822',
  '0xc42079f94a6350d7e6235f29174924f928cc2ac818eb64fed8004e115fbcca67',
])

const expectedKinds = [
  ...['swap-v2', 'swap-v3', 'swap-v2-path', 'swap-v3-path', 'swap-v2-fee-on-transfer', 'swap-aggregator'],
  ...['split-aggregator', 'ARBITRAGE', 'TRIGGER', 'FRONT', 'VICTIM', 'BACK', 'MINT', 'BURN', 'mint-v2', 'burn-v2'],
  ...['reposition-v3', 'create-pool', 'create-pair', 'transfer', 'transfer-token', 'donate', 'sync', 'skim'],
  ...['junk-log', 'flash-v2', 'flash-v3', 'collect-v3'],
]
