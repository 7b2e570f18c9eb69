import type { Log } from '../types/block.ts'
import type { Family, SwapEvent } from '../types/event.ts'
import { tokenSwap } from './balancerV2.ts'
import type { Decoder, FamilyDecoders } from './family.ts'
import { hasShape, topicAddress, uintAt } from './words.ts'

const BASE_TOKEN = `0x${'0'.repeat(40)}` as const

/**
 * CoPump: launches on bonding curves in one contract, traded for the base token. A buyer pays the total price; a seller gets it.
 * Whether the fee is part of it is not known, so it counts as it stands. Each token is a pool, named by the contract of the
 * token. Source: adapters of the protocol.
 */
export const copump: FamilyDecoders = {
  family: 'copump',
  decoders: {
    // TokenPurchased(address indexed tokenAddress, address indexed buyer, uint256 amount, uint256 totalPrice, uint256 fee, (uint256 funding, uint256 supply, uint256 marketCap) tokenState, uint256 occuredAt)
    '0x123c8abef0135f42e112c1e8f505e642fc938168063ec67f7ce81a5c57710071': trade('buy'),
    // TokenSold(address indexed tokenAddress, address indexed seller, uint256 amount, uint256 totalPrice, uint256 fee, (uint256 funding, uint256 supply, uint256 marketCap) tokenState, uint256 occuredAt)
    '0x9a35d9e8911ee0ca916a55251d7201c90200626834747501c6fade696c6931be': trade('sell'),
  },
}

function trade(side: 'buy' | 'sell'): Decoder {
  return (log: Log, families: readonly Family[]): SwapEvent | null => {
    if (!hasShape(log, 3, 7)) return null
    const token = topicAddress(log.topics[1]!)
    const trader = topicAddress(log.topics[2]!)
    if (token === null || trader === null) return null
    const [amount, price] = [uintAt(log.data, 0), uintAt(log.data, 1)]
    const bought = { tokenIn: BASE_TOKEN, tokenOut: token, amountIn: price, amountOut: amount }
    const sold = { tokenIn: token, tokenOut: BASE_TOKEN, amountIn: amount, amountOut: price }
    const parties = { pool: token, sender: trader, recipient: trader }
    return tokenSwap(log, families, side === 'buy' ? { ...bought, ...parties } : { ...sold, ...parties })
  }
}
