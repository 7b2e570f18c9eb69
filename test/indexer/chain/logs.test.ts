import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ContradictionError, EndpointError, RpcError } from '../../../indexer/chain/errors.ts'
import { fetchConfirmedLogs, fetchLogs, rangeLimit, suggestedEnd } from '../../../indexer/chain/logs.ts'
import { createRpc, type Rpc } from '../../../indexer/chain/rpc.ts'
import { errorOf, FakeRefusal, type FakeReplier, type FakeRpc, resultOf, startFakeRpc } from '../../support/fakeRpc.ts'
import { address, hash } from '../../support/logs.ts'

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
      return Array.from({ length: to - from + 1 }, (_, offset) => ({ blockNumber: hex(from + offset), topics: [] }))
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
    expect(blocksOf(await fetchLogs(rpc, { topics: [TOPIC] }, 255, 257))).toEqual([255, 256, 257])
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
      ['1-8', '1-3', '4-6', '7-8'],
    ],
    [
      'ZKsync OS for its results, with the range it suggests',
      refuseAbove(3, (from) => `query exceeds max results 10000, retry with the range ${from}-${from + 2}`),
      ['1-8', '1-3', '4-6', '7-8'],
    ],
    [
      'ZKsync OS for its blocks, in halves',
      refuseAbove(3, () => 'query exceeds max block range 10000'),
      ['1-8', '1-4', '1-2', '3-4', '5-6', '7-8'],
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
    expect(blocksOf(await fetchLogs(rpc, { topics: [TOPIC] }, 1, 8))).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(ranges()).toEqual(asked)
  })

  test('a refusal for another reason is thrown at the first block, after as many halves as it takes', async () => {
    limit = refuseAbove(0, () => 'invalid filter', -32000)
    await expect(fetchLogs(rpc, { topics: [TOPIC] }, 1, 8)).rejects.toThrow(
      'eth_getLogs was refused with -32000: invalid filter',
    )
    expect(ranges()).toEqual(['1-8', '1-4', '1-2', '1-1'])
  })

  test.each([
    ['a method the server does not have', 'the method does not exist', -32601],
    ['a rate limit', 'rate limit exceeded', -32029],
  ])('%s is thrown at once', async (_, message, code) => {
    limit = refuseAbove(0, () => message, code)
    await expect(fetchLogs(rpc, { topics: [TOPIC] }, 1, 8)).rejects.toThrow(message)
    expect(ranges()).toEqual(['1-8'])
  })

  test('a failure of the endpoint is not taken for a refusal, whatever its words', async () => {
    server.next(() => ({ body: 'rate limit exceeded' }))
    await expect(fetchLogs(rpc, { topics: [TOPIC] }, 1, 8)).rejects.toBeInstanceOf(EndpointError)
    expect(ranges()).toEqual(['1-8'])
  })

  test('a single block that is too large is thrown, after the halves before it', async () => {
    limit = refuseAbove(0, () => 'Response is too big')
    await expect(fetchLogs(rpc, { topics: [TOPIC] }, 1, 4)).rejects.toBeInstanceOf(RpcError)
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

describe('what an endpoint bears is remembered', () => {
  const fetch = (from: number, to: number, by = rpc) => fetchLogs(by, { topics: [TOPIC] }, from, to)
  const inThrees = refuseAbove(3, (from) => `query exceeds max results 5, retry with the range ${from}-${from + 2}`)

  test('nothing is known of one that never refused', async () => {
    await fetch(1, 100)
    expect(rangeLimit(rpc)).toBeNull()
  })

  test('the next range begins with as many blocks', async () => {
    limit = inThrees
    await fetch(1, 8)
    server.calls.length = 0
    expect(blocksOf(await fetch(9, 16))).toEqual([9, 10, 11, 12, 13, 14, 15, 16])
    expect(ranges()).toEqual(['9-11', '12-14', '15-16'])
    expect(rangeLimit(rpc)).toBe(3)
    expect(rpc.counts.faults.tooLarge).toBe(1)
  })

  test('more are tried once it has borne as many twelve times, and again later when that was too early', async () => {
    limit = inThrees
    await fetch(1, 6)
    server.calls.length = 0
    await fetch(7, 48)
    const tried = ranges().filter((range) => width(range) > 3)
    // Ten answers more than those of the first range, then every twelve.
    expect(ranges().indexOf(tried[0]!)).toBe(10)
    expect(tried.map(width)).toEqual([6])
    expect(rangeLimit(rpc)).toBe(3)
    limit = () => {}
    await fetch(101, 400)
    expect(Math.max(...ranges().map(width))).toBeGreaterThanOrEqual(24)
  })

  test('answers for less than it bears say nothing', async () => {
    limit = inThrees
    await fetch(1, 6)
    for (let time = 0; time < 30; time++) await fetch(7, 8)
    expect(rangeLimit(rpc)).toBe(3)
  })

  test('of each endpoint for itself', async () => {
    const other = createRpc(server.url, { attempts: 1 })
    limit = inThrees
    await fetch(1, 8)
    expect([rangeLimit(rpc), rangeLimit(other)]).toEqual([3, null])
    limit = refuseAbove(5, (from) => `query exceeds max results 5, retry with the range ${from}-${from + 4}`)
    await fetch(1, 8, other)
    expect([rangeLimit(rpc), rangeLimit(other)]).toEqual([3, 5])
    await other.close()
  })

  test('a range that is refused for its blocks in any words is halved down to what is borne', async () => {
    limit = refuseAbove(10, () => 'exceed maximum block range: 10')
    expect(blocksOf(await fetch(0, 99))).toHaveLength(100)
    expect(rangeLimit(rpc)).toBeLessThanOrEqual(10)
    server.calls.length = 0
    await fetch(100, 123)
    expect(ranges().every((range) => width(range) <= 10)).toBe(true)
  })

  function width(range: string): number {
    const [from, to] = range.split('-').map(Number)
    return to! - from! + 1
  }
})

describe('fetchConfirmedLogs', () => {
  type Raw = Record<string, unknown>
  const raw = (logIndex: number): Raw => ({
    address: address(7),
    topics: [TOPIC, hash(logIndex)],
    data: '0xabcd',
    blockNumber: '0x5',
    blockHash: hash(5),
    transactionHash: hash(50),
    transactionIndex: '0x0',
    logIndex: hex(logIndex),
  })
  const whole = [raw(0), raw(1), raw(2)]
  const upperCase = whole.map(({ blockHash, data, ...rest }) => ({
    ...{ data: '0xABCD', blockHash: `0x${String(blockHash).slice(2).toUpperCase()}` },
    ...rest,
    logIndex: String(rest.logIndex).replace('0x', '0x0'),
    removed: false,
    l1BatchNumber: null,
  }))
  const answer =
    (logs: unknown): FakeReplier =>
    ([call]) => ({ body: resultOf(call!, logs) })

  let other: FakeRpc
  let witness: Rpc
  beforeEach(async () => {
    other = await startFakeRpc({ eth_getLogs: () => whole })
    witness = createRpc(other.url, { attempts: 1 })
  })
  afterEach(async () => {
    await witness.close()
    await other.close()
  })
  let failures: Error[]
  const witnessOf = (by: Rpc) => ({ rpc: by, onFailure: (error: Error) => void failures.push(error) })
  const confirm = (by = rpc) => {
    failures = []
    return fetchConfirmedLogs(rpc, witnessOf(by), { topics: [TOPIC] }, 5, 5)
  }

  test.each<[string, unknown[][], unknown[], number]>([
    ['two answers alike', [whole, whole], whole, 2],
    ['no logs, twice', [[], []], [], 2],
    ['one of several logs is missing in the first', [whole.slice(1), whole, whole], whole, 4],
    ['one of several logs is missing in the second', [whole, whole.toSpliced(1, 1), whole], whole, 4],
    ['a log is doubled', [[...whole, raw(2)], whole, whole], whole, 4],
    ['an empty answer', [[], whole, whole], whole, 4],
    ['other data', [[raw(0), raw(1), { ...raw(2), data: '0x00' }], whole, whole], whole, 4],
    ['another emitter', [[raw(0), raw(1), { ...raw(2), address: address(9) }], whole, whole], whole, 4],
    ['another block', [whole.map((log) => ({ ...log, blockHash: hash(6) })), whole, whole], whole, 4],
    ['three answers of which no two are alike', [whole.slice(1), whole.slice(2), [], whole, whole], whole, 6],
    ['the first again after another one', [whole, [], whole], whole, 4],
  ])('one endpoint, %s', async (_, answers, logs, asked) => {
    server.next(...answers.map(answer), ...new Array<FakeReplier>(9).fill(answer(whole)))
    expect(await confirm()).toEqual(logs)
    expect(server.requests()).toBe(asked)
    expect(rpc.counts.faults.otherAnswer).toBe(asked / 2 - 1)
  })

  test('one endpoint, the same in another spelling', async () => {
    server.next(answer(whole), answer(upperCase))
    expect(await confirm()).toHaveLength(3)
    expect(server.requests()).toBe(2)
  })

  // Requests to the endpoint and to the witness; other answers counted for each; whether the witness has failed.
  test.each<[string, FakeReplier, [number, number], [number, number], boolean]>([
    ['says the same', answer(whole), [1, 1], [0, 0], false],
    ['says it in another spelling', answer(upperCase), [1, 1], [0, 0], false],
    ['lags: it has none of them', answer([]), [1, 1], [0, 1], false],
    ['lacks one', answer(whole.slice(1)), [1, 1], [0, 1], false],
    ['is of another chain', answer([{ ...raw(0), blockHash: hash(9) }]), [2, 2], [1, 1], false],
    ['gives no list', answer(null), [2, 1], [0, 0], true],
    ['is dead', () => ({ status: 502, body: '' }), [2, 1], [0, 0], true],
    ['finds the range too large', ([call]) => ({ body: errorOf(call!, -32602, 'too big') }), [2, 1], [0, 0], true],
  ])('the witness %s', async (_, reply, asked, otherAnswers, hasFailed) => {
    server.next(...new Array<FakeReplier>(9).fill(answer(whole)))
    other.next(reply)
    expect(await confirm(witness)).toEqual(whole)
    expect([server.requests(), other.requests()]).toEqual(asked)
    expect([rpc, witness].map(({ counts }) => counts.faults.otherAnswer)).toEqual(otherAnswers)
    expect(failures.length > 0).toBe(hasFailed)
  })

  test('the endpoint lacks a log, its witness does not: the fuller answer is believed', async () => {
    server.next(answer(whole.slice(1)))
    expect(await confirm(witness)).toEqual(whole)
    expect([server.requests(), other.requests()]).toEqual([1, 1])
    expect([rpc, witness].map(({ counts }) => counts.faults.otherAnswer)).toEqual([1, 0])
  })

  test('no two answers are ever alike: a contradiction, after eight', async () => {
    server.next(...Array.from({ length: 20 }, (_, time) => answer([raw(time)])))
    const run = confirm()
    await expect(run).rejects.toBeInstanceOf(ContradictionError)
    await expect(run).rejects.toThrow('eth_getLogs of blocks 5 to 5 is answered differently each time')
    expect(server.requests()).toBe(8)
  })

  test.each([[null], ['0x'], [{}], [[null]], [[{ blockNumber: '0x1' }]]])(
    'an answer of %j is no list of logs: a contradiction',
    async (logs) => {
      server.next(answer(logs), answer(logs))
      await expect(confirm()).rejects.toBeInstanceOf(ContradictionError)
    },
  )

  test('a range that is split: each part is confirmed', async () => {
    limit = refuseAbove(2, () => 'Response is too big')
    expect(blocksOf(await fetchConfirmedLogs(rpc, witnessOf(rpc), { topics: [TOPIC] }, 1, 4))).toEqual([1, 2, 3, 4])
    expect(ranges()).toEqual(['1-4', '1-4', '1-2', '1-2', '3-4', '3-4'])
  })

  test('a failure of the endpoint is thrown, whatever its witness says', async () => {
    server.next(() => ({ status: 502, body: '' }))
    await expect(confirm(witness)).rejects.toBeInstanceOf(EndpointError)
  })

  test('an abort ends both', async () => {
    const stop = new AbortController()
    const silent: FakeReplier = () => null
    server.next(silent)
    other.next(silent)
    const run = fetchConfirmedLogs(rpc, witnessOf(witness), { topics: [TOPIC] }, 5, 5, stop.signal)
    setTimeout(() => stop.abort(new Error('stopped')), 50)
    await expect(run).rejects.toThrow('stopped')
  })

  test('the endpoint lacks a log each time, its witness never', async () => {
    server.next(...new Array<FakeReplier>(9).fill(answer(whole.slice(1))))
    expect(await confirm(witness)).toEqual(whole)
  })

  test('a witness that never answers is done without, and told on', async () => {
    server.next(answer(whole), answer(whole))
    other.next(() => null)
    expect(await confirm(witness)).toEqual(whole)
    expect(failures).toMatchObject([{ fault: 'timeout' }])
  }, 10_000)
})
