import { serverWords } from './serverWords.ts'
import { refuse } from './spoil.ts'
import type { Answer, Call, Exchange, Fault, RpcErrorBody } from './types.ts'

/** Refusals of what is too much. They are honest: only what exceeds the size in `settings` is refused. */
export const capFaults = {
  /** eth_getLogs over more than `rangeBlocks` blocks is refused, in the words of `server`. */
  rangeCap: refuseWhere(['eth_getLogs'], ({ params }, _, { settings: { rangeBlocks, server } }) => {
    const { fromBlock, toBlock } = params[0] as { fromBlock?: string; toBlock?: string }
    const from = Number(fromBlock)
    const to = Number(toBlock)
    if (!(to - from >= rangeBlocks)) return null
    return serverWords[server]({ from, end: from + rangeBlocks - 1, max: rangeBlocks })
  }),
  /** A result of more than `resultBytes` is refused in jsonrpsee's words (ZKsync Era, zksync-era #3412). */
  responseTooBig: refuseWhere(null, (_, { result }, { settings: { resultBytes } }) =>
    JSON.stringify(result ?? null).length > resultBytes
      ? { code: -32008, message: 'Response is too big', data: `Exceeded max limit of ${resultBytes}` }
      : null,
  ),
  /** A batch of more than `batchCalls` calls is refused as a whole, in jsonrpsee's words. */
  batchTooLong: {
    stage: 'request',
    reply: ({ calls, settings: { batchCalls } }) =>
      calls.length > batchCalls ? refuseBatch(-32010, 'The batch request was too large', batchCalls) : null,
  },
  /** A batch whose answers have more than `batchBytes` together is refused as a whole, in jsonrpsee's words. */
  batchTooBig: {
    stage: 'delivery',
    deliver: (body, { settings: { batchBytes } }) =>
      body.length > batchBytes ? refuseBatch(-32011, 'The batch response was too large', batchBytes) : null,
  },
} satisfies Record<string, Fault>

/** Refuses each call for which `find` names an error. */
function refuseWhere(
  methods: readonly string[] | null,
  find: (call: Call, answer: Answer, exchange: Exchange) => RpcErrorBody | null,
): Fault {
  return {
    stage: 'answers',
    methods,
    spoil: (exchange, answers) => {
      let refused = 0
      const spoilt = answers.map((answer, index) => {
        const error = exchange.targets.includes(index) ? find(exchange.calls[index]!, answer, exchange) : null
        if (error === null) return answer
        refused++
        return refuse(answer, error)
      })
      return refused > 0 ? spoilt : null
    },
  }
}

function refuseBatch(code: number, message: string, max: number) {
  const error = { code, message, data: `Exceeded max limit of ${max}` }
  return { status: 200, body: JSON.stringify({ jsonrpc: '2.0', id: null, error }) }
}
