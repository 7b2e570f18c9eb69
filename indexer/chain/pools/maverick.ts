import { toFeePips } from '../../../contracts/families.ts'
import type { Hex } from '../../types/block.ts'
import { fetchMaverickV1Snapshot, fetchMaverickV2Snapshot } from './maverickSnapshot.ts'
import { lookUpByAddress, PAIR_GETTERS } from './pairs.ts'
import { callData, orderedTokens, type Probe, selector, toAddress, toSmall, wordAt, wordCount } from './probe.ts'

const FACTORY = PAIR_GETTERS[2]!

function maverickProbe(family: 'maverick-v1' | 'maverick-v2', fee: Hex): Probe {
  const fetchSnapshot = family === 'maverick-v1' ? fetchMaverickV1Snapshot : fetchMaverickV2Snapshot
  const names = ['tokenA()', 'tokenB()', 'tickSpacing()', 'getState()'].map(selector)
  return {
    family,
    ask: ({ address: to }) => [...names, FACTORY, fee].map((data) => ({ to, data })),
    read: ([tokenA, tokenB, spacing, state, factory, feeAnswer]) => {
      const tokens = orderedTokens(tokenA, tokenB)
      const tickSpacing = toSmall(spacing)
      const feePips = wordCount(feeAnswer) === 1 ? toFeePips(family, wordAt(feeAnswer, 0)) : null
      if (tokens === null || tickSpacing === null || tickSpacing === 0 || wordCount(state) < 4) return null
      if (feePips === null) return null
      return { family, factory: toAddress(factory), tokens, feePips, tickSpacing, stable: null }
    },
    lookUp: lookUpByAddress(selector('isFactoryPool(address)')),
    snapshot: (rpc, { address, blockNumber }, _, signal) => fetchSnapshot(rpc, address, blockNumber - 1, signal),
  }
}

/** Maverick V1 and V2: the second has a fee for each direction. */
export const maverickProbes: readonly Probe[] = [
  maverickProbe('maverick-v2', callData(selector('fee(bool)'), true)),
  maverickProbe('maverick-v1', selector('fee()')),
]
