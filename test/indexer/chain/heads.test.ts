import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Devnet, startDevnet } from '../../../contracts/devnet/index.ts'
import { followChain } from '../../../indexer/chain/follow.ts'
import { createHeads, type Heads, likelyWebSocketUrls } from '../../../indexer/chain/heads.ts'
import { type ChainSource, openSource } from '../../../indexer/chain/source.ts'
import { startHostileRpc } from '../../support/hostileRpc/index.ts'
import { hash } from '../../support/logs.ts'
import { type FakeSocket, type SubscribeReply, startFakeSocket } from './pending/fakeSocket.ts'

const quantity = (number: number) => `0x${number.toString(16)}`
const header = (number: number, fork = 0) => ({
  number: quantity(number),
  hash: hash(number + fork),
  timestamp: quantity(1_750_000_000 + number),
})
const headOf = (number: number) => ({ number, hash: hash(number), timestamp: 1_750_000_000 + number })
const signal = new AbortController().signal
const pauseOf = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const ends: (() => unknown)[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const end of ends.splice(0).reverse()) await end()
})

async function socketOf(reply?: () => SubscribeReply, port?: number): Promise<FakeSocket> {
  const socket = await startFakeSocket(reply, port)
  ends.push(socket.close)
  return socket
}
function headsOf(urls: readonly string[], now?: () => number): Heads {
  const heads = createHeads(urls, (url) => `name of ${url}`, now)
  ends.push(heads.close)
  return heads
}
const untilAnnounced = (heads: Heads) => vi.waitFor(() => expect(heads.status().announcer).not.toBeNull())
const untilLost = (heads: Heads, lost = 1) =>
  vi.waitFor(() => expect(heads.status()).toMatchObject({ announcer: null, lost }))

describe('without an announcer', () => {
  test('next only keeps the time', async () => {
    const heads = headsOf([])
    const startMs = performance.now()
    expect(await heads.next(80, signal)).toBeNull()
    expect(performance.now() - startMs).toBeGreaterThan(75)
    expect(heads.status()).toEqual({ announcer: null, announced: 0, lost: 0, lastLoss: null })
  })

  test('an abort ends the wait', async () => {
    const stop = new AbortController()
    const waiting = headsOf([]).next(60_000, stop.signal)
    stop.abort(new Error('stopped'))
    await expect(waiting).rejects.toThrow('stopped')
  })
})

describe('announced heads', () => {
  test('are given at once, whatever the pace of asking', async () => {
    const socket = await socketOf()
    const heads = headsOf([socket.url])
    await untilAnnounced(heads)
    expect(heads.status().announcer).toBe(`name of ${socket.url}`)
    const waiting = heads.next(60_000, signal)
    await pauseOf(20)
    socket.tell(header(7))
    expect(await waiting).toEqual(headOf(7))
    expect(heads.status().announced).toBe(1)
  })

  test('of several since the last one the newest is given, once', async () => {
    const socket = await socketOf()
    const heads = headsOf([socket.url])
    await untilAnnounced(heads)
    socket.tell(header(7), header(8), header(9))
    await vi.waitFor(() => expect(heads.status().announced).toBe(3))
    expect(await heads.next(60_000, signal)).toEqual(headOf(9))
    const next = heads.next(60_000, signal)
    await pauseOf(20)
    socket.tell(header(10))
    expect(await next).toEqual(headOf(10))
  })

  test('a lower one is given, too', async () => {
    const socket = await socketOf()
    const heads = headsOf([socket.url])
    await untilAnnounced(heads)
    socket.tell(header(9))
    expect(await heads.next(60_000, signal)).toEqual(headOf(9))
    socket.tell(header(6, 1_000))
    expect(await heads.next(60_000, signal)).toEqual({ ...headOf(6), hash: hash(1_006) })
  })

  test('however many come it is time to ask every two seconds, and none is lost', async () => {
    let nowMs = 0
    const socket = await socketOf()
    const heads = headsOf([socket.url], () => nowMs)
    await untilAnnounced(heads)
    socket.tell(header(7))
    await vi.waitFor(() => expect(heads.status().announced).toBe(1))
    nowMs = 2_000
    expect(await heads.next(60_000, signal)).toBeNull()
    heads.confirm(7)
    expect(await heads.next(60_000, signal)).toEqual(headOf(7))
    nowMs = 3_999
    socket.tell(header(8))
    expect(await heads.next(60_000, signal)).toEqual(headOf(8))
  })

  test('while none comes it is time to ask every two seconds', async () => {
    const socket = await socketOf()
    const heads = headsOf([socket.url])
    await untilAnnounced(heads)
    const startMs = performance.now()
    expect(await heads.next(10, signal)).toBeNull()
    expect(performance.now() - startMs).toBeGreaterThan(1_950)
  })

  test('an abort ends the wait', async () => {
    const socket = await socketOf()
    const heads = headsOf([socket.url])
    await untilAnnounced(heads)
    const stop = new AbortController()
    const waiting = heads.next(60_000, stop.signal)
    stop.abort(new Error('stopped'))
    await expect(waiting).rejects.toThrow('stopped')
  })
})

describe('a silent announcer', () => {
  const silent = async () => {
    let nowMs = 0
    const socket = await socketOf()
    const heads = headsOf([socket.url], () => nowMs)
    await untilAnnounced(heads)
    const confirmAt = (ms: number, number: number) => {
      nowMs = ms
      heads.confirm(number)
    }
    return { socket, heads, confirmAt }
  }

  test('is lost once a block has been there for three seconds without a word', async () => {
    const { heads, confirmAt } = await silent()
    confirmAt(0, 5)
    confirmAt(2_999, 6)
    expect(heads.status().lost).toBe(0)
    confirmAt(3_000, 6)
    expect(heads.status()).toMatchObject({
      announcer: null,
      lost: 1,
      lastLoss: 'silent: block 6 was not announced',
    })
  })

  test('is none as long as the chain stands still', async () => {
    const { socket, heads, confirmAt } = await silent()
    socket.tell(header(5))
    await vi.waitFor(() => expect(heads.status().announced).toBe(1))
    for (const ms of [0, 5_000, 10_000]) confirmAt(ms, 5)
    expect(heads.status().lost).toBe(0)
  })

  test('is none when it has only been late', async () => {
    const { socket, heads, confirmAt } = await silent()
    confirmAt(0, 5)
    socket.tell(header(5))
    await vi.waitFor(() => expect(heads.status().announced).toBe(1))
    confirmAt(2_000, 5)
    confirmAt(4_000, 6)
    confirmAt(6_900, 6)
    expect(heads.status().lost).toBe(0)
    confirmAt(7_000, 6)
    expect(heads.status().lost).toBe(1)
  })

  test('is taken again after a second, and is believed when it speaks', async () => {
    const { socket, heads, confirmAt } = await silent()
    confirmAt(0, 5)
    confirmAt(3_000, 5)
    await vi.waitFor(() => expect(socket.lines()).toBe(0))
    // Asked for while nobody announces.
    expect(await heads.next(10, signal)).toBeNull()
    await vi.waitFor(() => expect(heads.status().announcer).not.toBeNull(), { timeout: 5_000 })
    socket.tell(header(6))
    expect(await heads.next(60_000, signal)).toEqual(headOf(6))
    expect(socket.asked).toHaveLength(2)
  })
})

describe('an announcer is lost when', () => {
  test.each<[string, unknown]>([
    ['a word', 'hello'],
    ['null', null],
    ['a header without a number', { hash: hash(1), timestamp: '0x1' }],
    ['a header whose number is none', { ...header(1), number: 1 }],
    ['a header without its hash', { ...header(1), hash: null }],
    ['a header without its time', { number: '0x1', hash: hash(1) }],
  ])('it announces %s', async (_, garbage) => {
    const socket = await socketOf()
    const heads = headsOf([socket.url])
    await untilAnnounced(heads)
    socket.tell(garbage)
    await untilLost(heads)
    expect(heads.status()).toMatchObject({ announced: 0, lastLoss: 'a header that is none was announced' })
    expect(await heads.next(5, signal)).toBeNull()
    await vi.waitFor(() => expect(socket.lines()).toBe(0))
  })

  test('it sends what is not JSON', async () => {
    const socket = await socketOf()
    const heads = headsOf([socket.url])
    await untilAnnounced(heads)
    socket.send('<html>')
    await untilLost(heads)
    expect(heads.status().lastLoss).toBe('the server sent something that is not JSON')
  })

  test('the line is cut: the heads heard before are still given', async () => {
    const socket = await socketOf()
    const heads = headsOf([socket.url])
    await untilAnnounced(heads)
    socket.tell(header(4))
    await vi.waitFor(() => expect(heads.status().announced).toBe(1))
    socket.cut()
    await untilLost(heads)
    expect(await heads.next(60_000, signal)).toEqual(headOf(4))
  })
})

describe('another try', () => {
  test('goes to the next address', async () => {
    const refusing = await socketOf(() => 'refuse')
    const willing = await socketOf()
    const heads = headsOf([refusing.url, willing.url])
    await vi.waitFor(() => expect(heads.status().lastLoss).toBe('refused: not supported'))
    expect(heads.status()).toMatchObject({ announcer: null, lost: 0 })
    await vi.waitFor(() => expect(heads.status().announcer).toBe(`name of ${willing.url}`), { timeout: 5_000 })
  })

  /** Milliseconds between the tries of a server that behaves so. */
  async function gaps(reply: () => SubscribeReply, onOpen: (socket: FakeSocket) => void): Promise<number[]> {
    const times: number[] = []
    const socket = await socketOf(() => {
      times.push(performance.now())
      setTimeout(() => onOpen(socket), 20)
      return reply()
    })
    headsOf([socket.url])
    await vi.waitFor(() => expect(times).toHaveLength(3), { timeout: 15_000 })
    return times.slice(1).map((time, index) => time - times[index]!)
  }

  test.each<[string, () => SubscribeReply, (socket: FakeSocket) => void]>([
    ['refuses each time', () => 'refuse', () => {}],
    ['accepts and closes each time', () => 'accept', (socket) => socket.cut()],
  ])('where a server %s waits twice as long each time', async (_, reply, onOpen) => {
    const [first, second] = await gaps(reply, onOpen)
    expect(first).toBeGreaterThan(950)
    expect(second).toBeGreaterThan(1_950)
    expect(second).toBeLessThan(3_900)
  })

  test('a head that is announced ends the growth of the pauses', async () => {
    const times: number[] = []
    const socket = await socketOf(() => {
      times.push(performance.now())
      setTimeout(() => socket.tell(header(times.length)), 20)
      setTimeout(() => socket.cut(), 60)
      return 'accept'
    })
    headsOf([socket.url])
    await vi.waitFor(() => expect(times).toHaveLength(3), { timeout: 15_000 })
    // Two pauses of a second, where the second would be of two.
    expect(times[2]! - times[0]!).toBeLessThan(2_900)
  })
})

describe('close', () => {
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length

  test.each<[string, () => Promise<string>]>([
    ['an announcer that is open', async () => (await socketOf()).url],
    ['one that has not answered yet', async () => (await socketOf(() => 'ignore')).url],
    ['one that has refused', async () => (await socketOf(() => 'refuse')).url],
    ['one that is not there', async () => 'ws://127.0.0.1:1'],
  ])('leaves no timer and no line of %s', async (_, start) => {
    const url = await start()
    await pauseOf(50)
    const before = timers()
    const heads = headsOf([url])
    await pauseOf(150)
    heads.close()
    await pauseOf(50)
    expect(timers()).toBeLessThanOrEqual(before)
    const { lost, announcer } = heads.status()
    await pauseOf(1_300)
    // Nobody has tried again.
    expect(heads.status()).toMatchObject({ lost, announcer })
  })

  test('takes the line down at the server, which is not asked again', async () => {
    const socket = await socketOf()
    const heads = headsOf([socket.url])
    await untilAnnounced(heads)
    heads.close()
    await vi.waitFor(() => expect(socket.lines()).toBe(0))
    await pauseOf(1_300)
    expect(socket.asked).toHaveLength(1)
  })
})

describe('following a devnet', () => {
  let devnet: Devnet
  beforeAll(async () => {
    devnet = await startDevnet({ history: 12, mode: 'evm' })
  })
  afterAll(() => devnet?.close())

  /** Follows from the tip; `seen` grows as blocks come, with the time since they were made. */
  async function follow(urls: readonly string[], pollMs: number) {
    const source: ChainSource = await openSource(urls, [])
    const stop = new AbortController()
    const numbers: number[] = []
    const steps: string[] = []
    const stored = new Map<number, `0x${string}`>()
    const run = async () => {
      const tip = devnet.tip()
      const [tipHash] = await source.fetchHashes([tip])
      stored.set(tip, tipHash!)
      const after = { number: tip, hash: tipHash! }
      const storedHash = async (number: number) => stored.get(number) ?? null
      for await (const step of followChain({ source, after, storedHash, end: null, pollMs, signal: stop.signal })) {
        steps.push(step.kind)
        if (step.kind !== 'blocks') continue
        for (const { block } of step.bundles) {
          numbers.push(block.number)
          stored.set(block.number, block.hash)
        }
      }
    }
    const ended = run().catch((error) => {
      if (!stop.signal.aborted) throw error
    })
    ends.push(async () => {
      stop.abort(new Error('stopped'))
      await ended
      await source.close()
    })
    await vi.waitFor(() => expect(steps).toContain('caught-up'), { timeout: 5_000 })
    return { source, numbers, steps, ended }
  }
  const untilRead = (numbers: readonly number[], tip: number, timeout: number) =>
    vi.waitFor(() => expect(numbers.at(-1)).toBe(tip), { timeout, interval: 5 })

  test('blocks are read when they are announced, not when it is time to ask', async () => {
    const { source, numbers } = await follow([devnet.url, devnet.webSocketUrl], 60_000)
    await untilAnnounced(source.heads)
    const before = devnet.tip()
    const delays: number[] = []
    for (let block = 0; block < 5; block++) {
      const tip = await devnet.mine()
      const startMs = performance.now()
      await untilRead(numbers, tip, 5_000)
      delays.push(performance.now() - startMs)
    }
    expect(numbers).toEqual([1, 2, 3, 4, 5].map((offset) => before + offset))
    // It is asked every two seconds.
    expect(Math.min(...delays)).toBeLessThan(500)
    expect(source.heads.status().announced).toBeGreaterThanOrEqual(5)
  })

  test('a gap between announcements is filled by number', async () => {
    const { source, numbers } = await follow([devnet.url, devnet.webSocketUrl], 60_000)
    await untilAnnounced(source.heads)
    const before = devnet.tip()
    devnet.revealTo(before)
    const tip = await devnet.mine({ blocks: 6 })
    devnet.revealTo(null)
    await devnet.mine()
    await untilRead(numbers, tip + 1, 5_000)
    expect(numbers).toEqual(Array.from({ length: 7 }, (_, offset) => before + 1 + offset))
  })

  test('silence: the blocks are asked for within seconds, and heard of again when the server speaks', async () => {
    const mute = await socketOf()
    const { source, numbers } = await follow([devnet.url, mute.url], 50)
    await untilAnnounced(source.heads)
    const first = await devnet.mine()
    await untilRead(numbers, first, 4_000)
    await vi.waitFor(() => expect(source.heads.status().lost).toBe(1), { timeout: 9_000 })
    const second = await devnet.mine()
    const startMs = performance.now()
    await untilRead(numbers, second, 4_000)
    // Asked for at the usual pace again, or where the server has been connected to anew, at that of the control.
    expect(performance.now() - startMs).toBeLessThan(2_500)
    await vi.waitFor(() => expect(source.heads.status().announcer).not.toBeNull(), { timeout: 9_000 })
    const third = await devnet.mine()
    const latest = (await (
      await fetch(devnet.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_getBlockByNumber', params: ['latest', false] }),
      })
    ).json()) as { result: object }
    // It may just have been left again for its silence.
    const speaks = () => {
      mute.tell(latest.result)
      return expect(source.heads.status().announced).toBeGreaterThan(0)
    }
    await vi.waitFor(speaks, { timeout: 9_000 })
    await untilRead(numbers, third, 4_000)
  })

  test('a reorganisation that ends lower is noticed by its announcement', async () => {
    const { source, numbers, steps, ended } = await follow([devnet.url, devnet.webSocketUrl], 60_000)
    await untilAnnounced(source.heads)
    const tip = await devnet.mine({ blocks: 3 })
    await untilRead(numbers, tip, 5_000)
    const startMs = performance.now()
    await devnet.reorg(2)
    await ended
    expect(steps.at(-1)).toBe('reorg')
    expect(performance.now() - startMs).toBeLessThan(4_000)
  })

  test('a server that is told of a block before the endpoint has it: the block is read a little later', async () => {
    const early = await socketOf()
    const hostile = await startHostileRpc({ upstream: devnet.url, seed: 1 })
    ends.push(hostile.close)
    const { source, numbers, ended } = await follow([hostile.url, early.url], 50)
    await untilAnnounced(source.heads)
    const before = devnet.tip()
    devnet.revealTo(before)
    const tip = await devnet.mine()
    early.tell(header(tip, 500))
    await pauseOf(60)
    devnet.revealTo(null)
    const outcome = await Promise.race([
      untilRead(numbers, tip, 8_000).then(() => 'read'),
      ended.then(
        () => 'ended',
        (error) => String(error),
      ),
    ])
    expect(outcome).toBe('read')
  })
})

test('likelyWebSocketUrls', () => {
  expect(likelyWebSocketUrls('http://127.0.0.1:8545')).toEqual(['ws://127.0.0.1:8545', 'ws://127.0.0.1:8545/ws'])
  expect(likelyWebSocketUrls('https://node.example/')).toEqual(['wss://node.example/', 'wss://node.example/ws'])
})
