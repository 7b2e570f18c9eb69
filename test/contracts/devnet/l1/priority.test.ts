import { createPublicClient, http, parseEventLogs } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Provider, utils } from 'zksync-ethers'
import { devnetDiamond } from '../../../../contracts/devnet/artifacts/DevnetDiamond.ts'
import { type Devnet, type PriorityRequest, startDevnet } from '../../../../contracts/devnet/index.ts'
import { aliasOf } from '../../../../contracts/devnet/l1/diamond.ts'
import { type Caller, createCaller } from '../caller.ts'
import { createL1Reader, type L1Reader } from './l1Reader.ts'

describe.each([
  ['era', '0xff'],
  ['zksync-os', '0x7f'],
] as const)('a request from L1 to a chain of kind %s', (mode, type) => {
  let devnet: Devnet
  let rpc: Caller
  let l1: L1Reader
  beforeAll(async () => {
    // L1 blocks only when asked for: no cadence of their own.
    devnet = await startDevnet({ mode, l1: { blockEvery: 1_000_000 }, history: 3, batchBlocks: 20 })
    rpc = createCaller(devnet.url)
    l1 = createL1Reader(devnet.l1!)
  })
  afterAll(async () => {
    await Promise.all([rpc.close(), l1.close()])
    await devnet.close()
  })

  const request = (through?: 'forwarder', valueWei = 7n): Promise<PriorityRequest> => {
    const [from, to] = devnet.accounts as [Devnet['accounts'][0], Devnet['accounts'][0]]
    return devnet.l1!.requestL2Transaction({ from, to: to.address, valueWei, ...(through && { through }) })
  }
  const transaction = (hash: string) => rpc.call<Record<string, unknown> | null>('eth_getTransactionByHash', hash)
  const balance = async (address: string) => BigInt(await rpc.call<string>('eth_getBalance', address, 'latest'))

  test('stands on L1 first, then waits its L1 blocks, then is the first of an L2 block', async () => {
    const { canonicalHash, l1BlockNumber, serialId } = await request()
    const event = (await l1.events()).findLast(({ eventName }) => eventName === 'NewPriorityRequest')!
    expect(event.args).toMatchObject({ txId: BigInt(serialId), txHash: canonicalHash })
    expect(event.blockNumber).toBe(BigInt(l1BlockNumber))
    for (let block = 0; block < 2; block++) {
      await devnet.write(1)
      expect(await transaction(canonicalHash)).toBeNull()
      await devnet.l1!.mine()
    }
    expect(await transaction(canonicalHash)).toMatchObject({ type, blockNumber: null, hash: canonicalHash })
    const to = devnet.accounts[1]!.address
    const before = await balance(to)
    const blockNumber = `0x${(devnet.tip() + 1).toString(16)}`
    await devnet.write(1)
    expect(await transaction(canonicalHash)).toMatchObject({ type, blockNumber, transactionIndex: '0x0' })
    expect((await balance(to)) - before).toBe(7n)
  })

  test('has its canonical hash in block, receipt and logs, and uses no nonce', async () => {
    const nonce = await rpc.call('eth_getTransactionCount', devnet.accounts[0]!.address, 'latest')
    const data = `0x70a08231${'0'.repeat(64)}` as const
    const { canonicalHash } = await devnet.l1!.requestL2Transaction({
      ...{ from: devnet.accounts[0]!, to: devnet.contracts.weth, valueWei: 5n, data: '0xd0e30db0' },
    })
    const failing = await devnet.l1!.requestL2Transaction({
      from: devnet.accounts[0]!,
      to: devnet.contracts.usdc,
      data: '0xdeadbeef',
    })
    await devnet.l1!.requestL2Transaction({ from: devnet.accounts[0]!, to: devnet.contracts.usdc, data })
    devnet.l1!.release()
    const number = devnet.tip() + 1
    await devnet.write(1)
    const [read] = await rpc.blocks(number, number)
    const { block, receipts, logs } = read!
    expect(block.transactions.slice(0, 4).map((t) => t.type === type)).toEqual([true, true, true, false])
    expect(receipts.map(({ transactionHash }) => transactionHash)).toEqual(block.transactions.map(({ hash }) => hash))
    expect(receipts[0]).toMatchObject({ transactionHash: canonicalHash, type, status: '0x1' })
    expect(receipts[1]).toMatchObject({ transactionHash: failing.canonicalHash, type, status: '0x0' })
    for (const log of receipts[0]!.logs) expect(log.transactionHash).toBe(canonicalHash)
    expect(receipts[0]!.logs.some((log) => log.address === devnet.contracts.weth)).toBe(true)
    expect(receipts.flatMap((receipt) => receipt.logs)).toEqual(logs)
    expect(
      receipts.slice(0, 2).map(({ l2ToL1Logs }) => (l2ToL1Logs as [{ value: string }])[0].value.slice(-1)),
    ).toEqual(['1', '0'])
    expect(await rpc.call('eth_getTransactionReceipt', canonicalHash)).toEqual(receipts[0])
    expect(await rpc.call('eth_getTransactionCount', devnet.accounts[0]!.address, 'latest')).toBe(nonce)
  })

  test('through a contract comes from the contract’s alias', async () => {
    const { sender, canonicalHash } = await request('forwarder')
    expect(sender).toBe(aliasOf(devnet.l1!.forwarder))
    expect(sender.startsWith('0x') && BigInt(sender) - BigInt(devnet.l1!.forwarder)).toBe(
      0x1111000000000000000000000000000000001111n,
    )
    devnet.l1!.release()
    await devnet.write(1)
    expect(await transaction(canonicalHash)).toMatchObject({ from: sender })
    // What was paid for gas and not used is the alias's own on L2 now.
    expect(await balance(sender)).toBe((1_000_000n - 21_000n) * 25_000_000n)
  })

  test('zksync-ethers finds the L2 hash in the L1 receipt', async () => {
    const { l1TransactionHash, canonicalHash } = await request()
    const receipt = await new Provider(devnet.l1!.url, undefined, { staticNetwork: true }).getTransactionReceipt(
      l1TransactionHash,
    )
    expect(utils.getL2HashFromPriorityOp(receipt!, devnet.l1!.diamond)).toBe(canonicalHash)
  })

  test('a request with too little gas is refused on L1', async () => {
    const [from] = devnet.accounts
    await expect(
      devnet.l1!.requestL2Transaction({ from: from!, to: from!.address, gasLimit: 20_000n }),
    ).rejects.toThrow(/refused/)
  })

  test('a rollback of L2 gives its operations to the next block, in their order', async () => {
    const first = await request()
    const second = await request('forwarder')
    devnet.l1!.release()
    const tip = await devnet.write(1)
    const before = (await rpc.blocks(tip, tip))[0]!.block
    const balances = await Promise.all([devnet.accounts[1]!.address, first.sender, second.sender].map(balance))
    await devnet.reorg(1)
    const after = (await rpc.blocks(tip, tip))[0]!.block
    expect(after.hash).not.toBe(before.hash)
    const hashes = after.transactions.map(({ hash }) => hash)
    expect(hashes.slice(hashes.indexOf(first.canonicalHash)).slice(0, 2)).toEqual([
      first.canonicalHash,
      second.canonicalHash,
    ])
    expect(await Promise.all([devnet.accounts[1]!.address, first.sender, second.sender].map(balance))).toEqual(balances)
  })

  test('an operation that a rollback moves to an earlier block is minted once', async () => {
    await devnet.write(1)
    const { canonicalHash, sender } = await request('forwarder')
    devnet.l1!.release()
    const tip = await devnet.write(1)
    const before = await balance(sender)
    await devnet.reorg(2)
    expect(await transaction(canonicalHash)).toMatchObject({ blockNumber: `0x${(tip - 1).toString(16)}` })
    expect(await balance(sender)).toBe(before)
  })

  test('leaves the queue when its batch is executed, not before', async () => {
    const total = await l1.getter('getTotalPriorityTxs')
    expect(await l1.getter('getPriorityQueueSize')).toBe(total)
    await devnet.write(40)
    await devnet.l1!.mine()
    expect(await l1.getter('getFirstUnprocessedPriorityTx')).toBe(total)
    expect(await l1.getter('getPriorityQueueSize')).toBe(0n)
  })

  if (mode === 'era') {
    test('shows in the era server’s own methods', async () => {
      const { canonicalHash, serialId, l1BlockNumber, sender } = await request()
      expect(await rpc.call('zks_getTransactionDetails', canonicalHash)).toBeNull()
      const filter = await rpc.call<string>('eth_newPendingTransactionFilter')
      devnet.l1!.release()
      expect(await rpc.call('eth_getFilterChanges', filter)).toEqual([canonicalHash])
      expect(await rpc.call('unstable_l1ToL2TxsStatus')).toEqual({ l1ToL2TxsInMempool: 1, l1ToL2TxsPaused: false })
      expect(await rpc.call('zks_getTransactionDetails', canonicalHash)).toMatchObject({
        status: 'pending',
        isL1Originated: true,
      })
      const number = devnet.tip() + 1
      await devnet.write(1)
      expect(await rpc.call('unstable_l1ToL2TxsStatus')).toMatchObject({ l1ToL2TxsInMempool: 0 })
      expect(await rpc.call('zks_getTransactionDetails', canonicalHash)).toMatchObject({
        ...{ isL1Originated: true, status: 'included', initiatorAddress: sender, gasPerPubdata: '0x320' },
      })
      const [raw] = await rpc.call<[{ common_data: object; execute: object }]>('zks_getRawBlockTransactions', number)
      const expected = {
        canonicalTxHash: canonicalHash,
        serialId,
        ethBlock: l1BlockNumber,
        sender,
        priorityQueueType: 'Deque',
      }
      expect(raw.common_data).toMatchObject({ L1: expected })
      expect(await rpc.call('zks_getBlockDetails', number)).toMatchObject({ l1TxCount: 1 })
      const shown = await transaction(canonicalHash)
      for (const field of ['v', 'r', 's', 'yParity']) expect(shown).not.toHaveProperty(field)
    })

    test('mints on L2 exactly what was paid on L1', async () => {
      const { canonicalHash } = await request()
      devnet.l1!.release()
      await devnet.write(1)
      const { logs } = await rpc.call<{ logs: { topics: string[]; data: string }[] }>(
        'eth_getTransactionReceipt',
        canonicalHash,
      )
      const mints = logs.filter(
        ({ topics }) => topics[0] === '0x0f6798a560793a54c3bcfe86a93cde1e73087d944c0ea20544137d4121396885',
      )
      const minted = mints.reduce((sum, { data }) => sum + BigInt(data), 0n)
      expect(minted).toBe(7n + 1_000_000n * 25_000_000n)
    })
  } else {
    test('anvil traces it under the canonical hash', async () => {
      const { canonicalHash, sender } = await request('forwarder')
      devnet.l1!.release()
      await devnet.write(1)
      const trace = await rpc.call('debug_traceTransaction', canonicalHash, { tracer: 'callTracer' })
      expect(trace).toMatchObject({ from: sender, value: '0x7' })
    })

    test('viem reads the request’s event', async () => {
      const client = createPublicClient({ transport: http(devnet.l1!.url) })
      const logs = await client.getLogs({ address: devnet.l1!.diamond, fromBlock: 0n })
      const [event] = parseEventLogs({ abi: devnetDiamond.abi, logs, eventName: 'NewPriorityRequest' })
      expect(event!.args.transaction).toMatchObject({
        txType: 127n,
        value: 7n,
        nonce: 0n,
        gasPerPubdataByteLimit: 800n,
      })
    })
  }
})
