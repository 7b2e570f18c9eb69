import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Row } from '../../db/database.ts'
import { pools } from '../../db/schema/pools.ts'
import { type Ask, counting, createAsk, dataOf, errorOf } from './ask.ts'
import { address, BARE, hash, insert, insertAll, LAST_BLOCK, PAIR, rowsOf, TICKED, UINT256_MAX } from './rows.ts'
import { type TestDatabase, testDatabases } from './testDatabase.ts'

describe.each(testDatabases)('objects on %s', (_, open) => {
  let home: TestDatabase
  let ask: Ask
  let queries: () => number
  beforeAll(async () => {
    home = await open()
    await insertAll(home.database)
    const counted = counting(home.database)
    queries = counted.queries
    ask = createAsk(counted.database)
  })
  afterAll(() => home.drop())

  const costOf = async (query: string) => {
    const before = queries()
    const data = await dataOf(ask(query))
    return { data, cost: queries() - before }
  }

  describe('singles', () => {
    test.each([
      ['block(number: 103)', 'hash', hash(103, 999)],
      [`block(hash: "${hash(103, 999)}")`, 'number', 103],
      [`transaction(hash: "${hash(104, 1)}")`, 'blockNumber', 104],
      [`token(address: "${address(1)}")`, 'symbol', 'WETH'],
      [`pool(address: "${TICKED}")`, 'fee', 500],
      ['swap(blockNumber: 104, logIndex: 2)', 'transactionHash', hash(104, 0)],
      ['liquidityChange(blockNumber: 104, logIndex: 5)', 'kind', 'COLLECT'],
    ])('%s', async (field, key, value) => {
      expect(Object.values(await dataOf(ask(`{ ${field} { ${key} } }`)))).toEqual([{ [key]: value }])
    })

    test.each(['block(number: 99)', `pool(address: "${address(0x99)}")`, 'swap(blockNumber: 104, logIndex: 3)'])(
      '%s, which is not stored',
      async (field) => {
        expect(Object.values(await dataOf(ask(`{ ${field} { chainId } }`)))).toEqual([null])
      },
    )
  })

  describe('relations', () => {
    test('swap to pool, tokens, transaction and block', async () => {
      const { data } = await costOf(`{ swap(blockNumber: 104, logIndex: 2) {
        pool { address token0 { symbol } token1 { symbol } createdTransaction { hash } }
        transaction { hash block { number } } block { hash parent { number } } } }`)
      expect(data.swap).toEqual({
        pool: { address: TICKED, token0: { symbol: 'WETH' }, token1: { symbol: 'USDC' }, createdTransaction: null },
        transaction: { hash: hash(104, 0), block: { number: 104 } },
        block: { hash: hash(104, 999), parent: { number: 103 } },
      })
    })

    test('relations of many rows cost one query each', async () => {
      const { data, cost } = await costOf(`{ swaps(first: 33) { nodes { logIndex blockNumber poolAddress transactionHash
        pool { address token0 { address } token1 { address } } transaction { hash } block { number } } } }`)
      for (const swap of data.swaps.nodes) {
        expect(swap.pool.address).toBe(swap.poolAddress)
        expect(swap.transaction.hash).toBe(swap.transactionHash)
        expect(swap.block.number).toBe(swap.blockNumber)
      }
      // chains, swaps, pools, transactions, blocks, token0, token1
      expect(cost).toBe(7)
    })

    test('lists and counts within lists cost one query each', async () => {
      const { data, cost } = await costOf(`{ blocks(first: 12) { nodes { number
        swaps(first: 2, orderDirection: asc) { totalCount nodes { blockNumber logIndex } pageInfo { hasNextPage hasPreviousPage } }
        transactions(first: 5) { nodes { hash swaps { nodes { logIndex } } } } } } }`)
      for (const block of data.blocks.nodes) {
        const count = block.number === LAST_BLOCK ? 0 : 3
        expect(block.swaps.totalCount).toBe(count)
        expect(block.swaps.pageInfo).toEqual({ hasNextPage: count > 2, hasPreviousPage: false })
        const places = block.swaps.nodes.map((swap: Row) => [swap.blockNumber, swap.logIndex])
        expect(places).toEqual(
          count === 0
            ? []
            : [
                [block.number, 0],
                [block.number, 1],
              ],
        )
        const ofTransactions = block.transactions.nodes.map(
          (each: Row) => (each.swaps as { nodes: Row[] }).nodes.length,
        )
        expect(ofTransactions).toEqual(count === 0 ? [0, 0] : [1, 2])
      }
      // chains, blocks, swaps, their counts, transactions, their swaps
      expect(cost).toBe(6)
    })

    test('a page of each parent goes on from a cursor', async () => {
      const { data } = await costOf(
        '{ swap(blockNumber: 105, logIndex: 0) { pool { swaps(first: 3) { pageInfo { endCursor } } } } }',
      )
      const after = data.swap.pool.swaps.pageInfo.endCursor
      const { data: next, cost } = await costOf(`{ pools { nodes { address swaps(first: 100, after: "${after}") {
        nodes { blockNumber logIndex poolAddress } pageInfo { hasPreviousPage } } } } }`)
      const [pair] = next.pools.nodes.filter((pool: Row) => pool.address === PAIR)
      const all = rowsOf.swaps.filter((swap) => swap.poolAddress === PAIR).toReversed()
      expect(pair.swaps.nodes.map((swap: Row) => swap.blockNumber)).toEqual(
        all.slice(3).map((swap) => swap.blockNumber),
      )
      expect(next.pools.nodes.map((pool: { swaps: { pageInfo: Row } }) => pool.swaps.pageInfo.hasPreviousPage)).toEqual(
        [false, true, true],
      )
      // chains, pools, swaps, whether there are earlier ones
      expect(cost).toBe(4)
    })

    test('pools of a token on either side', async () => {
      const { data } = await costOf('{ tokens { nodes { symbol pools { nodes { address } } } } }')
      const addresses = data.tokens.nodes.map((token: { pools: { nodes: Row[] } }) =>
        token.pools.nodes.map((pool) => pool.address),
      )
      expect(addresses).toEqual([[PAIR, TICKED], [BARE, PAIR, TICKED], [BARE]])
    })

    test('emitter of an undecoded log, when it is a pool', async () => {
      const { data } = await costOf('{ undecodedLogs { nodes { emitterPool { address } } } }')
      expect(data.undecodedLogs.nodes).toEqual([{ emitterPool: null }, { emitterPool: { address: PAIR } }])
    })

    test('only what is selected is read', async () => {
      expect((await costOf('{ swaps { totalCount } }')).cost).toBe(2)
      expect((await costOf('{ swaps { nodes { tick } } }')).cost).toBe(2)
    })
  })

  describe('Pool.state', () => {
    test.each([
      [99, null, null],
      [100, 100, '100000000'],
      [102, 100, '100000000'],
      [103, 103, '103000000'],
      [LAST_BLOCK, 106, '106000000'],
    ])('at block %s', async (block, blockNumber, reserve1) => {
      const { data } = await costOf(`{ pool(address: "${PAIR}") { state(block: ${block}) { blockNumber reserve1 } } }`)
      expect(data.pool.state).toEqual(blockNumber === null ? null : { blockNumber, reserve1 })
    })

    test('the newest unless a block is given, with prices, in one query each', async () => {
      const { data, cost } = await costOf('{ pools { nodes { state { blockNumber price } } } }')
      const states = data.pools.nodes.map((pool: { state: Row }) => pool.state)
      // 106 USDC (6 decimals) for 1 WETH (18 decimals); a square root of 1 is 10^12 USDC; decimals of the last not known.
      expect(states).toEqual([
        { blockNumber: 106, price: null },
        { blockNumber: 106, price: expect.closeTo(106, 9) },
        { blockNumber: 107, price: expect.closeTo(1e12, 0) },
      ])
      // chains, pools, states, pools of the states, token0, token1
      expect(cost).toBe(7)
    })

    test('at a block that is not indexed yet', async () => {
      const query = `{ pool(address: "${PAIR}") { state(block: ${LAST_BLOCK + 1}) { tick } } }`
      expect(await errorOf(ask(query))).toEqual({
        code: 'NOT_INDEXED_YET',
        message: 'block 112 is not indexed yet; the last indexed block is 111',
      })
    })
  })

  describe('Pool.ticks', () => {
    const early = [
      { tick: -20, blockNumber: 101, liquidityGross: '50' },
      { tick: 10, blockNumber: 101, liquidityGross: '50' },
    ]
    const top = { tick: 30, blockNumber: 104, liquidityGross: UINT256_MAX.toString() }
    test.each([
      [100, []],
      [101, early],
      [103, early],
      [104, [{ tick: -20, blockNumber: 104, liquidityGross: '80' }, early[1], top]],
      [107, [early[1], top]],
    ])('at block %s', async (block, ticks) => {
      await home.database.query("update pools set state_origin = 'creation' where family = 'uniswap-v3'")
      const { data } = await costOf(
        `{ pool(address: "${TICKED}") { ticks(block: ${block}) { tick blockNumber liquidityGross } } }`,
      )
      expect(data.pool.ticks).toEqual(ticks)
    })

    test('the newest, of all pools in one query', async () => {
      const { data, cost } = await costOf('{ pools { nodes { ticks { tick } } } }')
      expect(data.pools.nodes.map((pool: Row) => pool.ticks)).toEqual([[], [], [{ tick: 10 }, { tick: 30 }]])
      expect(cost).toBe(3)
    })

    test('not known', async () => {
      const [ticked] = rowsOf.pools.filter((pool) => pool.address === TICKED)
      const known = { ...ticked, stateOrigin: 'snapshot', address: address(0xc1), firstSeenBlock: 105 }
      await insert(home.database, pools, [known, { ...known, stateOrigin: 'events', address: address(0xc2) }])
      const query = `{
        before: pool(address: "${address(0xc1)}") { ticks(block: 104) { tick } }
        since: pool(address: "${address(0xc1)}") { ticks(block: 105) { tick } }
        never: pool(address: "${address(0xc2)}") { ticks { tick } } }`
      expect(await dataOf(ask(query))).toEqual({
        before: { ticks: null },
        since: { ticks: [] },
        never: { ticks: null },
      })
      await home.database.query('delete from pools where first_seen_block = 105')
    })
  })
})
