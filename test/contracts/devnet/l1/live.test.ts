import { createPublicClient, createWalletClient, http, parseAbi, zeroAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type Devnet, startDevnet } from '../../../../contracts/devnet/index.ts'
import { readLabels } from '../../../../contracts/devnet/labels.ts'

const mailboxAbi = parseAbi([
  'function requestL2Transaction(address contractL2, uint256 l2Value, bytes data, uint256 l2GasLimit, uint256 l2GasPerPubdataByteLimit, bytes[] factoryDeps, address refundRecipient) payable returns (bytes32)',
])

describe('an L1 below a live chain', () => {
  let devnet: Devnet
  beforeAll(async () => {
    devnet = await startDevnet({ l1: true, mining: 'interval', blockTimeMs: 30 })
  })
  afterAll(() => devnet.close())

  test('takes a signed request from anyone and brings it to an L2 that stands still', async () => {
    const [account, other] = devnet.accounts
    const l1 = createWalletClient({
      ...{ account: privateKeyToAccount(account!.privateKey), chain: foundry, transport: http(devnet.l1!.url) },
    })
    const l2 = createPublicClient({ transport: http(devnet.url), pollingInterval: 20 })
    const before = await l2.getBalance({ address: other!.address })
    await l1.writeContract({
      ...{ address: devnet.l1!.diamond, abi: mailboxAbi, functionName: 'requestL2Transaction' },
      args: [other!.address, 3n, '0x', 100_000n, 800n, [], zeroAddress],
      value: 3n + 100_000n * 25_000_000n,
    })
    const unwatch = await new Promise<() => void>((resolve) => {
      const stop = l2.watchBlockNumber({ onBlockNumber: (number) => number > 6n && resolve(stop), emitOnBegin: true })
    })
    unwatch()
    expect(await l2.getBalance({ address: other!.address })).toBe(before + 3n)
    const block = await l2.getBlock({ includeTransactions: true })
    expect(block.transactions.map(({ from, typeHex }) => [from, typeHex])).toEqual([[account!.address, '0xff']])
  })
})

describe('live traffic through L1', () => {
  test('arrives on L2 with labels of its own', async () => {
    const devnet = await startDevnet({ l1: { swapShare: 0.5, blockEvery: 1 }, traffic: true, blockTimeMs: 60 })
    onTestFinished(() => devnet.close())
    const l2 = createPublicClient({ transport: http(devnet.url), pollingInterval: 20 })
    const fromL1 = await new Promise<{ hash: string; from: string }[]>((resolve) => {
      const found: { hash: string; from: string }[] = []
      const stop = l2.watchBlocks({
        ...{ includeTransactions: true, emitMissed: true },
        onBlock({ transactions }) {
          found.push(...transactions.filter(({ typeHex }) => typeHex === '0xff'))
          if (found.length < 3) return
          stop()
          resolve(found)
        },
      })
    })
    const labels = new Map(readLabels(devnet.labelsPath).map((label) => [label.transactionHash as string, label]))
    for (const { hash, from } of fromL1)
      expect(labels.get(hash)).toMatchObject({ agent: 'retail', from, l1TransactionHash: expect.any(String) })
  })
})
