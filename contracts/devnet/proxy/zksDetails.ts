import { keccak256, stringToHex } from 'viem'
import type { Hex } from '../types.ts'
import { batchOfBlock, blocksOfBatch, lastSealedBatch } from './batches.ts'
import type { ViewBlock } from './block.ts'
import type { ProxyContext } from './context.ts'
import { operator } from './eraView.ts'
import { type Json, toQuantity } from './json.ts'
import { isFromL1, type L1Operation } from './l1Operation.ts'
import { gasPerPubdata } from './rawTransactions.ts'
import { formatMicroseconds, rootHashOf, type Settlement } from './settlement.ts'

/** Price of L1 gas the server reports, in wei; constant, as nothing here depends on it. */
export const l1GasPriceWei = 12_000_000_000

/** Price of a byte of public data the server reports, in wei. */
export const pubdataPriceWei = 24_000_000_000

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
    ...{ ...transactionCounts([view]), rootHash: view.hash },
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
  const views = Array.from({ length: last - first + 1 }, (_, index) => chain.block(first + index) ?? [])
  return {
    ...{ number: batch, timestamp: chain.block(first)?.timestamp ?? 0, ...transactionCounts(views.flat()) },
    rootHash: rootHashOf(chain.block(last)?.hash),
    ...settlementFields(context, batch),
    ...priceFields(context),
    commitment: context.settlement.commitment(batch),
  }
}

function transactionCounts(views: readonly ViewBlock[]): { l1TxCount: number; l2TxCount: number } {
  const all = views.flatMap(({ transactions }) => transactions)
  const l1TxCount = all.filter(({ type }) => isFromL1(type)).length
  return { l1TxCount, l2TxCount: all.length - l1TxCount }
}

function isExecuted({ settlement }: ProxyContext, batch: number): boolean {
  return batch <= settlement.lastBatch('execute')
}

function settlementFields(context: ProxyContext, batch: number): Json {
  const settlement: Settlement = context.settlement.of(batch)
  const finality = (hash: string | null) => (hash === null ? null : 'finalized')
  const settlementLayer = (hash: string | null) => (hash === null ? null : context.settlement.chainId)
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
  const { chain, sequencer, plan, l1 } = context
  const lowerHash = hash.toLowerCase() as Hex
  const place = chain.transaction(lowerHash)
  const operation = l1?.operation(lowerHash)
  const pending = place ? undefined : (operation ?? sequencer.byHash(lowerHash))
  const none = { ethCommitTxHash: null, ethProveTxHash: null, ethExecuteTxHash: null, ethPrecommitTxHash: null }
  const shared = originOf(operation)
  if (pending)
    return {
      ...{ ...shared, status: 'pending', fee: '0x0', initiatorAddress: pending.from },
      ...{ receivedAt: formatMicroseconds(pending.receivedAtUs), ...none },
    }
  const receipt = place?.view.receipts[place.index]
  if (!place || !receipt) return null
  const batch = batchOfBlock(plan, place.view.number)
  const settlement = context.settlement.of(batch)
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

function originOf(operation: L1Operation | undefined): { isL1Originated: boolean; gasPerPubdata: string } {
  if (!operation) return { isL1Originated: false, gasPerPubdata }
  return { isL1Originated: true, gasPerPubdata: toQuantity(operation.gasPerPubdataLimit) }
}
