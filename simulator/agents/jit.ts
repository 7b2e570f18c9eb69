import type { Address } from '../../indexer/types/block.ts'
import type { Call } from '../execute/call.ts'
import { callRange, callRouter } from '../execute/calls.ts'
import { hopOf } from '../market.ts'
import type { TickRange } from '../pools/range.ts'
import type { RangePool } from '../pools/types.ts'
import { openLedger, type Route, swapRoute, type World } from '../pools/world.ts'
import { contracts } from '../profile.ts'
import { accountOf, executorOf } from './accounts.ts'
import type { Agent, PlannedTransaction, Slot } from './agent.ts'
import { rangeOver } from './ranges.ts'
import { endOf, placesFor, type Spread } from './schedule.ts'
import { limited, listPools, pickTokenIn } from './trades.ts'

/** Providers who add liquidity for one large swap and take it out again at once. */
export type JitOptions = {
  /** Mean number of attempts in a block; 0.05 unless given. */
  attemptsPerBlock?: number
  /** Number of providers; 5 unless given. */
  providers?: number
  /** Share of those that use the public position manager; 0.4 unless given. */
  managerShare?: number
  /** Share of those that wait for the next block, where arrival decides; 0.15 unless given. */
  crossBlockShare?: number
}

const SWAP_PART = [0.005, 0.03] as const
/** Liquidity that is added, for what is there. */
const TIMES = [2, 12] as const
const SLIPPAGE_BPS = 400

/** Creates them. */
export function createJit(options: JitOptions): Agent {
  const { attemptsPerBlock = 0.05 } = options
  return {
    plan: (slot) =>
      Array.from({ length: slot.random.poisson(attemptsPerBlock) }, () => planAttempt(slot, options)).flat(),
  }
}

function planAttempt(
  slot: Slot,
  { providers = 5, managerShare = 0.4, crossBlockShare = 0.15 }: JitOptions,
): PlannedTransaction[] {
  const { random, market, world, timestamp } = slot
  const pools = listPools(slot).filter((each): each is RangePool => each.kind === 'range')
  if (pools.length === 0) return []
  const pool = random.pick(pools)
  const isApart = slot.ordering === 'fifo' && random.chance(crossBlockShare)
  const spread: Spread = isApart ? [0, random.int(0, 1), 1] : 'tight'
  const tokenIn = pickTokenIn(random, market, pool)
  const amount = market.amountOf(tokenIn, market.depthUsd(pool) * random.between(...SWAP_PART))
  const route = limited(world, [hopOf(pool, tokenIn)], 'EXACT_IN', amount, SLIPPAGE_BPS)
  if (route === null || !slot.claim([pool.address], endOf(slot, spread))) return []
  const provider = random.int(0, providers - 1)
  const from = accountOf('jit', provider)
  const isManaged = random.chance(managerShare)
  const owner = isManaged ? contracts.positionManager : executorOf('jit', provider)
  const accounts = [from, ...(isManaged ? [] : [owner])]
  const group = slot.newGroup({
    ...{ kind: 'JIT_LIQUIDITY', decoy: null, variants: [], accounts, pools: [pool.address], size: 3 },
  })
  const holder = { owner, provider: isManaged ? from : owner, tokenId: isManaged ? slot.newTokenId() : null }
  const [first, second, third] = placesFor(slot, 3, spread)
  const person = accountOf('retail', random.int(0, 2_999))
  const times = random.int(...TIMES)
  let position: Position | null = null
  return [
    {
      ...{ ...first!, from, isFromL1: false, role: 'MINT', group },
      decide: (moment) => {
        position = { ...openFor(moment.world, pool.address, route, BigInt(times)), pool: pool.address, ...holder }
        return callRange('mint', position)
      },
    },
    {
      ...second!,
      from: person,
      isFromL1: false,
      role: 'TRIGGER',
      group,
      decide: () => callRouter(world, person, route, timestamp),
    },
    {
      ...{ ...third!, from, isFromL1: false, role: 'BURN', group },
      decide: (): Call | null => (position === null ? null : callRange('burn', position)),
    },
  ]
}

type Position = Parameters<typeof callRange>[1]

/** A position over all of the way that the swap would go. */
function openFor(world: World, address: Address, route: Route, times: bigint): { range: TickRange; liquidity: bigint } {
  const pool = world.get(address) as RangePool
  const ledger = openLedger(world)
  swapRoute(ledger, { ...route, limit: null })
  const after = ledger.get(address) as RangePool
  return { range: rangeOver(pool, pool.tick, after.tick), liquidity: pool.liquidity * times }
}
