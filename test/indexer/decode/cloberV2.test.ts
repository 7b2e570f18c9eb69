import { describe, expect, test } from 'vitest'
import { decodeLog } from '../../../indexer/decode/index.ts'
import { encodeEvent } from '../../support/events.ts'
import { address } from '../../support/logs.ts'

const MANAGER = address(0xee)
const [USER, PROVIDER] = [address(0x51), address(0x52)]
const BOOK = 2n ** 192n - 1n
const BOOK_ID = `0x${BOOK.toString(16).padStart(64, '0')}`
const MAKE =
  'Make(uint192 indexed bookId, address indexed user, int24 tick, uint256 orderIndex, uint64 unit, address provider)'
const TAKE = 'Take(uint192 indexed bookId, address indexed user, int24 tick, uint64 unit)'
const OPEN =
  'Open(uint192 indexed id, address indexed base, address indexed quote, uint64 unitSize, uint24 makerPolicy, uint24 takerPolicy, address hooks)'

describe('decodeLog of Clober V2', () => {
  test.each([
    ['above the price of one', 100],
    ['at the price of one', 0],
    ['below the price of one', -100],
    ['the lowest', -(2 ** 23)],
    ['the highest', 2 ** 23 - 1],
  ])('an order and a trade at a tick %s', (_, tick) => {
    const units = 2n ** 64n - 1n
    expect(decodeLog(encodeEvent(MAKE, MANAGER, [BOOK, USER, tick, 7n, units, PROVIDER]))).toMatchObject({
      ...{ kind: 'parameters', name: 'make', pool: BOOK_ID, emitter: MANAGER },
      values: [BigInt(tick), 7n, units, BigInt(PROVIDER)],
    })
    expect(decodeLog(encodeEvent(TAKE, MANAGER, [BOOK, USER, tick, units]))).toMatchObject({
      ...{ kind: 'parameters', name: 'take', pool: BOOK_ID, emitter: MANAGER },
      values: [BigInt(tick), units],
    })
  })

  test('a book with a hook', () => {
    const values = [BOOK, address(1), address(2), 10n ** 6n, 500_000, 500_100, address(3)]
    expect(decodeLog(encodeEvent(OPEN, MANAGER, values))).toMatchObject({
      ...{ kind: 'pool-created', pool: BOOK_ID, tokens: [address(1), address(2)], fee: null, hooks: address(3) },
    })
  })

  test('a book of one token is none', () => {
    const values = [BOOK, address(1), address(1), 10n ** 6n, 500_000, 500_100, address(0)]
    expect(decodeLog(encodeEvent(OPEN, MANAGER, values))).toBeNull()
  })
})
