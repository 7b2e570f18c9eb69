import type { Log } from '../types/block.ts'
import type { Family, FeeEvent } from '../types/event.ts'
import type { FamilyDecoders } from './family.ts'
import { uniswapV2 } from './uniswapV2.ts'
import { hasShape, uintAt } from './words.ts'

const UINT16_MAX = (1n << 16n) - 1n

/**
 * eZKalibur, of the lineage of Excalibur and Camelot V2: the events of Uniswap V2, and a fee for each token of a pair.
 * Source: EZKaliburFactory; the pair's fee event by its lineage.
 */
export const ezkalibur: FamilyDecoders = {
  family: 'ezkalibur',
  decoders: {
    ...uniswapV2.decoders,
    // FeePercentUpdated(uint16 token0FeePercent, uint16 token1FeePercent)
    '0xa4877b8ecb5a00ba277e4bceeeb187a669e7113649774dfbea05c259ce27f17b': decodeFees,
  },
}

function decodeFees(log: Log, families: readonly Family[]): FeeEvent | null {
  if (!hasShape(log, 1, 2)) return null
  const [fee0, fee1] = [uintAt(log.data, 0), uintAt(log.data, 1)]
  if (fee0 > UINT16_MAX || fee1 > UINT16_MAX) return null
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  return { kind: 'fee', families, emitter, pool: emitter, fee0, fee1, logIndex, transactionIndex, transactionHash }
}
