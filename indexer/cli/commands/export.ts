import { extname, resolve } from 'node:path'
import { writeExport } from '../../../api/export/file.ts'
import { planExport } from '../../../api/export/plan.ts'
import { migrate } from '../../../db/migrate.ts'
import { openDatabase } from '../../../db/open.ts'
import type { Config, Flags } from '../config.ts'
import { UsageError } from '../errors.ts'
import { createLog } from '../log.ts'
import { stopOnSignal } from '../stop.ts'
import { readVersion } from '../version.ts'

/** `flowprint export <dataset>`: writes a data set to a file, or goes on with one that was interrupted. */
export async function runExport(config: Config, flags: Flags): Promise<void> {
  const text = (name: string) => (typeof flags[name] === 'string' ? flags[name] : undefined)
  const path = text('out')
  if (path === undefined || path === '') throw new UsageError('--out <file> says where to write; it is missing')
  const log = await createLog(config)
  const signal = stopOnSignal()
  const version = readVersion()
  const database = await openDatabase(config.databaseUrl)
  try {
    await migrate(database)
    const plan = await planExport(database, {
      ...{ dataset: text('dataset') ?? '', format: text('format') ?? (extname(path).slice(1) || 'parquet') },
      ...{ from: text('from'), to: text('to'), chain: config.chain, chainId: text('chainId') },
    })
    const options = { path: resolve(path), version, force: flags.force === true, signal }
    const manifest = await writeExport(database, plan, { ...options, onNote: (note) => log.info(note) })
    if (manifest === null) throw new UsageError(`stopped; run the same command again to go on with ${path}`)
    const { dataset, format, chainId, blocks, rows, bytes, sha256 } = manifest
    log.info({ dataset, format, chainId, ...blocks.covered, rows, bytes, file: path }, 'exported')
    const line = { file: path, dataset, format, chainId, blocks, rows, bytes, sha256 }
    if (config.json) process.stdout.write(`${JSON.stringify(line)}\n`)
  } finally {
    await database.close()
  }
}
