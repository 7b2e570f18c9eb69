import type { Database } from '../../db/database.ts'
import { migrate } from '../../db/migrate.ts'
import { openDatabase } from '../../db/open.ts'
import { createTestDatabase, testKinds } from '../support/databases.ts'

/** A database of its own for one test file, with the tables in it. */
export type TestDatabase = { database: Database; drop(): Promise<void> }

/** How to open each kind of database that tests can run on here, with the name of the kind. */
export const testDatabases = testKinds.map((kind) => [kind, () => open(kind)] as const)

async function open(kind: (typeof testKinds)[number]): Promise<TestDatabase> {
  const { url, remove } = await createTestDatabase(kind)
  const database = await openDatabase(url)
  await migrate(database)
  const drop = async () => {
    await database.close()
    await remove()
  }
  return { database, drop }
}
