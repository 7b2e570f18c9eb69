// A gate in front of a finished chain: it hides the blocks above a head that moves, and announces new heads over WebSocket.
import { Agent } from 'node:http'
import { WebSocketServer } from 'ws'
import { clock, post, refuseUpgrade, startRpcProxy } from './rpcProxy.mjs'

/**
 * @typedef {import('./rpcProxy.mjs').Call} Call
 * @typedef {Awaited<ReturnType<typeof startGate>>} ChainGate
 */

/** Blocks from the head to the one that is called safe or final, as in the replay server. */
const FINAL_AFTER = 32
/** A block that no chain has: asked for it, the server says what it says of any block it does not have. */
const NO_BLOCK = '0x7fffffff'
/** Position of the block parameter of methods that take one. */
const BLOCK_PARAMETER = new Map([
  ['eth_getBlockByNumber', 0],
  ['eth_getBlockReceipts', 0],
  ['eth_call', 1],
  ['eth_getCode', 1],
  ['eth_getBalance', 1],
])

/**
 * Listens on a free port of 127.0.0.1.
 * @param {string} target the server of the whole chain
 * @param {{ head: number, webSocket: boolean }} options the first head, and whether heads are announced
 */
export async function startGate(target, { head, webSocket }) {
  let shown = head
  /** @type {Map<import('ws').WebSocket, string>} subscriptions to newHeads */
  const subscriptions = new Map()
  const proxy = await startRpcProxy(target, { admit, answer })
  /** @type {Map<number, number>} when each block was shown, see `clock` */
  const shownAt = new Map()
  const agent = new Agent({ keepAlive: true })
  const sockets = new WebSocketServer({ noServer: true })
  if (webSocket) {
    proxy.server.off('upgrade', refuseUpgrade)
    proxy.server.on('upgrade', (request, socket, start) =>
      sockets.handleUpgrade(request, socket, start, (client) => {
        client.on('message', (data) => serve(client, JSON.parse(String(data))))
        client.on('close', () => subscriptions.delete(client))
      }),
    )
  }

  /** @param {unknown} tag */
  function resolve(tag) {
    if (tag === 'latest' || tag === 'pending' || tag === undefined) return toHex(shown)
    if (tag === 'safe' || tag === 'finalized') return toHex(Math.max(0, shown - FINAL_AFTER))
    return typeof tag === 'string' && /^0x[0-9a-f]{1,12}$/i.test(tag) && Number(tag) > shown ? NO_BLOCK : tag
  }

  /**
   * @param {Call} call
   * @returns {Call}
   */
  function admit(call) {
    const params = [...(call.params ?? [])]
    if (call.method === 'eth_getLogs') {
      const filter = /** @type {Record<string, unknown>} */ ({ ...(params[0] ?? {}) })
      if (filter.blockHash === undefined) {
        filter.fromBlock = resolve(filter.fromBlock)
        const to = resolve(filter.toBlock)
        filter.toBlock = to === NO_BLOCK && filter.fromBlock !== NO_BLOCK ? toHex(shown) : to
      }
      return { ...call, params: [filter] }
    }
    const position = BLOCK_PARAMETER.get(call.method)
    if (position === undefined) return call
    params[position] = resolve(params[position])
    return { ...call, params }
  }

  /**
   * @param {Call} call
   * @param {unknown} result
   */
  function answer(call, result) {
    if (call.method === 'eth_blockNumber') return toHex(shown)
    const { number, blockNumber } = /** @type {Record<string, unknown>} */ (result ?? {})
    // Nobody can know the hash of what is hidden; still, it stays hidden.
    return Number(number ?? blockNumber ?? 0) > shown ? null : result
  }

  /**
   * @param {import('ws').WebSocket} client
   * @param {Call} call
   */
  function serve(client, call) {
    proxy.count([call])
    const isHeads = call.method === 'eth_subscribe' && call.params?.[0] === 'newHeads'
    const id = toHex(subscriptions.size + 1)
    if (isHeads) subscriptions.set(client, id)
    const outcome = isHeads ? { result: id } : { error: { code: -32601, message: 'only newHeads is served' } }
    client.send(JSON.stringify({ jsonrpc: '2.0', id: call.id, ...outcome }))
  }

  return {
    url: proxy.url,
    webSocketUrl: proxy.url.replace('http', 'ws'),
    shownAt,
    counts: proxy.counts,
    reset: proxy.reset,
    /** Number of the newest block that is shown. */
    head: () => shown,
    /** Shows one block more. */
    advance: async () => {
      shown++
      shownAt.set(shown, clock())
      if (subscriptions.size === 0) return
      const call = { jsonrpc: '2.0', id: 1, method: 'eth_getBlockByNumber', params: [toHex(shown), false] }
      const { body } = await post(target, Buffer.from(JSON.stringify(call)), agent)
      const { transactions, uncles, size, totalDifficulty, ...result } = JSON.parse(body.toString('utf8')).result
      for (const [client, subscription] of subscriptions) {
        client.send(JSON.stringify({ jsonrpc: '2.0', method: 'eth_subscription', params: { subscription, result } }))
      }
    },
    close: () => {
      for (const client of sockets.clients) client.terminate()
      agent.destroy()
      return proxy.close()
    },
  }
}

/** @param {number} number */
function toHex(number) {
  return `0x${number.toString(16)}`
}
