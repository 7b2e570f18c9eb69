import { describe, expect, test } from 'vitest'
import type { SwapAction } from '../../indexer/types/action.ts'
import { DECOYS } from '../../simulator/agents/decoys/index.ts'
import { type SchemeName, schemesFor } from '../../simulator/agents/sandwich/schemes.ts'
import type { AttackLabel } from '../../simulator/labels.ts'
import { profileFor, type SimulatedBlock, type SimulateOptions, simulate } from '../../simulator/simulate.ts'
import { deriveSimulated } from '../support/simulated.ts'
import { everybody } from './everybody.ts'

type Place = { blockNumber: number; index: number; status: string; type: string }

function placesOf(blocks: readonly SimulatedBlock[]): Map<string, Place> {
  return new Map(
    blocks.flatMap(({ block, receipts }) =>
      receipts.map(({ transactionHash, status, type }, index): [string, Place] => [
        ...([transactionHash, { blockNumber: Number(block.number), index, status, type }] as const),
      ]),
    ),
  )
}

const isBefore = (a: Place, b: Place) =>
  a.blockNumber < b.blockNumber || (a.blockNumber === b.blockNumber && a.index < b.index)

function attacksOf(options: SimulateOptions): { attacks: AttackLabel[]; places: Map<string, Place> } {
  const blocks = [...simulate(options)]
  return { attacks: blocks.flatMap(({ labels }) => labels.attacks), places: placesOf(blocks) }
}

describe.each(['fifo', 'tip'] as const)('labels of sandwiches, order by %s', (ordering) => {
  test('fronts come before victims, victims before the last back, and all have succeeded', () => {
    const { attacks, places } = attacksOf(everybody(ordering, 200, 'legs'))
    const sandwiches = attacks.filter(({ kind }) => kind === 'SANDWICH')
    expect(sandwiches.length).toBeGreaterThan(40)
    for (const { frontHashes, backHashes, victims, firstBlock, lastBlock } of sandwiches) {
      const [front, back] = [places.get(frontHashes[0]!)!, places.get(backHashes.at(-1)!)!]
      expect([front.blockNumber, back.blockNumber]).toEqual([firstBlock, lastBlock])
      for (const hash of [...frontHashes, ...backHashes]) expect(places.get(hash)!.status).toBe('0x1')
      expect(victims.length).toBeGreaterThan(0)
      for (const { transactionHash, lossAmount } of victims) {
        const victim = places.get(transactionHash)!
        expect([isBefore(front, victim), isBefore(victim, back), victim.status]).toEqual([true, true, '0x1'])
        expect(lossAmount).toBeGreaterThan(0n)
      }
    }
  })

  test.each(schemesFor(ordering))('%s comes to pass', (scheme) => {
    const { attacks, places } = attacksOf({
      ...{ seed: `scheme ${scheme}`, blocks: 60, ordering },
      agents: { sandwich: { attacksPerBlock: 0.5, schemes: [scheme] }, retail: { swapsPerBlock: 6 } },
    })
    expect(attacks.length).toBeGreaterThan(5)
    for (const attack of attacks) expected[scheme](attack, places)
  })
})

type Places = ReadonlyMap<string, Place>

/** What every attack laid out in a way must be. */
const expected: Record<SchemeName, (attack: AttackLabel, places: Places) => void> = {
  plain: ({ frontHashes, backHashes }) => expect([frontHashes.length, backHashes.length]).toEqual([1, 1]),
  wide_block: ({ firstBlock, lastBlock }) => expect(firstBlock).toBe(lastBlock),
  multi_victim: ({ victims, variants }) => expect(variants.includes('multi_victim')).toBe(victims.length > 1),
  layered: ({ frontHashes, backHashes, variants }) => {
    expect(variants).toContain('layered')
    expect(frontHashes.length + backHashes.length).toBeGreaterThan(2)
  },
  multi_pool: ({ pools }) => expect(pools).toHaveLength(2),
  sell_first: ({ variants }) => expect(variants).toContain('sell_first'),
  split_accounts: ({ accounts }) => expect(accounts).toHaveLength(3),
  cross_block: ({ variants, firstBlock, lastBlock }) => {
    expect(variants).toContain('cross_block')
    expect(lastBlock - firstBlock).toBeLessThanOrEqual(3)
  },
  exact_out: (attack) => expect(targetsOf(attack).map(({ mode }) => mode)).toEqual(['EXACT_OUT']),
  liquidity_zap: (attack) => {
    for (const { mode, swapLoss } of targetsOf(attack)) {
      expect(mode).toBe('LIQUIDITY')
      expect(swapLoss!.amount).toBeGreaterThan(0n)
    }
  },
  liquidity_add: (attack) => expect(targetsOf(attack).map(({ mode }) => mode)).toEqual(['LIQUIDITY']),
  cross_layer: (attack, places) => {
    const types = targetsOf(attack).map(({ transactionHash }) => places.get(transactionHash)!.type)
    expect(types).toEqual(['0xff'])
    expect(attack.variants).toContain('cross_layer')
  },
  imbalanced: ({ variants, profits }) => {
    expect(variants).toContain('imbalanced')
    // Something of the position is left.
    expect(profits.filter(({ amount }) => amount > 0n).length).toBeGreaterThan(0)
  },
}

function targetsOf({ victims }: AttackLabel): AttackLabel['victims'] {
  return victims.filter(({ isTarget }) => isTarget)
}

describe('true losses', () => {
  test('in a pair that nobody else uses meanwhile, the formula of the pair gives the same from the reserves before the front', () => {
    const options: SimulateOptions = {
      ...{ seed: 'pair', blocks: 80, ordering: 'fifo' as const },
      pools: [{ family: 'uniswap-v2', tokens: ['WETH', 'USDC'], feePips: 3_000, depthUsd: 1_000_000 }],
      agents: { sandwich: { attacksPerBlock: 0.8, schemes: ['plain'] } },
    }
    const swaps = new Map<string, SwapAction>()
    const attacks: AttackLabel[] = []
    for (const { actions, simulated } of deriveSimulated(simulate(options), { profile: profileFor(options) })) {
      for (const action of actions.actions) if (action.kind === 'swap') swaps.set(action.transaction.hash, action)
      attacks.push(...simulated.labels.attacks)
    }
    expect(attacks.length).toBeGreaterThan(10)
    for (const { frontHashes, victims } of attacks) {
      const { before, trade } = swaps.get(frontHashes[0]!)!
      if (before?.kind !== 'reserves') throw new Error('no reserves')
      const isToken0In = trade!.tokenIn === 0
      const [reserveIn, reserveOut] = isToken0In
        ? [before.reserve0, before.reserve1]
        : [before.reserve1, before.reserve0]
      const victim = swaps.get(victims[0]!.transactionHash)!.trade!
      const wouldBe = (victim.amountIn * 997n * reserveOut) / (reserveIn * 1_000n + victim.amountIn * 997n)
      expect(victims).toHaveLength(1)
      expect(victims[0]!.lossAmount).toBe(wouldBe - victim.amountOut)
    }
  })
})

describe('labels of the rest', () => {
  const blocks = [...simulate(everybody('fifo', 300, 'rest'))]
  const places = placesOf(blocks)
  const attacks = blocks.flatMap(({ labels }) => labels.attacks)

  test('just-in-time liquidity serves swaps between its two transactions', () => {
    const found = attacks.filter(({ kind }) => kind === 'JIT_LIQUIDITY')
    expect(found.length).toBeGreaterThan(10)
    for (const { frontHashes, backHashes, triggerHashes } of found) {
      const [mint, burn] = [places.get(frontHashes[0]!)!, places.get(backHashes[0]!)!]
      expect(triggerHashes.length).toBeGreaterThan(0)
      for (const hash of triggerHashes) {
        expect([isBefore(mint, places.get(hash)!), isBefore(places.get(hash)!, burn)]).toEqual([true, true])
      }
    }
  })

  test('arbitrages gain one token and give none, and follow their trigger', () => {
    const found = attacks.filter(({ kind }) => kind === 'BACKRUN' || kind === 'ATOMIC_ARBITRAGE')
    expect(found.length).toBeGreaterThan(50)
    for (const { profits, backHashes, triggerHashes } of found) {
      expect(profits.map(({ amount }) => amount > 0n)).toEqual([true])
      for (const hash of triggerHashes) expect(isBefore(places.get(hash)!, places.get(backHashes[0]!)!)).toBe(true)
    }
  })

  test('lost races and duplicates have reverted', () => {
    const lost = blocks.flatMap(({ labels }) =>
      labels.transactions.filter(({ role }) => role === 'LOST_RACE' || role === 'DUPLICATE'),
    )
    expect(new Set(lost.map(({ role }) => role))).toEqual(new Set(['LOST_RACE', 'DUPLICATE']))
    for (const { transactionHash } of lost) expect(places.get(transactionHash)!.status).toBe('0x0')
  })

  test('every kind of decoy is there, and none is an attack', () => {
    const decoys = blocks.flatMap(({ labels }) => labels.decoys)
    expect(new Set(decoys.map(({ kind }) => kind))).toEqual(new Set([...DECOYS, 'market_maker']))
    const attacking = new Set(attacks.flatMap(({ frontHashes, backHashes }) => [...frontHashes, ...backHashes]))
    for (const { transactionHashes, kind, profits } of decoys) {
      // Who buys and sells as much, and is said to lose, gains nothing of any token.
      if (kind === 'losing_whale') expect(profits.filter(({ amount }) => amount > 0n)).toEqual([])
      for (const hash of transactionHashes) expect(attacking.has(hash)).toBe(false)
    }
  })
})
