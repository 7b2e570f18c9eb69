import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type AnswerContext, answerBody } from './answer.ts'
import { deliver } from './deliver.ts'
import { createDice } from './dice.ts'
import type { FaultName, FaultRates } from './registry.ts'
import { createSwitchboard } from './switchboard.ts'
import type { Reply, Settings } from './types.ts'
import { createUpstream } from './upstream.ts'

export { type FaultName, type FaultRates, faultNames, spread } from './registry.ts'
export { type ServerName, serverWords } from './serverWords.ts'
export type { Settings } from './types.ts'

/** What stands between a client and an honest endpoint. */
export type HostileOptions = {
  /** URL of the honest endpoint. */
  upstream: string
  seed: number
  faults?: FaultRates
  settings?: Partial<Settings>
}

/** A JSON-RPC endpoint that fails as told. */
export type HostileRpc = {
  url: string
  /** How often each fault has struck. */
  counts: Readonly<Record<FaultName, number>>
  /** HTTP requests that have arrived. */
  requests(): number
  /** Sizes and words of the faults; may be changed at any time. */
  settings: Settings
  /** Changes the rates of the faults named. */
  set(rates: FaultRates): void
  /** Sets every rate to 0. */
  off(): void
  /** Lets a fault strike `times` more times at most. */
  limit(fault: FaultName, times: number): void
  /** Spoils only requests with one of these methods, and of them only these calls; without any, all again. */
  only(...methods: string[]): void
  /** Never spoils calls of these methods; without any, all may be spoilt again. */
  spare(...methods: string[]): void
  /** Serves another endpoint from now on. */
  serve(upstream: string): void
  close(): Promise<void>
}

const DEFAULTS: Settings = {
  stallMs: null,
  dripMs: 200,
  blockNumber: null,
  rewindBlocks: 3,
  rangeBlocks: 10,
  server: 'era',
  resultBytes: 50_000,
  batchBytes: 200_000,
  batchCalls: 20,
  chainId: 1,
}

/** Starts a proxy on 127.0.0.1 in front of an honest endpoint. Without faults it changes nothing. */
export async function startHostileRpc({ upstream: url, seed, faults, settings }: HostileOptions): Promise<HostileRpc> {
  const upstream = createUpstream(url)
  const switchboard = createSwitchboard()
  switchboard.set(faults ?? {})
  const context = { upstream, switchboard, settings: { ...DEFAULTS, ...settings }, diceFor: createDice(seed) }
  let requests = 0
  const server = createServer(async (request, response) => {
    requests++
    await deliver(response, await reply(context, request), context.settings)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { counts, set, off, limit, only, spare } = switchboard
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ counts, set, off, limit, settings: context.settings, serve: upstream.change },
    requests: () => requests,
    only: (...methods) => only(methods),
    spare: (...methods) => spare(methods),
    close: async () => {
      server.close()
      server.closeAllConnections()
      await upstream.close()
    },
  }
}

async function reply(context: AnswerContext, request: IncomingMessage): Promise<Reply> {
  try {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    return await answerBody(context, Buffer.concat(chunks).toString('utf8'))
  } catch (error) {
    return { status: 500, body: `the proxy failed: ${error}` }
  }
}
