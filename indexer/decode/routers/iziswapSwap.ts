import { addressAt, boundedUintAt, bytesAt, tailAt, uintAt } from './calldata.ts'
import type { CallDecoder, RouterDecoder } from './family.ts'
import { withMulticall } from './multicall.ts'
import { BASE_TOKEN, v3Route } from './path.ts'
import { payments } from './payments.ts'

/**
 * The two swaps of iZiSwap's Swap that take a path, alone and in a multicall. Paths are packed as those of Uniswap V3,
 * with fees in pips; that of a desired output begins with the output. The zero address as recipient stands for the
 * router. Source: izumi iZiSwap-periphery Swap, Base.
 */
export const iziswapSwap: RouterDecoder = {
  family: 'iziswap-swap',
  calls: withMulticall(
    {
      // swapAmount((bytes path, address recipient, uint128 amount, uint256 minAcquired, uint256 deadline))
      '0x75ceafe6': swapOf('EXACT_IN'),
      // swapDesire((bytes path, address recipient, uint128 desire, uint256 maxPayed, uint256 deadline))
      '0x115ff67e': swapOf('EXACT_OUT'),
    },
    payments,
  ),
}

function swapOf(kind: 'EXACT_IN' | 'EXACT_OUT'): CallDecoder {
  return (args) => {
    const params = tailAt(args, 0)
    const exact = boundedUintAt(params, 2, 128)
    const bound = uintAt(params, 3)
    const amounts = kind === 'EXACT_IN' ? { amountIn: exact, amountOut: bound } : { amountIn: bound, amountOut: exact }
    const recipient = addressAt(params, 1)
    const leg = {
      kind,
      ...v3Route(bytesAt(params, 0), kind, 'izi:'),
      ...amounts,
      source: 'VALUE_OR_SENDER' as const,
      recipient: recipient === BASE_TOKEN ? ('ROUTER' as const) : recipient,
    }
    return [
      { step: 'deadline', deadline: uintAt(params, 4) },
      { step: 'swap', leg },
    ]
  }
}
