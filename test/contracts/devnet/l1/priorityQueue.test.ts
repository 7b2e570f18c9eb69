import { describe, expect, test } from 'vitest'
import { createPriorityQueue, type PriorityQueue } from '../../../../contracts/devnet/l1/priorityQueue.ts'
import { upgradeOperation } from '../../../../contracts/devnet/l1/upgrade.ts'
import type { L1Operation } from '../../../../contracts/devnet/proxy/l1Operation.ts'

/** A queue of one operation in each of the given L1 blocks. */
function queueOf(...l1Blocks: number[]): PriorityQueue {
  const queue = createPriorityQueue()
  for (const [serialId, l1BlockNumber] of l1Blocks.entries())
    queue.add({ ...upgradeOperation(), kind: 'priority', hash: `0x${serialId}`, serialId, l1BlockNumber })
  return queue
}

const ids = (operations: readonly L1Operation[]) => operations.map(({ serialId }) => serialId)

describe('createPriorityQueue', () => {
  test('L2 knows an operation once its L1 block is released', () => {
    const queue = queueOf(3, 3, 5)
    expect(queue.operation('0x0')).toBeUndefined()
    expect(ids(queue.release(2, 0n))).toEqual([])
    expect(ids(queue.release(4, 7n))).toEqual([0, 1])
    expect(queue.operation('0x1')).toMatchObject({ receivedAtUs: 8n })
    expect(queue.operation('0x2')).toBeUndefined()
  })

  test('a count releases the next ones only', () => {
    const queue = queueOf(3, 3, 5)
    expect(ids(queue.release(Number.POSITIVE_INFINITY, 0n, 1))).toEqual([0])
    expect(ids(queue.release(Number.POSITIVE_INFINITY, 0n, 5))).toEqual([1, 2])
  })

  test('what is taken waits no more, and comes back with a rollback in its old order', () => {
    const queue = queueOf(1, 2, 3)
    queue.release(2, 0n)
    expect(ids(queue.take(10))).toEqual([0, 1])
    queue.release(3, 0n)
    expect(ids(queue.take(12))).toEqual([2])
    expect(queue.pending()).toEqual([])
    queue.rolledBack(11)
    expect(ids(queue.pending())).toEqual([2])
    queue.rolledBack(9)
    expect(ids(queue.pending())).toEqual([0, 1, 2])
  })
})
