import { createPublicClient, http } from 'viem'
import { zksyncLocalNode } from 'viem/chains'
import { publicActionsL2 } from 'viem/zksync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Provider } from 'zksync-ethers'
import { type Devnet, startDevnet } from '../../../../contracts/devnet/index.ts'
import { type Caller, createCaller } from '../caller.ts'
import { createL1Reader, type DiamondEvents, type L1Reader } from './l1Reader.ts'

/** Further apart than two L1 blocks, so that a batch is seen at every step. */
const settlementBlocks = { commit: 4, prove: 12, execute: 20 }

describe.each(['era', 'zksync-os'] as const)('settlement of a chain of kind %s', (mode) => {
  const blocksPerBatch = mode === 'era' ? 3 : 2
  let devnet: Devnet
  let rpc: Caller
  let l1: L1Reader
  let events: DiamondEvents
  const lastOf = (name: string) => events.findLast(({ eventName }) => eventName === name)!
  beforeAll(async () => {
    devnet = await startDevnet({ mode, l1: true, history: 34, batchBlocks: 2, settlementBlocks })
    rpc = createCaller(devnet.url)
    l1 = createL1Reader(devnet.l1!)
    events = await l1.events()
  })
  afterAll(async () => {
    await Promise.all([rpc.close(), l1.close()])
    await devnet.close()
  })

  test('commits, proves and executes every batch once and in order', () => {
    const numbersOf = (name: 'BlockCommit' | 'BlockExecution') =>
      events.flatMap((event) => (event.eventName === name ? Number(event.args.batchNumber) : []))
    for (const name of ['BlockCommit', 'BlockExecution'] as const) {
      const numbers = numbersOf(name)
      expect(numbers.length).toBeGreaterThan(3)
      expect(numbers).toEqual(numbers.map((_, index) => index + 1))
    }
    expect(numbersOf('BlockCommit').length).toBeGreaterThan(numbersOf('BlockExecution').length)
    const proofs = events.flatMap((event) => (event.eventName === 'BlocksVerification' ? event.args : []))
    for (const [index, proof] of proofs.entries())
      expect(proof.previousLastVerifiedBatch).toBe(proofs[index - 1]?.currentLastVerifiedBatch ?? 0n)
  })

  test('puts several batches into one transaction', () => {
    const commits = events.filter(({ eventName }) => eventName === 'BlockCommit')
    expect(new Set(commits.map(({ transactionHash }) => transactionHash)).size).toBeLessThan(commits.length)
  })

  test('the getters count what the events say', async () => {
    const counted = (name: 'BlockCommit' | 'BlockExecution') =>
      BigInt(events.filter(({ eventName }) => eventName === name).length)
    expect(await l1.getter('getTotalBatchesCommitted')).toBe(counted('BlockCommit'))
    expect(await l1.getter('getTotalBatchesExecuted')).toBe(counted('BlockExecution'))
    const proof = lastOf('BlocksVerification').args as { currentLastVerifiedBatch: bigint }
    expect(await l1.getter('getTotalBatchesVerified')).toBe(proof.currentLastVerifiedBatch)
    expect(await l1.getter('getZKsyncOS')).toBe(mode === 'zksync-os')
    for (const getter of ['getPriorityQueueSize', 'getTotalPriorityTxs', 'getFirstUnprocessedPriorityTx'] as const)
      expect(await l1.getter(getter)).toBe(0n)
  })

  test('the tags stand at the last blocks that L1 has', async () => {
    const tag = async (name: string) =>
      Number((await rpc.call<{ number: string }>('eth_getBlockByNumber', name, false)).number)
    const lastBlock = async (getter: 'getTotalBatchesCommitted' | 'getTotalBatchesExecuted') =>
      Number(await l1.getter(getter)) * blocksPerBatch
    expect(await tag('safe')).toBe(await lastBlock('getTotalBatchesCommitted'))
    expect(await tag('finalized')).toBe(await lastBlock('getTotalBatchesExecuted'))
    expect(await tag('finalized')).toBeLessThan(await tag('safe'))
  })

  if (mode === 'era') {
    test('a batch goes from sealed to verified as the chain grows', async () => {
      const steps = new Set<string>()
      for (let head = blocksPerBatch; head <= devnet.tip(); head++) {
        devnet.revealTo(head)
        const d = await rpc.call('zks_getL1BatchDetails', 1)
        expect(d.status).toBe(d.executeTxHash === null ? 'sealed' : 'verified')
        steps.add([d.commitTxHash, d.proveTxHash, d.executeTxHash].map((hash) => (hash === null ? '-' : 'x')).join(''))
      }
      devnet.revealTo(null)
      expect([...steps]).toEqual(['---', 'x--', 'xx-', 'xxx'])
    })

    test('details name the L1 transactions of the events, with times just after their blocks', async () => {
      for (const [name, hashField, timeField] of [
        ['BlockCommit', 'commitTxHash', 'committedAt'],
        ['BlockExecution', 'executeTxHash', 'executedAt'],
      ] as const) {
        const event = lastOf(name)
        const { batchNumber, batchHash, commitment } = event.args as Record<string, unknown>
        const details = await rpc.call('zks_getL1BatchDetails', Number(batchNumber))
        expect(details).toMatchObject({ [hashField]: event.transactionHash, rootHash: batchHash, commitment })
        const after = Date.parse(details[timeField] as string) / 1000 - (await l1.timestamp(event.blockNumber))
        expect(after >= 0 && after < 1).toBe(true)
      }
      expect(events.some(({ eventName }) => eventName === 'ReportCommittedBatchRangeZKsyncOS')).toBe(false)
    })

    test('viem and zksync-ethers read the same', async () => {
      const { batchNumber } = lastOf('BlockExecution').args as { batchNumber: bigint }
      const client = createPublicClient({ chain: zksyncLocalNode, transport: http(devnet.url) }).extend(
        publicActionsL2(),
      )
      const provider = new Provider(devnet.url, undefined, { staticNetwork: true })
      const [fromViem, fromEthers] = [
        await client.getL1BatchDetails({ number: Number(batchNumber) }),
        await provider.getL1BatchDetails(Number(batchNumber)),
      ]
      expect(fromViem.executeTxHash).toBe(lastOf('BlockExecution').transactionHash)
      expect(fromEthers).toMatchObject({ executeTxHash: fromViem.executeTxHash, status: 'verified' })
      expect(await client.getMainContractAddress()).toBe(devnet.l1!.diamond)
      // The server answers in hex, which viem passes on as it is.
      expect(Number(await client.getL1ChainId())).toBe(devnet.l1!.chainId)
      provider.destroy()
    })

    test('the chain begins with the genesis upgrade', async () => {
      const [{ block, receipts }] = (await rpc.blocks(1, 1)) as [Awaited<ReturnType<Caller['blocks']>>[0]]
      expect(block.transactions).toHaveLength(1)
      expect(block.transactions[0]).toMatchObject({ type: '0xfe', gasPrice: '0x0' })
      expect(block.transactions[0]).not.toHaveProperty('r')
      expect(receipts[0]).toMatchObject({ type: '0xfe', status: '0x1', effectiveGasPrice: '0x0', logs: [] })
      const [raw] = await rpc.call<{ common_data: object }[]>('zks_getRawBlockTransactions', 1)
      expect(raw!.common_data).toHaveProperty('ProtocolUpgrade')
      expect(await rpc.call('zks_getL1BatchDetails', 1)).toMatchObject({ l1TxCount: 1 })
    })
  } else {
    test('the events alone tell which blocks a batch holds', async () => {
      const ranges = events.flatMap((event) =>
        event.eventName === 'ReportCommittedBatchRangeZKsyncOS' ? event.args : [],
      )
      expect(ranges).toHaveLength(Number(await l1.getter('getTotalBatchesCommitted')))
      for (const [index, range] of ranges.entries()) {
        expect(range.batchNumber).toBe(BigInt(index + 1))
        expect(range.firstBlockNumber).toBe((ranges[index - 1]?.lastBlockNumber ?? 0n) + 1n)
        expect(range.lastBlockNumber).toBe(BigInt((index + 1) * blocksPerBatch))
      }
      expect((await rpc.refusal('zks_getL1BatchBlockRange', 1)).code).toBe(-32601)
    })

    test('finality goes through its stages from the tip down', async () => {
      const stages = await Promise.all(
        Array.from(
          { length: devnet.tip() + 1 },
          async (_, block) => (await rpc.call('zks_getBlockFinality', block)).stage,
        ),
      )
      expect([...new Set(stages)]).toEqual(['finalized', 'executed', 'committed', 'pending'])
      const [{ block }] = (await rpc.blocks(1, 1)) as [Awaited<ReturnType<Caller['blocks']>>[0]]
      expect(block.transactions[0]).toMatchObject({ type: '0x7e' })
      const expected = { stage: 'finalized', blockNumber: 1, batchNumber: 1 }
      expect(await rpc.call('zks_getTransactionFinality', block.transactions[0]!.hash)).toEqual(expected)
      expect(await rpc.call('zks_getBatchFinality', 1)).toEqual({ ...expected, blockNumber: blocksPerBatch })
      expect(await rpc.call('zks_getFinalityStatus')).toMatchObject({
        lastCommittedBatch: Number(await l1.getter('getTotalBatchesCommitted')),
        lastExecutedBatch: Number(await l1.getter('getTotalBatchesExecuted')),
      })
      expect(await rpc.call('zks_getBlockFinality', devnet.tip() + 1)).toBeNull()
    })
  }
})
