import { keccak256, stringToHex } from 'viem'
import { devnetContracts } from '../contracts.ts'
import type { Hex } from '../types.ts'
import { blocksOfBatch, lastSealedBatch } from './batches.ts'
import type { Method, ProxyContext } from './context.ts'
import { invalidParams, methodNotFound } from './errors.ts'
import { type Json, toQuantity } from './json.ts'
import { gasPerPubdata, rawTransactions } from './rawTransactions.ts'
import {
  baseFee,
  batchDetails,
  blockDetails,
  l1GasPriceWei,
  pubdataPriceWei,
  systemContracts,
  transactionDetails,
} from './zksDetails.ts'

/** Shapes of the era server's own methods: plain numbers in objects, hex quantities as bare results. */
export const zksMethods: Readonly<Record<string, Method>> = {
  zks_L1BatchNumber: ({ chain, plan }) => text(toQuantity(lastSealedBatch(plan, chain.head()))),
  zks_getL1BatchBlockRange: (context, [batch]) => text(batchRange(context, toNumber(batch))),
  zks_getBlockDetails: (context, [block]) => text(blockDetails(context, toNumber(block))),
  zks_getL1BatchDetails: (context, [batch]) => text(batchDetails(context, toNumber(batch))),
  zks_getTransactionDetails: (context, [hash]) => text(transactionDetails(context, hash as Hex)),
  zks_getRawBlockTransactions: ({ chain, l1 }, [number]) => text(rawTransactions(chain.block(toNumber(number)), l1)),
  zks_getMainContract: ({ l1 }) => text(l1?.diamond ?? l1Address('diamond proxy')),
  zks_getBridgehubContract: () => text(l1Address('bridgehub')),
  zks_L1ChainId: ({ settlement }) => text(toQuantity(settlement.chainId)),
  zks_getL1GasPrice: () => text(toQuantity(l1GasPriceWei)),
  zks_gasPerPubdata: () => text(gasPerPubdata),
  zks_getBaseTokenL1Address: () => text('0x0000000000000000000000000000000000000001'),
  zks_getFeeParams: (context) => text(feeParams(context)),
  zks_getBatchFeeInput: (context) =>
    text({ fair_l2_gas_price: baseFee(context), fair_pubdata_price: pubdataPriceWei, l1_gas_price: l1GasPriceWei }),
  unstable_l1ToL2TxsStatus({ l1 }) {
    if (!l1) throw methodNotFound()
    return text({ l1ToL2TxsInMempool: l1.pending().length, l1ToL2TxsPaused: false })
  },
  zks_estimateFee: estimateFee,
  zks_estimateGasL1ToL2: (context, [request]) => estimateGas(context, request),
  zks_getBridgeContracts: () => text(bridges()),
  // Contracts that a development chain goes without.
  ...{ zks_getTestnetPaymaster: () => 'null', zks_getTimestampAsserter: () => 'null' },
  zks_getL2Multicall3: () => text(devnetContracts().multicall3),
  // Nothing is sent to L1 that could be proven there.
  zks_getL2ToL1LogProof: () => 'null',
  zks_getProtocolVersion: () => text({ minorVersion: 29, ...systemContracts() }),
}

function text(value: unknown): string {
  return JSON.stringify(value)
}

/** The era server takes batch and block numbers as JSON numbers and refuses hex. */
function toNumber(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 32) return value
  throw invalidParams(`Invalid params: invalid type: ${JSON.stringify(value)}, expected u32`)
}

function l1Address(name: string): Hex {
  return `0x${keccak256(stringToHex(`flowprint devnet ${name}`)).slice(26)}`
}

function batchRange({ chain, plan }: ProxyContext, batch: number): [Hex, Hex] | null {
  if (batch > lastSealedBatch(plan, chain.head())) return null
  const { first, last } = blocksOfBatch(plan, batch)
  return [toQuantity(first), toQuantity(last)]
}

function bridges(): Json {
  const names = ['l1Erc20DefaultBridge', 'l2Erc20DefaultBridge', 'l1SharedDefaultBridge', 'l2SharedDefaultBridge']
  const weth = { l1WethBridge: null, l2WethBridge: null, l2LegacySharedBridge: null }
  return { ...Object.fromEntries(names.map((name) => [name, l1Address(name)])), ...weth }
}

async function estimateGas({ anvil, chain }: ProxyContext, request: unknown): Promise<string> {
  return text(await anvil.call('eth_estimateGas', [request, toQuantity(chain.head())]))
}

async function estimateFee(context: ProxyContext, [request]: readonly unknown[]): Promise<string> {
  return text({
    gas_limit: JSON.parse(await estimateGas(context, request)),
    ...{ max_fee_per_gas: toQuantity(baseFee(context)), max_priority_fee_per_gas: '0x0' },
    gas_per_pubdata_limit: gasPerPubdata,
  })
}

function feeParams(context: ProxyContext): Json {
  return {
    V2: {
      config: {
        ...{ minimal_l2_gas_price: baseFee(context), compute_overhead_part: 0, pubdata_overhead_part: 1 },
        ...{ batch_overhead_l1_gas: 800_000, max_gas_per_batch: 200_000_000, max_pubdata_per_batch: 240_000 },
      },
      ...{ l1_gas_price: l1GasPriceWei, l1_pubdata_price: pubdataPriceWei },
      conversion_ratio: { numerator: 1, denominator: 1 },
    },
  }
}
