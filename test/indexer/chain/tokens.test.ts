import { encodeAbiParameters, type Hex, stringToHex } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findProfile } from '../../../contracts/chains/index.ts'
import { createRpc, type Rpc } from '../../../indexer/chain/rpc.ts'
import { decodeDecimals, decodeText, fetchTokens } from '../../../indexer/chain/tokens.ts'
import type { Address } from '../../../indexer/types/block.ts'
import { FakeRefusal, type FakeRpc, startFakeRpc } from '../../support/fakeRpc.ts'
import { address } from '../../support/logs.ts'

const profile = findProfile(99_999)
const word = (value: bigint): string => value.toString(16).padStart(64, '0')
const string = (text: string): Hex => encodeAbiParameters([{ type: 'string' }], [text])
const bytes32 = (text: string): Hex => stringToHex(text, { size: 32 })
/** A string return value with any offset, length and content. */
const raw = (offset: bigint, length: bigint, content = ''): Hex => `0x${word(offset)}${word(length)}${content}`
const rightToLeft = '\u202e'

describe('decodeText', () => {
  test.each<[string, Hex, string | null]>([
    ['a string', string('WETH'), 'WETH'],
    ['a string of exactly one word', string('a'.repeat(32)), 'a'.repeat(32)],
    ['a string of several words', string('b'.repeat(100)), 'b'.repeat(100)],
    ['a string of other alphabets and emoji', string('Ünï コイン 🦄'), 'Ünï コイン 🦄'],
    ['a bytes32', bytes32('MKR'), 'MKR'],
    ['a bytes32 without padding', bytes32('c'.repeat(32)), 'c'.repeat(32)],
    ['an empty string', string(''), null],
    ['an empty bytes32', `0x${word(0n)}`, null],
    ['blanks only', string('   '), null],
    ['blanks around', string('  WETH '), 'WETH'],
    ['NUL bytes', string('A\0B\0'), 'AB'],
    ['NUL bytes only', string('\0\0'), null],
    ['control characters', string('A\tB\r\nC\u001b[31mD\u0085E\u007f'), 'ABC[31mDE'],
    ['characters that turn the direction', string(`A${rightToLeft}B\u2066C\u200fD`), 'ABCD'],
    ['zero-width characters', string('A\u200bB\ufeffC'), 'ABC'],
    ['bytes that are no UTF-8', raw(32n, 4n, `41ff42fe${'00'.repeat(28)}`), 'AB'],
    ['200 characters', string('d'.repeat(200)), 'd'.repeat(128)],
    ['200 emoji, none cut in half', string('🦄'.repeat(200)), '🦄'.repeat(128)],
    ['a string at another offset', `0x${word(64n)}${word(0n)}${word(2n)}4142${'00'.repeat(30)}`, 'AB'],
    ['a string whose padding is missing', raw(32n, 2n, '4142'), 'AB'],
    ['an offset beyond the data', raw(64n, 2n, '4142'), null],
    ['the largest offset', raw(2n ** 256n - 1n, 2n, '4142'), null],
    ['an offset of 2^53', raw(2n ** 53n, 2n, '4142'), null],
    ['a length beyond the data', raw(32n, 3n, '4142'), null],
    ['the largest length', raw(32n, 2n ** 256n - 1n, '4142'), null],
    ['fewer bytes than a word', '0x4142', null],
    ['no bytes', '0x', null],
  ])('%s', (_, data, text) => {
    expect(decodeText(data)).toBe(text)
  })

  // Line and paragraph separators are of the categories Zl and Zp.
  test('characters that begin a new line', () => {
    expect(decodeText(string('A\u2028B\u2029C'))).toBe('ABC')
  })
})

describe('decodeDecimals', () => {
  test.each<[string, Hex, number | null]>([
    ['0', `0x${word(0n)}`, 0],
    ['18', `0x${word(18n)}`, 18],
    ['255', `0x${word(255n)}`, 255],
    ['256', `0x${word(256n)}`, null],
    ['the largest word', `0x${word(2n ** 256n - 1n)}`, null],
    ['a word and more', `0x${word(6n)}${word(7n)}`, 6],
    ['fewer bytes than a word', '0x12', null],
    ['no bytes', '0x', null],
  ])('%s', (_, data, decimals) => {
    expect(decodeDecimals(data)).toBe(decimals)
  })
})

/** What a token contract returns for symbol(), name() and decimals(); a refusal reverts. */
type Answers = Record<'symbol' | 'name' | 'decimals', Hex | FakeRefusal>
const selectors: Record<string, keyof Answers> = {
  '0x95d89b41': 'symbol',
  '0x06fdde03': 'name',
  '0x313ce567': 'decimals',
}
const revert = (text = 'execution reverted') => new FakeRefusal(3, text, '0x')
const good: Answers = { symbol: string('GOOD'), name: string('Good token'), decimals: `0x${word(18n)}` }
const contracts = new Map<string, Answers>([
  [address(1), good],
  [address(2), { symbol: bytes32('OLD'), name: bytes32('Old token'), decimals: `0x${word(8n)}` }],
  [address(3), { symbol: revert(), name: revert('out of gas'), decimals: revert() }],
  [address(4), { symbol: '0x', name: '0x', decimals: '0x' }],
  [address(5), { symbol: string('ODD'), name: revert(), decimals: `0x${word(256n)}` }],
])
/** Blocks whose state the node holds; others are refused. */
let served: (block: string) => boolean = () => true
let server: FakeRpc
let rpc: Rpc

beforeAll(async () => {
  server = await startFakeRpc({
    eth_call: ({ to, data }: { to: string; data: string }, block: string) => {
      if (!served(block)) throw new FakeRefusal(-32000, 'missing trie node 1234 (path ) state 0x5678 is not available')
      const answer = contracts.get(to)?.[selectors[data]!] ?? '0x'
      if (answer instanceof FakeRefusal) throw answer
      return answer
    },
  })
  rpc = createRpc(server.url, { attempts: 1 })
})

afterAll(async () => {
  await rpc.close()
  await server.close()
})

const fetchOne = async (token: Address, block = 5) => {
  const [first] = await fetchTokens(rpc, [{ address: token, blockNumber: block }], profile)
  return first
}
const nothing = { symbol: null, name: null, decimals: null }

describe('fetchTokens', () => {
  test.each<[string, Address, object]>([
    ['a token', address(1), { symbol: 'GOOD', name: 'Good token', decimals: 18 }],
    ['a token that answers with bytes32', address(2), { symbol: 'OLD', name: 'Old token', decimals: 8 }],
    ['a contract that reverts', address(3), nothing],
    ['an account without code', address(4), nothing],
    ['a token that answers some of it', address(5), { symbol: 'ODD', name: null, decimals: null }],
  ])('%s', async (_, token, expected) => {
    expect(await fetchOne(token)).toEqual({ address: token, firstSeenBlock: 5, ...expected })
  })

  test('no tokens, no request', async () => {
    const before = server.requests()
    expect(await fetchTokens(rpc, [], profile)).toEqual([])
    expect(server.requests()).toBe(before)
  })

  test('each is asked at the end of the block that first shows it', async () => {
    server.calls.length = 0
    await fetchTokens(
      rpc,
      [
        { address: address(1), blockNumber: 5 },
        { address: address(2), blockNumber: 255 },
      ],
      profile,
    )
    expect(server.calls.map(({ params: [call, block] }) => [(call as { to: string }).to, block])).toEqual([
      ...Array.from({ length: 3 }, () => [address(1), '0x5']),
      ...Array.from({ length: 3 }, () => [address(2), '0xff']),
    ])
  })

  test('more tokens than one batch holds, of several blocks, come in the order given', async () => {
    const many = Array.from({ length: 70 }, (_, index) => ({ address: address(index), blockNumber: index % 3 }))
    const tokens = await fetchTokens(rpc, many, profile)
    expect(tokens.map(({ address, firstSeenBlock }) => ({ address, blockNumber: firstSeenBlock }))).toEqual(many)
    expect(tokens[1]).toMatchObject({ symbol: 'GOOD' })
  })

  test('a node without the state of that block: the latest is read', async () => {
    served = (block) => block === 'latest'
    expect(await fetchOne(address(1)).finally(() => (served = () => true))).toMatchObject({ symbol: 'GOOD' })
  })
})
