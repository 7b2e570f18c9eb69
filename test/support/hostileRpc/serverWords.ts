import type { RpcErrorBody } from './types.ts'

/** A range that was refused: its first block, the last one that would have been allowed, and the most blocks. */
type Refused = { from: number; end: number; max: number }

/**
 * How servers and providers refuse an eth_getLogs range that is too wide or holds too much.
 * ZKsync's are from its source (zksync.md); the others' are quoted from memory of issues and client libraries, so
 * take them as shapes that occur, not as today's exact words.
 */
export const serverWords = {
  era: ({ from, end }) => ({
    code: -32602,
    message: `Query returned more than 10000 results. Try with this block range [${hex(from)}, ${hex(end)}].`,
  }),
  zksyncOs: ({ max }) => ({ code: -32602, message: `query exceeds max block range ${max}` }),
  zksyncOsResults: ({ from, end }) => ({
    code: -32602,
    message: `query exceeds max results 10000, retry with the range ${from}-${end}`,
  }),
  /** Infura's code is the one that elsewhere means "later". */
  infura: ({ from, end }) => ({
    code: -32005,
    message: `query returned more than 10000 results. Try with this block range [${hex(from)}, ${hex(end)}].`,
  }),
  alchemy: ({ from, end }) => ({
    code: -32602,
    message: `Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range and no limit on the response size, or you can request any block range with a cap of 10K logs in the response. Based on your parameters and the response size limit, this block range should work: [${hex(from)}, ${hex(end)}]`,
  }),
  alchemyFree: ({ from, end, max }) => ({
    code: -32600,
    message: `Under the Free tier plan, you can make eth_getLogs requests with up to a ${max} block range. Based on your parameters, this block range should work: [${hex(from)}, ${hex(end)}].`,
  }),
  quicknode: ({ max }) => ({ code: -32614, message: `eth_getLogs is limited to a ${max} range` }),
  ankr: () => ({ code: -32062, message: 'Block range is too large' }),
  chainstack: () => ({ code: -32000, message: 'Block range limit exceeded.' }),
  cloudflare: ({ max }) => ({
    code: -32047,
    message: `Invalid eth_getLogs request. 'fromBlock'-'toBlock' range too large. Max range: ${max}`,
  }),
  publicnode: ({ max }) => ({ code: -32701, message: `exceed maximum block range: ${max}` }),
  drpc: ({ max }) => ({ code: 35, message: `ranges over ${max} blocks are not supported on freetier` }),
  llamanodes: ({ max }) => ({ code: -32603, message: `eth_getLogs range too large, max is ${max} blocks` }),
  avalanche: ({ from, end, max }) => ({
    code: -32000,
    message: `requested too many blocks from ${from} to ${end + 1}, maximum is set to ${max}`,
  }),
  thirdweb: ({ max }) => ({ code: -32602, message: `Maximum allowed number of requested blocks is ${max}` }),
  harmony: ({ max }) => ({ code: -32000, message: `query must be smaller than size ${max}` }),
} satisfies Record<string, (refused: Refused) => RpcErrorBody>

/** A server whose words are known. */
export type ServerName = keyof typeof serverWords

function hex(value: number): string {
  return `0x${value.toString(16)}`
}
