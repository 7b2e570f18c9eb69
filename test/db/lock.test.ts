import { spawnSync } from 'node:child_process'
import fs, { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DatabaseFolderError, DatabaseLockedError } from '../../db/errors.ts'
import { lockFolder } from '../../db/pglite/lock.ts'

let parent: string
let folder: string
let lock: string

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'flowprint-test-'))
  folder = join(parent, 'deep/data')
  lock = `${folder}.lock`
})

afterEach(() => rmSync(parent, { recursive: true, force: true }))

/** Leaves a lock file behind. */
const leave = (content: string) => {
  lockFolder(folder)()
  writeFileSync(lock, content)
}
/** Locks the folder in another process, which then ends without giving it back; what that process says. */
const lockElsewhere = () => {
  const lockModule = join(import.meta.dirname, '../../db/pglite/lock.ts')
  const script = `import('${lockModule}').then(({ lockFolder }) => lockFolder('${folder}'))
    .then(() => console.log('locked'), (error) => console.log(error.name, error.message))`
  const { stdout, pid } = spawnSync(process.execPath, ['--import', 'tsx', '-e', script], { encoding: 'utf8' })
  return { said: stdout.trim(), pid }
}

describe('lockFolder', () => {
  test('the lock stands beside the folder, names this process, and goes away', () => {
    const unlock = lockFolder(folder)
    expect(readFileSync(lock, 'utf8')).toMatch(new RegExp(`^${process.pid} (\\d+|-)\\n$`))
    expect(existsSync(folder)).toBe(false)
    unlock()
    expect(existsSync(lock)).toBe(false)
    lockFolder(folder)()
  })

  test('a folder that is locked by this process', () => {
    lockFolder(folder)
    expect(() => lockFolder(folder)).toThrow(DatabaseLockedError)
    expect(() => lockFolder(folder)).toThrow(
      `the database folder ${folder} is in use by process ${process.pid}; stop that process, or choose another folder`,
    )
  })

  test('another process is told who holds it, and what a dead process held is taken over', () => {
    const unlock = lockFolder(folder)
    expect(lockElsewhere().said).toMatch(
      `DatabaseLockedError the database folder ${folder} is in use by process ${process.pid};`,
    )
    unlock()
    const { said, pid } = lockElsewhere()
    expect(said).toBe('locked')
    expect(readFileSync(lock, 'utf8')).toMatch(`${pid} `)
    lockFolder(folder)
    expect(readFileSync(lock, 'utf8')).toMatch(`${process.pid} `)
  })

  test.each([
    ['without a start time', `${process.ppid}\n`],
    ['whose start time is not known', `${process.ppid} -\n`],
  ])('a live process %s holds it', (_, content) => {
    leave(content)
    expect(() => lockFolder(folder)).toThrow(`is in use by process ${process.ppid};`)
    expect(readFileSync(lock, 'utf8')).toBe(content)
  })

  test.runIf(existsSync('/proc/self/stat'))('a process number that was given to another process since', () => {
    leave(`${process.ppid} 1\n`)
    lockFolder(folder)
    expect(readFileSync(lock, 'utf8')).toMatch(`${process.pid} `)
  })

  test.each([[''], ['\n'], ['garbage'], ['0 1'], ['-1 1'], ['1.5 1'], ['99999999999 1'], ['\0\0\0\0']])(
    'a lock that says %j is taken over',
    (content) => {
      leave(content)
      lockFolder(folder)
      expect(readFileSync(lock, 'utf8')).toMatch(`${process.pid} `)
    },
  )

  test('a lock that another process has taken over is left to it', () => {
    const unlock = lockFolder(folder)
    writeFileSync(lock, '1 1\n')
    unlock()
    expect(readFileSync(lock, 'utf8')).toBe('1 1\n')
  })

  test('a folder that cannot be made', () => {
    writeFileSync(join(parent, 'deep'), 'a file')
    expect(() => lockFolder(folder)).toThrow(DatabaseFolderError)
    expect(() => lockFolder(folder)).toThrow(/^cannot open the database folder .*; choose a folder that can be written/)
  })

  // The stale lock is removed by its name, which may belong to another lock by then: both processes hold the folder.
  test.each([
    ['the lock of a dead process', '4194305 1\n'],
    ['a lock that is made but not written yet', ''],
  ])('%s, which a live process takes over in the moment after it was read', (_, stale) => {
    leave(stale)
    const holder = `${process.ppid} -\n`
    const { readFileSync: readReally } = fs
    let isFirst = true
    const read = vi.spyOn(fs, 'readFileSync').mockImplementation(((path: string, encoding: 'utf8') => {
      if (path !== lock || !isFirst) return readReally(path, encoding)
      isFirst = false
      writeFileSync(lock, holder)
      return stale
    }) as typeof readFileSync)
    syncBuiltinESMExports()
    try {
      expect(() => lockFolder(folder)).toThrow(`is in use by process ${process.ppid};`)
    } finally {
      read.mockRestore()
      syncBuiltinESMExports()
    }
    expect(readFileSync(lock, 'utf8')).toBe(holder)
  })
})
