import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseFolderError, DatabaseLockedError } from '../errors.ts'

/**
 * Takes the lock file beside a PGlite folder; PGlite itself would let two processes destroy each other's data.
 * A lock whose process is dead is taken over. Age is no criterion, since a busy process may be silent for long.
 * @returns the function that gives the lock back.
 * @throws DatabaseLockedError when a live process holds it; DatabaseFolderError when the folder cannot be made.
 */
export function lockFolder(folder: string): () => void {
  const path = `${folder}.lock`
  try {
    mkdirSync(dirname(folder), { recursive: true })
  } catch (cause) {
    throw new DatabaseFolderError(folder, cause)
  }
  const holder = `${process.pid} ${startOf(process.pid)}\n`
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      writeFileSync(path, holder, { flag: 'wx' })
      return () => {
        if (read(path) === holder) rmSync(path, { force: true })
      }
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw new DatabaseFolderError(folder, cause)
      const found = read(path)
      const pid = livingHolder(found)
      if (pid !== null) throw new DatabaseLockedError(folder, pid)
      removeStale(path, found)
    }
  }
  throw new DatabaseLockedError(folder, 0)
}

/** Removes a lock, unless it is another one by now: another process may have taken the stale one over. */
function removeStale(path: string, stale: string): void {
  const aside = `${path}.${process.pid}`
  try {
    renameSync(path, aside)
  } catch {
    return
  }
  if (read(aside) !== stale) {
    try {
      linkSync(aside, path)
    } catch {
      // A third process has it; the next attempt sees who.
    }
  }
  rmSync(aside, { force: true })
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function livingHolder(text: string): number | null {
  const [pidText, start] = text.trim().split(' ')
  const pid = Number(pidText)
  if (!Number.isInteger(pid) || pid <= 0) return null
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return null
  }
  // A process number is used again after a restart; the start time tells the two apart.
  return start && start !== '-' && startOf(pid) !== start ? null : pid
}

/** Start time of a process in clock ticks since boot (field 22 of /proc/<pid>/stat), `-` where there is no /proc. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '-'
  } catch {
    return '-'
  }
}
