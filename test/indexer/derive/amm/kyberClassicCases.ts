import { type KyberClassicState, kyberClassic } from '../../../../indexer/derive/amm/kyberClassic.ts'
import type { Subject } from './constantProductCases.ts'

/** Pools with and without amplification, and fees from none to 10 %. */
export const kyberClassicSubject: Subject<KyberClassicState> = {
  amm: kyberClassic,
  pool(draw) {
    const [reserve0, reserve1] = [draw.magnitude(112), draw.magnitude(112)]
    const isAmplified = draw.below(4) > 0
    const grow = (reserve: bigint) => (isAmplified ? reserve + draw.upTo(reserve * 100n) : reserve)
    const [virtualReserve0, virtualReserve1] = [grow(reserve0), grow(reserve1)]
    return { reserve0, reserve1, virtualReserve0, virtualReserve1, feeInPrecision: draw.upTo(10n ** 17n) - 1n }
  },
  balances: ({ reserve0, reserve1 }) => [reserve0, reserve1],
  encode: ({ reserve0, reserve1, virtualReserve0, virtualReserve1, feeInPrecision }) => [
    ...[reserve0, reserve1, virtualReserve0, virtualReserve1, feeInPrecision],
  ],
  hasExactOut: () => true,
}
