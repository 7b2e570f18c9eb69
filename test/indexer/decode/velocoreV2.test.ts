import { pad } from 'viem'
import { describe, expect, test } from 'vitest'
import { decodeLog } from '../../../indexer/decode/index.ts'
import type { Hex, Log } from '../../../indexer/types/block.ts'
import { encodeEvent } from '../../support/events.ts'
import { address } from '../../support/logs.ts'

const VAULT = address(0xee)
const [POOL, USER] = [address(0xa1), address(0x51)]
const [A, B, C] = [address(0x01), address(0x02), address(0x03)]
const SWAP = 'Swap(address indexed pool, address indexed user, bytes32[] tokenRef, int128[] delta)'
const GAUGE = 'Gauge(address indexed pool, address indexed user, bytes32[] tokenRef, int128[] delta)'
const ref = (token: Hex): Hex => pad(token, { size: 32 })
const NATIVE: Hex = `0x${'ee'.repeat(32)}`
const NFT: Hex = `0x01${ref(A).slice(4)}`
const INT128_MAX = 2n ** 127n - 1n
const encode = (refs: Hex[], deltas: bigint[], text = SWAP) => encodeEvent(text, VAULT, [POOL, USER, refs, deltas])

const trade = (token0: Hex, token1: Hex, amount0: bigint, amount1: bigint) => {
  return { kind: 'swap', pool: POOL, sender: USER, token0, token1, amount0, amount1 }
}
const change = (kind: 'mint' | 'burn', ...changes: [Hex, bigint][]) => {
  return { kind, pool: POOL, owner: USER, changes: changes.map(([token, amount]) => ({ token, amount })) }
}
const operation = { kind: 'parameters', name: 'operation', pool: POOL, values: [] }

describe('an operation of a Velocore pool', () => {
  test.each<[string, Hex[], bigint[], object]>([
    ['two tokens', [ref(A), ref(B)], [5n, -6n], trade(A, B, 5n, -6n)],
    ['two tokens, the larger address paid in', [ref(A), ref(B)], [-6n, 5n], trade(A, B, -6n, 5n)],
    ['the base token', [ref(A), NATIVE], [5n, -6n], trade(address(0), A, -6n, 5n)],
    ['two tokens and one that does not move', [ref(A), ref(B), ref(C)], [5n, 0n, -6n], trade(A, C, 5n, -6n)],
    ["two tokens and none of the pool's own", [ref(A), ref(B), ref(POOL)], [5n, -6n, 0n], trade(A, B, 5n, -6n)],
    [
      'the largest amounts',
      [ref(A), ref(B)],
      [INT128_MAX, -INT128_MAX - 1n],
      trade(A, B, INT128_MAX, -INT128_MAX - 1n),
    ],
    ['shares given for two tokens', [ref(A), ref(B), ref(POOL)], [5n, 6n, -7n], change('mint', [A, 5n], [B, 6n])],
    ['shares taken for two tokens', [ref(A), ref(B), ref(POOL)], [-5n, -6n, 7n], change('burn', [A, -5n], [B, -6n])],
    ['shares given for one token', [ref(A), ref(POOL)], [5n, -7n], change('mint', [A, 5n])],
    ["the pool's own token alone", [ref(A), ref(POOL)], [0n, -7n], operation],
    ['one token alone', [ref(A)], [5n], operation],
    ['two tokens paid in', [ref(A), ref(B)], [5n, 6n], operation],
    ['two tokens paid out', [ref(A), ref(B)], [-5n, -6n], operation],
    ['three tokens', [ref(A), ref(B), ref(C)], [5n, 6n, -7n], operation],
    ['a token that is no fungible one', [NFT, ref(B)], [5n, -6n], operation],
    ['nothing', [], [], operation],
  ])('of %s', (_, refs, deltas, expected) => {
    expect(decodeLog(encode(refs, deltas))).toMatchObject(expected)
  })
})

/** Replaces the `index`-th word of the data. */
function withWord(log: Log, index: number, value: bigint): Log {
  const start = 2 + index * 64
  const word = BigInt.asUintN(256, value).toString(16).padStart(64, '0')
  return { ...log, data: `${log.data.slice(0, start)}${word}${log.data.slice(start + 64)}` as Hex }
}

// Words: two offsets, two references behind their number, two deltas behind theirs.
describe.each([
  ['Swap', SWAP],
  ['Gauge', GAUGE],
])('a %s of Velocore that is refused', (_, text) => {
  const log = encode([ref(A), ref(B)], [5n, -6n], text)

  test('is taken before it is spoilt', () => {
    expect(decodeLog(log)).not.toBeNull()
  })

  test.each<[string, Log]>([
    ['references that begin elsewhere', withWord(log, 0, 96n)],
    ['deltas that begin elsewhere', withWord(log, 1, 192n)],
    ['fewer references than deltas', withWord(log, 2, 1n)],
    ['fewer deltas than references', withWord(log, 5, 1n)],
    ['more references than a log can hold', withWord(log, 2, 2n ** 255n)],
    ['a delta above int128', withWord(log, 6, INT128_MAX + 1n)],
    ['a delta below int128', withWord(log, 7, -INT128_MAX - 2n)],
    ['such a delta beside a token that is no fungible one', withWord(withWord(log, 3, BigInt(NFT)), 7, 2n ** 127n)],
    ['a word too many', { ...log, data: `${log.data}${'0'.repeat(64)}` }],
    ['half a word too many', { ...log, data: `${log.data}${'0'.repeat(32)}` }],
    ['no data', { ...log, data: '0x' }],
  ])('with %s', (_, spoilt) => {
    expect(decodeLog(spoilt)).toBeNull()
  })
})

test('a Velocore swap of a token for itself', () => {
  expect(decodeLog(encode([ref(A), ref(A)], [5n, -6n]))).toBeNull()
})
