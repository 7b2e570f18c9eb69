import { describe, expect, test } from 'vitest'
import { type FaultRates, withFaults } from '../../simulator/faults.ts'
import { createRandom } from '../../simulator/random.ts'
import { type SimulatedBlock, simulate } from '../../simulator/simulate.ts'

const clean: SimulatedBlock[] = [
  ...simulate({ seed: 'faults', blocks: 40, ordering: 'fifo', agents: { noise: { swapsPerPoolBlock: 0.5 } } }),
]
const logsOf = (blocks: readonly SimulatedBlock[]) =>
  blocks.flatMap(({ receipts }) => receipts.flatMap(({ logs }) => logs))

function spoil(rates: FaultRates) {
  const { blocks, done } = withFaults(clean, rates, createRandom('faults'))
  return { spoilt: [...blocks], done }
}

describe('withFaults', () => {
  test('without rates nothing is done', () => {
    const { spoilt, done } = spoil({})
    expect(spoilt).toEqual(clean)
    expect(done).toEqual([])
  })

  test('what was dropped is not there, what was doubled is there twice, and all else stays', () => {
    const before = JSON.stringify(clean.map(({ receipts }) => receipts))
    const { spoilt, done } = spoil({ droppedLogs: 0.05, duplicatedLogs: 0.05 })
    const count = (kind: string) => done.filter((fault) => fault.kind === kind).length
    expect(count('droppedLogs')).toBeGreaterThan(10)
    expect(count('duplicatedLogs')).toBeGreaterThan(10)
    expect(logsOf(spoilt)).toHaveLength(logsOf(clean).length - count('droppedLogs') + count('duplicatedLogs'))
    for (const { kind, blockNumber, logIndex } of done) {
      const logs = logsOf(spoilt.filter(({ block }) => Number(block.number) === blockNumber))
      expect(logs.filter((log) => Number(log.logIndex) === logIndex)).toHaveLength(kind === 'droppedLogs' ? 0 : 2)
    }
    expect(JSON.stringify(clean.map(({ receipts }) => receipts))).toBe(before)
  })

  test('swaps lose their amounts and logs their last word, each noted', () => {
    const { spoilt, done } = spoil({ zeroAmounts: 0.2, truncatedLogs: 0.05 })
    const zeros = logsOf(spoilt).filter(({ data }) => data.length > 250 && /^0x0+$/.test(data))
    expect(zeros).toHaveLength(done.filter(({ kind }) => kind === 'zeroAmounts').length)
    expect(zeros.length).toBeGreaterThan(5)
    const digits = (blocks: readonly SimulatedBlock[]) => logsOf(blocks).reduce((sum, { data }) => sum + data.length, 0)
    const cut = done.filter(({ kind }) => kind === 'truncatedLogs').length
    expect(digits(spoilt)).toBe(digits(clean) - 64 * cut)
  })

  test('receipts go missing, and orphans come before the block in their place', () => {
    const { spoilt, done } = spoil({ missingReceipts: 0.1, orphanedBlocks: 0.2 })
    const orphans = done.filter(({ kind }) => kind === 'orphanedBlocks')
    expect(spoilt).toHaveLength(clean.length + orphans.length)
    for (const { blockNumber } of orphans) {
      const [orphan, real] = spoilt.filter(({ block }) => Number(block.number) === blockNumber)
      expect(orphan!.block.parentHash).toBe(real!.block.parentHash)
      expect(orphan!.block.hash).not.toBe(real!.block.hash)
    }
    const receipts = (blocks: readonly SimulatedBlock[]) => blocks.flatMap((each) => each.receipts).length
    expect(receipts(spoilt)).toBe(receipts(clean) - (done.length - orphans.length))
  })
})
