import type { Address } from '../../indexer/types/block.ts'
import type { Call, CallAction } from '../execute/call.ts'
import { plainInput } from '../execute/calldata.ts'
import { callAdd, callRange } from '../execute/calls.ts'
import { createMarket, type Market } from '../market.ts'
import { liquidityFor } from '../pools/range.ts'
import { emptyPool, type PoolSpec } from '../pools/specs.ts'
import type { RangePool, SimulatedPool } from '../pools/types.ts'
import { contracts } from '../profile.ts'
import { createRandom } from '../random.ts'
import type { SimulatedToken } from '../tokens.ts'
import { accountOf } from './accounts.ts'
import { type Agent, alone, type Moment } from './agent.ts'
import { rangeAround } from './ranges.ts'

const MILLISECOND = 1_000
/** Widths of the first positions, as parts of the price to either side, with what part of the depth stands in each. */
const POSITIONS: readonly (readonly [width: number, part: number])[] = [
  [20, 1],
  [0.5, 0.2],
  [0.15, 0.1],
]

/** Whoever makes the pools, in the first block, and gives them their first liquidity. */
export function createSetup(specs: readonly PoolSpec[], tokens: readonly SimulatedToken[]): Agent {
  return {
    plan: (slot) => {
      if (slot.index > 0) return []
      const market = createMarket(tokens, createRandom('unused'))
      const steps = specs.flatMap((spec, index) => listSteps(spec, index, tokens, market))
      const pace = Math.max(1, Math.floor((slot.endUs - slot.startUs) / (steps.length + 1)))
      return steps.map(({ from, decide }, index) => ({
        ...alone,
        arrivalUs: slot.startUs + Math.min(index * MILLISECOND, index * pace),
        from,
        // Where tips decide, the first has to pay the most.
        tipWei: BigInt(steps.length - index) * 1_000_000n,
        decide,
      }))
    },
  }
}

type Step = { from: Address; decide(moment: Moment): Call }

function listSteps(spec: PoolSpec, index: number, tokens: readonly SimulatedToken[], market: Market): Step[] {
  const pool = emptyPool(spec, index, tokens)
  const { address, token0, token1 } = pool
  const half = (part: number) => (spec.depthUsd * part) / 2
  const amounts = (part: number) => [market.amountOf(token0, half(part)), market.amountOf(token1, half(part))] as const
  const create: Step = { from: accountOf('setup', 0), decide: () => createCall(pool, index) }
  if (pool.kind === 'pair') {
    const from = accountOf('lp', 0)
    return [create, { from, decide: () => callAdd(from, address, ...amounts(1)) }]
  }
  const positions = POSITIONS.map(([width, part], place): Step => {
    const from = accountOf('lp', place)
    const tokenId = BigInt(index * POSITIONS.length + place + 1)
    const decide = ({ world }: Moment) => {
      const now = world.get(address) as RangePool
      const range = rangeAround(now, width)
      const liquidity = liquidityFor(now, range, ...amounts(part))
      const owner = contracts.positionManager
      return callRange('mint', { pool: address, range, liquidity, owner, provider: from, tokenId })
    }
    return { from, decide }
  })
  return [create, ...positions]
}

function createCall(pool: SimulatedPool, index: number): Call {
  const { token0, token1, feePips } = pool
  const isPair = pool.kind === 'pair'
  const factory = isPair ? contracts.pairFactory : contracts.rangeFactory
  const action: CallAction = isPair
    ? { kind: 'create-pair', factory, pool, index: index + 1 }
    : { kind: 'create-range', factory, pool }
  const selector = isPair ? '0xc9c65396' : '0x13ead562'
  const words = isPair ? [token0, token1] : [token0, token1, feePips, pool.sqrtPriceX96]
  return {
    // Pools with a first price are made through the position manager.
    to: isPair ? factory : contracts.positionManager,
    valueWei: 0n,
    input: `${selector}${plainInput('', words).slice(10)}`,
    actions: [action],
  }
}
