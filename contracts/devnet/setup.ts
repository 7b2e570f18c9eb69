import type { Core } from './core.ts'
import { planSetup } from './deploy.ts'
import type { LabelWriter } from './labels.ts'
import type { ViewBlock } from './proxy/block.ts'
import { produceBlock } from './submit.ts'
import type { LabelDraft } from './types.ts'

/** A setup transaction reverted; the devnet would be incomplete. */
export class SetupError extends Error {
  override name = 'SetupError'
}

const setupGas = 8_000_000n

/**
 * Deploys the contracts, funds the accounts and fills the pools, one second per block.
 * @throws SetupError when a transaction reverts
 */
export async function runSetup(core: Core, labels: LabelWriter): Promise<void> {
  let timestamp = core.genesisTimestamp
  for (const step of planSetup()) {
    timestamp++
    const slotStartUs = BigInt(timestamp - 1) * 1_000_000n
    const transactions = step.map(({ action, ...transaction }, index) => ({
      ...transaction,
      ...{ gas: setupGas, tipWei: BigInt(step.length - index), label: setupLabel(action) },
      receivedAtUs: slotStartUs + BigInt(index) * 1000n,
    }))
    assertSucceeded(await produceBlock(core, labels, transactions, timestamp), step.length)
  }
}

/** Returns the label of a transaction that belongs to no trader. */
export function setupLabel(action: string): LabelDraft {
  return { agent: 'setup', action, role: null, parentOrderId: null, groupId: null, groupKind: null }
}

function assertSucceeded(view: ViewBlock, expected: number): void {
  if (view.receipts.length !== expected)
    throw new SetupError(`block ${view.number} holds ${view.receipts.length} of ${expected} setup transactions`)
  const failed = view.receipts.findIndex((receipt) => receipt.status !== '0x1')
  if (failed >= 0) throw new SetupError(`transaction ${failed} of block ${view.number} reverted`)
}
