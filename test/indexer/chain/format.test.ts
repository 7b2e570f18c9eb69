import { describe, expect, test } from 'vitest'
import { ContradictionError } from '../../../indexer/chain/errors.ts'
import {
  type RawBlock,
  type RawLog,
  type RawReceipt,
  type RawTransaction,
  toBlock,
  toLog,
  toReceipt,
  toTransaction,
} from '../../../indexer/chain/format.ts'
import type { Hex } from '../../../indexer/types/block.ts'
import { address, hash, SYSTEM_HASH } from '../../support/logs.ts'

const CHECKSUMMED = '0x5AEa5775959fBC2557Cc8789bC1bf90A239D9a91'
const ZERO_BLOOM: Hex = `0x${'0'.repeat(512)}`

const block: RawBlock = {
  number: '0x92e869',
  hash: hash(5),
  parentHash: hash(4),
  timestamp: '0x64b0e914',
  gasUsed: '0x22aa64',
  gasLimit: '0xffffffff',
  baseFeePerGas: '0xee6b280',
  logsBloom: ZERO_BLOOM,
  transactions: [hash(101), hash(102)],
}
const transaction: RawTransaction = {
  hash: hash(101),
  transactionIndex: '0x1',
  from: address(1),
  to: address(2),
  nonce: '0xd867c',
  value: '0xde0b6b3a7640000',
  gas: '0x1c9c380',
  gasPrice: '0xee6b280',
  type: '0x2',
  input: '0xbb2cd728ff',
}
const log: RawLog = {
  address: address(3),
  topics: [hash(1), hash(2)],
  data: '0x00ff',
  blockNumber: '0x92e869',
  blockHash: hash(5),
  transactionHash: hash(101),
  transactionIndex: '0x1',
  logIndex: '0xe',
}
const receipt: RawReceipt = {
  transactionHash: hash(101),
  transactionIndex: '0x1',
  blockHash: hash(5),
  blockNumber: '0x92e869',
  from: address(1),
  to: address(2),
  contractAddress: null,
  status: '0x1',
  gasUsed: '0x115532',
  effectiveGasPrice: '0xee6b280',
  type: '0x71',
  logs: [log],
  logsBloom: ZERO_BLOOM,
}

/** What the servers add, which is not read; as recorded, or null before the batch is sealed. */
const ERA_BLOCK = { l1BatchNumber: null, l1BatchTimestamp: null, sealFields: [], size: '0x0', nonce: '0x00' }
const ERA_LOG = { l1BatchNumber: null, transactionLogIndex: '0x0', logType: null, removed: false }

/** `whole` with some fields of any value; an undefined one is left out. */
function changed<T extends object>(whole: T, changes: Record<string, unknown>): T {
  const entries = Object.entries({ ...whole, ...changes }).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as T
}

function refusal(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    expect(error).toBeInstanceOf(ContradictionError)
    return (error as Error).message
  }
  throw new Error('nothing was refused')
}

describe('toBlock', () => {
  test('every field', () => {
    expect(toBlock(block)).toEqual({
      number: 9_627_753,
      hash: hash(5),
      parentHash: hash(4),
      timestamp: 1_689_315_604,
      gasUsed: 2_271_844n,
      gasLimit: 4_294_967_295n,
      baseFeePerGas: 250_000_000n,
      transactionCount: 2,
    })
  })

  test.each<[string, Record<string, unknown>, object]>([
    ['an Era block whose batch is not sealed', ERA_BLOCK, {}],
    ['with the bodies of its transactions', { transactions: [transaction] }, { transactionCount: 1 }],
    ['without transactions, as the last of each batch', { transactions: [] }, { transactionCount: 0 }],
    ['from before EIP-1559, without a base fee', { baseFeePerGas: undefined }, { baseFeePerGas: null }],
    ['with a base fee of null', { baseFeePerGas: null }, { baseFeePerGas: null }],
    ['with a base fee of zero', { baseFeePerGas: '0x0' }, { baseFeePerGas: 0n }],
    ['of the genesis', { number: '0x0', parentHash: SYSTEM_HASH }, { number: 0, parentHash: SYSTEM_HASH }],
    ['with a hash in capitals', { hash: `0x${'AB'.repeat(32)}` }, { hash: `0x${'ab'.repeat(32)}` }],
  ])('%s', (_, changes, expected) => {
    expect(toBlock(changed(block, changes))).toEqual({ ...toBlock(block), ...expected })
  })

  test.each<[string, unknown, string]>([
    ['number', null, 'block.number: null is no JSON-RPC quantity'],
    ['number', '0x20000000000000', 'block.number: 0x20000000000000 is no JSON-RPC quantity'],
    ['number', '0x1 ', 'block.number: 0x1  is no JSON-RPC quantity'],
    ['hash', null, 'block.hash: null is no hash'],
    ['parentHash', '0x0', 'block.parentHash: 0x0 is no hash'],
    ['timestamp', 1_689_315_604, 'block.timestamp: 1689315604 is no JSON-RPC quantity'],
    ['gasUsed', undefined, 'block.gasUsed: undefined is no JSON-RPC quantity'],
    ['gasLimit', '0x', 'block.gasLimit: 0x is no JSON-RPC quantity'],
    ['baseFeePerGas', '', 'block.baseFeePerGas:  is no JSON-RPC quantity'],
    ['transactions', undefined, 'block.transactions: undefined is no list'],
    ['transactions', [hash(1), null], 'block.transactions: undefined is no hash'],
    ['transactions', ['0x01'], 'block.transactions: 0x01 is no hash'],
  ])('%s of %j is a contradiction', (field, value, message) => {
    expect(refusal(() => toBlock(changed(block, { [field]: value })))).toBe(message)
  })

  test('no object is a contradiction', () => {
    expect(refusal(() => toBlock('0x1' as never))).toBe('0x1 is no block')
  })
})

describe('toTransaction', () => {
  test('every field', () => {
    expect(toTransaction(transaction)).toEqual({
      hash: hash(101),
      transactionIndex: 1,
      from: address(1),
      to: address(2),
      nonce: 886_396n,
      valueWei: 10n ** 18n,
      gasLimit: 30_000_000n,
      gasPriceWei: 250_000_000n,
      type: 2,
      selector: '0xbb2cd728',
      input: expect.stringMatching(/^0xbb2cd728/),
    })
  })

  test.each<[string, Hex, number]>([
    ['legacy', '0x0', 0],
    ['with an access list', '0x1', 1],
    ['with a dynamic fee', '0x2', 2],
    ['with blobs', '0x3', 3],
    ['that sets code', '0x4', 4],
    ['of an Era smart account', '0x71', 113],
    ['from L1 on Era', '0xff', 255],
    ['an upgrade of Era', '0xfe', 254],
    ['from L1 on ZKsync OS', '0x7f', 127],
    ['an upgrade of ZKsync OS', '0x7e', 126],
    ['of the ZKsync OS system', '0x7d', 125],
  ])('one %s: type %s', (_, type, expected) => {
    expect(toTransaction(changed(transaction, { type })).type).toBe(expected)
  })

  test.each<[string, Record<string, unknown>, object]>([
    ['signed: the signature is not read', { v: '0x0', r: '0xcdd1', s: '0x5472' }, {}],
    ['without a type, from before EIP-2718', { type: undefined }, { type: 0 }],
    ['with a type of null', { type: null }, { type: 0 }],
    ['that creates a contract', { to: null }, { to: null }],
    ['with checksummed addresses', { from: CHECKSUMMED, to: CHECKSUMMED }, { to: CHECKSUMMED.toLowerCase() }],
    ['without a gas price', { gasPrice: undefined }, { gasPriceWei: null }],
    ['from L1, that pays no gas', { gasPrice: '0x0' }, { gasPriceWei: 0n }],
    ['without calldata', { input: '0x' }, { selector: null }],
    ['with three bytes of calldata', { input: '0x112233' }, { selector: null }],
    ['with four bytes in capitals', { input: '0xFEFE409D' }, { selector: '0xfefe409d' }],
    ['with a nonce beyond 64 bits', { nonce: '0x10000000000000000' }, { nonce: 2n ** 64n }],
  ])('one %s', (_, changes, expected) => {
    expect(toTransaction(changed(transaction, changes))).toMatchObject(expected)
  })

  test.each<[string, unknown, string]>([
    ['hash', 'x', 'transaction.hash: x is no hash'],
    ['transactionIndex', null, 'transaction.transactionIndex: null is no JSON-RPC quantity'],
    ['from', '0x', 'transaction.from: 0x is no address'],
    ['to', undefined, 'transaction.to: undefined is no address'],
    ['nonce', undefined, 'transaction.nonce: undefined is no JSON-RPC quantity'],
    ['value', 5, 'transaction.value: 5 is no JSON-RPC quantity'],
    ['gas', null, 'transaction.gas: null is no JSON-RPC quantity'],
    ['gasPrice', '', 'transaction.gasPrice:  is no JSON-RPC quantity'],
    ['type', '0x100', 'transaction.type: 0x100 is no transaction type'],
    ['type', 'eip1559', 'transaction.type: eip1559 is no JSON-RPC quantity'],
    ['input', '0x123', 'transaction.input: 0x123 are no bytes'],
    ['input', undefined, 'transaction.input: undefined are no bytes'],
  ])('%s of %j is a contradiction', (field, value, message) => {
    expect(refusal(() => toTransaction(changed(transaction, { [field]: value })))).toBe(message)
  })

  test('a long value is cut in the message', () => {
    const message = refusal(() => toTransaction(changed(transaction, { input: `0x${'1'.repeat(1001)}` })))
    expect(message).toBe(`transaction.input: 0x${'1'.repeat(78)} are no bytes`)
  })
})

describe('toLog', () => {
  test('every field', () => {
    expect(toLog(log)).toEqual({
      address: address(3),
      topics: [hash(1), hash(2)],
      data: '0x00ff',
      logIndex: 14,
      transactionIndex: 1,
      transactionHash: hash(101),
    })
  })

  test.each<[string, Record<string, unknown>, object]>([
    ['with the additions of Era', { ...ERA_LOG, blockTimestamp: '0x660c1740' }, {}],
    ['of the system, with a zero transaction hash', { transactionHash: SYSTEM_HASH }, { transactionHash: SYSTEM_HASH }],
    ['without topics', { topics: [] }, { topics: [] }],
    ['with checksummed address', { address: CHECKSUMMED }, { address: CHECKSUMMED.toLowerCase() }],
    [
      'in capitals',
      { topics: [`0x${'AB'.repeat(32)}`], data: '0xAB' },
      { topics: [`0x${'ab'.repeat(32)}`], data: '0xab' },
    ],
  ])('one %s', (_, changes, expected) => {
    expect(toLog(changed(log, changes))).toEqual({ ...toLog(log), ...expected })
  })

  test.each<[string, unknown, string]>([
    ['address', null, 'log.address: null is no address'],
    ['topics', null, 'log.topics: null is no list of up to four topics'],
    ['topics', [1, 2, 3, 4, 5], 'log.topics: [1,2,3,4,5] is no list of up to four topics'],
    ['topics', ['0x01'], 'log.topics: 0x01 is no hash'],
    ['data', '0xf', 'log.data: 0xf are no bytes'],
    ['logIndex', null, 'log.logIndex: null is no JSON-RPC quantity'],
    ['transactionIndex', null, 'log.transactionIndex: null is no JSON-RPC quantity'],
    ['transactionHash', null, 'log.transactionHash: null is no hash'],
    ['removed', true, 'log.removed: true marks a log of a block that was replaced'],
  ])('%s of %j is a contradiction', (field, value, message) => {
    expect(refusal(() => toLog(changed(log, { [field]: value })))).toBe(message)
  })
})

describe('toReceipt', () => {
  test('every field', () => {
    expect(toReceipt(receipt)).toEqual({
      transactionHash: hash(101),
      transactionIndex: 1,
      from: address(1),
      to: address(2),
      contractAddress: null,
      succeeded: true,
      gasUsed: 1_135_922n,
      effectiveGasPriceWei: 250_000_000n,
      type: 113,
      logs: [toLog(log)],
      logsBloom: ZERO_BLOOM,
    })
  })

  test.each<[string, Record<string, unknown>, object]>([
    ['an old one of Era', { root: hash(5), cumulativeGasUsed: '0x0', l1BatchNumber: null, l2ToL1Logs: [] }, {}],
    ['of a transaction that failed', { status: '0x0' }, { succeeded: false }],
    ['from before EIP-658, without a status', { status: undefined, root: hash(5) }, { succeeded: null }],
    ['from before EIP-658, with an empty status', { status: null, root: hash(5) }, { succeeded: null }],
    [
      'of a contract creation',
      { to: null, contractAddress: CHECKSUMMED },
      { to: null, contractAddress: CHECKSUMMED.toLowerCase() },
    ],
    ['without a contract address', { contractAddress: undefined }, { contractAddress: null }],
    ['without a gas price', { effectiveGasPrice: undefined }, { effectiveGasPriceWei: null }],
    ['without a type', { type: undefined }, { type: 0 }],
    ['without a bloom', { logsBloom: undefined }, { logsBloom: null }],
    ['without logs', { logs: [] }, { logs: [] }],
  ])('%s', (_, changes, expected) => {
    expect(toReceipt(changed(receipt, changes))).toEqual({ ...toReceipt(receipt), ...expected })
  })

  test.each<[string, unknown, string]>([
    ['transactionHash', undefined, 'receipt.transactionHash: undefined is no hash'],
    ['transactionIndex', undefined, 'receipt.transactionIndex: undefined is no JSON-RPC quantity'],
    ['from', null, 'receipt.from: null is no address'],
    ['to', undefined, 'receipt.to: undefined is no address'],
    ['contractAddress', '0x', 'receipt.contractAddress: 0x is no address'],
    ['status', '', 'receipt.status:  is no JSON-RPC quantity'],
    ['status', '0x2', 'receipt.status: 0x2 is neither 0x0 nor 0x1'],
    ['gasUsed', null, 'receipt.gasUsed: null is no JSON-RPC quantity'],
    ['effectiveGasPrice', '', 'receipt.effectiveGasPrice:  is no JSON-RPC quantity'],
    ['type', '0x100', 'receipt.type: 0x100 is no transaction type'],
    ['logs', null, 'receipt.logs: null is no list'],
    ['logs', [null], 'null is no log'],
    ['logsBloom', '0x00', 'receipt.logsBloom: 0x00 is no logs bloom'],
  ])('%s of %j is a contradiction', (field, value, message) => {
    expect(refusal(() => toReceipt(changed(receipt, { [field]: value })))).toBe(message)
  })
})
