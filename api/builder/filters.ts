import {
  type GraphQLError,
  GraphQLFloat,
  type GraphQLInputFieldConfig,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLScalarType,
  GraphQLString,
} from 'graphql'
import { EVERY_ROW, type Filter, type Operator } from '../../db/queries/filter.ts'
import { createError } from '../graphqlErrors.ts'
import type { ApiColumn } from './columns.ts'
import { BigIntScalar, DateTime, Json, Long } from './scalars.ts'

const equality: Operator[] = ['equals', 'not', 'in', 'not_in']
const order: Operator[] = ['gt', 'gte', 'lt', 'lte']
const text: Operator[] = ['contains', 'contains_nocase', 'starts_with', 'starts_with_nocase']

const meaning: Record<Operator, (key: string) => string> = {
  equals: (key) => `${key} equals the value; null: there is no ${key}.`,
  not: (key) => `${key} differs from the value, rows without ${key} included; null: there is a ${key}.`,
  in: (key) => `${key} is one of the values; none for an empty list.`,
  not_in: (key) => `${key} is none of the values, rows without ${key} included.`,
  gt: (key) => `${key} is larger than the value.`,
  gte: (key) => `${key} is the value or larger.`,
  lt: (key) => `${key} is smaller than the value.`,
  lte: (key) => `${key} is the value or smaller.`,
  contains: (key) => `${key} contains the text.`,
  contains_nocase: (key) => `${key} contains the text in any case.`,
  starts_with: (key) => `${key} starts with the text.`,
  starts_with_nocase: (key) => `${key} starts with the text in any case.`,
}

const ordered: ReadonlySet<GraphQLScalarType> = new Set([Long, BigIntScalar, GraphQLInt, GraphQLFloat, DateTime])

function operatorsOf(scalar: GraphQLScalarType): Operator[] {
  if (scalar === Json) return []
  if (scalar === GraphQLString) return [...equality, ...text]
  return ordered.has(scalar) ? [...equality, ...order] : equality
}

type Condition = { column: string; scalar: GraphQLScalarType; operator: Operator }

/** The `where` argument of a type: its input type, and what each of its fields but `and` and `or` means. */
export type FilterInput = { type: GraphQLInputObjectType; conditions: ReadonlyMap<string, Condition> }

/** The `where` argument over columns: a field for each column and operator, and `and` / `or` over lists of the same. */
export function createFilterInput(typeName: string, columns: readonly ApiColumn[]): FilterInput {
  const conditions = new Map<string, Condition>()
  for (const { key, scalar } of columns) {
    for (const operator of operatorsOf(scalar)) {
      conditions.set(operator === 'equals' ? key : `${key}_${operator}`, { column: key, scalar, operator })
    }
  }
  const type: GraphQLInputObjectType = new GraphQLInputObjectType({
    name: `${typeName}Filter`,
    description: `Conditions on ${typeName} rows; all that are given must hold.`,
    fields: () => {
      const list = new GraphQLList(new GraphQLNonNull(type))
      return {
        and: { type: list, description: 'All of these hold; true for an empty list.' },
        or: { type: list, description: 'At least one of these holds; false for an empty list.' },
        ...Object.fromEntries([...conditions].map(([name, condition]) => [name, inputField(condition)])),
      }
    },
  })
  return { type, conditions }
}

function inputField({ column, scalar, operator }: Condition): GraphQLInputFieldConfig {
  const isList = operator === 'in' || operator === 'not_in'
  const type = isList ? new GraphQLList(new GraphQLNonNull(scalar)) : scalar
  return { type, description: meaning[operator](column) }
}

/** Values and groups in one `where`; each value is a parameter of the query, and one more test a row. */
const VALUES_MAX = 1_000

/**
 * The filter a coerced `where` argument stands for.
 * @throws GraphQLError BAD_USER_INPUT for a null where only a value makes sense, or a text that cannot be stored;
 * COMPLEXITY_LIMIT for more than 1000 values and groups.
 */
export function readFilter({ conditions }: FilterInput, where: unknown): Filter {
  if (where === null || where === undefined) return EVERY_ROW
  let used = 0
  const spend = (amount: number) => {
    used += amount
    if (used > VALUES_MAX) throw createError('COMPLEXITY_LIMIT', `a where may hold at most ${VALUES_MAX} values`)
  }
  const readGroup = (group: object): Filter => {
    spend(1)
    return { all: Object.entries(group).map(([name, value]) => readField(name, value)) }
  }
  const readField = (name: string, value: unknown): Filter => {
    const condition = conditions.get(name)
    if (condition) {
      spend(countValues(name, condition.operator, value))
      return { column: condition.column, operator: condition.operator, value }
    }
    if (value === null) throw nullError(name)
    const parts = (value as object[]).map(readGroup)
    return name === 'and' ? { all: parts } : { any: parts }
  }
  return readGroup(where)
}

function countValues(name: string, operator: Operator, value: unknown): number {
  if (value === null && operator !== 'equals' && operator !== 'not') throw nullError(name)
  const values = Array.isArray(value) ? value : [value]
  const unstorable = values.some((each) => typeof each === 'string' && each.includes('\0'))
  if (unstorable) throw createError('BAD_USER_INPUT', `${name} holds a NUL character, which no stored text has`)
  return values.length
}

function nullError(name: string): GraphQLError {
  return createError('BAD_USER_INPUT', `${name} must not be null; leave it out for no condition`)
}
