import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Reply, Settings } from './types.ts'

const DRIP_PIECES = 8

/** Sends a reply in its manner. Resolves when nothing more will be sent. */
export async function deliver(response: ServerResponse, reply: Reply, settings: Settings): Promise<void> {
  const { status, body, manner = 'whole' } = reply
  if (manner === 'stall') return stall(response, settings.stallMs)
  const bytes = Buffer.from(body)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': String(bytes.length),
    ...reply.headers,
  })
  if (manner === 'whole') response.end(bytes)
  if (manner === 'drip') await drip(response, bytes, settings.dripMs)
  // Cut only what has been sent: a connection that is destroyed at once sends nothing.
  if (manner === 'reset') response.write(bytes.subarray(0, bytes.length >> 1), () => response.socket?.resetAndDestroy())
}

async function drip(response: ServerResponse, bytes: Buffer, totalMs: number): Promise<void> {
  const size = Math.ceil(bytes.length / DRIP_PIECES)
  for (let start = 0; start < bytes.length && !response.destroyed; start += size) {
    response.write(bytes.subarray(start, start + size))
    await sleep(totalMs / DRIP_PIECES)
  }
  response.end()
}

function stall(response: ServerResponse, stallMs: number | null): void {
  if (stallMs === null) return
  const timer = setTimeout(() => response.socket?.destroy(), stallMs)
  response.once('close', () => clearTimeout(timer))
}
