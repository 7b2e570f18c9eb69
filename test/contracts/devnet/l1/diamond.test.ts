import { type AbiEvent, toEventSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import { devnetDiamond } from '../../../../contracts/devnet/artifacts/DevnetDiamond.ts'
import { aliasOf, newPriorityRequestTopic } from '../../../../contracts/devnet/l1/diamond.ts'

/** The topics that the diamond proxies on Ethereum emit; shared/reference/zksync.md section 3. */
const topics = {
  BlockCommit: '0x8f2916b2f2d78cc5890ead36c06c0f6d5d112c7e103589947e8e2f0d6eddb763',
  BlocksVerification: '0x22c9005dd88c18b552a1cd7e8b3b937fcde9ca69213c1f658f54d572e4877a81',
  BlockExecution: '0x2402307311a4d6604e4e7b4c8a15a7e1213edb39c16a31efa70afb06030d3165',
  BlocksRevert: '0x8bd4b15ea7d1bc41ea9abc3fc487ccb89cd678a00786584714faa9d751c84ee5',
  ReportCommittedBatchRangeZKsyncOS: '0xa2ac105688fc09c2584d6b2e79dd0fc14e6003a20c62ac45aa858e8ed12bb7bb',
  NewPriorityRequest: '0x4531cd5795773d7101c17bdeb9f5ab7f47d7056017506f937083be5d6e77a382',
  NewPriorityRequestId: '0x779f441679936c5441b671969f37400b8c3ed0071cb47444431bf985754560df',
}

describe('DevnetDiamond', () => {
  test('declares the events of a diamond proxy, topic by topic', () => {
    const events = devnetDiamond.abi.filter((item) => item.type === 'event') as readonly AbiEvent[]
    expect(Object.fromEntries(events.map((event) => [event.name, toEventSelector(event)]))).toEqual(topics)
    expect(newPriorityRequestTopic).toBe(topics.NewPriorityRequest)
  })

  test('has the getters of a diamond proxy', () => {
    const views = devnetDiamond.abi.filter((item) => item.type === 'function' && item.stateMutability === 'view')
    expect(views.map((item) => ('name' in item ? item.name : '')).toSorted()).toEqual([
      ...['getFirstUnprocessedPriorityTx', 'getPriorityQueueSize', 'getTotalBatchesCommitted'],
      ...['getTotalBatchesExecuted', 'getTotalBatchesVerified', 'getTotalPriorityTxs', 'getZKsyncOS'],
    ])
  })
})

describe('aliasOf', () => {
  test.each([
    ['0x0000000000000000000000000000000000000000', '0x1111000000000000000000000000000000001111'],
    ['0xffffffffffffffffffffffffffffffffffffffff', '0x1111000000000000000000000000000000001110'],
    ['0xeeef000000000000000000000000000000000000', '0x0000000000000000000000000000000000001111'],
  ] as const)('of %s is %s', (address, alias) => {
    expect(aliasOf(address)).toBe(alias)
  })
})
