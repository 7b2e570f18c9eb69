import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createPace } from '../../../indexer/chain/pace.ts'

/** A pace whose clock is moved by hand, and requests that end when told. */
const open = (widthMax: number) => {
  let nowMs = 1_000
  const pace = createPace(widthMax, () => nowMs)
  const ends: (() => void)[] = []
  let started = 0
  const send = (signal?: AbortSignal) =>
    pace.run(() => {
      started++
      return new Promise<void>((resolve) => ends.push(resolve))
    }, signal)
  /** Ends the oldest request under way. */
  const end = async () => {
    ends.shift()!()
    await turn()
  }
  return { pace, send, end, started: () => started, wait: (ms: number) => (nowMs += ms) }
}
const grant = (pace: { granted(): void }, times: number) => {
  for (let time = 0; time < times; time++) pace.granted()
}
const never = () => new Promise<void>(() => {})

describe('the requests under way at once', () => {
  test('are no more than the width, and the next starts when one ends', async () => {
    const { send, end, started } = open(3)
    for (let request = 0; request < 5; request++) void send()
    await turn()
    expect(started()).toBe(3)
    await end()
    expect(started()).toBe(4)
    await end()
    await end()
    expect(started()).toBe(5)
  })

  test('one that fails makes place, too', async () => {
    const { pace, send, started } = open(1)
    const failing = pace.run(() => Promise.reject(new Error('reset')), undefined)
    void send()
    await expect(failing).rejects.toThrow('reset')
    await turn()
    expect(started()).toBe(1)
  })

  test('start in the order they came', async () => {
    const { pace } = open(1)
    const order: number[] = []
    await Promise.all([1, 2, 3].map((each) => pace.run(async () => void order.push(each), undefined)))
    expect(order).toEqual([1, 2, 3])
  })
})

describe('the width', () => {
  test('starts at the most', () => {
    expect(open(8).pace.width()).toBe(8)
  })

  test.each([
    [8, 1, 4],
    [8, 2, 2],
    [8, 3, 1],
    [8, 9, 1],
    [7, 1, 3],
    [1, 1, 1],
  ])('of %i after %i refusals one after the other is %i', (widthMax, refusals, width) => {
    const { pace, wait } = open(widthMax)
    for (let refusal = 0; refusal < refusals; refusal++) {
      pace.refused(100)
      wait(101)
    }
    expect(pace.width()).toBe(width)
  })

  test('is halved once for requests that are refused together', () => {
    const { pace, wait } = open(8)
    for (let refusal = 0; refusal < 8; refusal++) {
      pace.refused(100)
      wait(5)
    }
    expect(pace.width()).toBe(4)
  })

  test('is halved once for requests that are refused together, however late and without a wait', () => {
    const { pace, wait } = open(8)
    const sentMs = 1_000
    wait(50)
    for (let refusal = 0; refusal < 8; refusal++) {
      pace.refused(0, sentMs)
      wait(200)
    }
    expect(pace.width()).toBe(4)
    pace.refused(0, 1_100)
    expect(pace.width()).toBe(2)
  })

  test('grows by one after ten answers in a row for each request that may be under way', () => {
    const { pace } = open(8)
    pace.refused(0)
    grant(pace, 39)
    expect(pace.width()).toBe(4)
    grant(pace, 1)
    expect(pace.width()).toBe(5)
    grant(pace, 49)
    expect(pace.width()).toBe(5)
    grant(pace, 1)
    expect(pace.width()).toBe(6)
  })

  test('a refusal begins the count anew', () => {
    const { pace, wait } = open(8)
    pace.refused(1)
    wait(2)
    grant(pace, 39)
    pace.refused(1)
    grant(pace, 19)
    expect(pace.width()).toBe(2)
    grant(pace, 1)
    expect(pace.width()).toBe(3)
  })

  test('never exceeds the most', () => {
    const { pace } = open(3)
    pace.refused(0)
    grant(pace, 10_000)
    expect(pace.width()).toBe(3)
  })

  test('once halved holds for the requests to come, those under way are let run', async () => {
    const { pace, send, end, started } = open(4)
    for (let request = 0; request < 8; request++) void send()
    await turn()
    pace.refused(0)
    await end()
    await end()
    expect(started()).toBe(4)
    await end()
    expect(started()).toBe(5)
  })

  test('once it has grown lets a waiting request start at once', async () => {
    const { pace, send, started } = open(2)
    pace.refused(0)
    void send()
    void send()
    await turn()
    expect(started()).toBe(1)
    grant(pace, 10)
    await turn()
    expect(started()).toBe(2)
  })
})

describe('a wait that the endpoint asked for', () => {
  test('holds back every request, and the longer of two counts', async () => {
    const pace = createPace(4)
    const startMs = performance.now()
    pace.refused(200)
    pace.refused(50)
    const times = await Promise.all([1, 2, 3].map(() => pace.run(async () => performance.now() - startMs, undefined)))
    expect(Math.min(...times)).toBeGreaterThan(195)
  })

  test('holds back one that waited for its turn while it was asked for', async () => {
    const pace = createPace(1)
    let endFirst = () => {}
    const first = pace.run(() => new Promise<void>((resolve) => (endFirst = resolve)), undefined)
    const second = pace.run(async () => performance.now(), undefined)
    await turn()
    const startMs = performance.now()
    pace.refused(150)
    endFirst()
    await first
    expect((await second) - startMs).toBeGreaterThan(145)
  })

  test('that is prolonged while it is waited is waited to its new end', async () => {
    const pace = createPace(1)
    const startMs = performance.now()
    pace.refused(60)
    const held = pace.run(async () => performance.now() - startMs, undefined)
    await turn()
    pace.refused(200)
    expect(await held).toBeGreaterThan(195)
  })

  test('ends with an abort, which frees the place', async () => {
    const pace = createPace(1)
    const stop = new AbortController()
    pace.refused(300)
    const aborted = pace.run(never, stop.signal)
    const next = pace.run(async () => 'sent', undefined)
    const startMs = performance.now()
    stop.abort(new Error('stopped'))
    await expect(aborted).rejects.toThrow('stopped')
    expect(performance.now() - startMs).toBeLessThan(200)
    expect(await next).toBe('sent')
  })
})

describe('an abort while others are under way', () => {
  test('ends the wait for a turn at once, and nothing is sent', async () => {
    const { pace, send, started } = open(1)
    void send()
    const stop = new AbortController()
    const waiting = pace.run(never, stop.signal)
    await turn()
    stop.abort(new Error('stopped'))
    // The one under way never ends.
    const outcome = await Promise.race([waiting.catch((error) => String(error)), turn().then(() => 'still waiting')])
    expect(outcome).toBe('Error: stopped')
    expect(started()).toBe(1)
  })

  test('leaves no gap: those behind it start as places come free', async () => {
    const { pace, send, end, started } = open(1)
    void send()
    const stop = new AbortController()
    const waiting = pace.run(never, stop.signal).catch(() => {})
    void send()
    stop.abort()
    await waiting
    await end()
    expect(started()).toBe(2)
  })
})
