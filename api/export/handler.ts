import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Database } from '../../db/database.ts'
import { ExportBusyError } from './errors.ts'
import { formats } from './formats/index.ts'
import { manifestHead } from './manifest.ts'
import { type ExportPlan, planExport } from './plan.ts'
import { streamExport } from './stream.ts'

/** What exports over HTTP need. */
export type ExportHandlerOptions = {
  database: Database
  /** Version of the program, told in a header. */
  version: string
  /** Exports at once; two unless given. */
  limit?: number
  /** Rows of a page instead of those of the format. */
  pageRows?: number
}

/** Answers one request with an export. */
export type ExportHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  dataset: string,
  format: string,
  parameters: URLSearchParams,
) => Promise<void>

const EXPORTS_MAX = 2

/** The data set and format that a path `/v1/export/{dataset}.{format}` names, not checked; null for another path. */
export function matchExportPath(path: string): { dataset: string; format: string } | null {
  const match = /^\/v1\/export\/([A-Za-z_-]{1,40})\.([A-Za-z]{1,20})$/.exec(path)
  return match === null ? null : { dataset: match[1]!, format: match[2]! }
}

/**
 * Makes the function that answers GET and HEAD of an export, with the parameters `from`, `to` and `chainId`. It resolves when
 * the answer is sent or the client has gone, which ends the export. What is known beforehand is told in headers
 * (`x-flowprint-…`), the number of rows and the hash of the file in trailers.
 * @throws ExportRequestError, ExportBusyError and errors of the database before anything is sent; after that the
 * connection is cut, so that nobody takes a part for the whole.
 */
export function createExportHandler(options: ExportHandlerOptions): ExportHandler {
  const { database, limit = EXPORTS_MAX } = options
  let running = 0
  return async (request, response, dataset, format, parameters) => {
    if (running >= limit) throw new ExportBusyError(limit)
    running++
    try {
      const plan = await planExport(database, {
        ...{ dataset, format, from: parameter(parameters, 'from'), to: parameter(parameters, 'to') },
        chainId: parameter(parameters, 'chainId'),
      })
      // HTTP/1.0 knows no trailers, and neither does an answer without a body.
      const trailed = request.method !== 'HEAD' && request.httpVersion !== '1.0'
      sendHead(response, plan, options.version, trailed)
      if (request.method === 'HEAD') response.end()
      else await sendBody(response, plan, options)
    } finally {
      running--
    }
  }
}

function parameter(parameters: URLSearchParams, name: string): string | undefined {
  return parameters.get(name) ?? undefined
}

function sendHead(response: ServerResponse, plan: ExportPlan, version: string, trailed: boolean): void {
  const { dataset, chainId, blocks } = manifestHead(plan)
  const { from, to } = blocks.covered
  response.writeHead(200, {
    'content-type': formats[plan.format].mediaType,
    'content-disposition': `attachment; filename="${dataset}-${chainId}-${from}-${to}.${plan.format}"`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-flowprint-dataset': dataset,
    'x-flowprint-chain-id': String(chainId),
    'x-flowprint-from-block': String(from),
    'x-flowprint-to-block': String(to),
    'x-flowprint-to-block-hash': blocks.lastHash,
    'x-flowprint-as-of-block': String(blocks.asOf),
    'x-flowprint-version': version,
    ...(trailed ? { trailer: 'x-flowprint-rows, x-flowprint-sha256' } : {}),
  })
}

async function sendBody(
  response: ServerResponse,
  plan: ExportPlan,
  { database, pageRows }: ExportHandlerOptions,
): Promise<void> {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const hash = createHash('sha256')
  let count = 0
  try {
    for await (const { bytes, rows } of streamExport(database, plan, { pageRows, signal: gone.signal })) {
      hash.update(bytes)
      count += rows
      if (!response.write(bytes)) await drained(response, gone.signal)
    }
    if (gone.signal.aborted) return
    response.addTrailers({ 'x-flowprint-rows': String(count), 'x-flowprint-sha256': hash.digest('hex') })
    response.end()
  } catch (error) {
    response.destroy()
    throw error
  }
}

/** Waits until the client has taken what was written, or is gone. */
async function drained(response: ServerResponse, gone: AbortSignal): Promise<void> {
  await once(response, 'drain', { signal: gone }).catch(() => {})
}
