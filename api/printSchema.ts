import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lexicographicSortSchema, printSchema } from 'graphql'
import { projectRoot } from '../db/root.ts'
import { createApiSchema } from './schema/index.ts'

/** The SDL of the API as committed in `api/schema.graphql`: sorted by name, so that a change is seen as what it is. */
export function renderSdl(): string {
  const sdl = printSchema(lexicographicSortSchema(createApiSchema()))
  return `${sdl.replace(/^( *)"""(.+)"""$/gm, '$1"""\n$1$2\n$1"""')}\n`
}

/** Where the SDL is committed. */
export const sdlPath = () => join(projectRoot(), 'api/schema.graphql')

// Run as a program (`node --import tsx api/printSchema.ts`) it writes the file anew.
if (process.argv[1]?.endsWith('printSchema.ts')) writeFileSync(sdlPath(), renderSdl())
