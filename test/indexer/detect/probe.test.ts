import { describe, expect, test } from 'vitest'
import {
  createSearchers,
  type IdleProbe,
  listProbes,
  SEARCHER_BLOCKS,
  toProbeFinding,
} from '../../../indexer/detect/probe.ts'
import type { Hex, IdleCall } from '../../../indexer/types/block.ts'
import type { MevFinding } from '../../../indexer/types/mev.ts'
import { address, hash } from '../../support/logs.ts'

const [BOT, RIVAL, STRANGER, ALICE] = [address(0xb0), address(0xb1), address(0xb2), address(0xa0)]
const BLOCK = 7

const call = (transactionIndex: number, to: Hex | null = BOT): IdleCall => ({
  ...{ hash: hash(transactionIndex), transactionIndex, from: ALICE, to },
})
const gain = (transactionIndex: number, change: Partial<MevFinding> = {}, blockNumber = BLOCK): MevFinding => {
  const transactionHash = hash(transactionIndex)
  const leg = { role: 'ARBITRAGE', blockNumber, transactionIndex, transactionHash, logIndex: 0, pool: null }
  return {
    ...{ kind: 'ATOMIC_ARBITRAGE', searcher: RIVAL, legs: [leg], ownTransactions: [transactionHash], facts: [] },
    ...change,
  } as unknown as MevFinding
}
const isSearcher = (contract: Hex) => contract === BOT || contract === RIVAL
const list = (idle: IdleCall[], findings: MevFinding[] = []) => listProbes(BLOCK, idle, findings, isSearcher)

describe('listProbes', () => {
  test('a call of a searcher that left no log', () => {
    expect(list([call(3)])).toEqual([{ ...call(3), blockNumber: BLOCK, contract: BOT, winner: null }])
  })

  test.each([
    ['not of somebody else', call(3, STRANGER)],
    ['not the making of a contract', call(3, null)],
  ])('%s', (_, idle) => {
    expect(list([idle])).toEqual([])
  })

  test.each<[clause: string, findings: MevFinding[], winner: number | null]>([
    ['a rival that gained just before', [gain(2)], 2],
    ['of several the nearest', [gain(0), gain(2), gain(1)], 2],
    ['not one that came after', [gain(4)], null],
    ['not one of another block', [gain(2, {}, BLOCK - 1)], null],
    ['not itself', [gain(2, { searcher: BOT })], null],
    ['not a victim or trigger', [gain(2, { ownTransactions: [] })], null],
    ['not one that lost', [gain(2, { facts: ['gross-negative'] })], null],
    ['not a naked frontrun', [gain(2, { kind: 'FRONTRUN' })], null],
  ])('who was faster: %s', (_, findings, winner) => {
    expect(list([call(3)], findings)[0]!.winner).toBe(winner === null ? null : hash(winner))
  })

  test('who was faster: at most ten transactions before', () => {
    expect(list([call(13)], [gain(3)])[0]!.winner).toBe(hash(3))
    expect(list([call(14)], [gain(3)])[0]!.winner).toBeNull()
  })
})

describe('toProbeFinding', () => {
  const probe: IdleProbe = { ...call(3), blockNumber: BLOCK, contract: BOT, winner: hash(2) }

  test.each([
    ['reverted after a rival', false, hash(2), ['lost_race'], 'reverted', hash(2)],
    ['reverted alone', false, null, [], 'reverted', null],
    ['did nothing', true, hash(2), [], 'no_trade', null],
  ] as const)('%s', (_, succeeded, winner, variants, outcome, told) => {
    const finding = toProbeFinding({ ...probe, winner }, { succeeded, feeWei: 5n })
    expect(finding).toMatchObject({ kind: 'PROBE', searcher: BOT, variants, evidence: { outcome, winner: told } })
    expect(finding!.facts).toContain(succeeded ? 'no-trade' : 'reverted')
    expect(finding!.legs).toMatchObject([{ role: 'PROBE', transactionHash: hash(3), logIndex: null }])
  })

  test('nobody tells how it ended', () => {
    expect(toProbeFinding(probe, { succeeded: null, feeWei: null })).toBeNull()
  })
})

describe('createSearchers', () => {
  test.each<[clause: string, findings: MevFinding[], at: number, isKnown: boolean]>([
    ['who has gained', [gain(1)], 1, true],
    ['for some time', [gain(1)], SEARCHER_BLOCKS, true],
    ['but not for ever', [gain(1)], 1 + SEARCHER_BLOCKS, false],
    ['not who has lost', [gain(1, { facts: ['gross-negative'] })], 1, false],
    ['not who only was first', [gain(1, { kind: 'FRONTRUN' })], 1, false],
  ])('%s', (_, findings, at, isKnown) => {
    const searchers = createSearchers([])
    searchers.note(1, findings)
    expect(searchers.isKnown(RIVAL, at)).toBe(isKnown)
  })

  test('who was known at first', () => {
    expect(createSearchers([[BOT, 5]]).isKnown(BOT, 6)).toBe(true)
  })
})
