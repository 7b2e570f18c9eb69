import { keccak256, stringToHex } from 'viem'
import type { Hex } from '../types.ts'
import { blocksOfBatch, lastSealedBatch } from './batches.ts'
import type { Method, ProxyContext } from './context.ts'
import { invalidParams } from './errors.ts'
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
  zks_getRawBlockTransactions: ({ chain }, [number]) => text(rawTransactions(chain.block(toNumber(number)))),
  zks_getMainContract: () => text(l1Address('diamond proxy')),
  zks_getBridgehubContract: () => text(l1Address('bridgehub')),
  zks_L1ChainId: () => text('0x9'),
  zks_getL1GasPrice: () => text(toQuantity(l1GasPriceWei)),
  zks_gasPerPubdata: () => text(gasPerPubdata),
  zks_getBaseTokenL1Address: () => text('0x0000000000000000000000000000000000000001'),
  zks_getFeeParams: (context) => text(feeParams(context)),
  zks_getBatchFeeInput: (context) =>
    text({ fair_l2_gas_price: baseFee(context), fair_pubdata_price: pubdataPriceWei, l1_gas_price: l1GasPriceWei }),
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
