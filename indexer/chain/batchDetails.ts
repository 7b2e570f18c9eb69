import type { BatchStep, NodeBatch } from '../types/batch.ts'
import type { Hex } from '../types/block.ts'
import { ContradictionError, RpcError } from './errors.ts'
import { toHash, toNumber } from './format.ts'
import { parseInstant } from './instants.ts'
import type { Rpc } from './rpc.ts'
import { isMethodMissing } from './stack.ts'

/**
 * Number of the last sealed batch (zks_L1BatchNumber).
 * @returns null when the endpoint has no such method, as that of a ZKsync OS chain.
 */
export async function fetchSealedBatch(rpc: Rpc, signal?: AbortSignal): Promise<number | null> {
  const [answer] = await rpc.batch([{ method: 'zks_L1BatchNumber', params: [] }], signal)
  if (isMethodMissing(answer)) return null
  return toNumber(accepted(answer), 'zks_L1BatchNumber')
}

/**
 * Number of the batch that a block belongs to, sealed or not (zks_getBlockDetails).
 * @throws ContradictionError when the node does not have the block, or says something else of it.
 */
export async function fetchBatchOfBlock(rpc: Rpc, block: number, signal?: AbortSignal): Promise<number> {
  const details = accepted(await rpc.request('zks_getBlockDetails', [block], signal))
  return readBatchOfBlock(details, block)
}

/**
 * What the node says of batches (zks_getL1BatchDetails and zks_getL1BatchBlockRange), in the order asked for.
 * @returns null for a batch that the node does not have.
 */
export async function fetchBatches(
  rpc: Rpc,
  numbers: readonly number[],
  signal?: AbortSignal,
): Promise<(NodeBatch | null)[]> {
  const calls = numbers.flatMap((number) => [
    { method: 'zks_getL1BatchDetails', params: [number] },
    { method: 'zks_getL1BatchBlockRange', params: [number] },
  ])
  const answers = (await rpc.batch(calls, signal)).map(accepted)
  return numbers.map((number, index) => {
    const [details, range] = [answers[index * 2], answers[index * 2 + 1]]
    // Both or neither: a batch that is sealed between two answers is there a moment later.
    return details === null || range === null ? null : readBatch(number, details, range)
  })
}

/** Throws the refusal that stands in place of a result. */
function accepted(answer: unknown): unknown {
  if (answer instanceof RpcError) throw answer
  return answer
}

/** The batch that zks_getBlockDetails names for a block. Throws ContradictionError when it is not about the block. */
export function readBatchOfBlock(details: unknown, block: number): number {
  const fields = toFields(details, `block ${block}`)
  expectNumber(fields, 'number', block)
  return readCount(fields, 'l1BatchNumber')
}

/**
 * What zks_getL1BatchDetails and zks_getL1BatchBlockRange say of a batch. Servers of different ages send different
 * fields: what is not sent is null.
 * @throws ContradictionError for a field that is none of its kind, or another batch.
 */
export function readBatch(number: number, details: unknown, range: unknown): NodeBatch {
  const fields = toFields(details, `batch ${number}`)
  expectNumber(fields, 'number', number)
  const settlement = ['execute', 'prove', 'commit']
    .map((step) => readOptionalCount(fields, `${step}ChainId`))
    .find((id) => id !== null)
  return {
    number,
    ...readRange(number, range),
    timestamp: readCount(fields, 'timestamp'),
    l1TransactionCount: readCount(fields, 'l1TxCount'),
    l2TransactionCount: readCount(fields, 'l2TxCount'),
    rootHash: readOptionalHash(fields, 'rootHash'),
    commitment: readOptionalHash(fields, 'commitment'),
    commit: readStep(fields, 'commitTxHash', 'committedAt'),
    prove: readStep(fields, 'proveTxHash', 'provenAt'),
    execute: readStep(fields, 'executeTxHash', 'executedAt'),
    executionFinal: readFinality(fields),
    settlementChainId: settlement ?? null,
    l1GasPrice: readOptionalPrice(fields, 'l1GasPrice'),
    l2FairGasPrice: readOptionalPrice(fields, 'l2FairGasPrice'),
    fairPubdataPrice: readOptionalPrice(fields, 'fairPubdataPrice'),
  }
}

/** An answer of the node, with its name for messages. */
type Fields = { what: string; values: Record<string, unknown> }

function toFields(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null) throw new ContradictionError(`the node has no details of ${what}`)
  return { what, values: value as Record<string, unknown> }
}

function readRange(number: number, range: unknown) {
  if (!Array.isArray(range) || range.length !== 2) {
    throw new ContradictionError(`the blocks of batch ${number} are no range: ${JSON.stringify(range)}`)
  }
  const [firstBlock, lastBlock] = [toNumber(range[0], 'first block'), toNumber(range[1], 'last block')]
  if (firstBlock > lastBlock) {
    throw new ContradictionError(`batch ${number} ends with block ${lastBlock}, before its first, ${firstBlock}`)
  }
  return { firstBlock, lastBlock }
}

function expectNumber(fields: Fields, name: string, wanted: number): void {
  const number = readCount(fields, name)
  if (number !== wanted) throw new ContradictionError(`details of ${number} came for ${fields.what}`)
}

function readCount(fields: Fields, name: string): number {
  const value = fields.values[name]
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw unreadable(fields, name)
  return value as number
}

function readOptionalCount(fields: Fields, name: string): number | null {
  return isAbsent(fields, name) ? null : readCount(fields, name)
}

function readOptionalPrice(fields: Fields, name: string): bigint | null {
  return isAbsent(fields, name) ? null : BigInt(readCount(fields, name))
}

function readOptionalHash(fields: Fields, name: string): Hex | null {
  return isAbsent(fields, name) ? null : toHash(fields.values[name], `${name} of ${fields.what}`)
}

function readStep(fields: Fields, hashName: string, timeName: string): BatchStep | null {
  const transactionHash = readOptionalHash(fields, hashName)
  if (transactionHash === null) return null
  const at = isAbsent(fields, timeName) ? null : parseInstant(fields.values[timeName] as string)
  return { transactionHash, l1Block: null, at }
}

const FINALITIES: ReadonlySet<unknown> = new Set(['pending', 'fast_finalized', 'finalized'])

function readFinality(fields: Fields): boolean | null {
  if (isAbsent(fields, 'executeTxFinality')) return null
  const finality = fields.values.executeTxFinality
  if (!FINALITIES.has(finality)) throw unreadable(fields, 'executeTxFinality')
  return finality === 'finalized'
}

function isAbsent(fields: Fields, name: string): boolean {
  return fields.values[name] === undefined || fields.values[name] === null
}

function unreadable({ what, values }: Fields, name: string): ContradictionError {
  return new ContradictionError(`${name} of ${what} is ${JSON.stringify(values[name])}`)
}
