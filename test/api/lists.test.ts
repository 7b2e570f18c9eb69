import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { apiColumns } from '../../api/builder/columns.ts'
import { entities } from '../../api/schema/index.ts'
import type { Row } from '../../db/database.ts'
import { keyOf } from '../../db/queries/sql.ts'
import { type Ask, createAsk, dataOf } from './ask.ts'
import { INT256_MIN, insertAll, PAIR, rowsOf, TICKED, UINT256_MAX } from './rows.ts'
import { type TestDatabase, testDatabases } from './testDatabase.ts'

type Value = string | number | bigint

/** The order the API promises: nulls last in both directions, then the key. */
function sorted(rows: readonly Row[], column: string, key: readonly string[], descending: boolean): Row[] {
  const compare = (a: unknown, b: unknown) => ((a as Value) < (b as Value) ? -1 : (a as Value) > (b as Value) ? 1 : 0)
  const sign = descending ? -1 : 1
  return rows.toSorted((a, b) => {
    if ((a[column] === null) !== (b[column] === null)) return a[column] === null ? 1 : -1
    const first = a[column] === null ? 0 : sign * compare(a[column], b[column])
    return key.reduce((result, each) => result || sign * compare(a[each], b[each]), first)
  })
}

const asJson = (value: unknown) => (typeof value === 'bigint' ? value.toString() : value)

const lists = entities.flatMap((entity) => {
  const rows: Record<string, Row[]> = rowsOf
  return entity.list
    ? [{ entity, list: entity.list, rows: rows[entity.list] ?? [], columns: apiColumns(entity.docs) }]
    : []
})

const orders = lists.flatMap(({ entity, list, rows, columns }) =>
  columns.flatMap(({ key }) => (['asc', 'desc'] as const).map((direction) => ({ entity, list, rows, key, direction }))),
)

describe.each(testDatabases)('lists on %s', (_, open) => {
  let home: TestDatabase
  let ask: Ask
  beforeAll(async () => {
    home = await open()
    await insertAll(home.database)
    ask = createAsk(home.database)
  })
  afterAll(() => home.drop())

  /** All rows in pages of a length, forwards by `first` and `after` or backwards by `last` and `before`. */
  async function walk(list: string, fields: string, order: string, length: number, backwards: boolean): Promise<Row[]> {
    const [size, bound] = backwards ? ['last', 'before'] : ['first', 'after']
    const all: Row[] = []
    let cursor: string | null = null
    for (let pages = 0; pages < 100; pages++) {
      const query = `query($cursor: String) { ${list}(${size}: ${length}, ${bound}: $cursor, ${order}) {
        nodes { ${fields} } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`
      const { [list]: page } = await dataOf(ask(query, { cursor }))
      if (backwards) all.unshift(...page.nodes)
      else all.push(...page.nodes)
      const { hasNextPage, hasPreviousPage, startCursor, endCursor } = page.pageInfo
      expect(backwards ? hasNextPage : hasPreviousPage).toBe(cursor !== null)
      if (!(backwards ? hasPreviousPage : hasNextPage)) return all
      cursor = backwards ? startCursor : endCursor
    }
    throw new Error('the pages do not end')
  }

  test.each(orders)(
    '$list by $key $direction, forwards and backwards',
    async ({ entity, list, rows, key, direction }) => {
      const names = keyOf(entity.docs.table)
      const fields = [...new Set([key, ...names])]
      const cut = (row: Row) => Object.fromEntries(fields.map((field) => [field, asJson(row[field])]))
      const expected = sorted(rows, key, names, direction === 'desc').map(cut)
      const order = `orderBy: ${key}, orderDirection: ${direction}`
      expect(await walk(list, fields.join(' '), order, Math.ceil(rows.length / 3), false)).toEqual(expected)
      expect(await walk(list, fields.join(' '), order, Math.ceil(rows.length / 2), true)).toEqual(expected)
    },
  )

  test.each(lists)('every column of $list as stored', async ({ list, rows, columns }) => {
    const keys = columns.map(({ key }) => key)
    const { [list]: page } = await dataOf(ask(`{ ${list}(first: 1000) { totalCount nodes { ${keys.join(' ')} } } }`))
    expect(page.totalCount).toBe(rows.length)
    const cut = (row: Row) => Object.fromEntries(keys.map((key) => [key, asJson(row[key])]))
    expect(page.nodes).toHaveLength(rows.length)
    expect(page.nodes).toEqual(expect.arrayContaining(rows.map(cut)))
  })

  test('newest first unless said otherwise', async () => {
    const { swaps } = await dataOf(ask('{ swaps(first: 4) { nodes { blockNumber logIndex } } }'))
    const places = swaps.nodes.map((swap: Row) => [swap.blockNumber, swap.logIndex])
    expect(places).toEqual([
      [110, 2],
      [110, 1],
      [110, 0],
      [109, 2],
    ])
  })

  test('edges carry the cursors of their nodes', async () => {
    const { swaps } = await dataOf(
      ask(
        '{ swaps(first: 3) { nodes { logIndex } edges { cursor node { logIndex } } pageInfo { startCursor endCursor } } }',
      ),
    )
    expect(swaps.edges.map((edge: Row) => edge.node)).toEqual(swaps.nodes)
    expect(swaps.edges[0].cursor).toBe(swaps.pageInfo.startCursor)
    expect(swaps.edges[2].cursor).toBe(swaps.pageInfo.endCursor)
    const { swaps: rest } = await dataOf(
      ask(`{ swaps(first: 1, after: "${swaps.edges[0].cursor}") { nodes { logIndex } } }`),
    )
    expect(rest.nodes[0]).toEqual(swaps.nodes[1])
  })

  test('an empty page', async () => {
    const none =
      '{ swaps(first: 0) { nodes { tick } pageInfo { hasNextPage hasPreviousPage startCursor } totalCount } }'
    const { swaps } = await dataOf(ask(none))
    const pageInfo = { hasNextPage: true, hasPreviousPage: false, startCursor: null }
    expect(swaps).toEqual({ nodes: [], pageInfo, totalCount: rowsOf.swaps.length })
  })

  const is = (test: (row: Row) => boolean) => test
  const filters: [where: string, test: (row: Row) => boolean][] = [
    ['blockNumber: 103', is((row) => row.blockNumber === 103)],
    ['blockNumber: "103"', is((row) => row.blockNumber === 103)],
    ['blockNumber_not: 103', is((row) => row.blockNumber !== 103)],
    ['blockNumber_in: [103, 105]', is((row) => row.blockNumber === 103 || row.blockNumber === 105)],
    ['blockNumber_not_in: [103, 105]', is((row) => row.blockNumber !== 103 && row.blockNumber !== 105)],
    ['blockNumber_in: []', is(() => false)],
    ['blockNumber_not_in: []', is(() => true)],
    ['blockNumber_gt: 105', is((row) => (row.blockNumber as number) > 105)],
    ['blockNumber_gte: 105', is((row) => (row.blockNumber as number) >= 105)],
    ['blockNumber_lt: 105', is((row) => (row.blockNumber as number) < 105)],
    ['blockNumber_lte: 105', is((row) => (row.blockNumber as number) <= 105)],
    ['blockNumber_gte: 103, blockNumber_lt: 105', is((row) => row.blockNumber === 103 || row.blockNumber === 104)],
    [`amount0: "${UINT256_MAX}"`, is((row) => row.amount0 === UINT256_MAX)],
    [`amount0_not: "${UINT256_MAX}"`, is((row) => row.amount0 !== UINT256_MAX)],
    [`amount0_in: ["${INT256_MIN}", 7]`, is((row) => row.amount0 === INT256_MIN || row.amount0 === 7n)],
    [`amount0_lt: "${UINT256_MAX}"`, is((row) => (row.amount0 as bigint) < UINT256_MAX)],
    [`amount0_gte: ${UINT256_MAX}`, is((row) => row.amount0 === UINT256_MAX)],
    ['amount0_lt: 0', is((row) => (row.amount0 as bigint) < 0n)],
    ['tick: null', is((row) => row.tick === null)],
    ['tick_not: null', is((row) => row.tick !== null)],
    ['tick: 2', is((row) => row.tick === 2)],
    ['tick_not: 2', is((row) => row.tick !== 2)],
    ['tick_not_in: [1, 2]', is((row) => row.tick !== 1 && row.tick !== 2)],
    ['tick_gte: -1', is((row) => row.tick !== null && (row.tick as number) >= -1)],
    [`poolAddress: "${PAIR.toUpperCase().replace('0X', '0x')}"`, is((row) => row.poolAddress === PAIR)],
    [`poolAddress_not: "${PAIR}"`, is((row) => row.poolAddress !== PAIR)],
    [`poolAddress_in: ["${PAIR}", "${TICKED}"]`, is(() => true)],
    ['protocol: "uniswap-v2"', is((row) => row.protocol === 'uniswap-v2')],
    ['protocol_contains: "-v3"', is((row) => row.protocol === 'uniswap-v3')],
    ['protocol_contains: "%"', is(() => false)],
    ['protocol_contains_nocase: "SWAP-V3"', is((row) => row.protocol === 'uniswap-v3')],
    ['protocol_starts_with: "uniswap-v2"', is((row) => row.protocol === 'uniswap-v2')],
    ['protocol_starts_with: "v2"', is(() => false)],
    ['protocol_starts_with_nocase: "UNISWAP-V2"', is((row) => row.protocol === 'uniswap-v2')],
    ['or: [{ tick: 2 }, { tick: null }]', is((row) => row.tick === 2 || row.tick === null)],
    ['or: []', is(() => false)],
    ['and: []', is(() => true)],
    ['and: [{ tick_gte: 0 }, { tick_lte: 1 }]', is((row) => row.tick === 0 || row.tick === 1)],
    [
      'blockNumber: 104, or: [{ logIndex: 0 }, { and: [{ logIndex: 2 }, { tick_not: null }] }]',
      is((row) => row.blockNumber === 104 && (row.logIndex === 0 || (row.logIndex === 2 && row.tick !== null))),
    ],
  ]

  test.each(filters)('swaps where %s', async (where, test) => {
    const { swaps } = await dataOf(
      ask(`{ swaps(first: 1000, where: { ${where} }) { totalCount nodes { blockNumber logIndex } } }`),
    )
    const expected = rowsOf.swaps.filter(test).map(({ blockNumber, logIndex }) => ({ blockNumber, logIndex }))
    expect(swaps.nodes.toReversed()).toEqual(expected)
    expect(swaps.totalCount).toBe(expected.length)
  })

  test('a page goes on in place when newer rows appear', async () => {
    const { database } = home
    const { swaps: before } = await dataOf(ask('{ swaps(first: 2) { nodes { logIndex } pageInfo { endCursor } } }'))
    const rest = `{ swaps(first: 2, after: "${before.pageInfo.endCursor}") { nodes { blockNumber logIndex } } }`
    const expected = await dataOf(ask(rest))
    await database.query(
      'insert into swaps (chain_id, block_number, log_index, transaction_index, transaction_hash, timestamp, pool_address, protocol, trader_address, sender_address, recipient_address, amount0, amount1, token0_address, token1_address) select chain_id, 111, log_index, transaction_index, transaction_hash, timestamp, pool_address, protocol, trader_address, sender_address, recipient_address, amount0, amount1, token0_address, token1_address from swaps where block_number = 110',
    )
    expect(await dataOf(ask(rest))).toEqual(expected)
    await database.query('delete from swaps where block_number = 111')
  })
})
