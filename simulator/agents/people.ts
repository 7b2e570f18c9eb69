import type { Address } from '../../indexer/types/block.ts'
import { callAggregator, callExecutor, callRouter } from '../execute/calls.ts'
import { hopOf } from '../market.ts'
import { contracts } from '../profile.ts'
import type { Random } from '../random.ts'
import { accountOf, executorOf } from './accounts.ts'
import { type Agent, alone, type PlannedTransaction, type Slot } from './agent.ts'
import { ordinaryTip } from './schedule.ts'
import { limited, listPools, otherToken, pickPool, pickSlippage, pickTokenIn, pickUsd, roundTo } from './trades.ts'

/** People with habits: they sleep, come in sessions that others' trading sets off, and some trade far more than most. */
export type PeopleOptions = {
  /** Mean number of trades a block; 1 unless given. */
  tradesPerBlock?: number
  /** Number of people; 800 unless given. Half of them come over aggregators. */
  people?: number
}

/** Somebody's habits. */
type Person = {
  from: Address
  isAggregated: boolean
  /** How often they come, relative to others. */
  weight: number
  /** UTC hour at which they go to sleep. */
  bedtime: number
  slippageBps: number
  /** Their usual pool, by its place. */
  favourite: number
  /** Median seconds between the trades of a session, and how much they differ. */
  paceSeconds: number
  paceSigma: number
  /** Trades of a session beyond the first, on average. */
  moreTrades: number
  /** How often the next trade is in the same pool, and on the same side. */
  samePool: number
  sameSide: number
  /** The amount in dollars that they always trade, by a button; null for whoever types one. */
  presetUsd: number | null
  /** A wallet that is a contract of their own; null for an ordinary account. */
  wallet: Address | null
  isNative: boolean
  typesRound: boolean
}

/** A trade that somebody is going to make. */
type Intention = { atUs: number; person: Person; left: number; before: { pool: Address; tokenIn: Address } | null }

const SECOND = 1e6
const DAY_US = 86_400 * SECOND
const SLEEP_HOURS = 7
const AWAKE_ANYWAY = 0.03
/** Trades of a session beyond the first, on average: of most, and of those who split by hand, or never stop. */
const MORE_TRADES = 1.5
const MORE_TRADES_GRINDING = 14
/** Sessions that a session sets off in others. */
const BRANCHING = 0.4
const ECHO_SECONDS = 120
/** Who has answered nothing in time sends the same again. */
const AGAIN = 0.02
const WEIGHT_ALPHA = 1.2
const WEIGHT_MAX = 60

/** Creates them. */
export function createPeople({ tradesPerBlock = 1, people = 800 }: PeopleOptions): Agent {
  let crowd: { persons: Person[]; sums: number[] } | null = null
  const byBlock = new Map<number, Intention[]>()

  function later(slot: Slot, intention: Intention): void {
    const length = slot.endUs - slot.startUs
    const index = slot.index + Math.max(0, Math.floor((intention.atUs - slot.startUs) / length))
    const its = byBlock.get(index)
    if (its === undefined) byBlock.set(index, [intention])
    else its.push(intention)
  }

  function beginSession(slot: Slot, atUs: number): void {
    const person = pickPerson(crowd!, slot.random)
    if (sleeps(person, atUs) && !slot.random.chance(AWAKE_ANYWAY)) return
    const left = Math.floor(slot.random.exponential(person.moreTrades) + 0.3)
    later(slot, { atUs, person, left, before: null })
    for (let echoes = slot.random.poisson(BRANCHING); echoes > 0; echoes--) {
      const echoUs = atUs + Math.round(slot.random.exponential(ECHO_SECONDS) * SECOND)
      // Who follows is drawn when the time has come.
      later(slot, { atUs: echoUs, person: NOBODY, left: 0, before: null })
    }
  }

  function trade(slot: Slot, { atUs, person, left, before }: Intention): PlannedTransaction | null {
    const { random, market } = slot
    const pools = listPools(slot)
    const isSame = before !== null && random.chance(person.samePool)
    const pool = isSame
      ? pools.find(({ address }) => address === before.pool)!
      : random.chance(person.samePool)
        ? pools[person.favourite % pools.length]!
        : pickPool(slot)
    const tokenIn = !isSame
      ? pickTokenIn(random, market, pool)
      : random.chance(person.sameSide)
        ? before.tokenIn
        : otherToken(pool, before.tokenIn)
    if (left > 0) {
      const gapUs =
        Math.round((random.chance(AGAIN) ? 0.05 : random.logNormal(person.paceSeconds, person.paceSigma)) * SECOND) +
        SECOND / 5
      later(slot, { atUs: atUs + gapUs, person, left: left - 1, before: { pool: pool.address, tokenIn } })
    }
    const usd = person.presetUsd ?? pickUsd(random, market.depthUsd(pool))
    const typed = market.amountOf(tokenIn, usd)
    const amount = person.typesRound ? roundAmount(random, typed) : typed
    const route = limited(slot.world, [hopOf(pool, tokenIn)], 'EXACT_IN', amount, person.slippageBps)
    if (route === null) return null
    const { from, isAggregated, isNative, wallet } = person
    const behaviour = isAggregated ? 'RETAIL_AGGREGATOR' : 'RETAIL_DIRECT'
    return {
      ...{ ...alone, arrivalUs: atUs, tipWei: ordinaryTip(random), from },
      flow: { behaviour, family: 'people', parentId: null },
      decide: ({ world, timestamp }) =>
        wallet !== null
          ? callExecutor(wallet, [route])
          : isAggregated
            ? callAggregator(
                from,
                [route],
                contracts.aggregators[Number(`0x${from.slice(-2)}`) % contracts.aggregators.length]!,
              )
            : callRouter(world, from, route, timestamp, isNative),
    }
  }

  return {
    plan: (slot) => {
      crowd ??= createCrowd(people, slot.random)
      const lengthUs = slot.endUs - slot.startUs
      const sessions = (tradesPerBlock * (1 - BRANCHING)) / (1 + MORE_TRADES * 0.85) / AWAKE_SHARE
      for (let count = slot.random.poisson(sessions * dayShape(slot.startUs)); count > 0; count--) {
        beginSession(slot, slot.startUs + slot.random.int(0, lengthUs - 1))
      }
      const sent: PlannedTransaction[] = []
      // What begins in this block may go on in it.
      for (let due = takeAll(byBlock, slot.index); due.length > 0; due = takeAll(byBlock, slot.index)) {
        for (const intention of due) {
          if (intention.person === NOBODY) {
            beginSession(slot, Math.min(Math.max(intention.atUs, slot.startUs), slot.endUs - 1))
            continue
          }
          const planned = trade(slot, intention)
          if (planned !== null) sent.push(planned)
        }
      }
      return sent
    },
  }
}

/** Stands for whoever follows. */
const NOBODY = { from: '0x' } as unknown as Person
/** Of those who would come this part is awake. */
const AWAKE_SHARE = 1 - (SLEEP_HOURS / 24) * (1 - AWAKE_ANYWAY)

function takeAll(byBlock: Map<number, Intention[]>, index: number): Intention[] {
  const its = byBlock.get(index) ?? []
  byBlock.delete(index)
  return its
}

/** What a crowd is like differs from history to history, so that nothing can be learnt of it by heart. */
function createCrowd(people: number, random: Random): { persons: Person[]; sums: number[] } {
  const style = {
    ...{ grinders: random.between(0.02, 0.15), loyal: random.between(0.2, 0.6), oneSided: random.between(0.2, 0.5) },
    ...{ preset: random.between(0.1, 0.5), round: random.between(0.2, 0.8), wallets: random.between(0, 0.1) },
  }
  const persons = Array.from({ length: people }, (_, index): Person => {
    const isAggregated = index % 2 === 1
    const isGrinder = random.chance(style.grinders)
    return {
      ...{ from: accountOf('person', index), isAggregated, favourite: random.int(0, 1_000) },
      weight: Math.min(WEIGHT_MAX, random.pareto(1, WEIGHT_ALPHA)) / (isGrinder ? 4 : 1),
      bedtime: random.between(0, 24),
      slippageBps: pickSlippage(random),
      paceSeconds: random.logNormal(45, 0.6),
      paceSigma: random.between(0.5, 1.4),
      moreTrades: isGrinder ? MORE_TRADES_GRINDING : MORE_TRADES,
      samePool: random.chance(style.loyal) ? 0.97 : random.between(0.4, 0.8),
      sameSide: random.chance(style.oneSided) ? 0.97 : random.between(0.35, 0.75),
      presetUsd: random.chance(style.preset) ? random.pick([25, 50, 100, 250, 500, 1_000]) : null,
      wallet: random.chance(style.wallets) ? executorOf('person', index) : null,
      isNative: random.chance(0.5),
      typesRound: random.chance(style.round),
    }
  })
  let sum = 0
  return { persons, sums: persons.map(({ weight }) => (sum += weight)) }
}

function pickPerson({ persons, sums }: { persons: Person[]; sums: number[] }, random: Random): Person {
  const place = random.next() * sums.at(-1)!
  let [low, high] = [0, sums.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sums[middle]! > place) high = middle
    else low = middle + 1
  }
  return persons[low]!
}

function sleeps({ bedtime }: Person, atUs: number): boolean {
  const hour = ((atUs % DAY_US) / DAY_US) * 24
  return (hour - bedtime + 24) % 24 < SLEEP_HOURS
}

/** How busy the hour is: 1 on average, least about 4 UTC, most about 16 UTC. */
function dayShape(atUs: number): number {
  return 1 + 0.5 * Math.cos(2 * Math.PI * ((atUs % DAY_US) / DAY_US - 16 / 24))
}

/** Many type an amount of one or two digits. */
function roundAmount(random: Random, amount: bigint): bigint {
  return random.chance(0.4) ? roundTo(amount, random.chance(0.6) ? 1 : 2) : amount
}
