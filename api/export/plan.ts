import type { Database } from '../../db/database.ts'
import { type ExportChain, type ExportScope, listExportChains, readBlockHash } from '../../db/queries/export.ts'
import { type Dataset, datasetNamed } from './datasets.ts'
import { ExportReorganisedError, ExportRequestError } from './errors.ts'

/** The formats, by the ending of their files. */
export const FORMATS = ['parquet', 'csv', 'ndjson'] as const
/** A format of a file. */
export type Format = (typeof FORMATS)[number]

/** What is asked for, as text. Without a chain: the only one; without ends: all that is indexed. */
export type ExportRequest = {
  dataset: string
  format: string
  chain?: string | undefined
  chainId?: string | undefined
  from?: string | undefined
  to?: string | undefined
}

/** An export with all that decides its bytes settled. */
export type ExportPlan = {
  dataset: Dataset
  format: Format
  /** The range that was asked for; null = no bound. */
  asked: { from: number | null; to: number | null }
  scope: ExportScope
  /** Hash of the last block of the scope: it changes when any block of it is replaced. */
  blockHash: string
}

/**
 * Settles an export: the range is cut to the blocks that are indexed now.
 * @throws ExportRequestError for a data set, format, chain or range that does not exist.
 */
export async function planExport(database: Database, request: ExportRequest): Promise<ExportPlan> {
  const dataset = datasetNamed(request.dataset)
  const format = formatNamed(request.format)
  const asked = { from: toBlock('from', request.from), to: toBlock('to', request.to) }
  if (asked.from !== null && asked.to !== null && asked.from > asked.to) {
    throw new ExportRequestError(`from ${asked.from} is above to ${asked.to}; the range would be empty`)
  }
  const chain = chooseChain(await listExportChains(database), request)
  const scope = cutToIndexed(chain, asked)
  const blockHash = await readBlockHash(database, chain.chainId, scope.to)
  if (blockHash === null) throw new ExportReorganisedError(scope.to)
  return { dataset, format, asked, scope, blockHash }
}

/** Checks at the end that what was read belongs together. @throws ExportReorganisedError when blocks were replaced. */
export async function assertUnchanged(database: Database, { scope, blockHash }: ExportPlan): Promise<void> {
  const now = await readBlockHash(database, scope.chainId, scope.to)
  if (now !== blockHash) throw new ExportReorganisedError(scope.to)
}

/** The format of a name. @throws ExportRequestError when there is none. */
export function formatNamed(name: string): Format {
  const format = FORMATS.find((each) => each === name.toLowerCase())
  if (format !== undefined) return format
  throw new ExportRequestError(`no format "${name.slice(0, 60)}"; there are ${FORMATS.join(', ')}`)
}

function toBlock(name: string, text: string | undefined): number | null {
  if (text === undefined || text === '') return null
  if (!/^\d{1,15}$/.test(text)) {
    throw new ExportRequestError(`${name} must be a block number such as 0 or 1200000, not "${text.slice(0, 60)}"`)
  }
  return Number(text)
}

function chooseChain(chains: readonly ExportChain[], { chain, chainId }: ExportRequest): ExportChain {
  const known = chains.map((each) => `${each.name} (${each.chainId})`).join(', ')
  if (known === '') throw new ExportRequestError('the database holds no indexed blocks; run flowprint index first')
  const chosen = chains.filter(
    (each) => (!chain || each.name === chain) && (!chainId || String(each.chainId) === chainId),
  )
  if (chosen.length === 1) return chosen[0]!
  if (!chain && !chainId) throw new ExportRequestError(`the database holds several chains; choose one of ${known}`)
  const asked = [chain, chainId].filter((text) => text).join(' with id ')
  throw new ExportRequestError(`chain "${asked.slice(0, 60)}" is not in the database, which holds ${known}`)
}

function cutToIndexed({ chainId, startBlock, indexedBlock }: ExportChain, asked: ExportPlan['asked']): ExportScope {
  const from = Math.max(asked.from ?? startBlock, startBlock)
  const to = Math.min(asked.to ?? indexedBlock, indexedBlock)
  if (from <= to) return { chainId, from, to, asOfBlock: indexedBlock }
  const range = `blocks ${asked.from ?? 'from the first'} to ${asked.to ?? 'the last'}`
  throw new ExportRequestError(`${range} are not indexed; chain ${chainId} is from ${startBlock} to ${indexedBlock}`)
}
