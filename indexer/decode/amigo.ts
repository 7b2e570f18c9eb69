import type { Log } from '../types/block.ts'
import type { Family, PoolEvent } from '../types/event.ts'
import type { FamilyDecoders } from './family.ts'
import { parametersOf } from './parameters.ts'
import { booleanAt, topicAddress } from './words.ts'

/**
 * Amigo: launches on a bonding curve. The logs name neither the token nor what its price is counted in, so trades are kept
 * as they are. Source: adapters of the protocol.
 */
export const amigo: FamilyDecoders = {
  family: 'amigo',
  decoders: {
    // Swap(address indexed buyer, uint256 tokenAmount, uint256 price, uint256 fees, bool isBuy)
    '0x1e739d635dcce699fdf17d6eba91974169f59cc1b7e31e9ccda76ace2f7eae52': decodeTrade,
  },
}

const readTrade = parametersOf('trade', 2, 4)

/** Values: buyer, amount of the token, price, fees, 1 for a buy and 0 for a sale. */
function decodeTrade(log: Log, families: readonly Family[]): PoolEvent | null {
  const event = readTrade(log, families)
  if (event === null || topicAddress(log.topics[1]!) === null || booleanAt(log.data, 3) === null) return null
  return event
}
