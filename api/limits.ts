import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { PAGE_DEFAULT, PAGE_MAX } from './builder/pages.ts'
import { createError } from './graphqlErrors.ts'

/** What one request may ask for. */
export const LIMITS = {
  /** Words and signs of the query text. */
  tokens: 2_000,
  /** Levels of fields within fields. */
  depth: 12,
  /** Fields given another name. */
  aliases: 30,
  /** Fields and fragments once all fragments are written out. */
  selections: 5_000,
  /** Rows of all lists together, were each of them full; lists within lists multiply. */
  rows: 50_000,
} as const

/** One operation of a document, as it will be executed. */
export type Operation = {
  schema: GraphQLSchema
  operation: OperationDefinitionNode
  fragments: ReadonlyMap<string, FragmentDefinitionNode>
  variables: Record<string, unknown>
}

type Place = {
  type: GraphQLObjectType
  depth: number
  /** How often the fields here are resolved, were all lists around them full. */
  times: number
  /** Length of the page whose connection this is; null elsewhere. */
  page: number | null
}

/**
 * Checks an operation against the limits. It must be valid; introspection is free, since graphql-js bounds it.
 * @throws GraphQLError COMPLEXITY_LIMIT with the limit that is passed.
 */
export function assertWithinLimits({ schema, operation, fragments, variables }: Operation): void {
  const used = { aliases: 0, selections: 0, rows: 0 }
  const spend = (what: keyof typeof used, amount: number) => {
    used[what] += amount
    if (used[what] > LIMITS[what]) throw limitError(what)
  }
  const visitAll = (set: SelectionSetNode, place: Place) => {
    for (const selection of set.selections) visit(selection, place)
  }
  const visit = (selection: SelectionNode, place: Place): void => {
    spend('selections', 1)
    if (selection.kind === Kind.FIELD) visitField(selection, place)
    else if (selection.kind === Kind.INLINE_FRAGMENT) visitAll(selection.selectionSet, place)
    else visitFragment(fragments.get(selection.name.value), place)
  }
  const visitFragment = (fragment: FragmentDefinitionNode | undefined, place: Place) => {
    if (fragment) visitAll(fragment.selectionSet, place)
  }
  const visitField = (field: FieldNode, place: Place): void => {
    if (field.alias) spend('aliases', 1)
    if (field.name.value.startsWith('__')) return
    if (place.depth > LIMITS.depth) throw limitError('depth')
    const definition = place.type.getFields()[field.name.value]
    const type = getNamedType(definition?.type)
    if (!field.selectionSet || !isObjectType(type)) return
    // A list without pages says itself what it costs.
    spend('rows', place.times * Number(definition?.extensions.rows ?? 0))
    const opensPage = place.page !== null && (field.name.value === 'nodes' || field.name.value === 'edges')
    const times = opensPage ? place.times * (place.page ?? 1) : place.times
    if (opensPage) spend('rows', times)
    const page = type.extensions.isConnection ? pageLength(field, variables) : null
    visitAll(field.selectionSet, { type, depth: place.depth + 1, times, page })
  }
  const root = schema.getRootType(operation.operation)
  if (root) visitAll(operation.selectionSet, { type: root, depth: 1, times: 1, page: null })
}

function limitError(what: Exclude<keyof typeof LIMITS, 'tokens'>): GraphQLError {
  const texts = {
    depth: `fields are nested more than ${LIMITS.depth} levels deep`,
    aliases: `the query has more than ${LIMITS.aliases} aliases`,
    selections: `the query has more than ${LIMITS.selections} fields and fragments`,
    rows: `the lists may return more than ${LIMITS.rows} rows in all (lengths of nested lists multiply; a list without first counts ${PAGE_DEFAULT})`,
  }
  return createError('COMPLEXITY_LIMIT', `${texts[what]}; ask for less at a time`)
}

/** Length a list asks for; lengths that the list itself refuses count as the nearest allowed. */
function pageLength(field: FieldNode, variables: Record<string, unknown>): number {
  const read = (name: string): number | undefined => {
    const value = field.arguments?.find((argument) => argument.name.value === name)?.value
    const given =
      value?.kind === Kind.VARIABLE ? variables[value.name.value] : value?.kind === Kind.INT ? value.value : undefined
    return given === undefined || given === null ? undefined : Number(given)
  }
  return Math.min(Math.max(read('first') ?? read('last') ?? PAGE_DEFAULT, 0), PAGE_MAX)
}
