import {
  type ContractFunctionName,
  decodeFunctionResult,
  encodeFunctionData,
  type ParseEventLogsReturnType,
  parseEventLogs,
} from 'viem'
import { devnetDiamond } from '../../../../contracts/devnet/artifacts/DevnetDiamond.ts'
import type { DevnetL1 } from '../../../../contracts/devnet/index.ts'
import { type Caller, createCaller } from '../caller.ts'

type Getter = ContractFunctionName<typeof devnetDiamond.abi, 'view'>

/** Events of the diamond with their arguments, in their order on L1. */
export type DiamondEvents = ParseEventLogsReturnType<typeof devnetDiamond.abi>

/** Reads the diamond from L1 as an indexer does. */
export type L1Reader = Caller & {
  events(): Promise<DiamondEvents>
  getter(name: Getter): Promise<bigint | boolean>
  /** Unix seconds of an L1 block. */
  timestamp(blockNumber: number | bigint): Promise<number>
}

/** Opens a reader of a devnet's L1. */
export function createL1Reader(l1: DevnetL1): L1Reader {
  const rpc = createCaller(l1.url)
  return {
    ...rpc,
    async events() {
      const logs = await rpc.call<never>('eth_getLogs', { fromBlock: '0x0', toBlock: 'latest', address: l1.diamond })
      return parseEventLogs({ abi: devnetDiamond.abi, logs })
    },
    async getter(name) {
      const data = encodeFunctionData({ abi: devnetDiamond.abi, functionName: name })
      const answer = await rpc.call<`0x${string}`>('eth_call', { to: l1.diamond, data }, 'latest')
      return decodeFunctionResult({ abi: devnetDiamond.abi, functionName: name, data: answer }) as bigint | boolean
    },
    async timestamp(blockNumber) {
      const block = await rpc.call<{ timestamp: string }>(
        'eth_getBlockByNumber',
        `0x${blockNumber.toString(16)}`,
        false,
      )
      return Number(block.timestamp)
    },
  }
}
