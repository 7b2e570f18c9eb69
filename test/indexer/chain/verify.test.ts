import { describe, expect, test } from 'vitest'
import { ContradictionError } from '../../../indexer/chain/errors.ts'
import {
  type RawBlock,
  type RawLog,
  type RawTransaction,
  toBigInt,
  toBlock,
  toNumber,
} from '../../../indexer/chain/format.ts'
import { fullTransaction, isSystemHash, verifyBlocks, verifyLogs } from '../../../indexer/chain/verify.ts'
import type { Block } from '../../../indexer/types/block.ts'
import { hash, SYSTEM_HASH } from '../../support/logs.ts'

const hex = (number: number) => `0x${number.toString(16)}` as const
const body = { hash: hash(101), transactionIndex: '0x1' } as unknown as RawTransaction
const block = (number: number, changes: Partial<RawBlock> = {}): RawBlock => ({
  number: hex(number),
  hash: hash(number),
  parentHash: hash(number - 1),
  timestamp: '0x1',
  gasUsed: '0x0',
  gasLimit: '0x0',
  transactions: [hash(100), body],
  ...changes,
})
const log = (logIndex: number, changes: Partial<RawLog> = {}): RawLog => ({
  address: '0x01',
  topics: [],
  data: '0x',
  blockNumber: hex(5),
  blockHash: hash(5),
  transactionHash: hash(100),
  transactionIndex: '0x0',
  logIndex: hex(logIndex),
  ...changes,
})

const plain = (number: number, changes: Partial<Block> = {}): Block => ({ ...toBlock(block(number)), ...changes })

describe('verifyBlocks', () => {
  test.each<[string, Block[]]>([
    ['no block', []],
    ['one block, whatever its parent', [plain(5, { parentHash: hash(77) })]],
    ['three that follow one another', [plain(5), plain(6), plain(7)]],
  ])('%s', (_, blocks) => {
    expect(() => verifyBlocks(5, blocks)).not.toThrow()
  })

  test.each<[string, Block[], string]>([
    ['another first block', [plain(6)], 'block 6 came for 5'],
    ['a block left out', [plain(5), plain(7)], 'block 7 came for 6'],
    ['the same block twice', [plain(5), plain(5)], 'block 5 came for 6'],
    ['a broken link', [plain(5), plain(6, { parentHash: hash(77) })], `block 6 has the parent ${hash(77)}`],
    ['a broken link later on', [plain(5), plain(6), plain(7, { parentHash: hash(5) })], 'block 7 has the parent'],
  ])('%s is a contradiction', (_, blocks, reason) => {
    expect(() => verifyBlocks(5, blocks)).toThrow(ContradictionError)
    expect(() => verifyBlocks(5, blocks)).toThrow(reason)
  })
})

describe('verifyLogs', () => {
  test.each<[string, RawLog[]]>([
    ['no logs', []],
    ['ascending with gaps', [log(0), log(3, { transactionIndex: '0x1', transactionHash: hash(101) }), log(9)]],
    [
      'a system log whose index names no transaction',
      [log(0, { transactionHash: SYSTEM_HASH, transactionIndex: '0x9' })],
    ],
  ])('%s', (_, logs) => {
    expect(() => verifyLogs(block(5), logs)).not.toThrow()
  })

  test.each<[string, RawLog[], string]>([
    ['of another block', [log(0, { blockHash: hash(6) })], `log 0 of block 5 belongs to block ${hash(6)}`],
    ['out of order', [log(3), log(2)], 'log 2 of block 5 comes after log 3'],
    ['twice', [log(3), log(3)], 'log 3 of block 5 comes after log 3'],
    ['without an index', [log(0, { logIndex: null as never })], 'null is no JSON-RPC quantity'],
    ['of a transaction that the block does not have', [log(0, { transactionIndex: '0x2' })], 'the block has undefined'],
    ['of another transaction, as hash', [log(0, { transactionHash: hash(7) })], `the block has ${hash(100)}`],
    ['of another transaction, in full', [log(0, { transactionIndex: '0x1' })], `the block has ${hash(101)}`],
    ['of a pending transaction', [log(0, { transactionHash: null as never })], 'names transaction null'],
    [
      'a system log out of order',
      [log(3), log(2, { transactionHash: SYSTEM_HASH })],
      'log 2 of block 5 comes after log 3',
    ],
  ])('a log %s is a contradiction', (_, logs, reason) => {
    expect(() => verifyLogs(block(5), logs)).toThrow(ContradictionError)
    expect(() => verifyLogs(block(5), logs)).toThrow(reason)
  })
})

describe('fullTransaction', () => {
  test('the body at the index', () => {
    expect(fullTransaction(block(5), 1).hash).toBe(hash(101))
  })

  test('another transaction at the index is a contradiction', () => {
    expect(() => fullTransaction(block(5, { transactions: [body] }), 0)).toThrow('has transaction 0x1 at 0')
  })

  test.each([
    ['a hash only', 0],
    ['nothing', 2],
  ])('%s at the index is a contradiction', (_, index) => {
    expect(() => fullTransaction(block(5), index)).toThrow(ContradictionError)
  })
})

describe('isSystemHash', () => {
  test.each([
    [SYSTEM_HASH, true],
    [`0x${'0'.repeat(63)}1` as const, false],
    [hash(0), false],
  ])('%s: %s', (value, expected) => {
    expect(isSystemHash(value)).toBe(expected)
  })
})

describe('quantities', () => {
  test.each([
    ['0x0', 0, 0n],
    ['0x1fffffffffffff', Number.MAX_SAFE_INTEGER, BigInt(Number.MAX_SAFE_INTEGER)],
  ])('%s', (text, number, bigint) => {
    expect(toNumber(text)).toBe(number)
    expect(toBigInt(text)).toBe(bigint)
  })

  test('above 2^53 only as a bigint', () => {
    expect(() => toNumber('0x20000000000000')).toThrow(ContradictionError)
    expect(toBigInt(`0x${'f'.repeat(64)}`)).toBe(2n ** 256n - 1n)
  })

  test.each([['0x'], ['0xzz'], ['12'], [''], ['-0x1'], [12], [null], [undefined], [{}]])('%s is none', (value) => {
    expect(() => toNumber(value)).toThrow(ContradictionError)
    expect(() => toBigInt(value)).toThrow(ContradictionError)
  })
})
