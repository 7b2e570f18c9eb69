import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../db/root.ts'

/** Version of the program, from package.json. */
export function readVersion(): string {
  return JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')).version
}
