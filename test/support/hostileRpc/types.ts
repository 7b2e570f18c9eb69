import type { ServerName } from './serverWords.ts'

/** A JSON-RPC call as it arrived. */
export type Call = { id: unknown; method: string; params: readonly unknown[] }

/** The answer to one call. */
export type Answer = { jsonrpc: '2.0'; id: unknown; result?: unknown; error?: RpcErrorBody }

/** Error object of an answer. */
export type RpcErrorBody = { code: number; message: string; data?: unknown }

/** An HTTP answer and the manner of its delivery. */
export type Reply = {
  status: number
  headers?: Record<string, string>
  body: string
  /** `reset` cuts the connection after half the body, `drip` sends it in slow pieces, `stall` sends nothing. Default `whole`. */
  manner?: 'whole' | 'reset' | 'drip' | 'stall'
}

/** Sizes and words of the faults; may be changed at any time. */
export type Settings = {
  /** A stalled request is cut after this many milliseconds; null = it hangs until the client gives up. */
  stallMs: number | null
  /** Milliseconds that the slow delivery of an answer takes in all. */
  dripMs: number
  /** The only block that the faults of blocks spoil; null = any. */
  blockNumber: number | null
  /** Blocks by which the head goes backwards. */
  rewindBlocks: number
  /** Widest eth_getLogs range that `rangeCap` lets through. */
  rangeBlocks: number
  /** In whose words `rangeCap` refuses. */
  server: ServerName
  /** Largest result in bytes that `responseTooBig` lets through. */
  resultBytes: number
  /** Largest body in bytes that `batchTooBig` lets through. */
  batchBytes: number
  /** Longest batch that `batchTooLong` lets through. */
  batchCalls: number
  /** Id of the chain that `otherChainId` claims to serve. */
  chainId: number
}

/** One HTTP request on its way through the proxy, as one fault sees it. */
export type Exchange = {
  calls: readonly Call[]
  /** Positions in `calls` of those that the fault may spoil; never empty. */
  targets: readonly number[]
  /** Numbers in [0, 1) that belong to this fault and this request. */
  random: () => number
  settings: Settings
  /** Result of the honest endpoint. Throws when it refuses. */
  ask(method: string, params: readonly unknown[]): Promise<unknown>
}

/** Something that goes wrong. Each hook returns null when there is nothing here that could go wrong in that way. */
export type Fault =
  /** The honest endpoint is not asked. */
  | { stage: 'request'; reply(exchange: Exchange): Reply | null }
  /** What was answered is not the truth; `answers[i]` answers `calls[i]` until a fault of batches has been at it. */
  | {
      stage: 'answers'
      /** Methods it concerns; null = all. */
      methods: readonly string[] | null
      spoil(exchange: Exchange, answers: readonly Answer[]): Answer[] | null | Promise<Answer[] | null>
    }
  /** The right answer does not arrive as it should. */
  | { stage: 'delivery'; deliver(body: string, exchange: Exchange): Reply | null }
