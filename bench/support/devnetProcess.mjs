// Child of the head bench: the local chain, which tells its parent of each new block the moment the RPC shows it.
import process from 'node:process'
import WebSocket from 'ws'
import { startDevnet } from '../../contracts/devnet/index.ts'
import { clock } from './rpcProxy.mjs'

/** @typedef {{ kind: 'ready', url: string, webSocketUrl: string } | { kind: 'head', number: number, at: number }} DevnetMessage */

const tell = (/** @type {DevnetMessage} */ message) => void (process.connected && process.send?.(message))

// The chain notifies its subscribers in the same turn in which a block becomes visible, so the moment at which it writes
// the first notification of a block is that moment; when a subscriber reads it is later by a trip through the socket.
let told = -1
const send = WebSocket.prototype.send
WebSocket.prototype.send = function (/** @type {any[]} */ ...args) {
  const at = clock()
  const text = String(args[0])
  const number = text.includes('"eth_subscription"') ? Number(/"number":"(0x[0-9a-f]+)"/.exec(text)?.[1] ?? -1) : -1
  if (number > told) {
    told = number
    tell({ kind: 'head', number, at })
  }
  return Reflect.apply(send, this, args)
}

const options = JSON.parse(process.argv[2] ?? '{}')
const devnet = await startDevnet(options)
const socket = new WebSocket(devnet.webSocketUrl)
socket.on('open', () =>
  socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'] })),
)
socket.once('message', () => tell({ kind: 'ready', url: devnet.url, webSocketUrl: devnet.webSocketUrl }))

let closing = false
const close = async () => {
  if (closing) return
  closing = true
  socket.terminate()
  await devnet.close()
  process.exit(0)
}
// The parent decides when it is over: an interruption from the terminal reaches both.
process.on('SIGINT', () => {})
process.on('SIGTERM', close)
process.on('disconnect', close)
