import { createPublicClient, type Hash, webSocket } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DevAccount, type Devnet, startDevnet } from '../../../contracts/devnet/index.ts'
import { readLabels } from '../../../contracts/devnet/labels.ts'
import { type Caller, createCaller } from './caller.ts'

async function signTransfer(from: DevAccount, nonce: number, fees: { max: bigint; tip: bigint }): Promise<string> {
  return privateKeyToAccount(from.privateKey).signTransaction({
    ...{ type: 'eip1559', chainId: 271, nonce, to: from.address, value: 1n, gas: 21_000n },
    ...{ maxFeePerGas: fees.max, maxPriorityFeePerGas: fees.tip },
  })
}

describe('transactions sent by hand', () => {
  let devnet: Devnet
  let rpc: Caller
  beforeAll(async () => {
    devnet = await startDevnet()
    rpc = createCaller(devnet.url)
  })
  afterAll(async () => {
    await rpc.close()
    await devnet.close()
  })

  test('stand in order of arrival whatever they pay, and carry the time of arrival', async () => {
    const sent: string[] = []
    const stamps: number[] = []
    for (const [index, account] of devnet.accounts.slice(0, 5).entries()) {
      // A new millisecond for each: within one, the address decides.
      for (const start = Date.now(); Date.now() <= start + 1; ) await new Promise(setImmediate)
      stamps.push(Date.now())
      const raw = await signTransfer(account, 5 + 1, { max: 10n ** 9n, tip: BigInt(index) * 10n ** 6n })
      sent.push(await rpc.call<string>('eth_sendRawTransaction', raw))
    }
    expect(await rpc.call('eth_getTransactionByHash', sent[0])).toMatchObject({ blockNumber: null, hash: sent[0] })
    expect(await rpc.call('zks_getTransactionDetails', sent[0])).toMatchObject({ status: 'pending' })
    const number = await devnet.mine()
    const block = await rpc.call<{ transactions: string[] }>('eth_getBlockByNumber', `0x${number.toString(16)}`, false)
    expect(block.transactions).toEqual(sent)
    for (const [index, hash] of sent.entries()) {
      const { receivedAt } = await rpc.call<{ receivedAt: string }>('zks_getTransactionDetails', hash)
      expect(Date.parse(receivedAt)).toBeGreaterThanOrEqual(stamps[index]!)
    }
  })

  test('with a used nonce or for another chain are refused', async () => {
    const [account] = devnet.accounts
    const used = await signTransfer(account!, 0, { max: 10n ** 9n, tip: 0n })
    expect((await rpc.refusal('eth_sendRawTransaction', used)).message).toMatch(/^nonce too low/)
    expect((await rpc.refusal('eth_sendRawTransaction', '0x02')).message).toMatch(/^failed to decode/)
  })

  test('show up in the pending filter and the pending nonce', async () => {
    const account = devnet.accounts[5]!
    const filter = await rpc.call<string>('eth_newPendingTransactionFilter')
    const hash = await rpc.call<string>(
      'eth_sendRawTransaction',
      await signTransfer(account, 6, { max: 10n ** 9n, tip: 0n }),
    )
    expect(await rpc.call('eth_getFilterChanges', filter)).toEqual([hash])
    expect(await rpc.call('eth_getFilterChanges', filter)).toEqual([])
    expect(await rpc.call('eth_getTransactionCount', account.address, 'pending')).toBe('0x7')
    expect(await rpc.call('eth_getTransactionCount', account.address, 'latest')).toBe('0x6')
  })
})

describe('live traffic', () => {
  let devnet: Devnet
  let rpc: Caller
  beforeAll(async () => {
    devnet = await startDevnet({ traffic: true, history: 5, blockTimeMs: 150 })
    rpc = createCaller(devnet.url)
  })
  afterAll(async () => {
    await rpc.close()
    await devnet.close()
  })

  /** Resolves with the new heads' hashes once `count` of them arrived over WebSocket. */
  function heads(count: number): Promise<Hash[]> {
    const client = createPublicClient({ transport: webSocket(devnet.webSocketUrl) })
    return new Promise((resolve, reject) => {
      const hashes: Hash[] = []
      const unwatch = client.watchBlocks({
        onError: reject,
        onBlock(block) {
          hashes.push(block.hash)
          if (hashes.length < count) return
          unwatch()
          void client.transport.getRpcClient().then((socket) => socket.close())
          resolve(hashes)
        },
      })
    })
  }

  test('makes labelled blocks near the wall clock, and survives a reorg', async () => {
    const hashes = await heads(8)
    const block = await rpc.call<{ timestamp: string }>('eth_getBlockByHash', hashes[0], false)
    expect(Math.abs(Number(block.timestamp) - Date.now() / 1000)).toBeLessThan(10)
    const tip = await devnet.reorg(3)
    await heads(4)
    expect(devnet.tip()).toBeGreaterThan(tip)
    const blocks = await rpc.blocks(6, devnet.head())
    const labelled = new Set(readLabels(devnet.labelsPath).map((label) => label.transactionHash as string))
    for (const { receipts } of blocks)
      for (const { transactionHash } of receipts) expect(labelled.has(transactionHash)).toBe(true)
    expect(blocks.flatMap(({ receipts }) => receipts).length).toBeGreaterThan(10)
  })
})
