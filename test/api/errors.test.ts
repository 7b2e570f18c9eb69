import { getIntrospectionQuery } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LIMITS } from '../../api/limits.ts'
import type { Database } from '../../db/database.ts'
import { type Ask, createAsk, dataOf, errorOf, logged } from './ask.ts'
import { insertAll, TICKED } from './rows.ts'
import { type TestDatabase, testDatabases } from './testDatabase.ts'

const cursorOf = (...values: unknown[]) => Buffer.from(JSON.stringify(values)).toString('base64url')

describe.each(testDatabases)('errors on %s', (_, open) => {
  let home: TestDatabase
  let ask: Ask
  beforeAll(async () => {
    home = await open()
    await insertAll(home.database)
    ask = createAsk(home.database)
  })
  afterAll(() => home.drop())

  const bad: [query: string, message: RegExp][] = [
    ['{ swaps { nodes { blockNumbr } } }', /Cannot query field "blockNumbr" on type "Swap"/],
    ['{ swaps(where: { blockNumbr: 1 }) { totalCount } }', /Field "blockNumbr" is not defined by type "SwapFilter"/],
    ['{ swaps', /Syntax Error/],
    ['{ pool(address: "0x12") { fee } }', /^"0x12" is not an address: expected 0x and 40 hexadecimal digits/],
    [`{ pool(address: "0x${'1'.repeat(500)}") { fee } }`, /^"0x1{80,90}… is not an address/],
    ['{ pool(address: 5) { fee } }', /^"5" is not an address/],
    [`{ transaction(hash: "${TICKED}") { nonce } }`, /is not a hash: expected 0x and 64 hexadecimal digits/],
    ['{ transactions(where: { selector: "0x123" }) { totalCount } }', /^"0x123" is not a byte string/],
    ['{ swaps(where: { amount0: "1.5" }) { totalCount } }', /^"1.5" is not a BigInt/],
    ['{ swaps(where: { amount0: 1.5 }) { totalCount } }', /^"1.5" is not a BigInt/],
    [`{ swaps(where: { amount0: ${'9'.repeat(79)} }) { totalCount } }`, /is not a BigInt/],
    ['{ swaps(where: { blockNumber: "x" }) { totalCount } }', /^"x" is not a Long/],
    ['{ swaps(where: { blockNumber: 9007199254740992 }) { totalCount } }', /is not a Long/],
    ['{ swaps(where: { blockNumber: {} }) { totalCount } }', /^"{}" is not a Long/],
    [
      '{ transactions(where: { receivedAt_gte: "2024-03-28" }) { totalCount } }',
      /^"2024-03-28" is not a DateTime: expected RFC 3339 with Z or an offset and at most six decimals/,
    ],
    ['{ transactions(where: { receivedAt: "2024-03-28T18:24:49.7137301Z" }) { totalCount } }', /is not a DateTime/],
    ['{ transactions(where: { receivedAt_in: ["2023-02-29T18:24:49Z"] }) { totalCount } }', /is not a DateTime/],
    ['{ transactions(where: { receivedAt: 1711650289 }) { totalCount } }', /^"1711650289" is not a DateTime/],
    ['{ transactions(where: { receivedAt_lt: null }) { totalCount } }', /^receivedAt_lt must not be null/],
    ['{ batch { number } }', /argument "number" of type "Long!" is required/],
    ['{ swaps(where: { tick: 2147483648 }) { totalCount } }', /Int cannot represent/],
    ['{ swaps(where: { blockNumber_gt: null }) { totalCount } }', /^blockNumber_gt must not be null; leave it out/],
    ['{ swaps(where: { tick_in: null }) { totalCount } }', /^tick_in must not be null/],
    ['{ swaps(where: { or: null }) { totalCount } }', /^or must not be null/],
    ['{ swaps(where: { protocol: "a\\u0000b" }) { totalCount } }', /^protocol holds a NUL character/],
    ['{ swaps(first: 1001) { totalCount } }', /^first is 1001; it must be from 0 to 1000/],
    ['{ swaps(first: -1) { totalCount } }', /^first is -1; it must be from 0 to 1000/],
    ['{ swaps(last: 1001) { totalCount } }', /^last is 1001/],
    ['{ swaps(first: 1, last: 1) { totalCount } }', /^first and last exclude each other/],
    ['{ swaps(orderBy: nothing) { totalCount } }', /Value "nothing" does not exist in "SwapOrderBy" enum/],
    ['{ block { number } }', /^block needs exactly one of: number, hash/],
    [`{ block(number: 1, hash: "0x${'0'.repeat(64)}") { number } }`, /^block needs exactly one of/],
    ['{ swap(blockNumber: 1) { tick } }', /argument "logIndex" of type "Long!" is required/],
    ['mutation { swaps { totalCount } }', /Schema is not configured to execute mutation/],
    ...[
      'xx',
      cursorOf(),
      cursorOf('Pool', 'blockNumber', 1, 1),
      cursorOf('Swap', 'blockNumber', 1),
      cursorOf('Swap', 'blockNumber', 1, null),
      cursorOf('Swap', 'blockNumber', 1, 1, 1),
      cursorOf('Swap', 'blockNumber', "1'", 1),
      cursorOf('Swap', 'blockNumber', { a: 1 }, 1),
    ].map((cursor): [string, RegExp] => [
      `{ swaps(after: "${cursor}") { nodes { tick } } }`,
      /is not a cursor of this list/,
    ]),
    [
      `{ transactions(orderBy: receivedAt, after: "${cursorOf('Transaction', 'receivedAt', 'yesterday', 1, 1)}") { nodes { nonce } } }`,
      /is not a cursor of this list/,
    ],
    [
      `{ swaps(before: "${cursorOf('Swap', 'tick', 1, 1, 1)}") { nodes { tick } } }`,
      /^the cursor was made with orderBy: tick/,
    ],
    [
      `{ swaps(orderBy: protocol, after: "${cursorOf('Swap', 'protocol', 'a\0', 1, 1)}") { nodes { tick } } }`,
      /is not a cursor/,
    ],
  ]

  test.each(bad)('%s', async (query, message) => {
    const error = await errorOf(ask(query))
    expect(error.message).toMatch(message)
    expect(error.code).toBe('BAD_USER_INPUT')
  })

  test.each([
    ['query($a: Address!) { pool(address: $a) { fee } }', { a: '0x12' }, /"0x12" is not an address/],
    ['query($b: Long!) { block(number: $b) { hash } }', { b: 1.5 }, /1.5 is not a Long/],
    ['query($t: DateTime) { transactions(where: { receivedAt: $t }) { totalCount } }', { t: 5 }, /5 is not a DateTime/],
    ['query($a: BigInt) { swaps(where: { amount0: $a }) { totalCount } }', { a: 2 ** 60 }, /is not a BigInt/],
    [
      'query($a: Address!) { pool(address: $a) { fee } }',
      {},
      /Variable "\$a" of required type "Address!" was not provided/,
    ],
  ])('%s with %j', async (query, variables, message) => {
    const error = await errorOf(ask(query, variables))
    expect(error.message).toMatch(message)
    expect(error.code).toBe('BAD_USER_INPUT')
  })

  test('an error tells its place, but nothing of the server', async () => {
    const answer = await ask('{ swaps(first: 1001) { totalCount } }')
    expect(answer.errors).toEqual([
      {
        message: 'first is 1001; it must be from 0 to 1000',
        locations: [{ line: 1, column: 3 }],
        path: ['swaps'],
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ])
  })

  const nested = (depth: number): string =>
    depth === 0 ? 'fee' : `token0 { pools(first: 1) { nodes { ${nested(depth - 1)} } } }`
  const tooMuch: [what: string, query: string, message: RegExp][] = [
    ['depth', `{ pools(first: 1) { nodes { ${nested(4)} } } }`, /more than 12 levels/],
    [
      'aliases',
      `{ ${Array.from({ length: 31 }, (_, n) => `a${n}: _meta { version }`).join(' ')} }`,
      /more than 30 aliases/,
    ],
    ['tokens', `{ ${'_meta { version } '.repeat(700)} }`, /more than 2000 tokens/],
    [
      'selections',
      `{ ...F0 } ${Array.from({ length: 20 }, (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`).join(' ')} fragment F20 on Query { __typename }`,
      /more than 5000 fields/,
    ],
    ['rows', '{ blocks(first: 100) { nodes { swaps(first: 500) { nodes { tick } } } } }', /more than 50000 rows/],
    ['rows', '{ blocks(last: 1000) { edges { node { transactions { nodes { nonce } } } } } }', /more than 50000 rows/],
    [
      'values',
      `{ swaps(where: { blockNumber_in: [${Array.from({ length: 1001 }, () => 1).join(' ')}] }) { totalCount } }`,
      /at most 1000 values/,
    ],
  ]

  test.each(tooMuch)('too many %s', async (_, query, message) => {
    const error = await errorOf(ask(query))
    expect(error.message).toMatch(message)
    expect(error.code).toBe('COMPLEXITY_LIMIT')
  })

  test('rows asked for by variables', async () => {
    const query = 'query($n: Int = 1000) { blocks(first: $n) { nodes { swaps(first: 100) { nodes { tick } } } } }'
    expect((await errorOf(ask(query))).code).toBe('COMPLEXITY_LIMIT')
    expect((await errorOf(ask(query, { n: 600 }))).code).toBe('COMPLEXITY_LIMIT')
    expect((await ask(query, { n: 400 })).errors).toBeUndefined()
  })

  test('conditions nested beyond measure', async () => {
    const where = JSON.parse(`${'{"and":['.repeat(2_000)}{}${']}'.repeat(2_000)}`)
    const query = 'query($where: SwapFilter) { swaps(where: $where) { totalCount } }'
    expect((await errorOf(ask(query, { where }))).code).toBe('COMPLEXITY_LIMIT')
  })

  test('just within the limits', async () => {
    await dataOf(ask(`{ pools(first: 1) { nodes { ${nested(3)} } } }`))
    const lists = Array.from({ length: LIMITS.aliases }, (_, n) => `a${n}: swaps(first: 1000) { nodes { tick } }`)
    await dataOf(ask(`{ ${lists.join(' ')} }`))
    await dataOf(ask('{ blocks(first: 1000) { nodes { swaps { totalCount } } } }'))
  })

  test('introspection', async () => {
    const data = await dataOf(ask(getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true })))
    expect(data.__schema.queryType.name).toBe('Query')
  })

  const failing = (error: unknown): Database => ({ ...home.database, query: () => Promise.reject(error) })

  test.each([
    Object.assign(new Error('connect ECONNREFUSED 10.0.0.5:5432'), { code: 'ECONNREFUSED' }),
    new Error('Connection terminated unexpectedly'),
    Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' }),
    new Error('the database thread ended with code 1'),
  ])('the database is down: %s', async (error) => {
    expect(await errorOf(createAsk(failing(error))('{ chains { name } }'))).toEqual({
      code: 'DATABASE_UNAVAILABLE',
      message: 'the database does not answer; try again later',
    })
  })

  test('an unexpected failure is logged and masked', async () => {
    logged.length = 0
    const secret = new Error('column "secret" does not exist')
    const error = await errorOf(createAsk(failing(secret))('{ chains { name } }'))
    expect(error.code).toBe('INTERNAL_SERVER_ERROR')
    expect(JSON.stringify(error)).not.toContain('secret')
    expect(logged.join()).toContain('secret')
  })
})
