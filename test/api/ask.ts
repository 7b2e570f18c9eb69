import { createGraphql } from '../../api/graphql.ts'
import type { IndexerStatus } from '../../api/status.ts'
import type { Database, Row } from '../../db/database.ts'

/** A GraphQL answer, of which each test knows the shape. */
export type Answer = {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: the shape follows from the query in each test
  data: any
  errors?: { message: string; path?: string[]; extensions: { code: string } }[]
}

/** Asks the API without a network. */
export type Ask = (query: string, variables?: Row) => Promise<Answer>

/** What the API logged as an error. */
export const logged: string[] = []

/** The API over a database, asked through `fetch`. */
export function createAsk(database: Database, status: IndexerStatus = { version: '1.2.3', chains: [] }): Ask {
  const log = { info: () => {}, warn: () => {}, error: (fields: object) => void logged.push(JSON.stringify(fields)) }
  const graphql = createGraphql({ database, status: () => status, log })
  return async (query, variables) => {
    const response = await graphql.fetch('http://localhost/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    })
    return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) }
  }
}

/** The data of an answer that must have no errors. */
export async function dataOf(answer: Promise<Answer>): Promise<Answer['data']> {
  const { data, errors } = await answer
  if (errors) throw new Error(errors.map((error) => error.message).join('; '))
  return data
}

/** Code and message of an answer that must have exactly one error. */
export async function errorOf(answer: Promise<Answer>): Promise<{ code: string; message: string }> {
  const { errors } = await answer
  const [error] = errors ?? []
  if (!error || errors?.length !== 1) throw new Error(`expected one error, got ${JSON.stringify(errors)}`)
  return { code: error.extensions.code, message: error.message }
}

/** The same database, with the number of its queries counted. */
export function counting(database: Database): { database: Database; queries: () => number } {
  let count = 0
  const query: Database['query'] = (text, parameters) => {
    count++
    return database.query(text, parameters)
  }
  return { database: { ...database, query }, queries: () => count }
}
