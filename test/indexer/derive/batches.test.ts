import { describe, expect, test } from 'vitest'
import {
  type BatchFacts,
  ExecutedBatchError,
  followSettlement,
  isSameBatch,
  reconcileBatch,
  toL1Batch,
} from '../../../indexer/derive/batches.ts'
import type {
  Batch,
  BatchStep,
  L1Batch,
  NodeBatch,
  SettlementEvent,
  SettlementFact,
} from '../../../indexer/types/batch.ts'
import type { Hex } from '../../../indexer/types/block.ts'

const hash = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`
const L1 = 1
const SECOND = 1_000_000

/** The step that an event in an L1 block is: its transaction has the number of the block. */
const step = (l1Block: number): BatchStep => ({ transactionHash: hash(l1Block), l1Block, at: l1Block * 12 * SECOND })
/** The same as the node tells it, a moment later. */
const seen = (l1Block: number): BatchStep => ({ ...step(l1Block), l1Block: null, at: step(l1Block).at! + 5 })

const event = (l1Block: number, fact: SettlementFact): SettlementEvent => ({
  ...{ l1Block, l1LogIndex: 0, transactionHash: hash(l1Block), at: l1Block * 12 * SECOND },
  ...fact,
})
const commit = (l1Block: number, batch: number, root = batch) =>
  event(l1Block, { kind: 'commit', batch, batchHash: hash(root), commitment: hash(root + 100) })
const execute = (l1Block: number, batch: number) =>
  event(l1Block, { kind: 'execute', batch, batchHash: hash(batch), commitment: hash(batch + 100) })
const prove = (l1Block: number, previous: number, last: number) => event(l1Block, { kind: 'prove', previous, last })
const range = (l1Block: number, batch: number, firstBlock: number, lastBlock: number) =>
  event(l1Block, { kind: 'range', batch, firstBlock, lastBlock })
const revert = (l1Block: number, committed: number, proven: number, executed: number) =>
  event(l1Block, { kind: 'revert', committed, proven, executed })

/** Which steps each batch has, with their L1 blocks. */
const follow = (events: readonly SettlementEvent[], known: readonly L1Batch[] = [], executed = 0) =>
  Object.fromEntries(
    [...followSettlement(L1, known, executed, events).batches.values()].map((batch) => [
      batch.number,
      [batch.commit, batch.prove, batch.execute].map((each) => each?.l1Block ?? null),
    ]),
  )

describe('the way of batches on L1', () => {
  const two = [commit(10, 1), commit(10, 2)]

  test.each<[string, SettlementEvent[], Record<number, unknown>]>([
    ['nothing', [], {}],
    ['commits', two, { 1: [10, null, null], 2: [10, null, null] }],
    ['a proof of the first', [...two, prove(11, 0, 1)], { 1: [10, 11, null], 2: [10, null, null] }],
    ['a proof of the second', [...two, prove(11, 1, 2)], { 1: [10, null, null], 2: [10, 11, null] }],
    ['a proof of both', [...two, prove(11, 0, 2)], { 1: [10, 11, null], 2: [10, 11, null] }],
    ['a proof far beyond what is known', [...two, prove(11, 0, 2 ** 50)], { 1: [10, 11, null], 2: [10, 11, null] }],
    ['an execution', [...two, prove(11, 0, 2), execute(12, 1)], { 1: [10, 11, 12], 2: [10, 11, null] }],
    [
      'an execution of a batch nobody asked about',
      [...two, execute(12, 7)],
      { 1: [10, null, null], 2: [10, null, null] },
    ],
    ['a revert of commits', [...two, revert(13, 1, 0, 0)], { 1: [10, null, null], 2: [null, null, null] }],
    ['a revert of proofs', [...two, prove(11, 0, 2), revert(13, 2, 1, 0)], { 1: [10, 11, null], 2: [10, null, null] }],
    ['a revert of both', [...two, prove(11, 0, 2), revert(13, 1, 1, 0)], { 1: [10, 11, null], 2: [null, null, null] }],
    [
      'a commit after a revert',
      [...two, prove(11, 0, 2), revert(13, 1, 1, 0), commit(14, 2, 9)],
      { 1: [10, 11, null], 2: [14, null, null] },
    ],
    [
      'a revert to what is executed',
      [...two, prove(11, 0, 2), execute(12, 1), revert(13, 1, 1, 1)],
      { 1: [10, 11, 12], 2: [null, null, null] },
    ],
  ])('%s', (_, events, expected) => {
    expect(follow(events)).toEqual(expected)
  })

  test('goes on from what was known, and leaves that as it is', () => {
    const known = followSettlement(L1, [], 0, two).batches.get(2)!
    expect(follow([prove(20, 0, 2)], [known])).toEqual({ 2: [10, 20, null] })
    expect(known.prove).toBeNull()
  })

  test('has the hashes of the last commit, and the range on either side of it', () => {
    const { batches } = followSettlement(L1, [], 0, [
      ...[range(10, 1, 5, 9), commit(10, 1, 6), commit(10, 2), range(10, 2, 10, 14)],
      ...[revert(11, 1, 0, 0), commit(12, 2, 8), range(12, 2, 10, 12)],
    ])
    expect(batches.get(1)).toMatchObject({ chainId: L1, batchHash: hash(6), range: { firstBlock: 5, lastBlock: 9 } })
    expect(batches.get(2)).toMatchObject({ commitment: hash(108), range: { firstBlock: 10, lastBlock: 12 } })
  })

  test('a batch that is taken back keeps nothing', () => {
    const { batches, reverts } = followSettlement(L1, [], 0, [commit(10, 1), range(10, 1, 5, 9), revert(11, 0, 0, 0)])
    expect(batches.get(1)).toMatchObject({ range: null, batchHash: null, commitment: null, commit: null })
    expect(reverts).toMatchObject([{ keepBatch: 0, l1Block: 11 }])
  })

  test.each<[string, SettlementEvent[], number]>([
    ['in the same events', [...two, execute(12, 2), revert(13, 1, 1, 1)], 0],
    ['before them', [...two, revert(13, 1, 1, 1)], 2],
  ])('a revert below a batch that was executed %s is refused', (_, events, executed) => {
    expect(() => followSettlement(L1, [], executed, events)).toThrow(ExecutedBatchError)
    expect(() => followSettlement(L1, [], executed, events)).toThrow('reverts to batch 1, but batch 2 is executed')
  })

  test('the last executed batch', () => {
    expect(followSettlement(L1, [], 5, []).executed).toBe(5)
    expect(followSettlement(L1, [], 5, [execute(9, 7), execute(9, 6)]).executed).toBe(7)
  })
})

const node: NodeBatch = {
  ...{
    number: 7,
    firstBlock: 20,
    lastBlock: 29,
    timestamp: 1_700_000_000,
    l1TransactionCount: 1,
    l2TransactionCount: 20,
  },
  ...{ rootHash: hash(7), commitment: hash(107), commit: seen(10), prove: seen(11), execute: seen(12) },
  ...{ settlementChainId: L1, l1GasPrice: 3n, l2FairGasPrice: 2n, fairPubdataPrice: 1n, executionFinal: true },
}
const onL1: L1Batch = {
  ...{ number: 7, chainId: L1, range: null, batchHash: hash(7), commitment: hash(107) },
  ...{ commit: step(10), prove: step(11), execute: step(12) },
}
const view = { chainId: L1, finalBlock: 50, readTo: 100 * 12 * SECOND }
const nowhere = { range: null, batchHash: null, commitment: null, commit: null, prove: null, execute: null }

const reconcile = (facts: Partial<BatchFacts>) =>
  reconcileBatch({ node: null, l1: null, view: null, finalizedBlock: null, own: null, ...facts })

describe('status and source', () => {
  const upTo = (stage: 'sealed' | 'commit' | 'prove' | 'execute') => ({
    ...(stage === 'sealed' ? { commit: null } : {}),
    ...(stage === 'sealed' || stage === 'commit' ? { prove: null } : {}),
    ...(stage === 'execute' ? {} : { execute: null }),
  })

  test.each<[string, Partial<BatchFacts>, string, string]>([
    ['the node, sealed', { node: { ...node, ...upTo('sealed') } }, 'sealed', 'l2'],
    ['the node, committed', { node: { ...node, ...upTo('commit') } }, 'committed', 'l2'],
    ['the node, proven', { node: { ...node, ...upTo('prove') } }, 'proven', 'l2'],
    ['the node, executed', { node: { ...node, executionFinal: false } }, 'executed', 'l2'],
    ['the node, final', { node }, 'final', 'l2'],
    [
      'an old node above its finalized block',
      { node: { ...node, executionFinal: null }, finalizedBlock: 28 },
      'executed',
      'l2',
    ],
    [
      'an old node at its finalized block',
      { node: { ...node, executionFinal: null }, finalizedBlock: 29 },
      'final',
      'l2',
    ],
    ['an old node without that tag', { node: { ...node, executionFinal: null } }, 'executed', 'l2'],
    ['the node that says final before L1', { node, l1: onL1, view: { ...view, finalBlock: 11 } }, 'executed', 'both'],
    [
      'both, at the final L1 block',
      { node: { ...node, executionFinal: false }, l1: onL1, view: { ...view, finalBlock: 12 } },
      'final',
      'both',
    ],
    [
      'both, while L1 has only committed',
      { node: { ...node, ...upTo('commit') }, l1: { ...onL1, ...upTo('commit') }, view },
      'committed',
      'both',
    ],
    ['L1 ahead of the node', { node: { ...node, ...upTo('sealed') }, l1: onL1, view }, 'final', 'both'],
    [
      'the node ahead of what was read of L1',
      { node, l1: { ...onL1, ...nowhere }, view: { ...view, readTo: step(10).at! } },
      'executed',
      'l2',
    ],
    ['the genesis batch', { node: { ...node, ...upTo('sealed'), number: 0 }, view }, 'final', 'l2'],
  ])('%s', (_, facts, status, source) => {
    expect(reconcile(facts)).toMatchObject({ batch: { status, source }, disagreements: [] })
  })
})

describe('where node and L1 differ', () => {
  test.each<[string, Partial<NodeBatch>, Partial<L1Batch>, Partial<Batch>, string]>([
    ['in the commit', { commit: seen(9) }, {}, { commit: step(10) }, 'commit transaction is 0x0'],
    ['in the execution', { execute: seen(9) }, {}, { execute: step(12), status: 'final' }, 'execute transaction'],
    ['in the root', { rootHash: hash(6) }, {}, { rootHash: hash(7) }, 'root hash'],
    ['in the commitment', { commitment: hash(6) }, {}, { commitment: hash(107) }, 'commitment'],
    [
      'in the first block',
      {},
      { range: { firstBlock: 21, lastBlock: 29 } },
      { firstBlock: 21 },
      'first block is 20 at the node, 21 on L1',
    ],
    [
      'in the last block',
      {},
      { range: { firstBlock: 20, lastBlock: 28 } },
      { lastBlock: 28 },
      'last block is 29 at the node, 28 on L1',
    ],
    ['as L1 has not executed', {}, { execute: null }, { execute: null, status: 'proven' }, 'execute 0x'],
    [
      'as L1 has not executed at a time the node does not say',
      { execute: { ...seen(12), at: null } },
      { execute: null },
      { execute: null },
      'is not on L1',
    ],
  ])('%s: L1 is right, and it is said', (_, ofNode, ofL1, expected, text) => {
    const { batch, disagreements } = reconcile({ node: { ...node, ...ofNode }, l1: { ...onL1, ...ofL1 }, view })
    expect(batch).toMatchObject({ ...expected, source: 'l1' })
    expect(disagreements).toEqual([expect.stringContaining(text)])
    expect(disagreements[0]).toContain('batch 7: ')
  })

  test('a batch that L1 has taken back, while the node still has it committed', () => {
    const { batch, disagreements } = reconcile({ node, l1: { ...onL1, ...nowhere }, view })
    expect(batch).toMatchObject({ status: 'sealed', commit: null, prove: null, execute: null, commitment: null })
    expect(batch).toMatchObject({ source: 'l1', settlementChainId: null, rootHash: hash(7) })
    expect(disagreements).toHaveLength(3)
  })

  test('on a gateway the node alone knows', () => {
    const facts = { node: { ...node, settlementChainId: 9075 }, l1: null, view }
    expect(reconcile(facts)).toMatchObject({
      batch: { status: 'final', source: 'l2', settlementChainId: 9075, commit: seen(10) },
      disagreements: [],
    })
  })
})

describe('what a batch is made of', () => {
  test('of both: the times of L1, the rest of the node', () => {
    const { executionFinal: _, ...facts } = node
    expect(reconcile({ node, l1: onL1, view }).batch).toEqual({
      ...facts,
      ...{ commit: step(10), prove: step(11), execute: step(12), status: 'final', source: 'both' },
    })
  })

  test('no commitment and no layer before the commit', () => {
    const { batch } = reconcile({ node: { ...node, commit: null, prove: null, execute: null } })
    expect(batch).toMatchObject({ commitment: null, settlementChainId: null })
  })

  const own = { timestamp: 1_700_000_000, l1TransactionCount: 2, l2TransactionCount: null }
  const ranged = { ...onL1, range: { firstBlock: 20, lastBlock: 29 } }

  test('of L1 alone: the events, and what our own blocks say', () => {
    expect(reconcile({ l1: ranged, view, own }).batch).toEqual({
      ...{ number: 7, firstBlock: 20, lastBlock: 29, ...own, status: 'final', source: 'l1' },
      ...{ rootHash: hash(7), commitment: hash(107), commit: step(10), prove: step(11), execute: step(12) },
      ...{ settlementChainId: L1, l1GasPrice: null, l2FairGasPrice: null, fairPubdataPrice: null },
    })
  })

  test.each<[string, Partial<BatchFacts>]>([
    ['nobody knows it', {}],
    ['L1 does not tell its blocks', { l1: onL1, view, own }],
    ['L1 has taken it back', { l1: { ...ranged, ...nowhere }, view, own }],
    ['our blocks do not reach so far', { l1: ranged, view, own: null }],
  ])('of nothing when %s', (_, facts) => {
    expect(reconcile(facts)).toEqual({ batch: null, disagreements: [] })
  })
})

describe('what a row holds from L1', () => {
  const row = reconcile({ node, l1: onL1, view }).batch!

  test.each<[string, Batch, number, Partial<L1Batch>]>([
    ['all of it', row, 12, { ...onL1, range: { firstBlock: 20, lastBlock: 29 } }],
    ['up to the proof', row, 11, { commit: step(10), prove: step(11), execute: null }],
    ['up to the commit', row, 10, { commit: step(10), prove: null, execute: null }],
    ['nothing, as all will be read again', row, 9, nowhere],
    ['nothing, as the node told', reconcile({ node }).batch!, 99, nowhere],
  ])('%s', (_, given, upTo, expected) => {
    expect(toL1Batch(given, upTo)).toMatchObject({ number: 7, ...expected })
  })
})

test.each<[string, Partial<Batch>, boolean]>([
  ['itself', {}, true],
  ['an equal step', { commit: { ...step(10) } }, true],
  ['another status', { status: 'executed' }, false],
  ['another time of a step', { commit: { ...step(10), at: 0 } }, false],
  ['another price', { l1GasPrice: 4n }, false],
])('compared with %s', (_, changes, same) => {
  const row = reconcile({ node, l1: onL1, view }).batch!
  const reordered = Object.fromEntries(Object.entries({ ...row, ...changes }).reverse()) as Batch
  expect(isSameBatch(row, reordered)).toBe(same)
})
