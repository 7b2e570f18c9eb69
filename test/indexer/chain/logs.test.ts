import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EndpointError, RpcError } from '../../../indexer/chain/errors.ts'
import { fetchLogs, suggestedEnd } from '../../../indexer/chain/logs.ts'
import { createRpc, type Rpc } from '../../../indexer/chain/rpc.ts'
import { FakeRefusal, type FakeRpc, startFakeRpc } from '../../support/fakeRpc.ts'

const TOPIC = `0x${'ab'.repeat(32)}` as const
const hex = (number: number) => `0x${number.toString(16)}`

type Filter = { fromBlock: string; toBlock: string; topics: string[][] }
/** Refuses a range, or returns nothing when it is small enough. */
type Limit = (from: number, to: number) => void

let server: FakeRpc
let rpc: Rpc
let limit: Limit

beforeEach(async () => {
  limit = () => {}
  server = await startFakeRpc({
    // One log a block.
    eth_getLogs: ({ fromBlock, toBlock }: Filter) => {
      const [from, to] = [Number(fromBlock), Number(toBlock)]
      limit(from, to)
      return Array.from({ length: to - from + 1 }, (_, offset) => ({ blockNumber: hex(from + offset) }))
    },
  })
  rpc = createRpc(server.url, { attempts: 1 })
})

afterEach(async () => {
  await rpc.close()
  await server.close()
})

const refuseAbove = (blocks: number, message: (from: number, to: number) => string, code = -32602): Limit => {
  return (from, to) => {
    if (to - from + 1 > blocks) throw new FakeRefusal(code, message(from, to))
  }
}
const ranges = () =>
  server.calls.map(({ params: [filter] }) => {
    const { fromBlock, toBlock } = filter as Filter
    return `${Number(fromBlock)}-${Number(toBlock)}`
  })
const blocksOf = (logs: readonly { blockNumber: string }[]) => logs.map(({ blockNumber }) => Number(blockNumber))

describe('fetchLogs', () => {
  test('a range that is served: one call, with the topics as alternatives for topic0', async () => {
    expect(blocksOf(await fetchLogs(rpc, [TOPIC], 255, 257))).toEqual([255, 256, 257])
    expect(server.calls.map(({ method, params }) => [method, params])).toEqual([
      ['eth_getLogs', [{ fromBlock: '0xff', toBlock: '0x101', topics: [[TOPIC]] }]],
    ])
  })

  test.each<[string, Limit, string[]]>([
    [
      'ZKsync Era, with the range it suggests',
      refuseAbove(
        3,
        (from) => `Query returned more than 10000 results. Try with this block range [${hex(from)}, ${hex(from + 2)}].`,
      ),
      ['1-8', '1-3', '4-8', '4-6', '7-8'],
    ],
    [
      'ZKsync OS for its results, with the range it suggests',
      refuseAbove(3, (from) => `query exceeds max results 10000, retry with the range ${from}-${from + 2}`),
      ['1-8', '1-3', '4-8', '4-6', '7-8'],
    ],
    [
      'ZKsync OS for its blocks, in halves',
      refuseAbove(3, () => 'query exceeds max block range 10000'),
      ['1-8', '1-4', '1-2', '3-4', '5-8', '5-6', '7-8'],
    ],
    ['"Response is too big", in halves', refuseAbove(4, () => 'Response is too big'), ['1-8', '1-4', '5-8']],
    [
      '"Log response size exceeded", in halves',
      refuseAbove(4, () => 'Log response size exceeded.', -32000),
      ['1-8', '1-4', '5-8'],
    ],
    ['"block range is too wide", in halves', refuseAbove(4, () => 'block range is too wide'), ['1-8', '1-4', '5-8']],
    [
      'a suggestion that is the range itself, in halves',
      refuseAbove(
        4,
        (from, to) => `Query returned more than 10000 results. Try with this block range [${hex(from)}, ${hex(to)}].`,
      ),
      ['1-8', '1-4', '5-8'],
    ],
    [
      'a suggestion beyond the range, in halves',
      refuseAbove(4, (from, to) => `query exceeds max results 5, retry with the range ${from}-${to + 100}`),
      ['1-8', '1-4', '5-8'],
    ],
    [
      'a suggestion of other blocks, in halves',
      refuseAbove(4, () => 'query exceeds max results 5, retry with the range 100-101'),
      ['1-8', '1-4', '5-8'],
    ],
    [
      'a suggestion that ends before it begins, in halves',
      refuseAbove(4, (from) => `query exceeds max results 5, retry with the range ${from}-${from - 1}`),
      ['1-8', '1-4', '5-8'],
    ],
  ])('a range refused by %s: all logs in order', async (_, refuse, asked) => {
    limit = refuse
    expect(blocksOf(await fetchLogs(rpc, [TOPIC], 1, 8))).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(ranges()).toEqual(asked)
  })

  test('a refusal for another reason is thrown at the first block, after as many halves as it takes', async () => {
    limit = refuseAbove(0, () => 'invalid filter', -32000)
    await expect(fetchLogs(rpc, [TOPIC], 1, 8)).rejects.toThrow('eth_getLogs was refused with -32000: invalid filter')
    expect(ranges()).toEqual(['1-8', '1-4', '1-2', '1-1'])
  })

  test.each([
    ['a method the server does not have', 'the method does not exist', -32601],
    ['a rate limit', 'rate limit exceeded', -32029],
  ])('%s is thrown at once', async (_, message, code) => {
    limit = refuseAbove(0, () => message, code)
    await expect(fetchLogs(rpc, [TOPIC], 1, 8)).rejects.toThrow(message)
    expect(ranges()).toEqual(['1-8'])
  })

  test('a failure of the endpoint is not taken for a refusal, whatever its words', async () => {
    server.next(() => ({ body: 'rate limit exceeded' }))
    await expect(fetchLogs(rpc, [TOPIC], 1, 8)).rejects.toBeInstanceOf(EndpointError)
    expect(ranges()).toEqual(['1-8'])
  })

  test('a single block that is too large is thrown, after the halves before it', async () => {
    limit = refuseAbove(0, () => 'Response is too big')
    await expect(fetchLogs(rpc, [TOPIC], 1, 4)).rejects.toBeInstanceOf(RpcError)
    expect(ranges()).toEqual(['1-4', '1-2', '1-1'])
  })
})

describe('suggestedEnd', () => {
  test.each([
    ['Query returned more than 10000 results. Try with this block range [0x1, 0x9].', 9],
    ['query exceeds max results 10000, retry with the range 1-9', 9],
    ['Try with this block range [0x1,0x9]', 9],
    ['Try with this block range [0x1, 0x63].', 99],
    ['Try with this block range [0x1, 0x64].', null],
    ['Try with this block range [0x1, 0x1].', 1],
    ['Try with this block range [0x2, 0x9].', null],
    ['Try with this block range [0x1, 0x0].', null],
    ['query exceeds max block range 10000', null],
    ['Response is too big', null],
    ['', null],
  ])('of 1 to 100 from "%s"', (message, end) => {
    expect(suggestedEnd(message, 1, 100)).toBe(end)
  })
})
