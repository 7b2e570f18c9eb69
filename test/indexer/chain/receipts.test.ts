import { describe, expect, test } from 'vitest'
import type { Stack } from '../../../contracts/chains/profile.ts'
import { ContradictionError } from '../../../indexer/chain/errors.ts'
import type { RawBlock, RawLog, RawReceipt } from '../../../indexer/chain/format.ts'
import { verifyReceipts } from '../../../indexer/chain/receipts.ts'
import type { Hex } from '../../../indexer/types/block.ts'
import { bloomOf } from '../../support/bloom.ts'
import { address, hash } from '../../support/logs.ts'

const ZERO_BLOOM: Hex = `0x${'0'.repeat(512)}`
const hex = (number: number): Hex => `0x${number.toString(16)}`

/** What the logs of a receipt put into its bloom. */
const valuesOf = (logs: readonly RawLog[]) => logs.flatMap(({ address: emitter, topics }) => [emitter, ...topics])
const receiptBloom = (logs: readonly RawLog[]) => bloomOf(valuesOf(logs))

function logOf(transaction: number, logIndex: number): RawLog {
  return {
    address: address(logIndex + 1),
    topics: [hash(1000 + logIndex)],
    data: '0x',
    blockNumber: '0x5',
    blockHash: hash(5),
    transactionHash: hash(100 + transaction),
    transactionIndex: hex(transaction),
    logIndex: hex(logIndex),
  }
}

function receiptOf(transaction: number, logs: RawLog[]): RawReceipt {
  return {
    transactionHash: hash(100 + transaction),
    transactionIndex: hex(transaction),
    blockHash: hash(5),
    blockNumber: '0x5',
    from: address(1),
    to: address(2),
    status: '0x1',
    gasUsed: '0x1',
    logs,
    logsBloom: receiptBloom(logs),
  }
}

type Served = { block: RawBlock; receipts: RawReceipt[] }

/** Three transactions with two, none and one log; `first` is the number of the first log. */
function served(first = 0): Served {
  const receipts = [
    receiptOf(0, [logOf(0, first), logOf(0, first + 1)]),
    receiptOf(1, []),
    receiptOf(2, [logOf(2, first + 2)]),
  ]
  const block: RawBlock = {
    number: '0x5',
    hash: hash(5),
    parentHash: hash(4),
    timestamp: '0x1',
    gasUsed: '0x0',
    gasLimit: '0x0',
    logsBloom: receiptBloom(receipts.flatMap(({ logs }) => logs)),
    transactions: [hash(100), hash(101), hash(102)],
  }
  return { block, receipts }
}

const systemBloom = (receipts: readonly RawReceipt[]) =>
  bloomOf([address(0xee), hash(77), ...valuesOf(receipts.flatMap(({ logs }) => logs))])

describe('verifyReceipts', () => {
  test.each<[string, Stack, (served: Served) => void]>([
    ['those of the block', 'evm', () => {}],
    ['those of the block', 'zksync-os', () => {}],
    ['those of the block', 'era', () => {}],
    ['of a block with bodies', 'evm', ({ block }) => set(block.transactions, { 0: { hash: hash(100) } as never })],
    ['with a hash in capitals', 'evm', ({ receipts }) => capitals(receipts[0]!)],
    ['of a block without transactions', 'evm', (whole) => Object.assign(whole, empty())],
    ['of a block with nothing but logs of the system', 'era', (whole) => Object.assign(whole, empty(systemBloom([])))],
    ['from before there were blooms', 'era', withoutBlooms],
    ['without any bloom', 'evm', ({ block, receipts }) => set(block, { logsBloom: undefined }, receipts)],
    [
      'beside logs of the system after them',
      'era',
      ({ block, receipts }) => set(block, { logsBloom: systemBloom(receipts) }),
    ],
    ['behind logs of the system', 'era', (whole) => Object.assign(whole, served(3))],
  ])('%s (%s)', (_, stack, change) => {
    const whole = served()
    change(whole)
    expect(() => verifyReceipts(whole.block, whole.receipts, stack)).not.toThrow()
  })

  test.each<[string, Stack, (served: Served) => void, string]>([
    ['no list', 'evm', (whole) => set(whole, { receipts: null as never }), 'the receipts of block 5 are no list'],
    ['one too few', 'evm', ({ receipts }) => receipts.pop(), 'block 5 has 3 transactions but 2 receipts'],
    ['one too many', 'era', ({ receipts }) => receipts.push(receiptOf(3, [])), '3 transactions but 4 receipts'],
    [
      'another order',
      'evm',
      ({ receipts }) => receipts.reverse(),
      `receipt 0 of block 5 is of transaction ${hash(102)}`,
    ],
    [
      'a hole',
      'evm',
      ({ receipts }) => set(receipts, { 1: null as never }),
      'receipt 1 of block 5 is of transaction undefined',
    ],
    [
      'of another block',
      'evm',
      ({ receipts }) => set(receipts[1]!, { blockHash: hash(6) }),
      `receipt 1 of block 5 belongs to block ${hash(6)}`,
    ],
    [
      'another index',
      'evm',
      ({ receipts }) => set(receipts[1]!, { transactionIndex: '0x2' }),
      'receipt 1 of block 5 has the index 0x2',
    ],
    [
      'no logs',
      'evm',
      ({ receipts }) => set(receipts[1]!, { logs: null as never }),
      'receipt 1 of block 5 came without logs',
    ],
    [
      'a gap within a receipt',
      'era',
      ({ receipts }) => set(receipts[0]!.logs[1]!, { logIndex: '0x2' }),
      'log 2 of block 5 comes where log 1 is due',
    ],
    [
      'a gap between receipts',
      'era',
      ({ receipts }) => set(receipts[2]!.logs[0]!, { logIndex: '0x3' }),
      'log 3 of block 5 comes where log 2 is due',
    ],
    [
      'a log twice',
      'era',
      ({ receipts }) => set(receipts[0]!.logs[1]!, { logIndex: '0x0' }),
      'log 0 of block 5 comes where log 1 is due',
    ],
    [
      'a gap before the first',
      'evm',
      (whole) => Object.assign(whole, served(3)),
      'log 3 of block 5 comes where log 0 is due',
    ],
    [
      'a gap before the first',
      'zksync-os',
      (whole) => Object.assign(whole, served(3)),
      'log 3 of block 5 comes where log 0 is due',
    ],
    [
      'a log of another transaction',
      'evm',
      ({ receipts }) => set(receipts[2]!.logs[0]!, { transactionHash: hash(100) }),
      `log 2 of block 5 names transaction ${hash(100)}`,
    ],
    [
      'a log of another index',
      'evm',
      ({ receipts }) => set(receipts[2]!.logs[0]!, { transactionIndex: '0x0' }),
      'log 2 of block 5 names transaction index 0x0',
    ],
    [
      'a log of another block',
      'evm',
      ({ receipts }) => set(receipts[2]!.logs[0]!, { blockHash: hash(6) }),
      `log 2 of block 5 belongs to block ${hash(6)}`,
    ],
    [
      'a last log left out',
      'era',
      ({ receipts }) => receipts[2]!.logs.pop(),
      `the 0 logs of transaction ${hash(102)} in block 5 are not those of its bloom`,
    ],
    [
      'another emitter',
      'era',
      ({ receipts }) => set(receipts[0]!.logs[0]!, { address: address(9) }),
      'are not those of its bloom',
    ],
    [
      'another topic',
      'era',
      ({ receipts }) => set(receipts[0]!.logs[0]!, { topics: [hash(9)] }),
      'are not those of its bloom',
    ],
    [
      'a bloom that is none',
      'era',
      ({ receipts }) => set(receipts[0]!, { logsBloom: '0x01' }),
      'receipt.logsBloom: 0x01 is no logs bloom',
    ],
    [
      'less than the bloom of the block',
      'evm',
      ({ block, receipts }) => set(block, { logsBloom: systemBloom(receipts) }),
      'not those of its bloom',
    ],
    [
      'less than the bloom of the block',
      'zksync-os',
      ({ block, receipts }) => set(block, { logsBloom: systemBloom(receipts) }),
      'not those of its bloom',
    ],
    [
      'more than the bloom of the block',
      'era',
      ({ block }) => set(block, { logsBloom: bloomOf([address(1)]) }),
      'the logs in the receipts of block 5 are not those of its bloom',
    ],
  ])('%s is a contradiction (%s)', (_, stack, change, message) => {
    const whole = served()
    change(whole)
    expect(() => verifyReceipts(whole.block, whole.receipts, stack)).toThrow(ContradictionError)
    expect(() => verifyReceipts(whole.block, whole.receipts, stack)).toThrow(message)
  })

  test('takes no time to speak of: 20 receipts of 4 logs, of which most are new', () => {
    const blocks = Array.from({ length: 20 }, (_, block) => busyBlock(block))
    const startedMs = performance.now()
    for (const { block, receipts } of blocks) verifyReceipts(block, receipts, 'era')
    const perBlockMs = (performance.now() - startedMs) / blocks.length
    console.info(`verifyReceipts: ${perBlockMs.toFixed(2)} ms a block of 20 transactions and 80 logs`)
    expect(perBlockMs).toBeLessThan(20)
  })
})

/** Changes fields of an object, and the same ones of those in `others`. */
function set(target: object, changes: object, others: readonly object[] = []): void {
  for (const each of [target, ...others]) Object.assign(each, changes)
}

function empty(logsBloom: Hex = ZERO_BLOOM): Served {
  const { block } = served()
  return { block: { ...block, transactions: [], logsBloom }, receipts: [] }
}

function capitals(receipt: RawReceipt): void {
  receipt.transactionHash = receipt.transactionHash.toUpperCase().replace('0X', '0x') as Hex
}

function withoutBlooms({ block, receipts }: Served): void {
  for (const each of [block, ...receipts]) each.logsBloom = ZERO_BLOOM
}

/** A block as an active chain has it: traders and amounts are new, tokens and events known. */
function busyBlock(seed: number): Served {
  const transactions = Array.from({ length: 20 }, (_, index) => hash(100 + index))
  const receipts = transactions.map((_, index) => {
    const logs = [0, 1, 2, 3].map((position) => {
      const log = logOf(index, 4 * index + position)
      log.address = address(position + 1)
      log.topics = [hash(position), hash(10_000 + seed * 100 + index), hash(position + 20)]
      return log
    })
    return receiptOf(index, logs)
  })
  const logsBloom = receiptBloom(receipts.flatMap(({ logs }) => logs))
  return { block: { ...served().block, transactions, logsBloom }, receipts }
}
