import type { Address } from '../../indexer/types/block.ts'
import { callAdd, callRange, callRemove } from '../execute/calls.ts'
import { balanceKey } from '../execute/tape.ts'
import { liquidityFor } from '../pools/range.ts'
import type { RangePool, SimulatedPool } from '../pools/types.ts'
import { contracts } from '../profile.ts'
import { accountOf } from './accounts.ts'
import { type Agent, alone, type PlannedTransaction, type Slot } from './agent.ts'
import { rangeAround } from './ranges.ts'
import { anyPlace } from './schedule.ts'
import { pickPool } from './trades.ts'

/** Providers who add liquidity and leave it for long. */
export type PassiveLpOptions = {
  /** Mean number of additions in a block; 0.1 unless given. */
  additionsPerBlock?: number
  /** Mean number of blocks that they stay; 200 unless given. */
  stayBlocks?: number
  /** Number of providers; 60 unless given. */
  providers?: number
}

const SIZE_PART = [0.001, 0.01] as const
const MEDIAN_WIDTH = 0.15
/** Positions of a pool at once; the next provider waits until somebody leaves. */
const POSITIONS_MAX = 24

type Stay = { additionsPerBlock: number; stayBlocks: number; providers: number }

/** Creates them. */
export function createPassiveLps(options: PassiveLpOptions): Agent {
  const stay = { additionsPerBlock: 0.1, stayBlocks: 200, providers: 60, ...options }
  return {
    plan: (slot) =>
      Array.from({ length: slot.random.poisson(stay.additionsPerBlock) }, () => planStay(slot, stay)).flat(),
  }
}

function planStay(slot: Slot, { stayBlocks, providers }: Stay): PlannedTransaction[] {
  const { random, market, startUs, endUs } = slot
  const pool = pickPool(slot)
  if (pool.kind === 'range' && pool.positions.length >= POSITIONS_MAX) return []
  const from = accountOf('lp', random.int(0, providers - 1))
  const usd = market.depthUsd(pool) * random.between(...SIZE_PART)
  const place = anyPlace(slot)
  const blocks = 1 + random.exponential(stayBlocks)
  const leaving = { ...place, arrivalUs: place.arrivalUs + Math.round(blocks * (endUs - startUs)) }
  const [enter, leave] = pool.kind === 'pair' ? inPair(slot, pool, from, usd) : inRange(slot, pool, from, usd)
  return [
    { ...alone, ...place, from, ...enter },
    { ...alone, ...leaving, from, ...leave },
  ]
}

type Doing = Pick<PlannedTransaction, 'decide' | 'onExecuted'>

function inPair({ market }: Slot, pool: SimulatedPool, from: Address, usd: number): [Doing, Doing] {
  const { address, token0, token1 } = pool
  let shares = 0n
  return [
    {
      decide: () => callAdd(from, address, market.amountOf(token0, usd / 2), market.amountOf(token1, usd / 2)),
      onExecuted: ({ balances }) => {
        shares = balances.get(balanceKey(address, from)) ?? 0n
      },
    },
    { decide: () => (shares === 0n ? null : callRemove(from, address, shares)) },
  ]
}

function inRange(slot: Slot, pool: RangePool, from: Address, usd: number): [Doing, Doing] {
  const { market, random } = slot
  const { address, token0, token1 } = pool
  const width = Math.max(0.01, random.logNormal(MEDIAN_WIDTH, 0.8))
  const tokenId = slot.newTokenId()
  let position: Parameters<typeof callRange>[1] | null = null
  return [
    {
      decide: ({ world }) => {
        const now = world.get(address) as RangePool
        const range = rangeAround(now, width)
        const liquidity = liquidityFor(now, range, market.amountOf(token0, usd / 2), market.amountOf(token1, usd / 2))
        position = { pool: address, range, liquidity, owner: contracts.positionManager, provider: from, tokenId }
        return callRange('mint', position)
      },
    },
    { decide: () => (position === null ? null : callRange('burn', position)) },
  ]
}
