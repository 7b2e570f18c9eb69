import type { Address } from '../../../indexer/types/block.ts'
import { callAggregator, callExecutor, callRouter } from '../../execute/calls.ts'
import { hopOf } from '../../market.ts'
import { type Hop, priceOf } from '../../pools/world.ts'
import { contracts } from '../../profile.ts'
import { accountOf, executorOf } from '../accounts.ts'
import { type Agent, alone, type PlannedTransaction, type Slot } from '../agent.ts'
import { ordinaryTip } from '../schedule.ts'
import { limited, listPools, pickPool, pickSlippage, pickTokenIn, roundTo } from '../trades.ts'
import { FAMILIES, type FamilyName, TRAINING_FAMILIES } from './families.ts'
import type { Child, Parent, Schedule } from './parent.ts'

export { EVASIVE_FAMILIES, type FamilyName, HELD_OUT_FAMILIES, TRAINING_FAMILIES } from './families.ts'

/** Desks that work off large orders in parts. */
export type AlgorithmsOptions = {
  /** Which kinds; those for training unless given. */
  families?: readonly FamilyName[]
  /** Mean number of parent orders begun in an hour; 12 unless given. */
  parentsPerHour?: number
  /** Accounts of each family; 12 unless given. */
  desks?: number
}

type Running = {
  parent: Parent
  family: FamilyName
  schedule: Schedule
  volumeUsd: number
  priceThen: number | null
}

/** An order to be worked off, and what its desk is like. */
type Begun = { family: FamilyName; desk: number; from: Address; number: number; desks: number; executors: number }

const HOUR_US = 3_600e6
/** Of the parents so many are cut into round amounts. */
const ROUND_SHARE = 0.4
const LEAST_USD = 1_500
const ALPHA = 1.5
/** Of the depth of its pool a parent takes this part at most. */
const DEPTH_PART_MAX = 0.15
const CHILDREN = { least: 6, alpha: 1.1, most: 120 } as const
const SECONDS = { least: 600, most: 4 * 3_600 } as const

/** Creates them. */
export function createAlgorithms(options: AlgorithmsOptions): Agent {
  const { families, parentsPerHour, desks } = { families: TRAINING_FAMILIES, parentsPerHour: 12, desks: 12, ...options }
  const running: Running[] = []
  let begun = 0
  let executors: number | null = null

  function begin(slot: Slot): void {
    const family = slot.random.pick(families)
    const desk = slot.random.int(0, desks - 1)
    const from = accountOf(`desk ${family}`, desk)
    // One order at a time.
    if (running.some(({ parent }) => parent.from === from)) return
    executors ??= slot.random.between(0, 0.5)
    const parent = createParent(slot, { family, desk, from, number: begun++, desks, executors })
    running.push({
      ...{ parent, family, volumeUsd: 0, priceThen: null },
      schedule: FAMILIES[family](parent, slot.random.int(slot.startUs, slot.endUs - 1)),
    })
  }

  function plan(slot: Slot): PlannedTransaction[] {
    const mean = (parentsPerHour * (slot.endUs - slot.startUs)) / HOUR_US
    for (let count = slot.random.poisson(mean); count > 0; count--) begin(slot)
    const sent: PlannedTransaction[] = []
    for (const each of running) {
      const view = { nowUs: slot.startUs, volumeUsd: each.volumeUsd, worse: worseOf(slot, each) }
      const due = each.schedule.due(view, slot.endUs)
      if (due.length === 0) continue
      each.volumeUsd = 0
      each.priceThen = priceNow(slot, each.parent.hops[0]!)
      sent.push(...due.flatMap((child) => send(slot, each, child) ?? []))
    }
    for (let index = running.length - 1; index >= 0; index--)
      if (running[index]!.schedule.isDone()) running.splice(index, 1)
    return sent
  }

  return {
    plan,
    react: ({ execution, planned }, { market }) => {
      for (const swap of execution.swaps.flat()) {
        for (const each of running) {
          if (each.parent.from === planned.from || !each.parent.hops.some(({ pool }) => pool === swap.before.address))
            continue
          each.volumeUsd += market.valueOf(swap.tokenIn, swap.amountIn)
        }
      }
      return []
    },
  }
}

function createParent(slot: Slot, { family, desk, from, number, desks, executors }: Begun): Parent {
  const { random, market } = slot
  const pool = pickPool(slot)
  const tokenIn = pickTokenIn(random, market, pool)
  const first = hopOf(pool, tokenIn)
  const others = listPools(slot)
    .filter((each) => each.address !== pool.address && [each.token0, each.token1].includes(tokenIn))
    .map((each) => hopOf(each, tokenIn))
    .filter(({ tokenOut }) => tokenOut === first.tokenOut)
  // Some have a contract of their own, some go over an aggregator; how many differs from history to history.
  const place = (desk + 0.5) / desks
  return {
    ...{ id: `${family} ${number}`, from, executor: place < executors ? executorOf(`desk ${family}`, desk) : null },
    ...{
      isAggregated: place >= executors && place < executors + (1 - executors) / 2,
      hops: [first, ...others],
      random,
    },
    usd: Math.min(random.pareto(LEAST_USD, ALPHA), market.depthUsd(pool) * DEPTH_PART_MAX),
    children: Math.min(CHILDREN.most, Math.round(random.pareto(CHILDREN.least, CHILDREN.alpha))),
    seconds: Math.exp(random.between(Math.log(SECONDS.least), Math.log(SECONDS.most))),
    slippageBps: pickSlippage(random),
    roundDigits: random.chance(ROUND_SHARE) ? random.int(1, 3) : null,
  }
}

function priceNow({ world }: Slot, { pool, tokenIn }: Hop): number {
  return priceOf(world.get(pool)!, tokenIn)
}

/** The pool gives less for what is paid in when the price of that has fallen. */
function worseOf(slot: Slot, { parent, priceThen }: Running): number {
  return priceThen === null ? 0 : 1 - priceNow(slot, parent.hops[0]!) / priceThen
}

function send(slot: Slot, { parent, family }: Running, child: Child): PlannedTransaction | null {
  const { world, market, random } = slot
  const hops = [parent.hops[child.hop] ?? parent.hops[0]!]
  const { from } = parent
  const exact = market.amountOf(hops[0]!.tokenIn, child.usd)
  const amount = parent.roundDigits === null ? exact : roundTo(exact, parent.roundDigits)
  const route = limited(world, hops, 'EXACT_IN', amount, child.slippageBps ?? parent.slippageBps)
  if (route === null) return null
  const way = child.route ?? (parent.executor !== null ? 'executor' : parent.isAggregated ? 'aggregator' : 'router')
  return {
    ...{ ...alone, arrivalUs: Math.max(slot.startUs, child.atUs), tipWei: ordinaryTip(random), from },
    flow: { behaviour: 'EXECUTION_ALGORITHM', family, parentId: parent.id },
    decide: ({ world: now, timestamp }) => {
      if (way === 'executor')
        return callExecutor(parent.executor ?? executorOf('desk', Number(`0x${from.slice(-4)}`)), [route])
      return way === 'aggregator'
        ? callAggregator(from, [route], contracts.aggregators[0])
        : callRouter(now, from, route, timestamp)
    },
  }
}
