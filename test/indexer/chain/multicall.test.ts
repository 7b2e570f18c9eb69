import { decodeFunctionData, encodeFunctionResult, parseAbi } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { fetchMulticall } from '../../../indexer/chain/multicall.ts'
import { createRpc, type Rpc } from '../../../indexer/chain/rpc.ts'
import type { Hex } from '../../../indexer/types/block.ts'
import { FakeRefusal, type FakeRpc, startFakeRpc } from '../../support/fakeRpc.ts'
import { address } from '../../support/logs.ts'

const abi = parseAbi([
  'struct Call { address target; bool allowFailure; bytes callData; }',
  'struct Result { bool success; bytes returnData; }',
  'function aggregate3(Call[] calls) view returns (Result[])',
])
const MULTICALL = address(0xca)
const word = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`

/** What a contract answers to any call; null = it reverts. */
let answers: Map<string, Hex | null>
let multicall: (targets: string[]) => Hex
let server: FakeRpc
let rpc: Rpc

const aggregate = (targets: string[]): Hex =>
  encodeFunctionResult({
    abi,
    functionName: 'aggregate3',
    result: targets.map((target) => {
      const answer = answers.get(target) ?? null
      return { success: answer !== null, returnData: answer ?? '0x' }
    }),
  })

beforeAll(async () => {
  server = await startFakeRpc({
    eth_call: ({ to, data }: { to: string; data: Hex }) => {
      if (to === MULTICALL) {
        const { args } = decodeFunctionData({ abi, data })
        return multicall(args[0].map(({ target }) => target.toLowerCase()))
      }
      const answer = answers.get(to) ?? null
      if (answer === null) throw new FakeRefusal(3, 'execution reverted', '0x')
      return answer
    },
  })
  rpc = createRpc(server.url, { attempts: 1 })
})

beforeEach(() => {
  answers = new Map([1, 2, 3, 4].map((n) => [address(n), word(n)]))
  multicall = aggregate
  server.calls.length = 0
})

afterAll(async () => {
  await rpc.close()
  await server.close()
})

const call = (n: number, blockNumber = 5) => ({ to: address(n), data: '0x01' as Hex, blockNumber })
const asked = () =>
  server.calls.map(({ params: [call, block] }) => `${(call as { to: string }).to.slice(2, 4)} ${block}`)

describe('fetchMulticall', () => {
  test('the calls of a block in one, the answers in the order asked', async () => {
    expect(await fetchMulticall(rpc, MULTICALL, [call(2), call(1), call(3)])).toEqual([word(2), word(1), word(3)])
    expect(asked()).toEqual(['ca 0x5'])
  })

  test('one for each block', async () => {
    const calls = [call(1, 5), call(2, 6), call(3, 5), call(4, 6)]
    expect(await fetchMulticall(rpc, MULTICALL, calls)).toEqual([word(1), word(2), word(3), word(4)])
    expect(asked()).toEqual(['ca 0x5', 'ca 0x6'])
  })

  test('a call that reverts, and one that returns nothing, is null', async () => {
    answers.set(address(2), null)
    answers.set(address(3), '0x')
    expect(await fetchMulticall(rpc, MULTICALL, [call(1), call(2), call(3)])).toEqual([word(1), null, null])
  })

  test('more calls than one bears', async () => {
    const calls = Array.from({ length: 400 }, (_, index) => call(1 + (index % 4)))
    expect(await fetchMulticall(rpc, MULTICALL, calls)).toEqual(calls.map(({ to }) => answers.get(to)))
    expect(asked()).toEqual(['ca 0x5', 'ca 0x5', 'ca 0x5'])
  })

  test.each<[string, (targets: string[]) => Hex]>([
    ['is not there yet', () => '0x'],
    [
      'reverts',
      () => {
        throw new FakeRefusal(3, 'execution reverted', '0x')
      },
    ],
    ['answers anything', () => word(1)],
    ['leaves a result out', (targets) => aggregate(targets.slice(1))],
  ])('a Multicall3 that %s: each call alone', async (_, answer) => {
    multicall = answer
    expect(await fetchMulticall(rpc, MULTICALL, [call(1), call(2)])).toEqual([word(1), word(2)])
    expect(asked()).toEqual(['ca 0x5', '01 0x5', '02 0x5'])
  })

  test('no Multicall3, or a single call: each call alone', async () => {
    expect(await fetchMulticall(rpc, null, [call(1), call(2)])).toEqual([word(1), word(2)])
    expect(await fetchMulticall(rpc, MULTICALL, [call(3)])).toEqual([word(3)])
    expect(asked()).toEqual(['01 0x5', '02 0x5', '03 0x5'])
  })

  test('nothing asked', async () => {
    expect(await fetchMulticall(rpc, MULTICALL, [])).toEqual([])
    expect(asked()).toEqual([])
  })
})
