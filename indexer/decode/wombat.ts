import type { Log } from '../types/block.ts'
import type { Family, SwapEvent } from '../types/event.ts'
import { tokenSwap } from './balancerV2.ts'
import type { FamilyDecoders } from './family.ts'
import { addressAt, hasShape, topicAddress, uintAt } from './words.ts'

/**
 * Pools priced by how far each token is covered (Wombat, Platypus; SkyDex on Era): both orders of the arguments of Swap.
 * Source: adapters of these protocols.
 */
export const wombat: FamilyDecoders = {
  family: 'wombat',
  decoders: {
    // Swap(address indexed sender, address fromToken, address toToken, uint256 fromAmount, uint256 toAmount, address indexed to)
    '0x54787c404bb33c88e86f4baf88183a3b0141d0a848e6a9f7a13b66ae3a9b73d1': swapAt(1, 2),
    // Swap(address indexed sender, address fromToken, uint256 fromAmount, address toToken, uint256 toAmount, address indexed to)
    '0x5b7284eacd81a8429db68d2da54b85765d088de36dfbdde65bfe29ef1993f860': swapAt(2, 1),
  },
}

function swapAt(toToken: number, fromAmount: number) {
  return (log: Log, families: readonly Family[]): SwapEvent | null => {
    if (!hasShape(log, 3, 4)) return null
    const sender = topicAddress(log.topics[1]!)
    const recipient = topicAddress(log.topics[2]!)
    const tokenIn = addressAt(log.data, 0)
    const tokenOut = addressAt(log.data, toToken)
    if (sender === null || recipient === null || tokenIn === null || tokenOut === null) return null
    const [amountIn, amountOut] = [uintAt(log.data, fromAmount), uintAt(log.data, 3)]
    return tokenSwap(log, families, { pool: log.address, tokenIn, tokenOut, amountIn, amountOut, sender, recipient })
  }
}
