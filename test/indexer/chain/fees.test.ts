import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ContradictionError } from '../../../indexer/chain/errors.ts'
import { fetchFees, fetchOutcomes } from '../../../indexer/chain/fees.ts'
import { createRpc, type Rpc } from '../../../indexer/chain/rpc.ts'
import type { Hex } from '../../../indexer/types/block.ts'
import { type FakeRpc, startFakeRpc } from '../../support/fakeRpc.ts'
import { hash } from '../../support/logs.ts'

/** Receipts by hash; one that is missing is answered with null. */
let receipts: Record<Hex, object>
let server: FakeRpc
let rpc: Rpc
beforeAll(async () => {
  server = await startFakeRpc({ eth_getTransactionReceipt: (asked: Hex) => receipts[asked] ?? null })
  rpc = createRpc(server.url, { attempts: 1 })
})
afterAll(async () => {
  await rpc.close()
  await server.close()
})

const receipt = (number: number, change: object = {}) => ({
  ...{ transactionHash: hash(number), gasUsed: '0x64', effectiveGasPrice: '0x3', status: '0x1', ...change },
})

describe('fetchOutcomes', () => {
  test.each<[string, object, object]>([
    ['one that succeeded', {}, { succeeded: true, feeWei: 300n }],
    ['one that reverted', { status: '0x0' }, { succeeded: false, feeWei: 300n }],
    ['from before receipts had a status', { status: undefined }, { succeeded: null, feeWei: 300n }],
    ['with a fee for L1 apart', { l1Fee: '0x5' }, { succeeded: true, feeWei: 305n }],
    ['without a price', { effectiveGasPrice: null }, { succeeded: true, feeWei: null }],
  ])('%s', async (_, change, expected) => {
    receipts = { [hash(1)]: receipt(1), [hash(2)]: receipt(2, change) }
    expect(await fetchOutcomes(rpc, [hash(2), hash(1)])).toEqual([expected, { succeeded: true, feeWei: 300n }])
  })
})

test('fetchFees leaves out what is not told', async () => {
  receipts = { [hash(1)]: receipt(1), [hash(2)]: receipt(2, { effectiveGasPrice: null }) }
  expect(await fetchFees(rpc, [hash(1), hash(2)])).toEqual(new Map([[hash(1), 300n]]))
})

test.each([
  ['missing', {}],
  ['of another transaction', { [hash(1)]: receipt(2) }],
])('a receipt that is %s is a contradiction', async (_, given) => {
  receipts = given
  await expect(fetchOutcomes(rpc, [hash(1)])).rejects.toThrow(ContradictionError)
})
