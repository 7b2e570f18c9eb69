import { describe, expect, test } from 'vitest'
import { findProfile } from '../../../../contracts/chains/index.ts'
import { createPriceBook, DEPTH_FLOOR_USD, type PriceBook, valueSwap } from '../../../../indexer/derive/prices/book.ts'
import { createChainState } from '../../../../indexer/derive/state.ts'
import type { Address, Block } from '../../../../indexer/types/block.ts'
import type { SwapEvent } from '../../../../indexer/types/event.ts'
import type { ChainState, Pool } from '../../../../indexer/types/pool.ts'
import type { TokenPriceRow } from '../../../../indexer/types/rows.ts'
import { address } from '../../../support/logs.ts'

const USD = address(0x10)
const EUR_LIKE_USD = address(0x11)
const WETH = address(0x20)
const BASE = `0x${'0'.repeat(40)}` as Address
const L2_BASE = '0x000000000000000000000000000000000000800a' as Address
const A = address(0x30)
const B = address(0x31)
const C = address(0x32)
const profile = { ...findProfile(99_999), stablecoins: [USD, EUR_LIKE_USD], wrappedNative: WETH }
const decimals: Record<Address, number | null> = {
  [USD]: 6,
  [EUR_LIKE_USD]: 18,
  [WETH]: 18,
  [A]: 18,
  [B]: 0,
  [C]: null,
}

/** A pair with reserves in whole tokens. */
type Pair = { pool: Address; tokens: [Address, Address]; reserves: [number, number] }
const pair = (n: number, token0: Address, reserve0: number, token1: Address, reserve1: number): Pair => ({
  pool: address(n),
  tokens: [token0, token1],
  reserves: [reserve0, reserve1],
})

function stateOf(pairs: readonly Pair[]): ChainState {
  const state = createChainState()
  for (const [token, places] of Object.entries(decimals)) state.tokens.set(token as Address, places)
  state.tokens.set(BASE, 18)
  state.tokens.set(L2_BASE, 18)
  for (const each of pairs) addPair(state, each)
  return state
}

function addPair(state: ChainState, { pool, tokens, reserves }: Pair): void {
  const known: Pool = {
    ...{ address: pool, emitter: pool, protocol: 'p', family: 'uniswap-v2', factory: null, tokens, feePips: 3000 },
    ...{ tickSpacing: null, stable: null, hooks: null, created: null, firstSeenBlock: 1, stateOrigin: 'events' },
  }
  const [reserve0, reserve1] = tokens.map((token, side) =>
    BigInt(Math.round(reserves[side]! * 10 ** (state.tokens.get(token) ?? 0))),
  )
  state.pools.set(pool, known)
  const fees = { fee0Pips: 3000, fee1Pips: 3000 }
  state.states.set(pool, {
    kind: 'reserves',
    reserve0: reserve0!,
    reserve1: reserve1!,
    virtual: null,
    ...fees,
    doubts: 0,
  })
}

const bookOf = (...pairs: Pair[]): PriceBook => createPriceBook(profile, stateOf(pairs))
const usd = (book: PriceBook, token: Address) => book.price(token)?.usd ?? null
/** Reserves that take the given cost to move by 2 %: of the dollars upwards. */
const DEEP = 1_000_000

describe('price', () => {
  test('a stablecoin is one dollar, whatever its pools say', () => {
    expect(usd(bookOf(pair(1, USD, DEEP, EUR_LIKE_USD, 2 * DEEP)), EUR_LIKE_USD)).toBe(1)
  })

  test('a token without pools, and one whose pools lead to no stablecoin, has none', () => {
    const book = bookOf(pair(1, A, DEEP, B, DEEP))
    expect([usd(book, WETH), usd(book, A)]).toEqual([null, null])
  })

  test('one pool with a stablecoin, on either side and with other decimals', () => {
    expect(usd(bookOf(pair(1, WETH, 500, USD, DEEP)), WETH)).toBeCloseTo(2_000, 6)
    expect(usd(bookOf(pair(1, USD, DEEP, B, 500)), B)).toBeCloseTo(2_000, 6)
  })

  test('the base token in each spelling has the price of its wrapped form', () => {
    const book = bookOf(pair(1, WETH, 500, USD, DEEP))
    expect([usd(book, BASE), usd(book, L2_BASE)]).toEqual([usd(book, WETH), usd(book, WETH)])
  })

  test('a pool of the base token prices the wrapped form as well', () => {
    expect(usd(bookOf(pair(1, BASE, 500, USD, DEEP)), WETH)).toBeCloseTo(2_000, 6)
  })

  test('two pools: the mean weighted by depth', () => {
    const book = bookOf(pair(1, WETH, 500, USD, DEEP), pair(2, WETH, 1_000, USD, 3 * DEEP))
    // Depth is proportional to the dollars in the pool: 2000 weighs one, 3000 three.
    expect(usd(book, WETH)).toBeCloseTo((2_000 + 3 * 3_000) / 4, 3)
  })

  test('over another token; the path is kept from the token to the stablecoin', () => {
    const book = bookOf(pair(1, WETH, 500, USD, DEEP), pair(2, A, DEEP, WETH, 500))
    expect(usd(book, A)).toBeCloseTo(1, 6)
    expect(book.price(A)?.path).toBe(`${address(2)} ${address(1)}`)
  })

  test('over two other tokens, and not over three', () => {
    const chain = [pair(1, WETH, 500, USD, DEEP), pair(2, A, DEEP, WETH, 500), pair(3, A, DEEP, B, DEEP)]
    expect(usd(bookOf(...chain), B)).toBeCloseTo(1, 6)
    const longer = createPriceBook(profile, stateOf([...chain, pair(4, B, DEEP, address(0x40), DEEP)]))
    expect(usd(longer, address(0x40))).toBeNull()
  })

  test('a pool that is moved by 2 % for less than the floor prices nothing', () => {
    // Moving x * y = k up by 2 % takes (sqrt(1.02) - 1) of the dollars in it; down, as much in value or more.
    const needed = DEPTH_FLOOR_USD / (Math.sqrt(1.02) - 1)
    expect(usd(bookOf(pair(1, WETH, 1, USD, needed * 1.001)), WETH)).not.toBeNull()
    expect(usd(bookOf(pair(1, WETH, 1, USD, needed * 0.999)), WETH)).toBeNull()
  })

  test('a thin pool at an absurd price beside a deep one changes nothing', () => {
    const deep = pair(1, WETH, 500, USD, DEEP)
    expect(usd(bookOf(deep, pair(2, WETH, 0.001, USD, 50_000)), WETH)).toBe(usd(bookOf(deep), WETH))
  })

  test('a path is no deeper than its shallowest pool', () => {
    const book = bookOf(pair(1, WETH, 100, USD, 200_000), pair(2, A, DEEP * 1_000, WETH, 500_000))
    expect(book.price(A)!.depthUsd).toBeCloseTo(book.price(WETH)!.depthUsd, 3)
  })

  test('unknown decimals: no price, of the token or over it', () => {
    const book = bookOf(pair(1, C, 500, USD, DEEP), pair(2, A, DEEP, C, DEEP))
    expect([usd(book, C), usd(book, A)]).toEqual([null, null])
  })

  test('empty reserves: none', () => {
    expect(usd(bookOf(pair(1, WETH, 0, USD, DEEP)), WETH)).toBeNull()
    expect(usd(bookOf(pair(1, WETH, 500, USD, 0)), WETH)).toBeNull()
  })

  test('a chain without stablecoins has no prices', () => {
    const state = stateOf([pair(1, WETH, 500, USD, DEEP)])
    expect(createPriceBook({ ...profile, stablecoins: [] }, state).price(WETH)).toBeNull()
  })

  test('the order in which pools were seen changes no digit', () => {
    const pairs = [1, 2, 3, 4, 5].map((n) => pair(n, WETH, 300 + n * 7, USD, DEEP + n * 33_333))
    expect(bookOf(...pairs).price(WETH)).toEqual(bookOf(...pairs.toReversed()).price(WETH))
  })
})

describe('update', () => {
  const block = (number: number) => ({ number, timestamp: 0 }) as Block
  const setUp = () => {
    const state = stateOf([pair(1, WETH, 500, USD, DEEP), pair(2, A, DEEP, WETH, 500)])
    const rows: TokenPriceRow[] = []
    const book = createPriceBook(profile, state)
    const change = (number: number, ...changed: Pair[]) => {
      for (const each of changed) addPair(state, each)
      const pools = changed.map(({ pool }) => state.pools.get(pool)!)
      book.update(state, pools, block(number), rows)
      return rows.splice(0)
    }
    const told = new Set<Address>([WETH, A])
    const update = (number: number, ...changed: Pair[]) =>
      change(number, ...changed)
        .filter(({ token }) => told.has(token))
        .map(({ token, usd }) => [token, usd === null ? null : Math.round(usd)])
    return { state, book, change, update }
  }

  test('the base token has the prices of its wrapped form, under each address that is known', () => {
    const { change } = setUp()
    const prices = change(1, pair(1, WETH, 500, USD, DEEP)).filter(({ token }) => token !== USD)
    expect(prices.map(({ token, usd }) => [token, Math.round(usd!)])).toEqual([
      [WETH, 2_000],
      [BASE, 2_000],
      [L2_BASE, 2_000],
    ])
  })

  test('a stablecoin is noted once, as a dollar without a path', () => {
    const { change } = setUp()
    const prices = [change(1, pair(1, WETH, 500, USD, DEEP)), change(2, pair(1, WETH, 500, USD, DEEP * 2))].flat()
    expect(prices.filter(({ token }) => token === USD)).toEqual([
      { token: USD, blockNumber: 1, usd: 1, depthUsd: null, path: '' },
    ])
  })

  test('a block that changes a pool gives rows of its tokens; the same price again gives none', () => {
    const { update } = setUp()
    expect(update(1, pair(1, WETH, 500, USD, DEEP))).toEqual([[WETH, 2_000]])
    expect(update(2, pair(1, WETH, 500, USD, DEEP))).toEqual([])
    expect(update(3, pair(1, WETH, 500, USD, DEEP * 1.0005))).toEqual([])
    expect(update(4, pair(1, WETH, 500, USD, DEEP * 1.1))).toEqual([[WETH, 2_200]])
  })

  test('a price moves with those it is built on, but is noted when its own pools change', () => {
    const { update, book } = setUp()
    expect(update(1, pair(1, WETH, 500, USD, DEEP * 2))).toEqual([[WETH, 4_000]])
    expect(usd(book, A)).toBeCloseTo(2, 6)
    expect(update(2, pair(2, A, DEEP, WETH, 500))).toEqual([[A, 2]])
  })

  test('a price that is gone is noted once', () => {
    const { update } = setUp()
    update(1, pair(1, WETH, 500, USD, DEEP))
    expect(update(2, pair(1, WETH, 0.05, USD, 100))).toEqual([[WETH, null]])
    expect(update(3, pair(1, WETH, 0.05, USD, 100))).toEqual([])
  })

  test('a book that is built anew says the same', () => {
    const { update, book, state } = setUp()
    update(1, pair(1, WETH, 480, USD, DEEP * 1.2), pair(3, WETH, 1_000, EUR_LIKE_USD, DEEP))
    const again = createPriceBook(profile, state)
    for (const token of [WETH, A, BASE]) expect(again.price(token)).toEqual(book.price(token))
  })
})

describe('valueSwap', () => {
  const state = stateOf([pair(1, WETH, 500, USD, DEEP)])
  const book = createPriceBook(profile, state)
  const value = (token0: Address, amount0: bigint, token1: Address, amount1: bigint) => {
    const pool = { tokens: [token0, token1] } as Pool
    return valueSwap(book, state, pool, { amount0, amount1 } as SwapEvent, [0, 1])
  }

  test('the stablecoin says what it is worth, and that the price of token0', () => {
    expect(value(WETH, 10n ** 18n, USD, -1_990_000_000n)).toEqual({ value: 1_990, price: 1_990 })
  })

  test('the side with a price is taken', () => {
    const { value: worth, price } = value(A, -4n * 10n ** 18n, WETH, 10n ** 18n)
    expect([worth, price].map((each) => each?.toFixed(6))).toEqual(['2000.000000', '500.000000'])
  })

  test('no price on either side: nothing', () => {
    expect(value(A, 1n, B, -1n)).toEqual({ value: null, price: null })
  })

  test('nothing of token0: a value, but no price', () => {
    expect(value(A, 0n, USD, -5_000_000n)).toEqual({ value: 5, price: null })
  })
})
