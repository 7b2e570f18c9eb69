import { encodePacked, keccak256 } from 'viem'
import { toFeePips } from '../../../contracts/families.ts'
import type { Hex } from '../../types/block.ts'
import type { Family } from '../../types/event.ts'
import { PAIR_GETTERS } from './pairs.ts'
import {
  callData,
  type Described,
  orderedTokens,
  type Probe,
  selector,
  toAddress,
  toSmall,
  wordAt,
  wordCount,
} from './probe.ts'
import { fetchTicksSnapshot } from './ticksSnapshot.ts'

const FEE = selector('fee()')
const SPACING = selector('tickSpacing()')
const SLOT0 = selector('slot0()')
const GET_POOL = selector('getPool(address,address,uint24)')

const lookUpByFee: Probe['lookUp'] = (to, { tokens: [token0, token1], feePips }) =>
  feePips === null ? null : { to, data: callData(GET_POOL, token0!, token1!, feePips), expects: 'address' }

type TickProbe = {
  family: Family
  /** Getter of the price and the least number of words it answers with. */
  price: { getter: Hex; words: number; wordsMax?: number }
  /** Getters of the fee (pips unless `feeUnits`), the spacing, and one that only this family has. */
  fee: Hex | null
  spacing: Hex
  own: Hex | null
  lookUp: Probe['lookUp']
  snapshot: boolean
}

function tickProbe({ family, price, fee, spacing, own, lookUp, snapshot }: TickProbe): Probe {
  const selectors = [...PAIR_GETTERS, price.getter, spacing, fee ?? spacing, own ?? spacing]
  const probe: Probe = {
    family,
    ask: ({ address: to }) => selectors.map((data) => ({ to, data })),
    read: ([token0, token1, factory, priceAnswer, spacingAnswer, feeAnswer, ownAnswer]) => {
      const tokens = orderedTokens(token0, token1)
      const tickSpacing = toSmall(spacingAnswer)
      const words = wordCount(priceAnswer)
      const isPrice = words >= price.words && words <= (price.wordsMax ?? words)
      if (tokens === null || tickSpacing === null || tickSpacing === 0 || !isPrice) return null
      if (own !== null && wordCount(ownAnswer) === 0) return null
      const units = fee === null ? null : toSmall(feeAnswer)
      const feePips = units === null ? null : toFeePips(family, BigInt(units))
      return { family, factory: toAddress(factory), tokens, feePips, tickSpacing, stable: null }
    },
    lookUp,
  }
  if (!snapshot) return probe
  return {
    ...probe,
    snapshot: (rpc, { address, blockNumber }, { tickSpacing, feePips }, signal) =>
      fetchTicksSnapshot(rpc, { address, tickSpacing: tickSpacing!, feePips }, blockNumber - 1, signal),
  }
}

/** Forks leave out words of it at will; price and tick are the first two. */
const slot0 = { getter: SLOT0, words: 2 }

/** Probes of pools with ticks; the more telling before the plainer. */
export const tickProbes: readonly Probe[] = [
  tickProbe({
    family: 'algebra',
    price: { getter: selector('globalState()'), words: 6 },
    fee: null,
    spacing: SPACING,
    own: null,
    lookUp: (to, { tokens: [token0, token1] }) => ({
      ...{ to, data: callData(selector('poolByPair(address,address)'), token0!, token1!), expects: 'address' },
    }),
    snapshot: false,
  }),
  tickProbe({
    family: 'slipstream',
    // Without the protocol fee of Uniswap's.
    price: { getter: SLOT0, words: 6, wordsMax: 6 },
    fee: FEE,
    spacing: SPACING,
    own: null,
    lookUp: (to, { tokens: [token0, token1], tickSpacing }) => ({
      ...{ to, data: callData(selector('getPool(address,address,int24)'), token0!, token1!, tickSpacing!) },
      expects: 'address',
    }),
    snapshot: true,
  }),
  tickProbe({
    family: 'pancake-v3',
    price: slot0,
    fee: FEE,
    spacing: SPACING,
    own: selector('lmPool()'),
    lookUp: lookUpByFee,
    snapshot: true,
  }),
  tickProbe({
    family: 'uniswap-v3',
    price: slot0,
    fee: FEE,
    spacing: SPACING,
    own: null,
    lookUp: lookUpByFee,
    snapshot: true,
  }),
]

/** `mapping(PoolId => Pool.State) pools` of the PoolManager is its slot 6. Source: v4-core StateLibrary. */
const POOLS_SLOT = 6n

/** Uniswap V4: the manager is asked for the price that it has just announced. */
export const uniswapV4Probe: Probe = {
  family: 'uniswap-v4',
  ask: ({ address, emitter: to }) =>
    address.length === 66 ? [{ to, data: callData(selector('extsload(bytes32)'), poolSlot(address)) }] : [],
  read: ([slot], { creation, emitter }): Described | null => {
    const stored = wordCount(slot) === 1 ? wordAt(slot, 0) : null
    if (creation?.price == null || stored === null || stored === 0n) return null
    const { tokens, fee, tickSpacing } = creation
    const feePips = toFeePips('uniswap-v4', fee)
    return { family: 'uniswap-v4', factory: emitter, tokens: [...tokens], feePips, tickSpacing, stable: null }
  },
  lookUp: () => null,
}

function poolSlot(id: Hex): bigint {
  return BigInt(keccak256(encodePacked(['bytes32', 'uint256'], [id, POOLS_SLOT])))
}
