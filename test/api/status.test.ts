import { describe, expect, test } from 'vitest'
import { type ChainStatus, READY_LAG_BLOCKS, unreadiness } from '../../api/status.ts'

const live: ChainStatus = {
  chainId: 1,
  name: 'test',
  state: 'live',
  startBlock: 10,
  indexedBlock: 50,
  endBlock: null,
  headBlock: 50,
  headTimestamp: 1,
  blocksPerSecond: null,
  etaSeconds: null,
  lastError: null,
  undecodedLogs: null,
  batch: null,
  finalizedBlock: null,
  endpoints: [],
  degradedSince: null,
}

describe('unreadiness', () => {
  test.each<[situation: string, chains: Partial<ChainStatus>[], reason: string | null]>([
    ['no chain', [], 'no chain is indexed yet'],
    ['at the head', [{}], null],
    ['a few blocks behind', [{ headBlock: 50 + READY_LAG_BLOCKS }], null],
    ['more than a few blocks behind', [{ headBlock: 51 + READY_LAG_BLOCKS }], 'test is 6 blocks behind block 56'],
    ['at the last block that is wanted', [{ headBlock: 500, endBlock: 50 }], null],
    ['head not known', [{ headBlock: null }], 'test: the head of the chain is not known yet'],
    ['nothing committed', [{ indexedBlock: 9 }], 'test has no indexed block yet'],
    ['the first block committed', [{ indexedBlock: 10, headBlock: 10 }], null],
    ['failing', [{ state: 'error', lastError: 'no answer' }], 'test fails: no answer'],
    ['serving only, with data', [{ state: 'serving', headBlock: null }], null],
    [
      'serving only, without data',
      [{ state: 'serving', headBlock: null, indexedBlock: 9 }],
      'test has no indexed block yet',
    ],
    ['one of two behind', [{}, { name: 'other', headBlock: 90 }], 'other is 40 blocks behind block 90'],
  ])('%s', (_, chains, reason) => {
    expect(unreadiness({ version: '1', chains: chains.map((chain) => ({ ...live, ...chain })) })).toBe(reason)
  })
})
