import type { Hex } from '../types.ts'
import { type BatchStage, blocksOfBatch } from './batches.ts'
import type { ProxyContext } from './context.ts'
import { invalidParams, ProxyError } from './errors.ts'
import { toQuantity } from './json.ts'

/** Where each passed-on method takes its block. */
const blockParameter: Readonly<Record<string, number>> = {
  eth_call: 1,
  eth_estimateGas: 1,
  eth_createAccessList: 1,
  eth_simulateV1: 1,
  eth_getBalance: 1,
  eth_getCode: 1,
  eth_getTransactionCount: 1,
  eth_getStorageAt: 2,
  eth_getProof: 2,
  eth_feeHistory: 1,
  debug_traceCall: 1,
  debug_traceBlockByNumber: 0,
}

/** Ethereum's slots per epoch: plain nodes call a block safe after one epoch and final after two. */
const epochBlocks = 32

/**
 * Returns the number a block tag or quantity stands for at the head; it may lie beyond the head.
 * @throws ProxyError on anything else
 */
export function resolveBlockNumber(context: ProxyContext, tag: unknown): number {
  const { chain, mode } = context
  const head = chain.head()
  switch (tag) {
    case undefined:
    case null:
    case 'latest':
    case 'committed':
    case 'pending':
      return head
    case 'earliest':
      return 0
    case 'safe':
      return mode === 'evm' ? Math.max(0, head - epochBlocks) : lastBlockOfStage(context, 'commit')
    case 'l1_committed':
      return lastBlockOfStage(context, 'commit')
    case 'finalized':
    case 'fast_finalized':
      return mode === 'evm' ? Math.max(0, head - 2 * epochBlocks) : lastBlockOfStage(context, 'execute')
  }
  if (typeof tag === 'string' && /^0x[0-9a-f]{1,16}$/i.test(tag)) return Number(tag)
  throw invalidParams(`invalid block tag: ${JSON.stringify(tag)}`)
}

function lastBlockOfStage({ settlement, plan }: ProxyContext, stage: BatchStage): number {
  return blocksOfBatch(plan, settlement.lastBatch(stage)).last
}

/**
 * Returns the parameters with the block made explicit, so that anvil answers at the proxy's head
 * and not at its own.
 * @throws ProxyError when the block does not exist yet
 */
export function pinBlock(context: ProxyContext, method: string, params: readonly unknown[]): readonly unknown[] {
  const position = blockParameter[method]
  if (position === undefined) return params
  const number = resolveReference(context, params[position])
  if (number > context.chain.head()) throw blockNotFound(context)
  const pinned = [...params]
  pinned[position] = toQuantity(number)
  return pinned
}

/** A block is named by tag, by number, or (EIP-1898) by an object with either. */
function resolveReference(context: ProxyContext, reference: unknown): number {
  if (typeof reference !== 'object' || reference === null) return resolveBlockNumber(context, reference)
  const { blockHash, blockNumber } = reference as { blockHash?: Hex; blockNumber?: Hex }
  if (!blockHash) return resolveBlockNumber(context, blockNumber)
  const view = context.chain.blockByHash(blockHash)
  if (!view) throw blockNotFound(context)
  return view.number
}

function blockNotFound({ mode }: ProxyContext): ProxyError {
  if (mode === 'era') return invalidParams("Block with such an ID doesn't exist yet")
  return new ProxyError(mode === 'evm' ? -32001 : -32000, 'block not found')
}
