import type { Log } from '../types/block.ts'
import type { Family, SwapEvent } from '../types/event.ts'
import { tokenSwap } from './balancerV2.ts'
import type { FamilyDecoders } from './family.ts'
import { addressAt, hasShape, topicAddress, uintAt } from './words.ts'

/**
 * WOOFi: a pool priced by an oracle. The router emits WooRouterSwap for the same trade, which is not read, so that it
 * counts once. Source: WooPPV2.
 */
export const woofi: FamilyDecoders = {
  family: 'woofi',
  decoders: {
    // WooSwap(address indexed fromToken, address indexed toToken, uint256 fromAmount, uint256 toAmount, address from, address indexed to, address rebateTo, uint256 swapVol, uint256 swapFee)
    '0x0e8e403c2d36126272b08c75823e988381d9dc47f2f0a9a080d95f891d95c469': decodeSwap,
  },
}

function decodeSwap(log: Log, families: readonly Family[]): SwapEvent | null {
  if (!hasShape(log, 4, 6)) return null
  const tokenIn = topicAddress(log.topics[1]!)
  const tokenOut = topicAddress(log.topics[2]!)
  const recipient = topicAddress(log.topics[3]!)
  const sender = addressAt(log.data, 2)
  if (tokenIn === null || tokenOut === null || recipient === null || sender === null) return null
  if (addressAt(log.data, 3) === null) return null
  const [amountIn, amountOut] = [uintAt(log.data, 0), uintAt(log.data, 1)]
  return tokenSwap(log, families, { pool: log.address, tokenIn, tokenOut, amountIn, amountOut, sender, recipient })
}
