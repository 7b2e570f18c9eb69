import { afterEach, describe, expect, test } from 'vitest'
import { ContradictionError } from '../../../indexer/chain/errors.ts'
import { fetchInclusions, fetchTimestamps } from '../../../indexer/chain/inclusions.ts'
import { createRpc, type Rpc } from '../../../indexer/chain/rpc.ts'
import type { Hex } from '../../../indexer/types/block.ts'
import { type FakeMethods, type FakeRpc, startFakeRpc } from '../../support/fakeRpc.ts'

const hash = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`
const receipt = (n: number) => ({
  ...{ transactionHash: hash(n), blockNumber: '0x9', blockHash: hash(99), transactionIndex: '0x2', status: '0x1' },
})

let server: FakeRpc
let rpc: Rpc
const serve = async (methods: FakeMethods) => {
  server = await startFakeRpc(methods)
  rpc = createRpc(server.url)
}
afterEach(async () => {
  await rpc.close()
  await server.close()
})

describe('where transactions ran', () => {
  const place = { blockNumber: 9, blockHash: hash(99), transactionIndex: 2 }

  test('in the order asked for, null for what is in no block', async () => {
    await serve({
      eth_getTransactionReceipt: (asked: Hex) => {
        const n = Number(asked)
        if (n === 2) return null
        if (n === 3) return { ...receipt(3), blockNumber: null }
        return n === 4 ? { ...receipt(4), status: '0x0' } : receipt(n)
      },
    })
    expect(await fetchInclusions(rpc, [4, 2, 1, 3].map(hash))).toEqual([
      { transactionHash: hash(4), ...place, succeeded: false },
      null,
      { transactionHash: hash(1), ...place, succeeded: true },
      null,
    ])
    expect(server.requests()).toBe(1)
  })

  test.each([
    ['another transaction', receipt(2), /the receipt of 0x0+2 came for 0x0+1/],
    ['an unknown status', { ...receipt(1), status: '0x2' }, /has the status 2/],
    ['no status', { ...receipt(1), status: undefined }, /receipt.status/],
    ['a block hash that is none', { ...receipt(1), blockHash: '0x' }, /is no hash/],
  ])('answered with %s', async (_, answer, message) => {
    await serve({ eth_getTransactionReceipt: () => answer })
    const asking = fetchInclusions(rpc, [hash(1)])
    await expect(asking).rejects.toBeInstanceOf(ContradictionError)
    await expect(asking).rejects.toThrow(message)
  })
})

describe('times of blocks', () => {
  test('in the order asked for', async () => {
    await serve({
      eth_getBlockByNumber: (number: Hex) => ({ number, timestamp: `0x${(Number(number) * 2).toString(16)}` }),
    })
    expect(await fetchTimestamps(rpc, [7, 5])).toEqual([14, 10])
  })

  test.each([
    ['nothing', null],
    ['another block', { number: '0x6', timestamp: '0x1' }],
  ])('answered with %s', async (_, answer) => {
    await serve({ eth_getBlockByNumber: () => answer })
    await expect(fetchTimestamps(rpc, [7])).rejects.toThrow('block 7 is missing')
  })
})
