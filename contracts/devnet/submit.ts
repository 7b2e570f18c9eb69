import type { Address } from '../address.ts'
import type { Core } from './core.ts'
import { zksyncBaseFeePerGas } from './core.ts'
import { DevnetError } from './errors.ts'
import type { LabelWriter } from './labels.ts'
import type { ViewBlock } from './proxy/block.ts'
import { toQuantity } from './proxy/json.ts'
import type { PendingTransaction } from './proxy/sequencer.ts'
import type { DevAccount, Hex, LabelDraft, Mode, PlannedTransaction } from './types.ts'

/** Gas limit of a transaction that names none; enough for every swap of the agents. */
export const defaultGas = 1_000_000n

/** An unsigned transaction of the devnet itself, ready for the pool. */
export type UnsignedTransaction = {
  from: DevAccount
  to: Address | null
  data: Hex
  valueWei?: bigint
  gas?: bigint
  tipWei: bigint
  receivedAtUs: bigint
  label: LabelDraft
}

/** Returns the fee fields of a transaction; the era sequencer takes no tip. */
export function feesOf(mode: Mode, tipWei: bigint): { maxFeePerGas: bigint; maxPriorityFeePerGas: bigint } {
  if (mode === 'era') return { maxFeePerGas: 2n * zksyncBaseFeePerGas, maxPriorityFeePerGas: 0n }
  return { maxFeePerGas: 100n * 10n ** 9n + tipWei, maxPriorityFeePerGas: tipWei }
}

/**
 * Produces one block from unsigned transactions and whatever else is in the pool, and labels it.
 * @param timestamp Unix seconds of the block
 */
export async function produceBlock(
  core: Core,
  labels: LabelWriter,
  transactions: readonly UnsignedTransaction[],
  timestamp: number,
): Promise<ViewBlock> {
  const drafts = new Map<PendingTransaction, LabelDraft>()
  for (const transaction of transactions) {
    const pending = toPending(core, transaction)
    drafts.set(pending, transaction.label)
    core.sequencer.add(pending)
  }
  const { view, included } = await core.producer.produce(timestamp)
  labels.write(
    included.flatMap(({ pending, hash }) => {
      const draft = drafts.get(pending)
      return draft ? [{ transactionHash: hash, from: pending.from, ...draft }] : []
    }),
  )
  return view
}

/**
 * Asks L1 for a transaction; it is labelled once L1 has it, under the hash it will have on L2.
 * @throws DevnetError on a chain without an L1
 */
export async function sendThroughL1(core: Core, labels: LabelWriter, planned: PlannedTransaction): Promise<void> {
  const { from, to, data, valueWei = 0n, gas = defaultGas, label } = planned
  if (!core.l1) throw new DevnetError(`no L1 to send ${label.action} through`)
  const request = { from: from.address, to, data, valueWei, gasLimit: gas, throughForwarder: false }
  await core.l1.send(request, (operation) =>
    labels.write([
      {
        ...{ transactionHash: operation.hash, from: operation.from, ...label },
        l1TransactionHash: operation.l1TransactionHash,
      },
    ]),
  )
}

function toPending(core: Core, transaction: UnsignedTransaction): PendingTransaction {
  const { from, to, data, valueWei = 0n, gas = defaultGas } = transaction
  const nonce = core.sequencer.nextNonce(from.address, core.chain.nonce(from.address))
  const fees = feesOf(core.mode, transaction.tipWei)
  const request = {
    ...{ from: from.address, data, value: toQuantity(valueWei), gas: toQuantity(gas), nonce: toQuantity(nonce) },
    ...(to === null ? {} : { to }),
    maxFeePerGas: toQuantity(fees.maxFeePerGas),
    maxPriorityFeePerGas: toQuantity(fees.maxPriorityFeePerGas),
  }
  return {
    ...{ hash: null, from: from.address, nonce, ...fees, receivedAtUs: transaction.receivedAtUs, rpc: null },
    submit: { method: 'eth_sendTransaction', params: [request] },
  }
}
