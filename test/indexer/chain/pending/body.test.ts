import { describe, expect, test } from 'vitest'
import { ContradictionError } from '../../../../indexer/chain/errors.ts'
import { PENDING_CALLDATA_BYTES_MAX, readTransaction } from '../../../../indexer/chain/pending/body.ts'
import { hashOf, minedTransaction, rawTransaction } from './transactions.ts'

const calldata = (bytes: number) => `0x${'ab'.repeat(bytes)}`

describe('a transaction object', () => {
  test('that waits for a block', () => {
    expect(readTransaction(rawTransaction(1))).toEqual({
      hash: hashOf(1),
      body: {
        from: `0x${'ab'.repeat(20)}`,
        to: `0x${'cd'.repeat(20)}`,
        nonce: 7n,
        valueWei: 1n,
        gasLimit: 21_000n,
        maxFeePerGasWei: 100n,
        maxPriorityFeePerGasWei: 2n,
        type: 2,
        calldata: '0xabcd',
      },
      place: null,
    })
  })

  test('that is in a block', () => {
    const { place } = readTransaction(minedTransaction(1, 5))
    expect(place).toEqual({ blockNumber: 5, blockHash: hashOf(1_000_005), transactionIndex: 3 })
  })

  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['a contract creation', { to: null }, { to: null }],
    ['no type', { type: undefined }, { type: 0 }],
    ['the type of L1 operations on ZKsync Era', { type: '0xff' }, { type: 0xff }],
    ['only a gas price', { maxFeePerGas: undefined }, { maxFeePerGasWei: 50n }],
    ['no priority fee', { maxPriorityFeePerGas: undefined }, { maxPriorityFeePerGasWei: null }],
    ['calldata under its other name', { input: undefined, data: '0x12' }, { calldata: '0x12' }],
    [
      'the longest calldata that is kept',
      { input: calldata(PENDING_CALLDATA_BYTES_MAX) },
      { calldata: calldata(PENDING_CALLDATA_BYTES_MAX) },
    ],
    ['longer calldata', { input: calldata(PENDING_CALLDATA_BYTES_MAX + 1) }, { calldata: null }],
    ['the largest value', { value: `0x${'f'.repeat(64)}` }, { valueWei: 2n ** 256n - 1n }],
  ])('with %s', (_, fields, expected) => {
    expect(readTransaction(rawTransaction(1, fields)).body).toMatchObject(expected)
  })

  test.each<[string, unknown]>([
    ['null', null],
    ['a text', 'transaction'],
    ['a number', 7],
    ['an empty object', {}],
    ['no hash', rawTransaction(1, { hash: undefined })],
    ['a short hash', rawTransaction(1, { hash: '0x12' })],
    ['a sender that is a number', rawTransaction(1, { from: 5 })],
    ['a sender that is an object', rawTransaction(1, { from: {} })],
    ['a receiver of 19 bytes', rawTransaction(1, { to: `0x${'cd'.repeat(19)}` })],
    ['a nonce in decimal', rawTransaction(1, { nonce: '7' })],
    ['a nonce that is a number', rawTransaction(1, { nonce: 7 })],
    ['a value above 32 bytes', rawTransaction(1, { value: `0x1${'0'.repeat(64)}` })],
    ['a value of a million digits', rawTransaction(1, { value: `0x${'f'.repeat(1_000_000)}` })],
    ['no gas limit', rawTransaction(1, { gas: undefined })],
    ['no fee at all', rawTransaction(1, { maxFeePerGas: undefined, gasPrice: undefined })],
    ['a type above one byte', rawTransaction(1, { type: '0x100' })],
    ['no calldata', rawTransaction(1, { input: undefined })],
    ['calldata of half a byte', rawTransaction(1, { input: '0x123' })],
    ['calldata that is no hex', rawTransaction(1, { input: '0xzz' })],
    ['a block without hash', minedTransaction(1, 5, { blockHash: null })],
    ['a block without a place in it', minedTransaction(1, 5, { transactionIndex: null })],
  ])('%s is refused', (_, raw) => {
    expect(() => readTransaction(raw)).toThrow(ContradictionError)
  })
})
