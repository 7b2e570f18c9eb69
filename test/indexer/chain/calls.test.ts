import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fetchCalls } from '../../../indexer/chain/calls.ts'
import { EndpointError } from '../../../indexer/chain/errors.ts'
import { createRpc, type Rpc } from '../../../indexer/chain/rpc.ts'
import type { Hex } from '../../../indexer/types/block.ts'
import { FakeRefusal, type FakeRpc, startFakeRpc } from '../../support/fakeRpc.ts'
import { address } from '../../support/logs.ts'

type Answer = (block: string) => unknown

let answers: Answer[] = []
let server: FakeRpc
let rpc: Rpc

beforeAll(async () => {
  // The calldata is the number of the answer.
  server = await startFakeRpc({
    eth_call: ({ data }: { data: string }, block: string) => answers[Number(data)]!(block),
  })
  rpc = createRpc(server.url, { attempts: 1 })
})

afterAll(async () => {
  await rpc.close()
  await server.close()
})

const refuse = (code: number, message: string, data?: unknown): Answer => {
  return () => {
    throw new FakeRefusal(code, message, data)
  }
}
const fetchAll = (list: Answer[], whenPruned: 'latest' | 'null' = 'latest') => {
  answers = list
  const calls = list.map((_, index) => ({ to: address(1), data: `0x${index.toString(16)}` as Hex, blockNumber: 16 }))
  return fetchCalls(rpc, calls, whenPruned)
}

describe('fetchCalls', () => {
  test.each<[string, Answer, Hex | null]>([
    ['data', () => '0x12', '0x12'],
    ['data in capitals', () => '0xAB', '0xab'],
    ['no data', () => '0x', null],
    ['half a byte', () => '0x123', null],
    ['something that is no text', () => 42, null],
    ['null', () => null, null],
    ['a revert', refuse(3, 'execution reverted'), null],
    ['a revert with a reason', refuse(3, 'execution reverted: not a pool', '0x08c379a0'), null],
    ['a revert of geth before its code was 3', refuse(-32000, 'execution reverted'), null],
    ['an invalid opcode', refuse(-32000, 'invalid opcode: INVALID'), null],
    ['no gas left', refuse(-32000, 'out of gas'), null],
  ])('%s', async (_, answer, expected) => {
    expect(await fetchAll([() => '0x01', answer, () => '0x02'])).toEqual(['0x01', expected, '0x02'])
  })

  test('an answer that no getter gives, for its size', async () => {
    expect(await fetchAll([() => `0x${'00'.repeat(100_000)}`, () => '0x02'])).toEqual([null, '0x02'])
  })

  test.each<[string, Answer]>([
    ['an internal error', refuse(-32603, 'Internal error')],
    ['a timeout', refuse(-32000, 'request timed out')],
    ['an overload', refuse(-32000, 'server overloaded, try again later')],
  ])('%s of the server is no answer of the contract', async (_, answer) => {
    await expect(fetchAll([answer])).rejects.toBeInstanceOf(EndpointError)
  })

  // Taken for a failure of the server it would be waited out for ever: one contract would stop the indexer.
  test.each([['timeout'], ['try again'], ['temporarily unavailable'], ['overload']])(
    'a contract that reverts with the words "%s" is a revert',
    async (words) => {
      expect(await fetchAll([refuse(3, `execution reverted: ${words}`, '0x08c379a0')])).toEqual([null])
    },
  )

  // anvil's words and code for a contract that runs into an invalid opcode or out of gas.
  test.each([['EVM error InvalidFEOpcode'], ['EVM error OutOfGas']])(
    'a contract that ends with "%s"',
    async (words) => {
      expect(await fetchAll([refuse(-32603, words)])).toEqual([null])
    },
  )

  test.each([
    ['missing trie node 1234 (path ) state 0x5678 is not available'],
    ['historical state 1234 is not available'],
    ['state has been pruned'],
  ])('a node without the state ("%s"): the latest, or null', async (words) => {
    const gone: Answer = (block) => (block === 'latest' ? '0x03' : refuse(-32000, words)(block))
    expect(await fetchAll([gone], 'latest')).toEqual(['0x03'])
    expect(await fetchAll([gone], 'null')).toEqual([null])
  })

  // Words that a contract chooses make all calls beside it be answered for another block.
  test.each([['pruned'], ['historical state'], ['state is not available'], ['missing trie node']])(
    'a contract that reverts with the words "%s" of a missing state',
    async (words) => {
      const byBlock: Answer = (block) => (block === '0x10' ? '0x10' : '0xff')
      expect(await fetchAll([byBlock, refuse(3, `execution reverted: ${words}`)])).toEqual(['0x10', null])
    },
  )

  test('more calls than a batch holds come in order', async () => {
    const many = Array.from({ length: 250 }, (_, index) => () => `0x${index.toString(16).padStart(4, '0')}`)
    const before = server.requests()
    expect(await fetchAll(many)).toEqual(many.map((answer) => answer()))
    expect(server.requests() - before).toBe(3)
  })
})
