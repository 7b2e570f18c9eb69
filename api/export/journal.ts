import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { PageState } from './formats/encoder.ts'
import type { ExportPlan } from './plan.ts'
import type { Written } from './stream.ts'

/** All that decides the bytes of a file. */
export type JournalHead = {
  dataset: string
  format: string
  asked: ExportPlan['asked']
  scope: ExportPlan['scope']
  blockHash: string
  pageRows: number | null
  version: string
}

type Line = Omit<Written, 'states'> & { states: PageState[] }

/** How far a file is written: the first line says what it is to be, each further one what is safely on disk. */
export type Journal = { head: JournalHead; written: Written | null }

/** The path of the journal of a file. */
export function journalPath(path: string): string {
  return `${path}.progress.jsonl`
}

/** The journal of a file; null when there is none that can be read. A line that was cut off is left out. */
export function readJournal(path: string): Journal | null {
  if (!existsSync(journalPath(path))) return null
  const [first, ...rest] = readFileSync(journalPath(path), 'utf8').split('\n').slice(0, -1)
  try {
    const head: JournalHead = JSON.parse(first ?? '')
    const lines: Line[] = rest.map((line) => JSON.parse(line))
    const last = lines.at(-1)
    return { head, written: last === undefined ? null : { ...last, states: lines.flatMap(({ states }) => states) } }
  } catch {
    return null
  }
}

/** Begins the journal of a file anew. */
export function beginJournal(path: string, head: JournalHead): void {
  writeFileSync(journalPath(path), `${JSON.stringify(head)}\n`)
}

/** Notes how far a file is on disk; `states` are those of the pages since the last note. */
export function appendJournal(path: string, line: Written): void {
  appendFileSync(journalPath(path), `${JSON.stringify(line)}\n`)
}

/** Removes the journal of a file. */
export function removeJournal(path: string): void {
  rmSync(journalPath(path), { force: true })
}
