import type { Hex } from '../types.ts'
import { batchOfBlock, blocksOfBatch, lastSealedBatch } from './batches.ts'
import type { Method, ProxyContext } from './context.ts'
import { invalidParams } from './errors.ts'
import type { Json } from './json.ts'

/** How far L1 has got with a batch, in the words of the ZKsync OS server. */
type Stage = 'pending' | 'committed' | 'executed' | 'finalized'

/** ZKsync OS' own methods for what the era server says with its batch details. */
export const finalityMethods: Readonly<Record<string, Method>> = {
  zks_getBlockFinality: (context, [block]) => JSON.stringify(blockFinality(context, toNumber(block))),
  zks_getTransactionFinality(context, [hash]) {
    const place = context.chain.transaction(String(hash).toLowerCase() as Hex)
    return JSON.stringify(place ? blockFinality(context, place.view.number) : null)
  },
  zks_getBatchFinality(context, [batch]) {
    const { plan, chain } = context
    const number = toNumber(batch)
    if (number > lastSealedBatch(plan, chain.head())) return 'null'
    const blockNumber = blocksOfBatch(plan, number).last
    return JSON.stringify({ stage: stageOf(context, number), blockNumber, batchNumber: number })
  },
  zks_getFinalityStatus(context) {
    const { plan, settlement } = context
    const [committed, executed] = [settlement.lastBatch('commit'), settlement.lastBatch('execute')]
    return JSON.stringify({
      ...{ lastCommittedBlock: blocksOfBatch(plan, committed).last, lastCommittedBatch: committed },
      ...{ lastExecutedBlock: blocksOfBatch(plan, executed).last, lastExecutedBatch: executed },
    })
  },
}

/** Returns the finality of a block, null for one that does not exist. */
function blockFinality(context: ProxyContext, blockNumber: number): Json | null {
  const { chain, plan } = context
  if (!chain.block(blockNumber)) return null
  const stage = stageOf(context, batchOfBlock(plan, blockNumber))
  // Until L1 knows the batch, the server does not say which one it will be.
  return { stage, blockNumber, batchNumber: stage === 'pending' ? null : batchOfBlock(plan, blockNumber) }
}

function stageOf({ settlement }: ProxyContext, batchNumber: number): Stage {
  if (settlement.isFinal(batchNumber)) return 'finalized'
  if (batchNumber <= settlement.lastBatch('execute')) return 'executed'
  return batchNumber <= settlement.lastBatch('commit') ? 'committed' : 'pending'
}

function toNumber(value: unknown): number {
  const number = typeof value === 'string' && /^0x[0-9a-f]{1,8}$/i.test(value) ? Number(value) : value
  if (typeof number === 'number' && Number.isInteger(number) && number >= 0) return number
  throw invalidParams(`Invalid params: invalid number ${JSON.stringify(value)}`)
}
