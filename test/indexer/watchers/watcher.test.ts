import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { EndpointError } from '../../../indexer/chain/errors.ts'
import { runWatchers, type Watcher, type Watching } from '../../../indexer/watchers/watcher.ts'

const gone = new EndpointError('http://a', 'gone')
const broken = new TypeError('undefined is not a function')

let stop: AbortController
beforeEach(() => {
  stop = new AbortController()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  stop.abort()
  vi.useRealTimers()
})

/** A watcher whose rounds do as `rounds` says, the last of them for ever; an error is thrown. */
function watcherOf(name: string, ...rounds: (number | Error | (() => Promise<number>))[]) {
  let begun = 0
  let closed = 0
  const signals: AbortSignal[] = []
  const watcher: Watcher = {
    name,
    round: async (signal) => {
      signals.push(signal)
      const outcome = rounds[Math.min(begun++, rounds.length - 1)]!
      if (outcome instanceof Error) throw outcome
      return typeof outcome === 'number' ? outcome : outcome()
    },
    close: async () => void closed++,
  }
  return { watcher, signals, begun: () => begun, closed: () => closed }
}
const run = (...watchers: { watcher: Watcher }[]) => {
  const failures: [string, string, number][] = []
  const watching = runWatchers(
    watchers.map(({ watcher }) => watcher),
    {
      signal: stop.signal,
      isPassing: (error) => error instanceof EndpointError,
      onFailure: (name, error, waitMs) => failures.push([name, error.message, waitMs]),
    },
  )
  return { ...watching, failures }
}
/** Lets time pass, and what it sets off happen. */
const pass = async (ms: number) => {
  await vi.advanceTimersByTimeAsync(ms)
  await turn()
}
const isSettled = async (promise: Promise<unknown>) => {
  const open = Symbol('open')
  await turn()
  return (
    (await Promise.race([
      promise.then(
        () => 'done',
        (error) => String(error),
      ),
      turn(open),
    ])) !== open
  )
}

describe('rounds', () => {
  test('begin at once, and again when the time has passed that the last one named', async () => {
    const one = watcherOf('one', 100, 300)
    run(one)
    await pass(0)
    expect(one.begun()).toBe(1)
    await pass(99)
    expect(one.begun()).toBe(1)
    await pass(1)
    expect(one.begun()).toBe(2)
    await pass(299)
    expect(one.begun()).toBe(2)
    await pass(1)
    expect(one.begun()).toBe(3)
  })

  test('of one watcher never overlap, and do not wait for those of another', async () => {
    const slow = watcherOf('slow', () => new Promise(() => {}))
    const quick = watcherOf('quick', 10)
    run(slow, quick)
    await pass(100)
    expect(slow.begun()).toBe(1)
    expect(quick.begun()).toBe(11)
  })
})

describe('failures', () => {
  test('are told and tried again, after pauses that double up to half a minute', async () => {
    const one = watcherOf('one', gone)
    const { failures } = run(one)
    const waits = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]
    for (const [index, waitMs] of waits.entries()) {
      await pass(0)
      expect(failures.at(-1)).toEqual(['one', gone.message, waitMs])
      await pass(waitMs - 1)
      expect(one.begun()).toBe(index + 1)
      await pass(1)
      expect(one.begun()).toBe(index + 2)
    }
  })

  test('begin with a short pause again after a round that succeeds', async () => {
    const one = watcherOf('one', gone, gone, 10, gone)
    const { failures } = run(one)
    await pass(500 + 1_000 + 10)
    expect(failures.map(([, , waitMs]) => waitMs)).toEqual([500, 1_000, 500])
  })

  test('of one do not hold up another', async () => {
    const failing = watcherOf('failing', gone)
    const fine = watcherOf('fine', 10)
    run(failing, fine)
    await pass(100)
    expect(fine.begun()).toBe(11)
  })
})

describe('an error that does not pass', () => {
  test('is what everything fails with, and is not tried again', async () => {
    const one = watcherOf('one', 10, broken)
    const { failed, failures } = run(one, watcherOf('two', 10))
    const outcome = expect(failed).rejects.toBe(broken)
    await pass(10)
    await outcome
    await pass(60_000)
    expect(one.begun()).toBe(2)
    expect(failures).toEqual([])
  })

  test('is met by whoever finishes, too', async () => {
    const { finish, failed } = run(watcherOf('one', broken))
    await expect(failed).rejects.toBe(broken)
    await expect(finish()).rejects.toBe(broken)
  })

  test('leaves the others running until they are stopped, then all are closed', async () => {
    const one = watcherOf('one', broken)
    const two = watcherOf('two', 10)
    const { failed, ended } = run(one, two)
    await expect(failed).rejects.toBe(broken)
    await pass(50)
    expect(two.begun()).toBeGreaterThan(4)
    stop.abort()
    await ended
    expect([one.closed(), two.closed()]).toEqual([1, 1])
  })
})

describe('finish', () => {
  test('cuts the wait short: one more round each, no more', async () => {
    const one = watcherOf('one', 60_000)
    const two = watcherOf('two', 60_000)
    const { finish, ended } = run(one, two)
    await pass(0)
    await finish()
    expect([one.begun(), two.begun()]).toEqual([2, 2])
    await ended
    expect([one.closed(), two.closed()]).toEqual([1, 1])
    await pass(600_000)
    expect([one.begun(), two.begun()]).toEqual([2, 2])
  })

  test('waits for a round that has begun before, and lets one more follow', async () => {
    let end = (_: number) => {}
    const one = watcherOf('one', () => new Promise((resolve) => (end = resolve)), 60_000)
    const { finish } = run(one)
    await pass(0)
    const finished = finish()
    expect(await isSettled(finished)).toBe(false)
    end(60_000)
    await finished
    expect(one.begun()).toBe(2)
  })

  test('tries a last round that fails again, with its pauses', async () => {
    const one = watcherOf('one', 60_000, gone, gone, 60_000)
    const { finish, failures } = run(one)
    await pass(0)
    const finished = finish()
    await pass(499)
    expect(one.begun()).toBe(2)
    await pass(1)
    expect(one.begun()).toBe(3)
    await pass(1_000)
    await finished
    expect(one.begun()).toBe(4)
    expect(failures.map(([, , waitMs]) => waitMs)).toEqual([500, 1_000])
  })

  test('gives up after seven failures in a row', async () => {
    const one = watcherOf('one', 60_000, gone)
    const { finish } = run(one)
    await pass(0)
    const outcome = expect(finish()).rejects.toBe(gone)
    await pass(500 + 1_000 + 2_000 + 4_000 + 8_000 + 16_000)
    await outcome
    expect(one.begun()).toBe(1 + 7)
  })

  test('of nothing is done at once', async () => {
    const { finish, ended } = run()
    await finish()
    await ended
  })
})

describe('an abort', () => {
  test.each<[string, number | Error]>([
    ['waits for its next round', 60_000],
    ['waits after a failure', gone],
  ])('ends a watcher that %s at once', async (_, outcome) => {
    const one = watcherOf('one', outcome)
    const { ended } = run(one)
    await pass(0)
    stop.abort()
    await ended
    expect([one.begun(), one.closed()]).toEqual([1, 1])
  })

  test('is known to a round under way, whose failure then is none', async () => {
    const one = watcherOf(
      'one',
      () => new Promise((_, reject) => stop.signal.addEventListener('abort', () => reject(broken))),
    )
    const { ended, failed, failures } = run(one)
    await pass(0)
    expect(one.signals[0]!.aborted).toBe(false)
    stop.abort()
    expect(one.signals[0]!.aborted).toBe(true)
    await ended
    expect(failures).toEqual([])
    expect(await isSettled(failed)).toBe(false)
  })

  test('before the start: no round, but each is closed', async () => {
    stop.abort()
    const one = watcherOf('one', 10)
    const { ended, finish } = run(one)
    await ended
    await finish()
    expect([one.begun(), one.closed()]).toEqual([0, 1])
  })

  test('leaves no timer', async () => {
    const watching: Watching = run(watcherOf('one', 60_000), watcherOf('two', gone))
    await pass(0)
    expect(vi.getTimerCount()).toBe(2)
    stop.abort()
    await watching.ended
    expect(vi.getTimerCount()).toBe(0)
  })

  test('one that cannot be closed keeps no other from it', async () => {
    const one = watcherOf('one', 10)
    one.watcher.close = () => Promise.reject(broken)
    const two = watcherOf('two', 10)
    const { ended } = run(one, two)
    stop.abort()
    await ended
    expect(two.closed()).toBe(1)
  })
})
