import { toFeePips } from '../../../contracts/families.ts'
import type { Hex } from '../../types/block.ts'
import type { Family } from '../../types/event.ts'
import {
  callData,
  type Described,
  orderedTokens,
  type Probe,
  selector,
  toAddress,
  toBoolean,
  toSmall,
  wordAt,
  wordCount,
} from './probe.ts'

const TOKEN0 = selector('token0()')
const TOKEN1 = selector('token1()')
const FACTORY = selector('factory()')
const RESERVES = selector('getReserves()')
const STABLE = selector('stable()')
const GET_PAIR = selector('getPair(address,address)')
const GET_STABLE_PAIR = selector('getPair(address,address,bool)')
const GET_STABLE_POOL = selector('getPool(address,address,bool)')
const GET_SYNC_POOL = selector('getPool(address,address)')
const IS_PAIR = selector('isPair(address)')

type PairProbe = {
  family: Family
  /** Getters besides token0(), token1(), factory() and getReserves(). */
  getters: readonly Hex[]
  /** What these add; null when the pair is of another family. */
  read: (extra: readonly (Hex | null)[], reserves: Hex | null) => Partial<Described> | null
  lookUp: Probe['lookUp']
}

function pairProbe({ family, getters, read, lookUp }: PairProbe): Probe {
  const selectors = [TOKEN0, TOKEN1, FACTORY, RESERVES, ...getters]
  return {
    family,
    ask: ({ address: to }) => selectors.map((data) => ({ to, data })),
    read: ([token0, token1, factory, reserves, ...extra]) => {
      const tokens = orderedTokens(token0, token1)
      const more = tokens === null ? null : read(extra, reserves ?? null)
      if (tokens === null || more === null) return null
      const pool = { family, factory: toAddress(factory), tokens, feePips: null, tickSpacing: null, stable: null }
      return { ...pool, ...more }
    },
    lookUp,
  }
}

const lookUpPair: Probe['lookUp'] = (to, { tokens: [token0, token1] }) => ({
  ...{ to, data: callData(GET_PAIR, token0!, token1!), expects: 'address' },
})

function lookUpStable(getter: Hex): Probe['lookUp'] {
  return (to, { tokens: [token0, token1], stable }) => ({
    ...{ to, data: callData(getter, token0!, token1!, stable === true), expects: 'address' },
  })
}

const POOL_TYPES = { 'syncswap-classic': 1n, 'syncswap-stable': 2n, 'syncswap-aqua': 3n }
const POOL_TYPE = selector('poolType()')
const MASTER = selector('master()')

function syncSwap(family: keyof typeof POOL_TYPES): Probe {
  return pairProbe({
    family,
    getters: [POOL_TYPE, MASTER],
    // The factory is found by asking those of the profile; the master only names itself.
    read: ([type, master]) =>
      wordAt(type, 0) === POOL_TYPES[family] && toAddress(master) !== null ? { factory: null } : null,
    lookUp: (to, { tokens: [token0, token1] }) => ({
      ...{ to, data: callData(GET_SYNC_POOL, token0!, token1!), expects: 'address' },
    }),
  })
}

/** Probes of pools with two reserves; the more telling before the plainer. */
export const pairProbes: readonly Probe[] = [
  syncSwap('syncswap-classic'),
  syncSwap('syncswap-stable'),
  syncSwap('syncswap-aqua'),
  pairProbe({
    family: 'kyber-classic',
    getters: [selector('ampBps()'), selector('getTradeInfo()')],
    read: ([amp, trade]) => (wordCount(amp) === 1 && wordCount(trade) >= 5 ? {} : null),
    lookUp: (to, { tokens: [token0, token1] }, { address }) => ({
      ...{
        to,
        data: callData(selector('isPool(address,address,address)'), token0!, token1!, address),
        expects: 'true',
      },
    }),
  }),
  pairProbe({
    family: 'mute',
    getters: [STABLE, selector('pairFee()')],
    read: ([stable, fee]) => {
      const isStable = toBoolean(stable)
      const feeBps = wordCount(fee) === 1 ? wordAt(fee, 0) : null
      return isStable === null || feeBps === null ? null : { stable: isStable, feePips: toFeePips('mute', feeBps) }
    },
    lookUp: lookUpStable(GET_STABLE_PAIR),
  }),
  pairProbe({
    family: 'velodrome-v2',
    getters: [STABLE, selector('poolFees()')],
    read: ([stable, fees]) => {
      const isStable = toBoolean(stable)
      return isStable === null || toAddress(fees) === null ? null : { stable: isStable }
    },
    lookUp: lookUpStable(GET_STABLE_POOL),
  }),
  pairProbe({
    family: 'solidly',
    getters: [STABLE, selector('metadata()')],
    read: ([stable, metadata]) => {
      const isStable = toBoolean(stable)
      return isStable === null || wordCount(metadata) !== 7 ? null : { stable: isStable }
    },
    lookUp: (to, _, { address }) => ({ to, data: callData(IS_PAIR, address), expects: 'true' }),
  }),
  pairProbe({
    family: 'ezkalibur',
    getters: [selector('stableSwap()'), selector('token0FeePercent()')],
    read: ([stable, fee]) => {
      const isStable = toBoolean(stable)
      const feePercent = toSmall(fee)
      if (isStable === null || feePercent === null) return null
      return { stable: isStable, feePips: toFeePips('ezkalibur', BigInt(feePercent)) }
    },
    lookUp: lookUpPair,
  }),
  pairProbe({
    family: 'uniswap-v2',
    getters: [],
    // (uint112 reserve0, uint112 reserve1, uint32 blockTimestampLast)
    read: (_, reserves) => (wordCount(reserves) === 3 ? {} : null),
    lookUp: lookUpPair,
  }),
]

/** Exported for the probes of pools with ticks, which have the same getters. */
export const PAIR_GETTERS: readonly Hex[] = [TOKEN0, TOKEN1, FACTORY]

/** Look-up of a factory that is asked by the address of the pool. */
export function lookUpByAddress(getter: Hex): Probe['lookUp'] {
  return (to, _, { address }) => ({ to, data: callData(getter, address), expects: 'true' })
}
