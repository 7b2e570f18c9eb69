import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Row } from '../../db/database.ts'
import { poolStates, poolTicks } from '../../db/schema/poolStates.ts'
import { pools, poolTokens } from '../../db/schema/pools.ts'
import { tokenPrices } from '../../db/schema/tokens.ts'
import { type Ask, createAsk, dataOf, errorOf } from './ask.ts'
import { address, CHAIN_ID, insert, insertAll, LAST_BLOCK, ODD, PAIR, rowsOf, TICKED, USDC, WETH } from './rows.ts'
import { type TestDatabase, testDatabases } from './testDatabase.ts'

const Q96 = 2n ** 96n
const LIQUIDITY = 10n ** 18n
const FEE = 500n
const PIPS = 1_000_000n
/** What PAIR holds from block 106 on, and before block 103. */
const RESERVES = [10n ** 18n, 106_000_000n] as const
const EARLY_RESERVES = [10n ** 18n, 100_000_000n] as const

const CONCENTRATED = address(0xd1)
const UNTOLD_TICKS = address(0xd2)
const NO_FEE = address(0xd3)
const DOUBTED = address(0xd4)
const THREE = address(0xd5)
const STATELESS = address(0xd6)
const HUGE = address(0xd7)
/** A pool inside a singleton. */
const INSIDE = `0x${'e1'.repeat(32)}`

const poolLike = (like: string, row: Row): Row => ({ ...rowsOf.pools.find((pool) => pool.address === like)!, ...row })
const stateLike = (like: string, row: Row): Row => ({
  ...rowsOf.poolStates.find((state) => state.poolAddress === like)!,
  ...row,
})
const priced = { sqrtPriceX96: Q96, tick: 0, liquidity: LIQUIDITY }

const rows = {
  pools: [
    poolLike(TICKED, { address: CONCENTRATED, emitterAddress: CONCENTRATED }),
    poolLike(TICKED, { address: UNTOLD_TICKS, emitterAddress: UNTOLD_TICKS, stateOrigin: 'events' }),
    poolLike(TICKED, { address: INSIDE, family: 'uniswap-v4', protocol: 'uniswap-v4' }),
    poolLike(PAIR, { address: NO_FEE, emitterAddress: NO_FEE, fee: null }),
    poolLike(PAIR, { address: DOUBTED, emitterAddress: DOUBTED }),
    poolLike(PAIR, { address: STATELESS, emitterAddress: STATELESS }),
    poolLike(PAIR, { address: HUGE, emitterAddress: HUGE, family: 'solidly', protocol: 'solidly', stable: true }),
    poolLike(PAIR, { address: THREE, emitterAddress: THREE, family: 'wombat', protocol: 'wombat' }),
  ],
  poolTokens: [
    ...[CONCENTRATED, UNTOLD_TICKS, INSIDE, NO_FEE, DOUBTED, STATELESS, HUGE].flatMap((pool) => [
      [pool, WETH],
      [pool, USDC],
    ]),
    ...[WETH, USDC, ODD].map((token) => [THREE, token]),
  ].map(([poolAddress, tokenAddress], index, all) => ({
    ...{ chainId: CHAIN_ID, poolAddress, tokenAddress, firstSeenBlock: 100 },
    position: all.slice(0, index).filter(([pool]) => pool === poolAddress).length,
  })),
  states: [
    ...[CONCENTRATED, UNTOLD_TICKS, INSIDE].map((poolAddress) => stateLike(TICKED, { poolAddress, ...priced })),
    stateLike(PAIR, { poolAddress: NO_FEE, fee0: null, fee1: null }),
    stateLike(PAIR, { poolAddress: DOUBTED, doubts: 3 }),
    stateLike(PAIR, { poolAddress: HUGE, reserve0: 2n ** 250n, reserve1: 2n ** 250n }),
    stateLike(PAIR, { poolAddress: THREE, reserve0: null, reserve1: null, innerState: {} }),
  ],
  prices: [{ chainId: CHAIN_ID, tokenAddress: USDC, blockNumber: 100, priceUsd: 1, depthUsd: null, path: '' }],
  ticks: [CONCENTRATED, INSIDE].flatMap((poolAddress) =>
    [-1000, 1000].map((tick) => ({
      ...{ chainId: CHAIN_ID, poolAddress, tick, blockNumber: 101 },
      ...{ liquidityGross: LIQUIDITY, liquidityNet: tick < 0 ? LIQUIDITY : -LIQUIDITY },
    })),
  ),
}

/** UniswapV2Library.getAmountOut at 0.3 %. */
const amountOutOf = (amountIn: bigint, reserveIn: bigint, reserveOut: bigint) =>
  (amountIn * 997n * reserveOut) / (reserveIn * 1000n + amountIn * 997n)
/** UniswapV2Library.getAmountIn at 0.3 %. */
const amountInOf = (amountOut: bigint, reserveIn: bigint, reserveOut: bigint) =>
  (reserveIn * amountOut * 1000n) / ((reserveOut - amountOut) * 997n) + 1n

const divideUp = (a: bigint, b: bigint) => (a + b - 1n) / b

describe.each(testDatabases)('quotes on %s', (_, open) => {
  let home: TestDatabase
  let ask: Ask
  beforeAll(async () => {
    home = await open()
    await insertAll(home.database)
    await insert(home.database, pools, rows.pools)
    await insert(home.database, poolTokens, rows.poolTokens)
    await insert(home.database, poolStates, rows.states)
    await insert(home.database, poolTicks, rows.ticks)
    await insert(home.database, tokenPrices, rows.prices)
    ask = createAsk(home.database)
  })
  afterAll(() => home.drop())

  const FIELDS = 'amountIn amountOut price spotPrice priceImpactBps quality blockNumber'
  const query = (pool: string, args: string, fields = FIELDS) =>
    `{ pool(address: "${pool}") { quote(${args}) { ${fields} } } }`
  const sell = (tokenIn: string, amount: bigint | string, more = '') =>
    `tokenIn: "${tokenIn}", amountIn: "${amount}"${more}`
  const buy = (tokenIn: string, amount: bigint | string, more = '') =>
    `tokenIn: "${tokenIn}", amountOut: "${amount}"${more}`
  const quote = async (pool: string, args: string) => (await dataOf(ask(query(pool, args)))).pool.quote

  describe('a pair', () => {
    test.each([
      [WETH, USDC, RESERVES[0], RESERVES[1], 10n ** 16n],
      [USDC, WETH, RESERVES[1], RESERVES[0], 1_234_567n],
      [USDC, WETH, RESERVES[1], RESERVES[0], 1n],
    ])('an exact amount of %s in', async (tokenIn, tokenOut, reserveIn, reserveOut, amountIn) => {
      const amountOut = amountOutOf(amountIn, reserveIn, reserveOut)
      const expected = { amountIn: `${amountIn}`, amountOut: `${amountOut}`, quality: 'exact', blockNumber: 106 }
      expect(await quote(PAIR, sell(tokenIn, amountIn))).toMatchObject(expected)
      expect(await quote(PAIR, sell(tokenIn, amountIn, `, tokenOut: "${tokenOut}"`))).toMatchObject(expected)
    })

    test.each([
      [WETH, RESERVES[0], RESERVES[1], 1_000_000n],
      [USDC, RESERVES[1], RESERVES[0], 10n ** 17n],
      [USDC, RESERVES[1], RESERVES[0], 1n],
    ])('an exact amount out for %s', async (tokenIn, reserveIn, reserveOut, amountOut) => {
      const amountIn = amountInOf(amountOut, reserveIn, reserveOut)
      expect(await quote(PAIR, buy(tokenIn, amountOut))).toMatchObject({
        ...{ amountIn: `${amountIn}`, amountOut: `${amountOut}` },
      })
    })

    test('prices and how far they move', async () => {
      const amountIn = 10n ** 16n
      const [reserve0, reserve1] = RESERVES
      const amountOut = amountOutOf(amountIn, reserve0, reserve1)
      const before = Number(reserve1) / Number(reserve0)
      const after = Number(reserve1 - amountOut) / Number(reserve0 + amountIn)
      const answer = await quote(PAIR, sell(WETH, amountIn))
      expect(answer.price / (Number(amountOut) / 1e16)).toBeCloseTo(1, 12)
      expect(answer.spotPrice / before).toBeCloseTo(1, 12)
      expect(answer.priceImpactBps).toBeCloseTo((1 - after / before) * 10_000, 6)
    })

    test('at an earlier block, whose state is older still', async () => {
      const amountOut = amountOutOf(10n ** 16n, ...EARLY_RESERVES)
      expect(await quote(PAIR, sell(WETH, 10n ** 16n, ', block: 102'))).toMatchObject({
        ...{ amountOut: `${amountOut}`, blockNumber: 100 },
      })
    })

    test('is near when replays differed lately', async () => {
      expect((await quote(DOUBTED, sell(WETH, 10n ** 16n))).quality).toBe('approximate')
    })
  })

  describe('a pool with ticks', () => {
    const amount = 10n ** 15n
    const net = (amount * (PIPS - FEE)) / PIPS
    const priceDown = divideUp(LIQUIDITY * Q96 * Q96, LIQUIDITY * Q96 + net * Q96)
    const priceUp = Q96 + (net * Q96) / LIQUIDITY
    const out1 = (LIQUIDITY * (Q96 - priceDown)) / Q96
    const out0 = (LIQUIDITY * Q96 * (priceUp - Q96)) / priceUp / Q96

    test.each([
      ['known ticks', CONCENTRATED, 'exact'],
      ['ticks that are not known', UNTOLD_TICKS, 'single-range'],
      ['an id of 32 bytes', INSIDE, 'exact'],
    ])('in range, %s', async (_, pool, quality) => {
      const common = { amountIn: `${amount}`, quality, blockNumber: 101 }
      expect(await quote(pool, sell(WETH, amount))).toMatchObject({ ...common, amountOut: `${out1}` })
      expect(await quote(pool, sell(USDC, amount))).toMatchObject({ ...common, amountOut: `${out0}` })
    })

    test('an exact amount out', async () => {
      const price = Q96 - divideUp(amount * Q96, LIQUIDITY)
      const needed = divideUp(divideUp(LIQUIDITY * Q96 * (Q96 - price), Q96), price)
      const amountIn = needed + divideUp(needed * FEE, PIPS - FEE)
      expect(await quote(CONCENTRATED, buy(WETH, amount))).toMatchObject({
        ...{ amountIn: `${amountIn}`, amountOut: `${amount}` },
      })
    })

    test('beyond the last tick there is nothing', async () => {
      expect(await quote(CONCENTRATED, sell(WETH, LIQUIDITY))).toBeNull()
      expect(await quote(CONCENTRATED, buy(WETH, LIQUIDITY))).toBeNull()
    })
  })

  test.each([
    ['neither amount', PAIR, `tokenIn: "${WETH}"`, /^give either amountIn or amountOut/],
    ['an amount of null', PAIR, `tokenIn: "${WETH}", amountIn: null`, /^give either amountIn or amountOut/],
    ['both amounts', PAIR, sell(WETH, 1n, ', amountOut: "1"'), /^give either amountIn or amountOut/],
    ['an amount in of 0', PAIR, sell(WETH, 0n), /must be from 1 to 2\^256-1, not 0/],
    ['an amount out of 0', PAIR, buy(WETH, 0n), /must be from 1 to 2\^256-1, not 0/],
    ['a negative amount', PAIR, sell(WETH, -1n), /must be from 1 to 2\^256-1, not -1/],
    ['an amount of 2^256', PAIR, sell(WETH, 2n ** 256n), /must be from 1 to 2\^256-1/],
    ['an amount of 79 digits', PAIR, sell(WETH, '9'.repeat(79)), /is not a BigInt/],
    ['a token in of another pool', PAIR, sell(ODD, 1n), /is no token of pool/],
    ['a token out of another pool', PAIR, sell(WETH, 1n, `, tokenOut: "${ODD}"`), /is no other token of pool/],
    ['the same token twice', PAIR, sell(WETH, 1n, `, tokenOut: "${WETH}"`), /is no other token of pool/],
    ['no token out of three', THREE, sell(WETH, 1n), /has 3 tokens: give tokenOut/],
    ['a token of 31 bytes', PAIR, sell(`0x${'1'.repeat(62)}`, 1n), /is not an address/],
  ])('%s is refused', async (_, pool, args, message) => {
    expect(await errorOf(ask(query(pool, args)))).toEqual({
      code: 'BAD_USER_INPUT',
      message: expect.stringMatching(message),
    })
  })

  test.each([
    ['all that the pool holds', PAIR, buy(WETH, RESERVES[1])],
    ['more than the pool holds', PAIR, buy(WETH, RESERVES[1] + 1n)],
    ['so little that nothing comes out', PAIR, sell(WETH, 1n)],
    ['the largest amount in', PAIR, sell(WETH, 2n ** 256n - 1n)],
    ['the largest amount out', PAIR, buy(WETH, 2n ** 256n - 1n)],
    ['the largest amount into ticks', CONCENTRATED, sell(WETH, 2n ** 256n - 1n)],
    ['reserves for which the contract has no numbers', HUGE, sell(WETH, 10n ** 16n)],
    ['a fee that is not known', NO_FEE, sell(WETH, 10n ** 16n)],
    ['a family without known maths', THREE, sell(WETH, 10n ** 16n, `, tokenOut: "${ODD}"`)],
    ['a pool without a state', STATELESS, sell(WETH, 10n ** 16n)],
    ['a block before the first state', PAIR, sell(WETH, 10n ** 16n, ', block: 99')],
    ['a negative block', PAIR, sell(WETH, 10n ** 16n, ', block: -1')],
  ])('null for %s', async (_, pool, args) => {
    expect(await quote(pool, args)).toBeNull()
  })

  test.each(['quote(tokenIn: "TOKEN", amountIn: 1, block: 112) { price }', 'depth(block: 112) { bps }'])(
    '%s, at a block that is not indexed yet',
    async (field) => {
      const asked = `{ pool(address: "${PAIR}") { ${field.replace('TOKEN', WETH)} } }`
      expect(await errorOf(ask(asked))).toEqual({
        code: 'NOT_INDEXED_YET',
        message: `block ${LAST_BLOCK + 1} is not indexed yet; the last indexed block is ${LAST_BLOCK}`,
      })
    },
  )

  describe('depth', () => {
    type DepthRow = { bps: number; tokenInAddress: string; amountIn: string; amountOut: string }
    const depthOf = async (pool: string, args = ''): Promise<DepthRow[] | null> =>
      (await dataOf(ask(`{ pool(address: "${pool}") { depth${args} { bps tokenInAddress amountIn amountOut } } }`)))
        .pool.depth

    test.each([
      ['a pair', PAIR],
      ['a pool with ticks', CONCENTRATED],
      ['a pool whose ticks are not known', UNTOLD_TICKS],
    ])('%s: both directions, the more the further', async (_, pool) => {
      const depth = (await depthOf(pool))!
      const steps = [10, 25, 50, 100, 200]
      expect(depth.map(({ bps, tokenInAddress }) => [tokenInAddress, bps])).toEqual(
        [WETH, USDC].flatMap((token) => steps.map((bps) => [token, bps])),
      )
      for (const half of [depth.slice(0, 5), depth.slice(5)]) {
        for (const key of ['amountIn', 'amountOut'] as const) {
          const amounts = half.map((row) => BigInt(row[key]))
          expect(amounts[0]).toBeGreaterThan(0n)
          for (const [index, amount] of amounts.slice(1).entries()) expect(amount).toBeGreaterThan(amounts[index]!)
        }
      }
    })

    test('quotes of these amounts move the price that far and give the amounts out', async () => {
      for (const { bps, tokenInAddress, amountIn, amountOut } of (await depthOf(CONCENTRATED))!) {
        const answer = await quote(CONCENTRATED, sell(tokenInAddress, amountIn))
        expect(answer.amountOut).toBe(amountOut)
        expect(answer.priceImpactBps).toBeCloseTo(bps, 6)
      }
    })

    test('at an earlier block', async () => {
      const [, , , , , , , , , last] = (await depthOf(PAIR, '(block: 102)'))!
      // USDC paid in, 200 bps: without a fee 100 * (1 / sqrt(0.98) - 1) USDC.
      expect(Number(last!.amountIn) / 1e6).toBeCloseTo(100 * (1 / Math.sqrt(0.98) - 1), 1)
    })

    test.each([
      ['a fee that is not known', NO_FEE, ''],
      ['a family without known maths', THREE, ''],
      ['a pool without a state', STATELESS, ''],
      ['a block before the first state', PAIR, '(block: 99)'],
    ])('null for %s', async (_, pool, args) => {
      expect(await depthOf(pool, args)).toBeNull()
    })
  })

  describe('holdings', () => {
    const holdings = async (pool: string, args = '') =>
      (
        await dataOf(
          ask(`{ pool(address: "${pool}") { tvlUsd${args}
            holdings${args} { tokenAddress token { symbol } amount valueUsd } } }`),
        )
      ).pool

    test('the reserves of a pair, and what they are worth while both tokens have a price', async () => {
      expect(await holdings(PAIR, '(block: 102)')).toEqual({
        tvlUsd: expect.closeTo(1_900.5, 6),
        holdings: [
          { tokenAddress: WETH, token: { symbol: 'WETH' }, amount: `${EARLY_RESERVES[0]}`, valueUsd: 1_800.5 },
          { tokenAddress: USDC, token: { symbol: 'USDC' }, amount: `${EARLY_RESERVES[1]}`, valueUsd: 100 },
        ],
      })
    })

    test('without the price of one token there is no value', async () => {
      const { tvlUsd, holdings: held } = await holdings(PAIR)
      expect(tvlUsd).toBeNull()
      expect(held.map((each: { valueUsd: unknown }) => each.valueUsd)).toEqual([null, expect.closeTo(106, 6)])
    })

    test('ticks: what their positions would get', async () => {
      const { holdings: held } = await holdings(CONCENTRATED)
      expect(Number(held[1].amount) / Number(LIQUIDITY)).toBeCloseTo(1 - 1.0001 ** -500, 12)
      expect(Number(held[0].amount) / Number(held[1].amount)).toBeCloseTo(1, 6)
    })

    test.each([
      ['ticks are not known', UNTOLD_TICKS],
      ['there is no state', STATELESS],
      ['the state does not tell', THREE],
    ])('null where %s', async (_, pool) => {
      expect(await holdings(pool)).toEqual({ tvlUsd: null, holdings: null })
    })
  })

  describe('tokens and addresses', () => {
    test('all tokens of a pool by position', async () => {
      const asked = `{ pool(address: "${THREE}") { tokens { totalCount nodes { position tokenAddress token { symbol } } } } }`
      expect((await dataOf(ask(asked))).pool.tokens).toEqual({
        totalCount: 3,
        nodes: [
          { position: 0, tokenAddress: WETH, token: { symbol: 'WETH' } },
          { position: 1, tokenAddress: USDC, token: { symbol: 'USDC' } },
          { position: 2, tokenAddress: ODD, token: { symbol: null } },
        ],
      })
    })

    test('an id of 32 bytes, in any case, and one that no pool has', async () => {
      const upper = `0x${INSIDE.slice(2).toUpperCase()}`
      const asked = `{ known: pool(address: "${upper}") { address emitterAddress }
        unknown: pool(address: "0x${'e2'.repeat(32)}") { address } }`
      expect(await dataOf(ask(asked))).toEqual({
        known: { address: INSIDE, emitterAddress: TICKED },
        unknown: null,
      })
    })

    test.each([19, 21, 31, 33])('an address of %s bytes is refused', async (bytes) => {
      expect(await errorOf(ask(`{ pool(address: "0x${'e1'.repeat(bytes)}") { fee } }`))).toEqual({
        code: 'BAD_USER_INPUT',
        message: expect.stringMatching(/is not an address: expected 0x and 40 hexadecimal digits/),
      })
    })
  })
})
