import { GraphQLScalarType, Kind, print, type ValueNode } from 'graphql'
import { createValueError } from '../graphqlErrors.ts'
import { normalizeInstant } from './instants.ts'

type Definition = {
  name: string
  description: string
  /** What a wrong value is not, and the form of a right one. */
  expected: string
  /** The value in code; undefined for a wrong one. */
  read: (value: unknown) => unknown
  serialize: (value: unknown) => unknown
}

function createScalar({ name, description, expected, read, serialize }: Definition): GraphQLScalarType {
  const parse = (value: unknown, node?: ValueNode) => {
    const parsed = read(value)
    if (parsed === undefined) throw createValueError(value, expected, node)
    return parsed
  }
  return new GraphQLScalarType({
    name,
    description,
    serialize,
    parseValue: (value) => parse(value),
    parseLiteral: (node) => parse(literal(node), node),
  })
}

/** The text of a literal, which keeps its digits exact; as it was written for one that is no text or number. */
function literal(node: ValueNode): unknown {
  return node.kind === Kind.STRING || node.kind === Kind.INT || node.kind === Kind.FLOAT ? node.value : print(node)
}

const integerText = /^-?\d+$/
const amountText = /^-?\d{1,78}$/

/** Position, counter or Unix time. */
export const Long = createScalar({
  name: 'Long',
  description: 'Integer up to 2^53-1 in size: a JSON number in answers; an integer or a string of digits in queries.',
  expected: 'a Long: expected an integer from -(2^53-1) to 2^53-1, as a number or a string of digits',
  read: (value) => {
    const number = typeof value === 'string' && integerText.test(value) ? Number(value) : value
    return Number.isSafeInteger(number) ? number : undefined
  },
  serialize: Number,
})

/** Amount in base units. */
export const BigIntScalar = createScalar({
  name: 'BigInt',
  description:
    'Exact integer of up to 256 bits: a string of digits in answers; such a string or an integer in queries.',
  expected: 'a BigInt: expected a string of at most 78 digits, or an integer from -(2^53-1) to 2^53-1',
  read: (value) => {
    const text = Number.isSafeInteger(value) ? String(value) : value
    return typeof text === 'string' && amountText.test(text) ? BigInt(text) : undefined
  },
  serialize: String,
})

/** Moment with microseconds. */
export const DateTime = createScalar({
  name: 'DateTime',
  description:
    'Moment with microseconds, RFC 3339: in UTC with six decimals in answers, such as 2024-03-28T18:24:49.713730Z; with Z or an offset and up to six decimals in queries.',
  expected:
    'a DateTime: expected RFC 3339 with Z or an offset and at most six decimals, such as 2024-03-28T18:24:49.713730Z',
  read: (value) => (typeof value === 'string' ? normalizeInstant(value) : undefined),
  serialize: String,
})

function createBytesScalar(name: string, description: string, pattern: RegExp, expected: string): GraphQLScalarType {
  return createScalar({
    name,
    description,
    expected,
    read: (value) => (typeof value === 'string' && pattern.test(value) ? value.toLowerCase() : undefined),
    serialize: String,
  })
}

/** Account or contract, or a pool inside a singleton. */
export const Address = createBytesScalar(
  'Address',
  'Account or contract: 0x and 40 hexadecimal digits (20 bytes), lower case in answers, any case in queries. For pools inside a singleton (Uniswap V4) the id of the pool: 0x and 64 digits (32 bytes).',
  /^0x([0-9a-f]{40}|[0-9a-f]{64})$/i,
  'an address: expected 0x and 40 hexadecimal digits (20 bytes), or 64 for the id of a pool',
)

/** Structured value. */
export const Json = new GraphQLScalarType({
  name: 'JSON',
  description: 'Structured value; integers that may be large are strings of digits.',
}) as GraphQLScalarType

/** Hash of a block, a transaction or a state. */
export const Hash = createBytesScalar(
  'Hash',
  'Hash of a block, a transaction or a state: 0x and 64 hexadecimal digits (32 bytes), lower case in answers, any case in queries.',
  /^0x[0-9a-f]{64}$/i,
  'a hash: expected 0x and 64 hexadecimal digits (32 bytes)',
)

/** Byte string of any length. */
export const Bytes = createBytesScalar(
  'Bytes',
  'Byte string: 0x and an even number of hexadecimal digits, lower case in answers, any case in queries.',
  /^0x([0-9a-f]{2})*$/i,
  'a byte string: expected 0x and an even number of hexadecimal digits',
)
