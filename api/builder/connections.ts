import { GraphQLBoolean, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLString } from 'graphql'
import type { Row } from '../../db/database.ts'
import type { ApiContext } from '../context.ts'
import { encodeCursor } from './cursors.ts'
import type { Entity } from './entity.ts'
import type { Page } from './pages.ts'
import { Long } from './scalars.ts'

/** A page with the type it is of. */
export type Connection = { entity: Entity; page: Page }

const PageInfo = new GraphQLObjectType<Connection, ApiContext>({
  name: 'PageInfo',
  description: 'What lies around a page.',
  fields: {
    hasNextPage: {
      type: new GraphQLNonNull(GraphQLBoolean),
      description: 'Whether rows follow the page in the order of the list.',
      resolve: ({ page }) => page.hasNext(),
    },
    hasPreviousPage: {
      type: new GraphQLNonNull(GraphQLBoolean),
      description: 'Whether rows precede the page in the order of the list.',
      resolve: ({ page }) => page.hasPrevious(),
    },
    startCursor: {
      type: GraphQLString,
      description: 'Cursor of the first row, for before; null for an empty page.',
      resolve: async (connection) => cursorOf(connection, (await connection.page.rows())[0]),
    },
    endCursor: {
      type: GraphQLString,
      description: 'Cursor of the last row, for after; null for an empty page.',
      resolve: async (connection) => cursorOf(connection, (await connection.page.rows()).at(-1)),
    },
  },
})

function cursorOf({ entity, page }: Connection, row: Row | undefined): string | null {
  return row ? encodeCursor(entity, page.order, row) : null
}

/** The connection type over an object type; `extensions.isConnection` marks it for the row budget. */
export function createConnectionType(name: string, node: GraphQLObjectType): GraphQLObjectType<Connection, ApiContext> {
  const edge = new GraphQLObjectType<{ connection: Connection; node: Row }, ApiContext>({
    name: `${name}Edge`,
    description: `One ${name} of a page with its cursor.`,
    fields: {
      node: { type: new GraphQLNonNull(node), description: 'The row.' },
      cursor: {
        type: new GraphQLNonNull(GraphQLString),
        description: 'Opaque place of the row in the order of the list.',
        resolve: ({ connection, node }) => cursorOf(connection, node),
      },
    },
  })
  const listOf = (type: GraphQLObjectType) => new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(type)))
  return new GraphQLObjectType<Connection, ApiContext>({
    name: `${name}Connection`,
    description: `A page of a list of ${name} rows.`,
    extensions: { isConnection: true },
    fields: {
      nodes: { type: listOf(node), description: 'The rows of the page.', resolve: ({ page }) => page.rows() },
      edges: {
        type: listOf(edge),
        description: 'The rows of the page with their cursors.',
        resolve: async (connection) => (await connection.page.rows()).map((row) => ({ connection, node: row })),
      },
      pageInfo: {
        type: new GraphQLNonNull(PageInfo),
        description: 'What lies around the page.',
        resolve: (connection) => connection,
      },
      totalCount: {
        type: new GraphQLNonNull(Long),
        description: 'Number of rows of the whole list under where; counted only when selected.',
        resolve: ({ page }) => page.count(),
      },
    },
  })
}
