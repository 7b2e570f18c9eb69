import type { Log } from '../types/block.ts'
import type { Family, LiquidityEvent, ParametersEvent, PoolCreated, SwapEvent } from '../types/event.ts'
import type { Decoder, FamilyDecoders } from './family.ts'
import { parametersEvent } from './parameters.ts'
import { decodeTickBurn, decodeTickMint, positionChange, tickPoolCreated } from './uniswapV3.ts'
import { addressAt, booleanAt, hasShape, int24At, topicAddress, topicInt24, topicUint24, uintAt } from './words.ts'

const UINT128_MAX = (1n << 128n) - 1n

/**
 * iZiSwap: liquidity at discrete points, and limit orders. Swap names the tokens but no trader, and of the state after it
 * only the point, which stands in `bins`. Mint and Burn are Uniswap V3's byte for byte, with points for ticks. Source: iZiSwap-core.
 */
export const iziswap: FamilyDecoders = {
  family: 'iziswap',
  decoders: {
    // NewPool(address indexed tokenX, address indexed tokenY, uint24 indexed fee, uint24 pointDelta, address pool)
    '0xf04da67755adf58739649e2fb9949a6328518141b7ac9e44aa10320688b04900': decodeNewPool,
    // Swap(address indexed tokenX, address indexed tokenY, uint24 indexed fee, bool sellXEarnY, uint256 amountX, uint256 amountY, int24 currentPoint)
    '0x0fe977d619f8172f7fdbe8bb8928ef80952817d96936509f67d66346bc4cd10f': decodeSwap,
    // Mint(address sender, address indexed owner, int24 indexed leftPoint, int24 indexed rightPoint, uint128 liquidity, uint256 amountX, uint256 amountY)
    '0x7a53080ba414158be7ec69b987b5fb7d07dee101fe85488f0853ae16239d0bde': decodeTickMint,
    // Burn(address indexed owner, int24 indexed leftPoint, int24 indexed rightPoint, uint128 liquidity, uint256 amountX, uint256 amountY)
    '0x0c396cd989a39f4459b5fa1aed6a9a8dcdbc45908acfd67e028cd568da98982c': decodeTickBurn,
    // CollectLiquidity(address indexed owner, address recipient, int24 indexed leftPoint, int24 indexed rightPoint, uint256 amountX, uint256 amountY)
    '0xf69135213cd78fa4cffb855edf80272133f69bd8a6fb3236340a69b4d6e248e3': decodeCollect,
    // AddLimitOrder(address indexed owner, uint128 addAmount, uint128 acquireAmount, int24 indexed point, uint128 claimSold, uint128 claimEarn, bool sellXEarnY)
    '0x4f4658280ee6d0e8f09b5e436dacaca69ec5dd7c2ba05fb010d5145a3567cdad': orderOf('limit-add', 5),
    // DecLimitOrder(address indexed owner, uint128 decreaseAmount, int24 indexed point, uint128 claimSold, uint128 claimEarn, bool sellXEarnY)
    '0x3736ba81d13006f6ea2012ba3e287f087169b55d90a9defb5966fe9eb830d7ea': orderOf('limit-dec', 4),
    // CollectLimitOrder(address indexed owner, address recipient, int24 indexed point, uint128 collectDec, uint128 collectEarn, bool sellXEarnY)
    '0x7d3d0e34c86e56b4dcd993c09bbbf1b04527ab27b4365dffca10e0ded914e071': orderOf('limit-collect', 4),
  },
}

function decodeNewPool(log: Log, families: readonly Family[]): PoolCreated | null {
  if (!hasShape(log, 4, 2)) return null
  const fee = topicUint24(log.topics[3]!)
  if (fee === null) return null
  return tickPoolCreated(log, families, addressAt(log.data, 1), int24At(log.data, 0), BigInt(fee))
}

function decodeSwap(log: Log, families: readonly Family[]): SwapEvent | null {
  if (!hasShape(log, 4, 4)) return null
  const tokenX = topicAddress(log.topics[1]!)
  const tokenY = topicAddress(log.topics[2]!)
  const fee = topicUint24(log.topics[3]!)
  const sellsX = booleanAt(log.data, 0)
  const [amountX, amountY] = [uintAt(log.data, 1), uintAt(log.data, 2)]
  if (tokenX === null || tokenY === null || tokenX >= tokenY || fee === null || sellsX === null) return null
  const tickAfter = int24At(log.data, 3)
  if (tickAfter === null) return null
  return {
    kind: 'swap',
    families,
    emitter: log.address,
    pool: log.address,
    sender: null,
    recipient: null,
    token0: tokenX,
    token1: tokenY,
    amount0: sellsX ? amountX : -amountX,
    amount1: sellsX ? -amountY : amountY,
    after: null,
    fee: BigInt(fee),
    // Whether an input or an output was asked for, and up to which point, is not told.
    bins: { tokenIn: sellsX ? 0 : 1, isExactOutput: false, amount: null, tickLimit: null, tickAfter },
    logIndex: log.logIndex,
    transactionIndex: log.transactionIndex,
    transactionHash: log.transactionHash,
  }
}

function decodeCollect(log: Log, families: readonly Family[]): LiquidityEvent | null {
  if (!hasShape(log, 4, 3) || addressAt(log.data, 0) === null) return null
  return positionChange('collect', log, families, 0n, -uintAt(log.data, 1), -uintAt(log.data, 2))
}

/**
 * A change of a limit order: the values are its point, the amounts of the event in their order, and 1 for an order that
 * sells X, 0 for one that sells Y. Of a collection the first word is the recipient and left out.
 */
function orderOf(name: 'limit-add' | 'limit-dec' | 'limit-collect', words: number): Decoder {
  const first = name === 'limit-collect' ? 1 : 0
  return (log, families): ParametersEvent | null => {
    if (!hasShape(log, 3, words) || topicAddress(log.topics[1]!) === null) return null
    if (first === 1 && addressAt(log.data, 0) === null) return null
    const point = topicInt24(log.topics[2]!)
    const sellsX = booleanAt(log.data, words - 1)
    const amounts = Array.from({ length: words - 1 - first }, (_, index) => uintAt(log.data, first + index))
    if (point === null || sellsX === null || amounts.some((amount) => amount > UINT128_MAX)) return null
    return parametersEvent(log, families, name, [BigInt(point), ...amounts, sellsX ? 1n : 0n])
  }
}
