import { GraphQLObjectType, GraphQLSchema } from 'graphql'
import type { Row } from '../../db/database.ts'
import type { ApiContext } from '../context.ts'
import { apiColumns } from './columns.ts'
import { createConnectionType } from './connections.ts'
import type { Entity, EntityName, EntityTypes } from './entity.ts'
import { type Built, objectFields, type Registry, type RootFields, rootFields } from './fields.ts'
import { createFilterInput } from './filters.ts'
import { createOrderBy } from './pages.ts'

/** The schema over a list of entities, with root fields of their own beside the lists and singles. */
export function createSchema(
  entities: readonly Entity[],
  extraRoot: (types: EntityTypes) => RootFields,
): GraphQLSchema {
  const built = new Map<EntityName, Built>()
  const registry: Registry = (name) => {
    const found = built.get(name)
    if (!found) throw new Error(`no entity ${name}`)
    return found
  }
  for (const entity of entities) built.set(entity.name, build(entity, registry))
  const fields = {
    ...extraRoot((name) => registry(name).object),
    ...Object.assign({}, ...entities.map((entity) => rootFields(registry(entity.name)))),
  }
  return new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', description: 'What can be asked.', fields }),
  })
}

function build(entity: Entity, registry: Registry): Built {
  const columns = entity.isBare ? [] : apiColumns(entity.docs)
  const { name } = entity
  const inputs = { entity, columns, filter: createFilterInput(name, columns), orderBy: createOrderBy(name, columns) }
  const object = new GraphQLObjectType<Row, ApiContext>({
    name,
    description: entity.docs.row,
    fields: () => objectFields(inputs, registry),
  })
  return { inputs, object, connection: createConnectionType(name, object) }
}
