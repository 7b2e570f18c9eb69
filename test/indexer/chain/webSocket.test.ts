import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import { nowMicroseconds, type Subscription, subscribe } from '../../../indexer/chain/webSocket.ts'
import { type FakeSocket, startFakeSocket } from './pending/fakeSocket.ts'

let opened: Subscription[]
let socket: FakeSocket

beforeEach(async () => {
  opened = []
  socket = await startFakeSocket()
})

afterEach(async () => {
  for (const each of opened) each.close()
  await socket.close()
})

/** Subscribes and notes what is heard. */
function listen(url = socket.url) {
  const heard: unknown[] = []
  const times: number[] = []
  const closed: string[] = []
  let opens = 0
  const subscription = subscribe(url, ['newHeads'], {
    onMessage: (result, receivedAt) => {
      heard.push(result)
      times.push(receivedAt)
    },
    onOpen: () => opens++,
    onClose: (reason) => closed.push(reason),
  })
  opened.push(subscription)
  return { heard, times, closed, opens: () => opens, close: subscription.close }
}
type Heard = ReturnType<typeof listen>
const untilOpen = ({ opens }: Heard) => vi.waitFor(() => expect(opens()).toBe(1))
const untilClosed = ({ closed }: Heard) => vi.waitFor(() => expect(closed).toHaveLength(1), { timeout: 8_000 })
const notification = (subscription: unknown, result: unknown) =>
  JSON.stringify({ jsonrpc: '2.0', method: 'eth_subscription', params: { subscription, result } })

describe('subscribe', () => {
  test('asks for what is wanted, and gives what is told with the time', async () => {
    const heard = listen()
    await untilOpen(heard)
    expect(socket.asked).toEqual([['newHeads']])
    const before = nowMicroseconds()
    socket.tell('a', { number: '0x1' }, null)
    await vi.waitFor(() => expect(heard.heard).toEqual(['a', { number: '0x1' }, null]))
    for (const time of heard.times) {
      expect(time).toBeGreaterThanOrEqual(before)
      expect(time).toBeLessThanOrEqual(nowMicroseconds())
    }
    expect(heard.closed).toEqual([])
  })

  test.each([
    ['of another subscription', notification('0x2', 'other')],
    ['without parameters', '{"jsonrpc":"2.0","method":"eth_subscription"}'],
    ['with parameters of null', '{"jsonrpc":"2.0","method":"eth_subscription","params":null}'],
    ['of another method', '{"jsonrpc":"2.0","method":"hello","params":{"subscription":"0x1","result":1}}'],
    ['that is a number', '5'],
    ['that is a list', '[]'],
    ['that is empty', '{}'],
  ])('a message %s is passed over', async (_, text) => {
    const heard = listen()
    await untilOpen(heard)
    socket.send(text)
    socket.tell('after')
    await vi.waitFor(() => expect(heard.heard).toEqual(['after']))
    expect(heard.closed).toEqual([])
  })

  test.each([
    ['no JSON', '<html>'],
    ['JSON that breaks off', '{"jsonrpc":"2.0","meth'],
    ['nothing', ''],
    ['null', 'null'],
  ])('%s ends it, once', async (_, text) => {
    const heard = listen()
    await untilOpen(heard)
    socket.send(text)
    socket.tell('after')
    await untilClosed(heard)
    expect(heard.closed).toEqual(['the server sent something that is not JSON'])
    expect(heard.heard).toEqual([])
  })

  test('a refusal ends it with the words of the server', async () => {
    const refusing = await startFakeSocket(() => 'refuse')
    const heard = listen(refusing.url)
    await untilClosed(heard)
    expect(heard).toMatchObject({ closed: ['refused: not supported'], heard: [] })
    expect(heard.opens()).toBe(0)
    await vi.waitFor(() => expect(refusing.lines()).toBe(0))
    await refusing.close()
  })

  test('no answer to the subscription ends it after a while', async () => {
    const mute = await startFakeSocket(() => 'ignore')
    const heard = listen(mute.url)
    await untilClosed(heard)
    expect(heard.closed).toEqual(['the server does not answer eth_subscribe'])
    await mute.close()
  })

  test('a line that is cut ends it', async () => {
    const heard = listen()
    await untilOpen(heard)
    socket.cut()
    await untilClosed(heard)
    expect(heard.closed[0]).toMatch(/^the connection was closed \(\d+\)$/)
  })

  test('nobody there', async () => {
    const { url } = socket
    await socket.close()
    const heard = listen(url)
    await untilClosed(heard)
    expect(heard.closed[0]).toMatch(/ECONNREFUSED/)
  })

  test('a server that speaks HTTP only', async () => {
    const http = createServer((_, response) => response.end('hello'))
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    const heard = listen(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`)
    await untilClosed(heard)
    expect(heard.closed).toHaveLength(1)
    http.close()
    http.closeAllConnections()
  })

  test('a message of more than 16 MB ends it', async () => {
    const heard = listen()
    await untilOpen(heard)
    socket.tell('x'.repeat(17 * 1024 * 1024))
    await untilClosed(heard)
    expect(heard.heard).toEqual([])
  })

  test('close: nothing is heard any more, not even of the end', async () => {
    const heard = listen()
    await untilOpen(heard)
    heard.close()
    socket.tell('after')
    await vi.waitFor(() => expect(socket.lines()).toBe(0))
    expect(heard).toMatchObject({ heard: [], closed: [] })
  })

  test('close before the line is open', async () => {
    const heard = listen()
    heard.close()
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(heard).toMatchObject({ heard: [], closed: [] })
    expect(heard.opens()).toBe(0)
  })

  test('close between the question and its answer', async () => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    await new Promise((resolve) => server.on('listening', resolve))
    const heard = listen(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
    server.on('connection', (line) =>
      line.on('message', () => {
        heard.close()
        line.send('{"jsonrpc":"2.0","id":1,"result":"0x1"}')
      }),
    )
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(heard.opens()).toBe(0)
    expect(heard.closed).toEqual([])
    await new Promise((resolve) => server.close(resolve))
  })

  test('an address that is none ends it like any other failure', async () => {
    const heard = listen('ws://')
    await untilClosed(heard)
    expect(heard.closed).toHaveLength(1)
  })
})

test('nowMicroseconds is the time of this machine', () => {
  expect(Math.abs(nowMicroseconds() / 1000 - Date.now())).toBeLessThan(1_000)
})
