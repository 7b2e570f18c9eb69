import { refuse, spoilOne } from './spoil.ts'
import type { Answer, Call, Exchange, Fault } from './types.ts'

const BLOCK = 'eth_getBlockByNumber'

/** Answers of a node that lags behind the one that answered before. */
export const headFaults = {
  /** The newest block is known by its number, but not there yet. */
  nullHead: spoilOne([BLOCK], async (_, { params: [tag] }, { ask }) =>
    tag === 'latest' || tag === (await ask('eth_blockNumber', [])) ? null : undefined,
  ),
  /** Every answer of the request comes from a node that is `rewindBlocks` behind. */
  headBackwards: {
    stage: 'answers',
    methods: ['eth_blockNumber', BLOCK, 'eth_getLogs'],
    spoil: async (exchange, answers) => {
      const head = Math.max(0, Number(await exchange.ask('eth_blockNumber', [])) - exchange.settings.rewindBlocks)
      const rewound = [...answers]
      for (const target of exchange.targets) {
        rewound[target] = await answerAt(head, exchange.calls[target]!, answers[target]!, exchange)
      }
      return JSON.stringify(rewound) === JSON.stringify(answers) ? null : rewound
    },
  },
} satisfies Record<string, Fault>

async function answerAt(head: number, { method, params }: Call, answer: Answer, { ask }: Exchange): Promise<Answer> {
  if (answer.error !== undefined) return answer
  if (method === 'eth_blockNumber') return { ...answer, result: `0x${head.toString(16)}` }
  if (method === 'eth_getLogs') {
    const { blockHash } = params[0] as { blockHash?: string }
    if (blockHash !== undefined) {
      const { number } = (await ask('eth_getBlockByHash', [blockHash, false])) as { number: string }
      return Number(number) > head ? refuse(answer, { code: -32000, message: 'unknown block' }) : answer
    }
    // Servers do not refuse a range that ends above their head: they leave its end out.
    const logs = answer.result as { blockNumber: string }[]
    return { ...answer, result: logs.filter(({ blockNumber }) => Number(blockNumber) <= head) }
  }
  if (params[0] === 'latest') return { ...answer, result: await ask(BLOCK, [`0x${head.toString(16)}`, params[1]]) }
  return Number(params[0]) > head ? { ...answer, result: null } : answer
}
