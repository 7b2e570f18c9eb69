import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Folder of the project, found upwards from this module whether it runs from source or from a build. */
export function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'db/migrations'))) {
    const parent = dirname(folder)
    if (parent === folder) throw new Error('the folder db/migrations was not found above the program')
    folder = parent
  }
  return folder
}
