import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { toBlock, toReceipt, toTransaction } from '../../indexer/chain/format.ts'
import type { Action } from '../../indexer/types/action.ts'
import { profileFor, type SimulateOptions, simulate } from '../../simulator/simulate.ts'
import { bloomOf } from '../support/bloom.ts'
import { deriveSimulated } from '../support/simulated.ts'
import { everybody } from './everybody.ts'

function digestOf(options: SimulateOptions): string {
  const hash = createHash('sha256')
  for (const block of simulate(options)) {
    hash.update(JSON.stringify(block, (_, value) => (typeof value === 'bigint' ? value.toString() : value)))
  }
  return hash.digest('hex')
}

function groupByTransaction(actions: readonly Action[]): Map<number, Action[]> {
  const groups = new Map<number, Action[]>()
  for (const action of actions) {
    const { transactionIndex } = action.transaction
    groups.set(transactionIndex, [...(groups.get(transactionIndex) ?? []), action])
  }
  return groups
}

describe.each(['fifo', 'tip'] as const)('simulate, order by %s', (ordering) => {
  test('the same seed gives the same bytes, another seed others', () => {
    const first = digestOf(everybody(ordering, 40, 'a'))
    expect(digestOf(everybody(ordering, 40, 'a'))).toBe(first)
    expect(digestOf(everybody(ordering, 40, 'b'))).not.toBe(first)
  })

  test('blocks follow each other, and their parts agree', () => {
    let parent: { number: number; hash: string; timestamp: number } | null = null
    const hashes = new Set<string>()
    for (const { block, receipts, arrivals, labels } of simulate(everybody(ordering, 60, 'c'))) {
      const read = toBlock(block)
      if (parent !== null) {
        expect([read.number, read.parentHash]).toEqual([parent.number + 1, parent.hash])
        expect(read.timestamp).toBeGreaterThanOrEqual(parent.timestamp)
      }
      parent = read
      let logIndex = 0
      const seen: `0x${string}`[] = []
      for (const [index, raw] of receipts.entries()) {
        const transaction = toTransaction(block.transactions[index] as never)
        const receipt = toReceipt(raw)
        expect([receipt.transactionHash, receipt.transactionIndex, receipt.from]).toEqual([
          ...[transaction.hash, index, transaction.from],
        ])
        expect(hashes.has(receipt.transactionHash)).toBe(false)
        hashes.add(receipt.transactionHash)
        expect(receipt.gasUsed).toBeLessThanOrEqual(transaction.gasLimit)
        expect(receipt.logs.length === 0).toBe(receipt.succeeded === false)
        for (const log of receipt.logs) {
          expect([log.logIndex, log.transactionHash]).toEqual([logIndex++, receipt.transactionHash])
          seen.push(log.address, ...log.topics)
        }
      }
      expect(block.logsBloom).toBe(bloomOf([...new Set(seen)]))
      expect([arrivals.length, labels.transactions.length]).toEqual([receipts.length, receipts.length])
      expect(labels.transactions.map(({ transactionHash }) => transactionHash)).toEqual(
        receipts.map(({ transactionHash }) => transactionHash),
      )
    }
  })

  test('every event decodes, and every swap replays to the wei', () => {
    const options = everybody(ordering, 150, 'd')
    let swaps = 0
    for (const { rows } of deriveSimulated(simulate(options), { profile: profileFor(options) })) {
      expect(rows.undecodedLogs).toEqual([])
      expect(rows.swaps.filter(({ replayGap }) => replayGap !== 0n)).toEqual([])
      swaps += rows.swaps.length
    }
    expect(swaps).toBeGreaterThan(1_000)
  })
})

describe('simulate', () => {
  test('the nonces of an account count its transactions', () => {
    const next = new Map<string, number>()
    for (const { block } of simulate(everybody('fifo', 40, 'e'))) {
      for (const { from, nonce } of block.transactions) {
        expect(Number(nonce)).toBe(next.get(from) ?? 0)
        next.set(from, Number(nonce) + 1)
      }
    }
  })

  test('times of arrival are in order where arrival decides, but for operations from L1 and within a millisecond', () => {
    for (const { block, arrivals } of simulate(everybody('fifo', 40, 'f'))) {
      const own = arrivals.filter((_, index) => block.transactions[index]!.type !== '0xff')
      for (const [index, arrival] of own.entries()) {
        if (index > 0) expect(Math.floor(arrival / 1_000)).toBeGreaterThanOrEqual(Math.floor(own[index - 1]! / 1_000))
      }
    }
  })

  test('calls of the routers decode to the swaps that they make', () => {
    const options: SimulateOptions = {
      seed: 'i',
      blocks: 60,
      ordering: 'fifo',
      agents: { retail: { swapsPerBlock: 8 } },
    }
    const kinds: Record<string, number> = {}
    for (const { actions } of deriveSimulated(simulate(options), { profile: profileFor(options) })) {
      const ofTransaction = groupByTransaction(actions.actions)
      for (const [index, all] of ofTransaction) {
        const trades = all.flatMap((action) => (action.kind === 'swap' ? [action.trade!] : []))
        if (trades.length === 0) continue
        const intent = actions.intents.get(index)
        if (intent === undefined) throw new Error(`no intent in ${all[0]!.transaction.input}`)
        kinds[intent.kind] = (kinds[intent.kind] ?? 0) + 1
        const amounts = trades.flatMap(({ amountIn, amountOut }) => [amountIn, amountOut])
        expect(amounts).toContain(intent.kind === 'EXACT_IN' ? intent.amountIn : intent.amountOut)
        expect(intent.recipient).toBe(all[0]!.transaction.from)
      }
    }
    expect(kinds.EXACT_IN).toBeGreaterThan(200)
    expect(kinds.EXACT_OUT).toBeGreaterThan(10)
  })

  test.each([1, 3, 6])('noise makes about %i swaps for each pool and block, and no attack', (swapsPerPoolBlock) => {
    const options = { seed: 'g', blocks: 60, ordering: 'fifo', agents: { noise: { swapsPerPoolBlock } } } as const
    let swaps = 0
    for (const { rows, simulated } of deriveSimulated(simulate(options), { profile: profileFor(options) })) {
      swaps += rows.swaps.length
      expect([simulated.labels.attacks, simulated.labels.attempts, simulated.labels.decoys]).toEqual([[], [], []])
    }
    expect(swaps / 60 / 10).toBeGreaterThan(swapsPerPoolBlock * 0.85)
    expect(swaps / 60 / 10).toBeLessThan(swapsPerPoolBlock * 1.15)
  })

  test('what an agent draws does not change when another is added', () => {
    const first = (agents: SimulateOptions['agents']) => {
      const [, block] = simulate({ seed: 'h', blocks: 1, ordering: 'fifo', agents })
      return block!.labels.transactions.flatMap(({ agent, transactionHash }) =>
        agent === 'retail' ? [block!.block.transactions.find(({ hash }) => hash === transactionHash)!.input] : [],
      )
    }
    const retail = { swapsPerBlock: 20 }
    expect(first({ retail, marketMaker: {}, jit: {} })).toEqual(first({ retail }))
  })
})
