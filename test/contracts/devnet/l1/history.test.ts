import { beforeAll, describe, expect, test } from 'vitest'
import { devAccounts } from '../../../../contracts/devnet/accounts.ts'
import { DevnetError, type DevnetOptions, startDevnet } from '../../../../contracts/devnet/index.ts'
import { type Label, readLabels } from '../../../../contracts/devnet/labels.ts'
import { createCaller, type ReadBlock } from '../caller.ts'
import { createL1Reader } from './l1Reader.ts'

type History = { blocks: ReadBlock[]; l1Blocks: unknown[]; l1Logs: unknown; labels: Label[] }

async function history(options: DevnetOptions): Promise<History> {
  const devnet = await startDevnet({ history: 30, batchBlocks: 3, l1: { swapShare: 0.4 }, ...options })
  const rpc = createCaller(devnet.url)
  const l1 = createL1Reader(devnet.l1!)
  try {
    await devnet.write(5)
    await devnet.reorg(3)
    const l1Blocks = await l1.blocks(0, devnet.l1!.head())
    const labels = readLabels(devnet.labelsPath)
    return { blocks: await rpc.blocks(0, devnet.tip()), l1Blocks, l1Logs: await l1.events(), labels }
  } finally {
    await Promise.all([rpc.close(), l1.close()])
    await devnet.close()
  }
}

describe('a history with an L1', () => {
  let first: History
  beforeAll(async () => {
    first = await history({ seed: 5 })
  })

  test('is the same on both chains for the same seed', async () => {
    expect(await history({ seed: 5 })).toEqual(first)
  })

  test('brings the retail swaps it was asked for through L1, labelled', () => {
    const { blocks, labels } = first
    const fromL1 = new Map(
      labels.filter((label) => label.l1TransactionHash).map((label) => [label.transactionHash, label]),
    )
    const priority = blocks.flatMap(({ block }) => block.transactions).filter(({ type }) => type === '0xff')
    expect(priority.length).toBeGreaterThan(8)
    for (const transaction of priority) {
      const label = fromL1.get(transaction.hash as `0x${string}`)
      expect(label).toMatchObject({ agent: 'retail', from: transaction.from })
    }
    const succeeded = blocks
      .flatMap(({ receipts }) => receipts)
      .filter(({ type, status }) => type === '0xff' && status === '0x1')
    expect(succeeded.length).toBeGreaterThan(priority.length / 2)
    for (const { block } of blocks) {
      const types = block.transactions.map(({ type }) => type === '0xff' || type === '0xfe')
      expect(types).toEqual(types.toSorted((a, b) => Number(b) - Number(a)))
    }
  })

  test('shows the aggregator’s customers as smart accounts', () => {
    const { blocks } = first
    const smart = new Set(devAccounts().aggregatorRetail.map(({ address }) => address as string))
    const pairs = blocks.flatMap(({ block, receipts }) =>
      block.transactions.map((transaction, index) => ({ transaction, receipt: receipts[index]! })),
    )
    for (const { transaction, receipt } of pairs) {
      expect(receipt.type).toBe(transaction.type)
      expect(transaction.type === '0x71').toBe(smart.has(transaction.from as string))
    }
    expect(pairs.some(({ transaction }) => transaction.type === '0x71')).toBe(true)
  })

  test('needs a chain that settles', async () => {
    await expect(startDevnet({ mode: 'evm', l1: true })).rejects.toThrow(DevnetError)
  })
})
