import type { Mode } from '../types.ts'
import type { Method, ProxyContext } from './context.ts'
import { finalityMethods } from './finality.ts'
import { type Json, toQuantity } from './json.ts'
import { resolveBlockNumber } from './tags.ts'
import { txpoolMethods } from './txpool.ts'
import { zksMethods } from './zksMethods.ts'

/** Methods that only one of the played servers has, or that it answers in its own way. */
export const modeMethods: Readonly<Record<Mode, Readonly<Record<string, Method>>>> = {
  era: {
    ...zksMethods,
    web3_clientVersion: () => '"zkSync/v2.0"',
    eth_protocolVersion: () => '"zks/0.29.0"',
    eth_gasPrice: (context) => JSON.stringify(toQuantity(context.fixedBaseFeePerGas ?? 0n)),
    // The era sequencer takes no priority fee, so it suggests none.
    eth_maxPriorityFeePerGas: () => '"0x0"',
    eth_feeHistory: eraFeeHistory,
  },
  'zksync-os': {
    ...txpoolMethods,
    ...finalityMethods,
    web3_clientVersion: () => '"zksync-os/v0.21.0"',
    zks_getBridgehubContract: (context, params, at) => answerAsEra('zks_getBridgehubContract', context, params, at),
    zks_getGenesis: () =>
      JSON.stringify({
        initial_contracts: [],
        additional_storage: [],
        execution_version: 3,
        genesis_root: `0x${'0'.repeat(64)}`,
      }),
    zks_getBlockMetadataByNumber({ chain }, [number]) {
      if (!chain.block(Number(number))) return 'null'
      return JSON.stringify({ pubdata_price_per_byte: '0x176cb441', native_price: '0xf4240', execution_version: 5 })
    },
  },
  evm: { ...txpoolMethods },
}

function answerAsEra(method: string, context: ProxyContext, params: readonly unknown[], receivedAtUs: bigint): string {
  return zksMethods[method]?.(context, params, receivedAtUs) as string
}

/** Rewards and gas ratios are always zero; `l2PubdataPrice` is the era server's addition. */
function eraFeeHistory(context: ProxyContext, [count, newest, percentiles]: readonly unknown[]): string {
  const last = Math.min(resolveBlockNumber(context, newest), context.chain.head())
  const blocks = Math.min(Number(count), 1024, last + 1)
  const price = toQuantity(context.fixedBaseFeePerGas ?? 0n)
  const repeated = <T>(value: T, times: number): T[] => Array.from({ length: times }, () => value)
  const history: Json = {
    oldestBlock: toQuantity(last - blocks + 1),
    baseFeePerGas: repeated(price, blocks + 1),
    gasUsedRatio: repeated(0, blocks),
    reward: repeated(repeated('0x0', ((percentiles ?? []) as unknown[]).length), blocks),
    ...{ baseFeePerBlobGas: repeated('0x0', blocks + 1), blobGasUsedRatio: repeated(0, blocks) },
    l2PubdataPrice: repeated('0x0', blocks + 1),
  }
  return JSON.stringify(history)
}
