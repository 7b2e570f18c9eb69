import { keccak256, stringToHex } from 'viem'
import type { Hex } from '../types.ts'
import { batchOfBlock, blocksOfBatch, lastSealedBatch, stageBlock } from './batches.ts'
import type { ProxyContext } from './context.ts'
import { operator } from './eraView.ts'
import { type Json, toQuantity } from './json.ts'
import { gasPerPubdata } from './rawTransactions.ts'
import { formatMicroseconds, settlementOf } from './settlement.ts'

/** Price of L1 gas the server reports, in wei; constant, as nothing here depends on it. */
export const l1GasPriceWei = 12_000_000_000

/** Price of a byte of public data the server reports, in wei. */
export const pubdataPriceWei = 24_000_000_000

/** Chain id of the settlement layer: the development L1 of a local ZKsync stack. */
const settlementChainId = 9

/** Returns the chain's base fee in wei as the number the server prints. */
export function baseFee(context: ProxyContext): number {
  return Number(context.fixedBaseFeePerGas ?? 0n)
}

/** Returns the answer of `zks_getBlockDetails`; null for a block that does not exist. */
export function blockDetails(context: ProxyContext, number: number): Json | null {
  const { chain, plan } = context
  const view = chain.block(number)
  if (!view) return null
  const l1BatchNumber = batchOfBlock(plan, number)
  return {
    ...{ number, l1BatchNumber, timestamp: view.timestamp },
    ...{ l1TxCount: 0, l2TxCount: view.transactions.length, rootHash: view.hash },
    ...settlementFields(context, l1BatchNumber),
    ...priceFields(context),
    ...{ operatorAddress: operator, protocolVersion: 'Version29' },
  }
}

/** Returns the answer of `zks_getL1BatchDetails`; null for a batch that is not sealed. */
export function batchDetails(context: ProxyContext, batch: number): Json | null {
  const { chain, plan } = context
  if (batch > lastSealedBatch(plan, chain.head())) return null
  const { first, last } = blocksOfBatch(plan, batch)
  const closing = chain.block(last)
  return {
    ...{ number: batch, timestamp: chain.block(first)?.timestamp ?? 0, l1TxCount: 0 },
    l2TxCount: closing ? closing.batchTxOffset + closing.transactions.length : 0,
    rootHash: keccak256(closing?.hash ?? '0x'),
    ...settlementFields(context, batch),
    ...priceFields(context),
    commitment: batch === 0 ? null : keccak256(stringToHex(`commitment of L1 batch ${batch}`)),
  }
}

function isExecuted({ chain, plan }: ProxyContext, batch: number): boolean {
  return stageBlock(plan, batch, 'execute') <= chain.head()
}

function settlementFields(context: ProxyContext, batch: number): Json {
  const settlement = settlementOf(context.chain, context.plan, batch)
  const finality = (hash: string | null) => (hash === null ? null : 'finalized')
  const settlementLayer = (hash: string | null) => (hash === null ? null : settlementChainId)
  return {
    status: isExecuted(context, batch) ? 'verified' : 'sealed',
    ...{ commitTxHash: settlement.commitTxHash, committedAt: settlement.commitAt },
    ...{ commitTxFinality: finality(settlement.commitTxHash), commitChainId: settlementLayer(settlement.commitTxHash) },
    ...{ proveTxHash: settlement.proveTxHash, provenAt: settlement.proveAt },
    ...{ proveTxFinality: finality(settlement.proveTxHash), proveChainId: settlementLayer(settlement.proveTxHash) },
    ...{ executeTxHash: settlement.executeTxHash, executedAt: settlement.executeAt },
    ...{
      executeTxFinality: finality(settlement.executeTxHash),
      executeChainId: settlementLayer(settlement.executeTxHash),
    },
    ...{ precommitTxHash: null, precommittedAt: null, precommitTxFinality: null, precommitChainId: null },
  }
}

function priceFields(context: ProxyContext): Json {
  return {
    ...{ l1GasPrice: l1GasPriceWei, l2FairGasPrice: baseFee(context), fairPubdataPrice: pubdataPriceWei },
    baseSystemContractsHashes: systemContracts(),
  }
}

/** Returns the hashes of EraVM's system contracts; made up, but of the right shape. */
export function systemContracts(): Json {
  return {
    bootloader: `0x0100${keccak256(stringToHex('bootloader')).slice(6)}`,
    default_aa: `0x0100${keccak256(stringToHex('default account')).slice(6)}`,
    evm_emulator: `0x0100${keccak256(stringToHex('evm emulator')).slice(6)}`,
  }
}

/** Returns the answer of `zks_getTransactionDetails`; null for an unknown hash. */
export function transactionDetails(context: ProxyContext, hash: Hex): Json | null {
  const { chain, sequencer, plan } = context
  const place = chain.transaction(hash.toLowerCase() as Hex)
  const pending = place ? undefined : sequencer.byHash(hash)
  const none = { ethCommitTxHash: null, ethProveTxHash: null, ethExecuteTxHash: null, ethPrecommitTxHash: null }
  const shared = { isL1Originated: false, gasPerPubdata }
  if (pending)
    return {
      ...{ ...shared, status: 'pending', fee: '0x0', initiatorAddress: pending.from },
      ...{ receivedAt: formatMicroseconds(pending.receivedAtUs), ...none },
    }
  const receipt = place?.view.receipts[place.index]
  if (!place || !receipt) return null
  const batch = batchOfBlock(plan, place.view.number)
  const settlement = settlementOf(chain, plan, batch)
  const included = isExecuted(context, batch) ? 'verified' : 'included'
  return {
    ...{ ...shared, status: receipt.status === '0x1' ? included : 'failed' },
    fee: toQuantity(BigInt(receipt.gasUsed) * BigInt(receipt.effectiveGasPrice)),
    initiatorAddress: receipt.from,
    receivedAt: formatMicroseconds(place.view.receivedAtUs[place.index] ?? 0n),
    ...{ ...none, ethCommitTxHash: settlement.commitTxHash, ethProveTxHash: settlement.proveTxHash },
    ethExecuteTxHash: settlement.executeTxHash,
  }
}
