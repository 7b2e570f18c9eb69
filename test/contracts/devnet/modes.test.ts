import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '../../../contracts/devnet/index.ts'
import { readLabels } from '../../../contracts/devnet/labels.ts'
import { logsBloom } from '../../../contracts/devnet/proxy/bloom.ts'
import { type Caller, createCaller, type ReadBlock } from './caller.ts'

describe.each(['zksync-os', 'evm'] as const)('%s mode', (mode) => {
  let devnet: Devnet
  let rpc: Caller
  let blocks: ReadBlock[]
  beforeAll(async () => {
    devnet = await startDevnet({ mode, history: 80, logLimits: { maxResults: 30, maxBlockRange: 40 } })
    rpc = createCaller(devnet.url)
    blocks = await rpc.blocks(6, devnet.tip())
  })
  afterAll(async () => {
    await rpc.close()
    await devnet.close()
  })

  test('blocks and receipts have no L1 batch fields and no base-token logs', () => {
    for (const { block, receipts, logs } of blocks) {
      expect(block.transactions.length).toBeGreaterThan(0)
      expect(block).not.toHaveProperty('l1BatchNumber')
      for (const receipt of receipts) expect(receipt).not.toHaveProperty('l1BatchTxIndex')
      for (const log of logs) {
        expect(log).not.toHaveProperty('transactionLogIndex')
        expect(log.address).not.toBe('0x000000000000000000000000000000000000800a')
      }
      expect(block.logsBloom).toBe(logsBloom(logs as never))
    }
  })

  test('transactions stand in the order of their priority fees, nonces permitting', () => {
    let outOfOrder = 0
    for (const { block } of blocks) {
      const seen = new Set<string>()
      block.transactions.forEach((transaction, index) => {
        const before = block.transactions[index - 1]
        const isHeldBack = seen.has(transaction.from as string)
        seen.add(transaction.from as string)
        if (before && !isHeldBack && tipOf(transaction) > tipOf(before)) outOfOrder++
      })
    }
    expect(outOfOrder).toBe(0)
  })

  test('a sandwich stands in its order', () => {
    const roles = new Map(readLabels(devnet.labelsPath).map((label) => [label.transactionHash as string, label]))
    const groups = new Map<string, string[]>()
    for (const { receipts } of blocks)
      for (const { transactionHash } of receipts) {
        const label = roles.get(transactionHash)
        if (label?.groupKind === 'SANDWICH' && label.groupId)
          groups.set(label.groupId, [...(groups.get(label.groupId) ?? []), label.role ?? ''])
      }
    expect(groups.size).toBeGreaterThan(0)
    for (const sequence of groups.values()) expect(sequence.join(' ')).toMatch(/^FRONT (VICTIM )+BACK$/)
  })

  test('the era server’s methods are missing', async () => {
    for (const method of ['zks_L1BatchNumber', 'zks_getBlockDetails', 'zks_getTransactionDetails'])
      expect(await rpc.refusal(method, 1)).toEqual({ code: -32601, message: 'Method not found' })
  })

  if (mode === 'zksync-os') {
    test('the OS server’s own answers are there', async () => {
      expect(await rpc.call('zks_getGenesis')).toHaveProperty('genesis_root')
      expect(await rpc.call('zks_getBlockMetadataByNumber', 3)).toHaveProperty('pubdata_price_per_byte')
      expect(blocks[0]!.receipts[0]).toMatchObject({ l2ToL1Logs: [] })
      expect(await rpc.call('web3_clientVersion')).toContain('zksync-os')
    })

    test('eth_getLogs refuses in the words of that server', async () => {
      const wide = { fromBlock: '0x1', toBlock: '0x40' }
      expect((await rpc.refusal('eth_getLogs', wide)).message).toBe('query exceeds max block range 40')
      const { message } = await rpc.refusal('eth_getLogs', { fromBlock: '0x6', toBlock: '0x20' })
      expect(message).toMatch(/^query exceeds max results 30, retry with the range 6-\d+$/)
    })
  } else {
    test('logs are unlimited and timestamps strictly increase', async () => {
      const logs = await rpc.call<unknown[]>('eth_getLogs', { fromBlock: '0x0', toBlock: 'latest' })
      expect(logs.length).toBeGreaterThan(30)
      const timestamps = blocks.map(({ block }) => Number(block.timestamp))
      expect(new Set(timestamps).size).toBe(timestamps.length)
    })
  }
})

function tipOf(transaction: Record<string, unknown>): bigint {
  return BigInt(transaction.maxPriorityFeePerGas as string)
}
