import { describe, expect, test } from 'vitest'
import {
  type BatchPlan,
  batchOfBlock,
  blocksOfBatch,
  isClosingBlock,
  lastBatchOfStage,
  lastSealedBatch,
  stageBlock,
} from '../../../contracts/devnet/proxy/batches.ts'

const plan: BatchPlan = { blocksPerBatch: 4, hasClosingBlock: true, commitAfter: 2, proveAfter: 3, executeAfter: 5 }

describe('batches of four blocks', () => {
  test.each([
    // block, batch, closes it, last sealed batch when it is the head
    [0, 0, false, 0],
    [1, 1, false, 0],
    [3, 1, false, 0],
    [4, 1, true, 1],
    [5, 2, false, 1],
    [8, 2, true, 2],
  ])('block %i belongs to batch %i', (block, batch, isClosing, sealed) => {
    expect(batchOfBlock(plan, block)).toBe(batch)
    expect(isClosingBlock(plan, block)).toBe(isClosing)
    expect(lastSealedBatch(plan, block)).toBe(sealed)
  })

  test('the genesis batch is block 0 alone', () => {
    expect(blocksOfBatch(plan, 0)).toEqual({ first: 0, last: 0 })
    expect(blocksOfBatch(plan, 2)).toEqual({ first: 5, last: 8 })
  })

  test.each([
    // head, last committed block, last executed block
    [5, 0, 0],
    [6, 4, 0],
    [8, 4, 0],
    [9, 4, 4],
    [13, 8, 8],
  ])('at head %i the batches up to block %i are committed and up to %i executed', (head, committed, executed) => {
    expect(blocksOfBatch(plan, lastBatchOfStage(plan, head, 'commit')).last).toBe(committed)
    expect(blocksOfBatch(plan, lastBatchOfStage(plan, head, 'execute')).last).toBe(executed)
  })

  test('a stage is reached so many blocks after the batch ended', () => {
    expect(stageBlock(plan, 1, 'prove')).toBe(7)
    expect(stageBlock(plan, 0, 'execute')).toBe(0)
  })
})
