import type { Log } from '../types/block.ts'
import type { Family, SwapEvent } from '../types/event.ts'
import { coinExchange, coinsChange, decodeExchange } from './curveStable.ts'
import type { FamilyDecoders } from './family.ts'
import { parametersOf } from './parameters.ts'
import { hasShape, uintAt } from './words.ts'

const FEE_WHOLE = 10n ** 10n

/**
 * Curve twocrypto and tricrypto, legacy and NG. The exchange of NG tells the fee it took and the prices the curve is
 * centred on. Source: curvefi tricrypto-ng, twocrypto-ng.
 */
export const curveCrypto: FamilyDecoders = {
  family: 'curve-crypto',
  decoders: {
    // TokenExchange(address indexed buyer, uint256 sold_id, uint256 tokens_sold, uint256 bought_id, uint256 tokens_bought, uint256 fee, uint256 packed_price_scale)
    '0x143f1f8e861fbdeddd5b46e844b7d3ac7b86a122f36e8c463859ee6811b1f29c': decodeExchangeNg,
    // TokenExchange(address indexed buyer, uint256 sold_id, uint256 tokens_sold, uint256 bought_id, uint256 tokens_bought)
    '0xb2e76ae99761dc136e598d4a629bb347eccb9532a5f8bbd72e18467c3c34cc98': decodeExchange,
    // AddLiquidity(address indexed provider, uint256[3] token_amounts, uint256 fee, uint256 token_supply, uint256 packed_price_scale)
    '0xe1b60455bd9e33720b547f60e4e0cfbf1252d0f2ee0147d53029945f39fe3c1a': coinsChange('mint', 3, 6),
    // AddLiquidity(address indexed provider, uint256[2] token_amounts, uint256 fee, uint256 token_supply)
    '0x540ab385f9b5d450a27404172caade516b3ba3f4be88239ac56a2ad1de2a1f5a': coinsChange('mint', 2, 4),
    // RampAgamma(uint256 initial_A, uint256 future_A, uint256 initial_gamma, uint256 future_gamma, uint256 initial_time, uint256 future_time)
    '0xe35f0559b0642164e286b30df2077ec3a05426617a25db7578fd20ba39a6cd05': parametersOf('ramp', 1, 6),
  },
}

function decodeExchangeNg(log: Log, families: readonly Family[]): SwapEvent | null {
  if (!hasShape(log, 2, 6)) return null
  const fee = uintAt(log.data, 4)
  return fee > FEE_WHOLE ? null : coinExchange(log, families, fee)
}
