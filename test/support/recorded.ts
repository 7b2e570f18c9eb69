import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What a recorded object is. */
export type RecordedKind = 'block' | 'transaction' | 'receipt' | 'log' | 'rawTransaction' | 'transactionDetails'

/** As on the wire, or as a library had formatted it before it was written down. */
export type RecordedShape = 'raw' | 'ethers' | 'viem'

/** One recorded object and where it stands. */
export type Recorded = {
  file: string
  /** Keys from the top of the file to the object. */
  path: string
  kind: RecordedKind
  shape: RecordedShape
  value: Record<string, unknown>
}

/** Folder of the recorded answers; outside the project. */
const FOLDER = fileURLToPath(new URL('../../../shared/fixtures/zksync', import.meta.url))
/** Call traces hold none of what is looked for. */
const SKIPPED = /\/traces\//

/** True where the recorded answers are at hand. */
export const hasRecordings = existsSync(FOLDER)

/** Every recorded block, transaction, receipt, lone log, raw block transaction and transaction details, by file and place. */
export function readRecordings(): Recorded[] {
  if (!hasRecordings) return []
  return readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json') && !SKIPPED.test(file))
    .sort()
    .flatMap((file) => collect(file, '', JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))))
}

function collect(file: string, path: string, value: unknown): Recorded[] {
  if (typeof value !== 'object' || value === null) return []
  const object = value as Record<string, unknown>
  const kind = kindOf(object)
  const found: Recorded[] = kind === null ? [] : [{ file, path, kind, shape: shapeOf(kind, object), value: object }]
  // The logs of a receipt are read with it; the bodies in a block are objects of their own.
  if (kind !== null && kind !== 'block') return found
  return [
    ...found,
    ...Object.entries(object).flatMap(([key, each]) => collect(file, path === '' ? key : `${path}.${key}`, each)),
  ]
}

/** Told by the fields that no other kind has together. */
function kindOf(object: Record<string, unknown>): RecordedKind | null {
  const has = (...fields: string[]) => fields.every((field) => field in object)
  if (has('parentHash', 'timestamp', 'gasLimit')) return 'block'
  if (has('transactionHash', 'gasUsed', 'logs')) return 'receipt'
  if (has('hash', 'input', 'from', 'nonce', 'transactionIndex')) return 'transaction'
  if (has('address', 'topics', 'data', 'transactionHash')) return 'log'
  if (has('common_data', 'received_timestamp_ms')) return 'rawTransaction'
  if (has('isL1Originated', 'receivedAt')) return 'transactionDetails'
  return null
}

function shapeOf(kind: RecordedKind, object: Record<string, unknown>): RecordedShape {
  const isEthers = typeof object.blockNumber === 'number'
  if (isEthers && (kind === 'receipt' || kind === 'log')) return 'ethers'
  const parts = [object, object.transactions, object.logs].flat().filter((each) => typeof each === 'object')
  const isViem = parts.some((each) => typeof (each as Record<string, unknown>).transactionIndex === 'number')
  return isViem && (kind === 'block' || kind === 'transaction' || kind === 'receipt') ? 'viem' : 'raw'
}

const VIEM_TYPES: Record<string, string> = { legacy: '0x0', eip1559: '0x2', eip712: '0x71', priority: '0xff' }
const VIEM_STATUSES: Record<string, string> = { reverted: '0x0', success: '0x1' }

/**
 * The object as it was on the wire: quantities in hexadecimal, fields by their names there. What ethers and viem derive
 * goes (`confirmations`, names of types); viem's `blockNumber` of L2 to L1 logs, which is wrong, comes from the receipt.
 */
export function toWire({ kind, shape, value }: Recorded): Record<string, unknown> {
  if (shape === 'raw') return value
  const wire = toWireValue(value) as Record<string, unknown>
  if (shape === 'ethers') return wire
  for (const transaction of (wire.transactions as Record<string, unknown>[]) ?? []) restoreType(transaction)
  if (kind === 'transaction') restoreType(wire)
  if (kind !== 'receipt') return wire
  const l2ToL1Logs = wire.l2ToL1Logs as Record<string, unknown>[]
  return {
    ...wire,
    type: VIEM_TYPES[wire.type as string] ?? wire.type,
    status: VIEM_STATUSES[wire.status as string],
    l2ToL1Logs: l2ToL1Logs.map((log) => ({ ...log, blockNumber: wire.blockNumber })),
  }
}

function restoreType(transaction: Record<string, unknown>): void {
  transaction.type = transaction.typeHex
  delete transaction.typeHex
}

function toWireValue(value: unknown): unknown {
  if (typeof value === 'number') return `0x${value.toString(16)}`
  if (Array.isArray(value)) return value.map(toWireValue)
  if (typeof value !== 'object' || value === null) return value
  const { type, hex } = value as { type?: unknown; hex?: string }
  if (type === 'BigNumber') return `0x${BigInt(hex!).toString(16)}`
  const entries = Object.entries(value).filter(([key]) => key !== 'confirmations' && key !== 'byzantium')
  return Object.fromEntries(entries.map(([key, each]) => [key === 'index' ? 'logIndex' : key, toWireValue(each)]))
}
