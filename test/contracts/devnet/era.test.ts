import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Provider } from 'zksync-ethers'
import { type Devnet, startDevnet } from '../../../contracts/devnet/index.ts'
import { logsBloom } from '../../../contracts/devnet/proxy/bloom.ts'
import { type Caller, createCaller, type ReadBlock } from './caller.ts'

const baseToken = '0x000000000000000000000000000000000000800a'
const bootloaderTopic = `0x${'8001'.padStart(64, '0')}`
const zeroHash = `0x${'0'.repeat(64)}`
const batchBlocks = 5

let devnet: Devnet
let rpc: Caller
let blocks: ReadBlock[]
beforeAll(async () => {
  devnet = await startDevnet({ history: 60, batchBlocks, logLimits: { maxResults: 50 } })
  rpc = createCaller(devnet.url)
  blocks = await rpc.blocks(1, devnet.tip())
})
afterAll(async () => {
  await rpc.close()
  await devnet.close()
})

const isClosing = ({ block }: ReadBlock) => Number(block.number) % (batchBlocks + 1) === 0

describe('era blocks', () => {
  test('form one chain', () => {
    for (const [index, { block }] of blocks.entries())
      if (index > 0) expect(block.parentHash).toBe(blocks[index - 1]!.block.hash)
  })

  test('hold the constants of the server', () => {
    const { block } = blocks.at(-1)!
    expect(block).toMatchObject({
      ...{ miner: '0x0000000000000000000000000000000000000000', difficulty: '0x0', totalDifficulty: '0x0' },
      ...{ stateRoot: zeroHash, transactionsRoot: zeroHash, receiptsRoot: zeroHash, mixHash: zeroHash },
      ...{ gasLimit: '0xffffffff', extraData: '0x', size: '0x0', sealFields: [], uncles: [] },
    })
  })

  test('share seconds, and never run backwards', () => {
    const timestamps = blocks.map(({ block }) => Number(block.timestamp))
    expect(timestamps).toEqual(timestamps.toSorted((a, b) => a - b))
    expect(new Set(timestamps).size).toBeLessThan(timestamps.length)
  })

  test('have transactions, except the closing block of each batch', () => {
    for (const read of blocks) expect(read.block.transactions.length === 0).toBe(isClosing(read))
  })

  test('bloom over all their logs', () => {
    for (const { block, logs } of blocks) expect(block.logsBloom).toBe(logsBloom(logs as never))
  })
})

describe('the closing block', () => {
  test('carries one system log that stands in no receipt', () => {
    const closing = blocks.filter(isClosing)
    expect(closing.length).toBeGreaterThan(5)
    for (const { receipts, logs } of closing) {
      expect(receipts).toEqual([])
      expect(logs).toHaveLength(1)
      expect(logs[0]).toMatchObject({ address: baseToken, transactionHash: zeroHash, logIndex: '0x0' })
    }
  })
})

describe('era receipts', () => {
  test('number their logs through the block without a gap', () => {
    for (const { receipts, logs } of blocks.filter((read) => !isClosing(read))) {
      const inReceipts = receipts.flatMap((receipt) => receipt.logs)
      expect(inReceipts).toEqual(logs)
      expect(inReceipts.map((log) => Number(log.logIndex))).toEqual(inReceipts.map((_, index) => index))
      for (const receipt of receipts)
        expect(receipt.logs.map((log) => Number(log.transactionLogIndex))).toEqual(receipt.logs.map((_, i) => i))
    }
  })

  test('begin with the prepaid fee and end with the refund, which balance to the fee paid', () => {
    for (const { receipts, block } of blocks) {
      for (const [index, receipt] of receipts.entries()) {
        const [prepaid, refund] = [receipt.logs[0]!, receipt.logs.at(-1)!]
        expect([prepaid.address, refund.address]).toEqual([baseToken, baseToken])
        expect((prepaid.topics as string[])[2]).toBe(bootloaderTopic)
        expect((refund.topics as string[])[1]).toBe(bootloaderTopic)
        const price = BigInt(receipt.effectiveGasPrice as string)
        const transaction = block.transactions[index]!
        expect(BigInt(prepaid.data as string)).toBe(BigInt(transaction.gas as string) * price)
        expect(BigInt(prepaid.data as string) - BigInt(refund.data as string)).toBe(
          BigInt(receipt.gasUsed as string) * price,
        )
      }
    }
  })

  test('count no cumulative gas and have the extra fields', () => {
    const receipt = blocks.at(-2)!.receipts[0] ?? blocks.at(-1)!.receipts[0]!
    expect(receipt).toMatchObject({ cumulativeGasUsed: '0x0', l2ToL1Logs: [], l1BatchTxIndex: expect.anything() })
    expect(receipt.logs[0]).toMatchObject({ logType: null, removed: false })
  })
})

describe('L1 batches', () => {
  test('fields are null until the closing block is there, then filled everywhere', async () => {
    const first = blocks.find(isClosing)!
    const closing = Number(first.block.number)
    devnet.revealTo(closing - 1)
    const [open] = await rpc.blocks(closing - 1, closing - 1)
    devnet.revealTo(closing)
    const [sealed] = await rpc.blocks(closing - 1, closing - 1)
    devnet.revealTo(null)
    expect(open!.block).toMatchObject({ l1BatchNumber: null, l1BatchTimestamp: null })
    expect(open!.receipts[0]).toMatchObject({ l1BatchNumber: null, l1BatchTxIndex: null })
    expect(open!.logs[0]).toMatchObject({ l1BatchNumber: null })
    expect(open!.block.transactions[0]).not.toHaveProperty('l1BatchNumber')
    expect(sealed!.block).toMatchObject({ l1BatchNumber: '0x1', l1BatchTimestamp: blocks[0]!.block.timestamp })
    expect(sealed!.receipts[0]).toMatchObject({ l1BatchNumber: '0x1' })
    expect(sealed!.logs[0]).toMatchObject({ l1BatchNumber: '0x1' })
    expect(sealed!.block.transactions[0]).toMatchObject({ l1BatchNumber: '0x1' })
  })

  test('index their transactions from zero', async () => {
    const sealed = Number(await rpc.call<string>('zks_L1BatchNumber'))
    const [first, last] = await rpc.call<[string, string]>('zks_getL1BatchBlockRange', sealed)
    expect(Number(last) - Number(first)).toBe(batchBlocks)
    const read = await rpc.blocks(Number(first), Number(last))
    const indexes = read.flatMap(({ receipts }) => receipts.map((receipt) => Number(receipt.l1BatchTxIndex)))
    expect(indexes).toEqual(indexes.map((_, index) => index))
    const details = await rpc.call('zks_getL1BatchDetails', sealed)
    expect(details).toMatchObject({ number: sealed, l2TxCount: indexes.length, l1TxCount: 0 })
    expect(await rpc.call('zks_getL1BatchBlockRange', sealed + 1)).toBeNull()
    expect(await rpc.call('zks_getL1BatchDetails', sealed + 1)).toBeNull()
  })

  test('go from sealed to verified with microsecond times, and the tags follow', async () => {
    const first = await rpc.call('zks_getL1BatchDetails', 1)
    expect(first).toMatchObject({ status: 'verified', committedAt: expect.stringMatching(/T\d\d:\d\d:\d\d(\.\d+)?Z$/) })
    const last = Number(await rpc.call<string>('zks_L1BatchNumber'))
    expect(await rpc.call('zks_getL1BatchDetails', last)).toMatchObject({ status: 'sealed', executeTxHash: null })
    const tag = async (name: string) =>
      Number((await rpc.call<{ number: string }>('eth_getBlockByNumber', name, false)).number)
    const [finalized, safe, latest] = [await tag('finalized'), await tag('safe'), await tag('latest')]
    expect(finalized).toBeLessThan(safe)
    expect(safe).toBeLessThan(latest)
    expect(finalized % (batchBlocks + 1)).toBe(0)
    expect(await rpc.call('eth_getBlockByNumber', 'pending', false)).toBeNull()
  })

  test('read the same through zksync-ethers', async () => {
    const provider = new Provider(devnet.url, undefined, { staticNetwork: true })
    const details = await provider.getL1BatchDetails(1)
    expect(details).toMatchObject({ number: 1, status: 'verified', l2TxCount: expect.any(Number) })
    expect(await provider.getL1BatchBlockRange(1)).toEqual([1, batchBlocks + 1])
    expect((await provider.getBlockDetails(2))?.l1BatchNumber).toBe(1)
    expect((await provider.getBlock(2))?.l1BatchNumber).toBe(1)
    expect(await provider.getMainContractAddress()).toMatch(/^0x[0-9a-f]{40}$/)
    const receipt = await provider.getTransactionReceipt(blocks[1]!.receipts[0]!.transactionHash)
    expect(receipt).toMatchObject({ l1BatchNumber: 1, status: 1 })
    const transactionDetails = await provider.getTransactionDetails(receipt!.hash)
    expect(transactionDetails?.status).toBe('verified')
    provider.destroy()
  })
})

describe('zks_getTransactionDetails', () => {
  test('receivedAt has microseconds, explains the order and never lies after the block', async () => {
    for (const { block, receipts } of blocks.slice(5)) {
      const details = await Promise.all(
        receipts.map((receipt) =>
          rpc.call<{ receivedAt: string }>('zks_getTransactionDetails', receipt.transactionHash),
        ),
      )
      const received = details.map(({ receivedAt }) => Date.parse(receivedAt))
      expect(received).toEqual(received.toSorted((a, b) => a - b))
      for (const ms of received) expect(ms).toBeLessThan((Number(block.timestamp) + 1) * 1000)
    }
    const [{ receipts }] = [blocks[8]!]
    const details = await rpc.call('zks_getTransactionDetails', receipts[0]!.transactionHash)
    expect(details.receivedAt).toMatch(/\.\d{6}Z$|\.\d{3}Z$/)
  })

  test('agrees with the raw transactions', async () => {
    const { block, receipts } = blocks[8]!
    const raw = await rpc.call<{ received_timestamp_ms: number; common_data: { L2: { input: { hash: string } } } }[]>(
      'zks_getRawBlockTransactions',
      Number(block.number),
    )
    expect(raw.map((transaction) => transaction.common_data.L2.input.hash)).toEqual(
      receipts.map((receipt) => receipt.transactionHash),
    )
    const details = await rpc.call<{ receivedAt: string }>('zks_getTransactionDetails', receipts[0]!.transactionHash)
    expect(raw[0]!.received_timestamp_ms).toBe(Date.parse(details.receivedAt))
  })

  test('a reverted transaction has failed', async () => {
    const failed = blocks.flatMap(({ receipts }) => receipts).find((receipt) => receipt.status === '0x0')!
    expect(await rpc.call('zks_getTransactionDetails', failed.transactionHash)).toMatchObject({ status: 'failed' })
  })
})

describe('era limits and words', () => {
  test('eth_getLogs names the range that fits, which then fits', async () => {
    const all = { fromBlock: '0x7', toBlock: 'latest' }
    const { code, message } = await rpc.refusal('eth_getLogs', all)
    const match = /^Query returned more than 50 results. Try with this block range \[(0x\w+), (0x\w+)\].$/.exec(message)
    expect(code).toBe(-32602)
    expect(match?.[1]).toBe('0x7')
    const logs = await rpc.call<unknown[]>('eth_getLogs', { fromBlock: match![1], toBlock: match![2] })
    expect(logs.length).toBeLessThanOrEqual(50)
  })

  test('a single block is never limited and a range beyond the head is clamped', async () => {
    expect((await rpc.call<unknown[]>('eth_getLogs', { fromBlock: '0x3', toBlock: '0x3' })).length).toBeGreaterThan(50)
    const tail = { fromBlock: `0x${devnet.tip().toString(16)}`, toBlock: '0xffffff' }
    expect((await rpc.call<unknown[]>('eth_getLogs', tail)).length).toBeGreaterThan(0)
  })

  test('a call beyond the head is refused', async () => {
    const call = { to: devnet.contracts.multicall3, data: '0x42cbb15c' }
    expect(await rpc.refusal('eth_call', call, '0xffffff')).toEqual({
      code: -32602,
      message: "Block with such an ID doesn't exist yet",
    })
    expect(Number(await rpc.call<string>('eth_call', call, '0x9'))).toBe(9)
  })

  test('small answers are the server’s own', async () => {
    expect(await rpc.call('web3_clientVersion')).toBe('zkSync/v2.0')
    expect(await rpc.call('eth_maxPriorityFeePerGas')).toBe('0x0')
    expect(await rpc.call('eth_gasPrice')).toBe('0x17d7840')
    expect((await rpc.refusal('debug_traceTransaction', zeroHash)).code).toBe(-32601)
    expect((await rpc.refusal('zks_getL1BatchDetails', '0x1')).code).toBe(-32602)
    expect((await rpc.call('zks_getFeeParams')).V2).toBeDefined()
    const request = { from: devnet.accounts[0]!.address, to: devnet.accounts[1]!.address, value: '0x1' }
    expect(await rpc.call('zks_estimateFee', request)).toMatchObject({
      gas_limit: '0x5208',
      max_fee_per_gas: '0x17d7840',
    })
    expect(await rpc.call('zks_estimateGasL1ToL2', request)).toBe('0x5208')
    expect((await rpc.refusal('unstable_l1ToL2TxsStatus')).code).toBe(-32601)
  })
})
