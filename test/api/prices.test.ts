import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { transactions } from '../../db/schema/transactions.ts'
import { type Ask, createAsk, dataOf, errorOf } from './ask.ts'
import { address, hash, insert, insertAll, ODD, PAIR, rowsOf, USDC, WETH } from './rows.ts'
import { type TestDatabase, testDatabases } from './testDatabase.ts'

/** A transaction that asks a router for a swap, beside the rows of the test chain. */
const ASKING = {
  ...rowsOf.transactions.find(({ blockNumber }) => blockNumber === 105)!,
  ...{ transactionIndex: 5, hash: hash(105, 5) },
  ...{ intentKind: 'EXACT_IN', intentTokenInAddress: WETH, intentTokenOutAddress: address(0) },
  ...{ intentAmountIn: 2n ** 256n - 1n, intentAmountOut: 7n, intentRecipientAddress: address(0x10) },
  ...{ intentDeadline: 1_800_000_000, intentPath: `${WETH} v2 ${address(0)}` },
}

describe.each(testDatabases)('prices and what rests on them on %s', (_, open) => {
  let home: TestDatabase
  let ask: Ask
  beforeAll(async () => {
    home = await open()
    await insertAll(home.database)
    await insert(home.database, transactions, [ASKING])
    ask = createAsk(home.database)
  })
  afterAll(() => home.drop())

  const known = { blockNumber: 100, priceUsd: 1_800.5, depthUsd: 2_000, path: PAIR }
  const none = { blockNumber: 103, priceUsd: null, depthUsd: null, path: null }
  const FIELDS = 'blockNumber priceUsd depthUsd path'

  test.each([
    ['before the first price', '(block: 99)', null],
    ['at the block of a price', '(block: 100)', known],
    ['between two', '(block: 102)', known],
    ['at the block after which there is none any more', '(block: 103)', none],
    ['later', '(block: 111)', none],
    ['at the last indexed block', '', none],
  ])('Token.price %s', async (_, args, expected) => {
    const { token } = await dataOf(ask(`{ token(address: "${WETH}") { price${args} { ${FIELDS} } } }`))
    expect(token.price).toEqual(expected)
  })

  test('Token.price of several tokens, of which one had ever a price', async () => {
    const { tokens } = await dataOf(ask('{ tokens { nodes { address price(block: 101) { priceUsd } } } }'))
    expect(tokens.nodes).toEqual([
      { address: WETH, price: { priceUsd: 1_800.5 } },
      { address: USDC, price: null },
      { address: ODD, price: null },
    ])
  })

  test('Token.prices from the newest on, and from the oldest', async () => {
    const { token } = await dataOf(
      ask(`{ token(address: "${WETH}") { prices { totalCount nodes { ${FIELDS} } }
        oldest: prices(first: 1, orderDirection: asc) { nodes { blockNumber } } } }`),
    )
    expect(token).toEqual({
      prices: { totalCount: 2, nodes: [none, known] },
      oldest: { nodes: [{ blockNumber: 100 }] },
    })
  })

  test('tokenPrices filtered, with their tokens and blocks', async () => {
    const asked = `{ tokenPrices(where: { tokenAddress: "${WETH}", priceUsd_gt: 1800 }) {
      nodes { priceUsd token { symbol } block { hash } } }
      others: tokenPrices(where: { tokenAddress: "${USDC}" }) { totalCount } }`
    expect(await dataOf(ask(asked))).toEqual({
      tokenPrices: { nodes: [{ priceUsd: 1_800.5, token: { symbol: 'WETH' }, block: { hash: hash(100, 999) } }] },
      others: { totalCount: 0 },
    })
  })

  test('Swap tells its tokens, fee, replay and value', async () => {
    const asked = (logIndex: number) => `swap(blockNumber: 101, logIndex: ${logIndex}) {
      fee replayGap priceUsd valueUsd token0 { symbol } token1 { symbol } }`
    const tokens = { token0: { symbol: 'WETH' }, token1: { symbol: 'USDC' } }
    expect(await dataOf(ask(`{ pair: ${asked(0)} untold: ${asked(1)} unpriced: ${asked(2)} }`))).toEqual({
      pair: { ...tokens, fee: 3000, replayGap: '-1', priceUsd: 1_803.25, valueUsd: expect.closeTo(0.3, 12) },
      untold: { ...tokens, fee: 500, replayGap: null, priceUsd: 1_804.25, valueUsd: expect.closeTo(0.4, 12) },
      unpriced: { ...tokens, fee: 500, replayGap: '1', priceUsd: null, valueUsd: null },
    })
  })

  test('swaps filtered by value and by replay', async () => {
    const asked = `{ dear: swaps(where: { valueUsd_gte: 3 }) { totalCount }
      differing: swaps(where: { replayGap_gt: "0" }) { totalCount } }`
    const dear = rowsOf.swaps.filter(({ valueUsd }) => typeof valueUsd === 'number' && valueUsd >= 3).length
    const differing = rowsOf.swaps.filter(({ replayGap }) => typeof replayGap === 'bigint' && replayGap > 0n).length
    expect([dear, differing].every((count) => count > 0)).toBe(true)
    expect(await dataOf(ask(asked))).toEqual({ dear: { totalCount: dear }, differing: { totalCount: differing } })
  })

  describe('liquidations', () => {
    test('of a borrower, with what belongs to them', async () => {
      const asked = `{ liquidations(where: { borrowerAddress: "${address(0x12)}" }) { totalCount nodes {
        blockNumber protocol debtAmount collateralAmount debtUsd collateralUsd bonusUsd
        debtToken { symbol } collateralToken { symbol } transaction { hash } block { hash } } } }`
      const common = {
        ...{ protocol: 'aave-v3', debtAmount: '5000000', collateralAmount: `${10n ** 16n}`, debtUsd: 5 },
        ...{ debtToken: { symbol: 'USDC' }, collateralToken: { symbol: 'WETH' } },
      }
      const at = (block: number) => ({
        ...{ blockNumber: block, transaction: { hash: hash(block, 0) }, block: { hash: hash(block, 999) } },
      })
      expect((await dataOf(ask(asked))).liquidations).toEqual({
        totalCount: 2,
        nodes: [
          { ...common, ...at(105), collateralUsd: null, bonusUsd: null },
          { ...common, ...at(102), collateralUsd: 5.25, bonusUsd: 0.25 },
        ],
      })
    })

    test('of a borrower who has none', async () => {
      const asked = `{ liquidations(where: { borrowerAddress: "${address(0x13)}" }) { totalCount nodes { logIndex } } }`
      expect((await dataOf(ask(asked))).liquidations).toEqual({ totalCount: 0, nodes: [] })
    })

    test('one by its log, and a log that is none', async () => {
      const asked = `{ one: liquidation(blockNumber: 102, logIndex: 8) { borrowerAddress marketId }
        none: liquidation(blockNumber: 102, logIndex: 7) { borrowerAddress } }`
      expect(await dataOf(ask(asked))).toEqual({ one: { borrowerAddress: address(0x12), marketId: null }, none: null })
    })

    test('of a borrower whose address is malformed', async () => {
      const asked = `{ liquidations(where: { borrowerAddress: "0x${'12'.repeat(31)}" }) { totalCount } }`
      expect((await errorOf(ask(asked))).code).toBe('BAD_USER_INPUT')
    })
  })

  describe('intent of a transaction', () => {
    const INTENT = `intentKind intentTokenInAddress intentTokenOutAddress intentAmountIn intentAmountOut
      intentRecipientAddress intentDeadline intentPath intentTokenIn { symbol } intentTokenOut { symbol }`

    test('that asks for a swap into the base token', async () => {
      expect((await dataOf(ask(`{ transaction(hash: "${ASKING.hash}") { ${INTENT} } }`))).transaction).toEqual({
        intentKind: 'EXACT_IN',
        intentTokenInAddress: WETH,
        intentTokenOutAddress: address(0),
        intentAmountIn: `${2n ** 256n - 1n}`,
        intentAmountOut: '7',
        intentRecipientAddress: address(0x10),
        intentDeadline: 1_800_000_000,
        intentPath: `${WETH} v2 ${address(0)}`,
        intentTokenIn: { symbol: 'WETH' },
        intentTokenOut: null,
      })
    })

    test('that asks for none', async () => {
      const { transaction } = await dataOf(ask(`{ transaction(hash: "${hash(104, 0)}") { ${INTENT} } }`))
      expect(Object.keys(transaction)).toHaveLength(10)
      expect(Object.values(transaction).every((value) => value === null)).toBe(true)
    })

    test('found by what it asks for', async () => {
      const asked = `{ transactions(where: { intentKind: "EXACT_IN", intentTokenInAddress: "${WETH}" }) { nodes { hash } } }`
      expect((await dataOf(ask(asked))).transactions.nodes).toEqual([{ hash: ASKING.hash }])
    })
  })
})
