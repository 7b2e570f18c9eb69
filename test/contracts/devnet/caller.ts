import type { Json } from '../../../contracts/devnet/proxy/json.ts'
import { createRpc, type Rpc, RpcError, type RpcErrorBody } from '../../../contracts/devnet/rpc.ts'

/** Calls one JSON-RPC endpoint and reads its answers as loose JSON. */
export type Caller = {
  /** @throws RpcError when the endpoint answers with an error */
  call<T = Json>(method: string, ...params: unknown[]): Promise<T>
  /** The error a call ends with; fails when the call succeeds. */
  refusal(method: string, ...params: unknown[]): Promise<RpcErrorBody>
  /** Full blocks `from` to `to`, both included, with their receipts and all their logs. */
  blocks(from: number, to: number): Promise<ReadBlock[]>
  close(): Promise<void>
}

/** A block as an indexer reads it. */
export type ReadBlock = {
  block: Json & { number: string; hash: string; parentHash: string; timestamp: string; transactions: Json[] }
  receipts: (Json & { transactionHash: string; status: string; logs: Json[] })[]
  logs: Json[]
}

/** Opens a caller on `url`. */
export function createCaller(url: string): Caller {
  const rpc = createRpc(url)
  return {
    call: (method, ...params) => rpc.call(method, params),
    async refusal(method, ...params) {
      const answer = await rpc.call(method, params).catch((error: unknown) => error)
      if (answer instanceof RpcError) return { code: answer.code, message: answer.message }
      throw new Error(`${method} was not refused but answered ${JSON.stringify(answer)}`)
    },
    async blocks(from, to) {
      const read: ReadBlock[] = []
      for (let start = from; start <= to; start += blocksPerRequest)
        read.push(...(await readBlocks(rpc, start, Math.min(to, start + blocksPerRequest - 1))))
      return read
    },
    close: () => rpc.close(),
  }
}

/** The era server takes at most 500 calls in one request. */
const blocksPerRequest = 100

async function readBlocks(rpc: Rpc, from: number, to: number): Promise<ReadBlock[]> {
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => `0x${(from + index).toString(16)}`)
  const answers = await rpc.batch(
    numbers.flatMap((number) => [
      { method: 'eth_getBlockByNumber', params: [number, true] },
      { method: 'eth_getBlockReceipts', params: [number] },
      { method: 'eth_getLogs', params: [{ fromBlock: number, toBlock: number }] },
    ]),
  )
  return numbers.map((_, index) => {
    const [block, receipts, logs] = answers.slice(index * 3, index * 3 + 3)
    return { block, receipts, logs } as ReadBlock
  })
}
