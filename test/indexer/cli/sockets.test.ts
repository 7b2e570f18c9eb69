import { expect, test } from 'vitest'
import { pairSockets } from '../../../indexer/cli/sockets.ts'

test.each<[string, string[], string[], (string | null)[]]>([
  ['by host', ['http://a/1', 'http://b/2'], ['ws://b/x', 'ws://a/y'], ['ws://a/y', 'ws://b/x']],
  ['by host and port', ['http://a:1', 'http://a:2'], ['ws://a:2', 'ws://a:1'], ['ws://a:1', 'ws://a:2']],
  ['by host, the port of the scheme left out', ['https://a', 'https://b:443'], ['wss://b'], [null, 'wss://b']],
  ['by order where the hosts differ', ['http://a', 'http://b'], ['ws://c', 'ws://d'], ['ws://c', 'ws://d']],
  ['by host first, the rest by order', ['http://a', 'http://b'], ['ws://c', 'ws://a'], ['ws://a', 'ws://c']],
  ['the first of two of one host', ['http://a'], ['ws://a/1', 'ws://a/2'], ['ws://a/1']],
  ['each once', ['http://a/1', 'http://a/2'], ['ws://a/x'], ['ws://a/x', null]],
  ['two of one host, by order', ['http://a/1', 'http://a/2'], ['ws://a/x', 'ws://a/y'], ['ws://a/x', 'ws://a/y']],
  ['one that cannot be read by order', ['http://a', 'nonsense'], ['ws://', 'ws://a'], ['ws://a', 'ws://']],
  ['no sockets', ['http://a', 'http://b'], [], [null, null]],
  ['no endpoints', [], ['ws://a'], []],
])('WebSockets are paired with endpoints: %s', (_, httpUrls, socketUrls, expected) => {
  expect(pairSockets(httpUrls, socketUrls)).toEqual(expected)
})
