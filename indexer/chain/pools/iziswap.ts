import { fetchIziswapSnapshot } from './iziswapSnapshot.ts'
import { callData, orderedTokens, type Probe, selector, toAddress, toSmall, wordCount } from './probe.ts'

/** iZiSwap: tokens, fee, spacing of points and state; the factory knows pools by tokens and fee. */
export const iziswapProbe: Probe = {
  family: 'iziswap',
  ask: ({ address: to }) =>
    ['tokenX()', 'tokenY()', 'factory()', 'fee()', 'pointDelta()', 'state()'].map((name) => ({
      ...{ to, data: selector(name) },
    })),
  read: ([tokenX, tokenY, factory, fee, pointDelta, state]) => {
    const tokens = orderedTokens(tokenX, tokenY)
    const [feePips, tickSpacing] = [toSmall(fee), toSmall(pointDelta)]
    if (tokens === null || feePips === null || tickSpacing === null || wordCount(state) < 8) return null
    return { family: 'iziswap', factory: toAddress(factory), tokens, feePips, tickSpacing, stable: null }
  },
  lookUp: (to, { tokens: [tokenX, tokenY], feePips }) => ({
    ...{ to, data: callData(selector('pool(address,address,uint24)'), tokenX!, tokenY!, feePips!) },
    expects: 'address',
  }),
  snapshot: fetchIziswapSnapshot,
}
