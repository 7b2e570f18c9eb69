import { createHash, type Hash } from 'node:crypto'
import { createReadStream, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Database } from '../../db/database.ts'
import { reasonOf } from '../../db/errors.ts'
import { readBlockHash } from '../../db/queries/export.ts'
import { ExportFileError, ExportReorganisedError } from './errors.ts'
import { appendJournal, beginJournal, type JournalHead, readJournal, removeJournal } from './journal.ts'
import { createManifest, type Manifest } from './manifest.ts'
import type { ExportPlan } from './plan.ts'
import { type Piece, streamExport, type Written } from './stream.ts'

/** How a file is written. */
export type FileOptions = {
  path: string
  version: string
  /** Replaces a finished file, and begins an unfinished one anew. */
  force?: boolean | undefined
  /** Rows of a page instead of those of the format. */
  pageRows?: number | undefined
  /** Pages after which the file is brought to disk and noted in the journal. */
  notedPages?: number | undefined
  signal?: AbortSignal | undefined
  /** Told in words what happens to an unfinished file. */
  onNote?: ((note: string) => void) | undefined
}

/** Where a file stands on disk while it is written. */
type Target = { path: string; handle: FileHandle; hash: Hash; bytes: number; rows: number }

const NOTED_PAGES = 4

/**
 * Writes an export to `path` with a manifest beside it. Until it is finished it is `path.part`, and `path.progress.jsonl`
 * says how far: the next call with the same request goes on from there, and gives the same bytes as one that was never
 * interrupted. It begins anew when blocks were replaced since.
 * @returns the manifest; null when `signal` aborted, with what is written kept.
 * @throws ExportFileError when `path` exists or cannot be written; ExportReorganisedError when blocks were replaced
 * meanwhile.
 */
export async function writeExport(
  database: Database,
  asked: ExportPlan,
  options: FileOptions,
): Promise<Manifest | null> {
  return write(database, asked, options).catch((cause: unknown) => {
    if (!FILE_FAULTS.has(String((cause as NodeJS.ErrnoException).code))) throw cause
    throw new ExportFileError(`cannot write ${options.path}: ${reasonOf(cause)}`, { cause })
  })
}

const FILE_FAULTS = new Set([
  ...['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'EISDIR', 'ENOSPC', 'EDQUOT', 'EFBIG', 'EIO', 'EMFILE'],
])

async function write(database: Database, asked: ExportPlan, options: FileOptions): Promise<Manifest | null> {
  const { path, force } = options
  if (existsSync(path) && force !== true) {
    throw new ExportFileError(`${path} exists already; choose another file with --out, or replace it with --force`)
  }
  const { plan, written } = await takeUp(database, asked, options)
  const target = await openTarget(path, written)
  try {
    const finished = await writePieces(database, plan, target, written, options)
    if (!finished) return null
    await target.handle.sync()
  } catch (error) {
    // What was read does not belong together, so nobody may go on with it.
    if (error instanceof ExportReorganisedError) discard(path)
    throw error
  } finally {
    await target.handle.close()
  }
  const { rows, bytes, hash } = target
  const manifest = createManifest(plan, { rows, bytes, sha256: hash.digest('hex') }, options.version)
  writeFileSync(`${path}.manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`)
  renameSync(`${path}.part`, path)
  removeJournal(path)
  return manifest
}

/** What an unfinished file leaves to do; the plan is then its own, as the blocks indexed since are not in it. */
async function takeUp(
  database: Database,
  plan: ExportPlan,
  { path, version, force, pageRows, onNote }: FileOptions,
): Promise<{ plan: ExportPlan; written: Written | undefined }> {
  const head: JournalHead = {
    ...{ dataset: plan.dataset.name, format: plan.format, asked: plan.asked, scope: plan.scope },
    ...{ blockHash: plan.blockHash, pageRows: pageRows ?? null, version },
  }
  const journal = force === true ? null : readJournal(path)
  if (journal !== null) {
    const { written } = journal
    const { scope, blockHash } = journal.head
    if (!isSameRequest(journal.head, head)) onNote?.(`${path}.part is of another request; it begins anew`)
    else if ((await readBlockHash(database, scope.chainId, scope.to)) !== blockHash)
      onNote?.(`block ${scope.to} was replaced since ${path}.part was begun; it begins anew`)
    else if (written !== null && (await sizeOf(`${path}.part`)) >= written.bytes) {
      onNote?.(`${path}.part goes on after ${written.rows} rows`)
      return { plan: { ...plan, scope, blockHash }, written }
    }
  }
  beginJournal(path, head)
  return { plan, written: undefined }
}

/** Whether two journals are of the same request; how far the chain was indexed is not a part of it. */
function isSameRequest(one: JournalHead, other: JournalHead): boolean {
  const request = ({ scope, blockHash: _, ...rest }: JournalHead) => ({ ...rest, chainId: scope.chainId })
  return isDeepStrictEqual(request(one), request(other))
}

async function sizeOf(path: string): Promise<number> {
  return existsSync(path) ? (await stat(path)).size : -1
}

async function openTarget(path: string, written: Written | undefined): Promise<Target> {
  const hash = createHash('sha256')
  const part = `${path}.part`
  const handle = await open(part, written === undefined ? 'w' : 'r+')
  if (written === undefined) return { path, handle, hash, bytes: 0, rows: 0 }
  await handle.truncate(written.bytes)
  if (written.bytes > 0)
    for await (const bytes of createReadStream(part, { end: written.bytes - 1 })) hash.update(bytes)
  return { path, handle, hash, bytes: written.bytes, rows: written.rows }
}

/** Writes what is missing. Returns whether that was all: not when the signal aborted. */
async function writePieces(
  database: Database,
  plan: ExportPlan,
  target: Target,
  written: Written | undefined,
  { pageRows, notedPages = NOTED_PAGES, signal }: FileOptions,
): Promise<boolean> {
  let unnoted: NonNullable<Piece['page']>[] = []
  let noted: Promise<void> = Promise.resolve()
  try {
    for await (const { bytes, rows, page } of streamExport(database, plan, { written, pageRows, signal })) {
      await writeAll(target.handle, bytes, target.bytes)
      target.hash.update(bytes)
      target.bytes += bytes.length
      target.rows += rows
      if (page === null) continue
      unnoted.push(page)
      if (unnoted.length < notedPages && !page.complete && signal?.aborted !== true) continue
      await noted
      const states = unnoted.map(({ state }) => state)
      noted = note(target, { last: page.last, complete: page.complete, bytes: target.bytes, rows: target.rows, states })
      noted.catch(() => {})
      unnoted = []
    }
  } finally {
    await noted
  }
  return signal?.aborted !== true
}

/** Brings what is written to disk, and only then notes it; writing goes on meanwhile. */
async function note({ path, handle }: Target, line: Written): Promise<void> {
  await handle.datasync()
  appendJournal(path, line)
}

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten
  }
}

function discard(path: string): void {
  removeJournal(path)
  rmSync(`${path}.part`, { force: true })
}
