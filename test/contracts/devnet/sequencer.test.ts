import { describe, expect, test } from 'vitest'
import { createSequencer, type PendingTransaction } from '../../../contracts/devnet/proxy/sequencer.ts'

/** Rows of `sender nonce receivedAtUs maxFee tip`, one transaction each. */
function transactions(table: string): PendingTransaction[] {
  return table
    .trim()
    .split('\n')
    .map((row) => {
      const [sender = '', nonce, receivedAtUs = '0', maxFee = '0', tip = '0'] = row.trim().split(/\s+/)
      return {
        ...{ hash: null, from: `0x${sender}` as const, nonce: Number(nonce), receivedAtUs: BigInt(receivedAtUs) },
        ...{ maxFeePerGas: BigInt(maxFee), maxPriorityFeePerGas: BigInt(tip), rpc: null },
        submit: { method: 'eth_sendRawTransaction', params: [] },
      }
    })
}

function drained(ordering: 'fifo' | 'tip', table: string): string[] {
  const sequencer = createSequencer(ordering)
  for (const transaction of transactions(table)) sequencer.add(transaction)
  return sequencer.drain(10n, () => 0).map(({ from, nonce }) => `${from.slice(2)}${nonce}`)
}

describe('createSequencer', () => {
  test('fifo: arrival in milliseconds decides, not the tip', () => {
    expect(drained('fifo', `a 0 3000 20 9\n b 0 1000 20 0\n c 0 2000 20 5`)).toEqual(['b0', 'c0', 'a0'])
  })

  test('fifo: within a millisecond the higher address goes first', () => {
    expect(drained('fifo', `a 0 1000 20 0\n c 0 1999 20 0\n b 0 1500 20 0`)).toEqual(['c0', 'b0', 'a0'])
  })

  test('fifo: a nonce waits for the one before it', () => {
    expect(drained('fifo', `a 1 1000 20 0\n a 0 3000 20 0\n b 0 2000 20 0`)).toEqual(['b0', 'a0', 'a1'])
  })

  test('a nonce gap and a fee below the base fee stay in the pool', () => {
    expect(drained('fifo', `a 1 1000 20 0\n b 0 2000 9 0\n c 0 3000 20 0`)).toEqual(['c0'])
  })

  test('the same sender and nonce again replaces the transaction and its place', () => {
    expect(drained('fifo', `a 0 1000 20 0\n b 0 2000 20 0\n a 0 3000 20 0`)).toEqual(['b0', 'a0'])
  })

  test('tip: the effective priority fee decides, capped by the maximum fee', () => {
    expect(drained('tip', `a 0 1000 20 5\n b 0 2000 12 9\n c 0 3000 30 7`)).toEqual(['c0', 'a0', 'b0'])
  })

  test('tip: equal fees go by arrival', () => {
    expect(drained('tip', `a 0 2000 20 5\n b 0 1000 20 5`)).toEqual(['b0', 'a0'])
  })
})
