import type { GraphQLFieldConfig, GraphQLObjectType } from 'graphql'
import type { Row } from '../../db/database.ts'
import type { Link, Through } from '../../db/queries/page.ts'
import type { TableDocs } from '../../db/schema/columns.ts'
import type { ApiContext } from '../context.ts'

/** Names of the object types that stand for tables. */
export type EntityName =
  | 'Chain'
  | 'IndexingCursor'
  | 'Block'
  | 'Transaction'
  | 'Token'
  | 'TokenPrice'
  | 'Pool'
  | 'PoolToken'
  | 'PoolState'
  | 'PoolTick'
  | 'Swap'
  | 'LiquidityChange'
  | 'Liquidation'
  | 'MevBundle'
  | 'MevLeg'
  | 'MevVictim'
  | 'MevProfit'
  | 'Intent'
  | 'SettledTag'
  | 'Metaorder'
  | 'TraderProfile'
  | 'Trader'
  | 'UndecodedLog'
  | 'Batch'
  | 'PriorityRequest'
  | 'PendingTransaction'
  | 'Finality'
  | 'L1Cursor'

/** A field that leads from a row to one or many rows of another table, to many also through a table between. */
export type Relation = { to: EntityName; link: Link; through?: Through; description: string }

/** A root field that finds one row: each alternative is a set of arguments that names it. */
export type Single = { field: string; by: readonly (readonly string[])[]; description: string }

/** A field that is neither a column nor a relation; its source is a row of the table. */
export type ExtraField = GraphQLFieldConfig<Row, ApiContext>

/** One GraphQL object type: which table, how it is asked for, what it leads to. */
export type Entity = {
  name: EntityName
  docs: TableDocs
  /** True for a type that has none of the columns: its rows are made elsewhere. */
  isBare?: boolean
  /** Root field that lists the rows; absent for a type reached only through others. */
  list?: string
  single?: Single
  /** Column that orders a list when the query names none. */
  defaultOrder: string
  /** Whether lists run from the largest value down: true where that is newest first. */
  descending: boolean
  /** Rows with this value are in lists only when `where` names the column. */
  hidden?: { column: string; value: string }
  one?: Record<string, Relation>
  many?: Record<string, Relation>
  /** Fields that need code of their own, built with access to the other types. */
  extra?: (types: EntityTypes) => Record<string, ExtraField>
}

/** Gives the object type of an entity while the schema is being built. */
export type EntityTypes = (name: EntityName) => GraphQLObjectType<Row, ApiContext>

/** A relation to the one row whose `column` equals the value at our `key`. */
export function toOne(to: EntityName, column: string, key: string, description: string): Relation {
  return { to, link: [{ [column]: key }], description }
}
