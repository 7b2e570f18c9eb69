import type { Log } from '../types/block.ts'
import type { Family, ParametersEvent, SwapEvent } from '../types/event.ts'
import { changeOf, coinExchange, decodeExchange, oneCoin, positionAt, uintsAt } from './curveStable.ts'
import type { Decoder, FamilyDecoders } from './family.ts'
import { parametersEvent, parametersOf } from './parameters.ts'
import { hasShape, topicAddress, uintAt } from './words.ts'

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
    '0xe1b60455bd9e33720b547f60e4e0cfbf1252d0f2ee0147d53029945f39fe3c1a': cryptoChange('mint', 3, {
      words: 6,
      supplyAt: 4,
      scaleAt: null,
    }),
    // AddLiquidity(address indexed provider, uint256[2] token_amounts, uint256 fee, uint256 token_supply)
    '0x540ab385f9b5d450a27404172caade516b3ba3f4be88239ac56a2ad1de2a1f5a': cryptoChange('mint', 2, {
      words: 4,
      supplyAt: 3,
      scaleAt: null,
    }),
    // AddLiquidity(address indexed provider, uint256[2] token_amounts, uint256 fee, uint256 token_supply, uint256 packed_price_scale)
    '0x7196cbf63df1f2ec20638e683ebe51d18260be510592ee1e2efe3f3cfd4c33e9': cryptoChange('mint', 2, {
      words: 5,
      supplyAt: 3,
      scaleAt: 4,
    }),
    // RemoveLiquidity(address indexed provider, uint256[2] token_amounts, uint256 token_supply)
    '0xdd3c0336a16f1b64f172b7bb0dad5b2b3c7c76f91e8c4aafd6aae60dce800153': cryptoChange('burn', 2, {
      words: 3,
      supplyAt: 2,
      scaleAt: null,
    }),
    // RemoveLiquidity(address indexed provider, uint256[3] token_amounts, uint256 token_supply)
    '0xd6cc314a0b1e3b2579f8e64248e82434072e8271290eef8ad0886709304195f5': cryptoChange('burn', 3, {
      words: 4,
      supplyAt: 3,
      scaleAt: null,
    }),
    // RemoveLiquidityOne(address indexed provider, uint256 token_amount, uint256 coin_index, uint256 coin_amount)
    '0x5ad056f2e28a8cec232015406b843668c1e36cda598127ec3b8c59b8c72773a0': decodeRemoveOne(3),
    // RemoveLiquidityOne(address indexed provider, uint256 token_amount, uint256 coin_index, uint256 coin_amount, uint256 approx_fee, uint256 packed_price_scale)
    '0xe200e24d4a4c7cd367dd9befe394dc8a14e6d58c88ff5e2f512d65a9e0aa9c5c': decodeRemoveOne(5),
    // NewParameters(uint256 mid_fee, uint256 out_fee, uint256 fee_gamma, uint256 allowed_extra_profit, uint256 adjustment_step, uint256 ma_time)
    '0xa32137411fc7c20db359079cd84af0e2cad58cd7a182a8a5e23e08e554e88bf0': parametersOf('fees', 1, 6),
    // NewParameters(uint256 admin_fee, uint256 mid_fee, uint256 out_fee, uint256 fee_gamma, uint256 allowed_extra_profit, uint256 adjustment_step, uint256 ma_half_time)
    '0x1c65bbdc939f346e5d6f0bde1f072819947438d4fc7b182cc59c2f6dc5504087': parametersOf('admin-fee-and-fees', 1, 7),
    // StopRampA(uint256 current_A, uint256 current_gamma, uint256 time)
    '0x5f0e7fba3d100c9e19446e1c92fe436f0a9a22fe99669360e4fdd6d3de2fc284': parametersOf('stop-ramp', 1, 3),
    // ClaimAdminFee(address indexed admin, uint256[2] tokens)
    '0x3bbd5f2f4711532d6e9ee88dfdf2f1468e9a4c3ae5e14d2e1a67bf4242d008d0': decodeClaim,
    // RampAgamma(uint256 initial_A, uint256 future_A, uint256 initial_gamma, uint256 future_gamma, uint256 initial_time, uint256 future_time)
    '0xe35f0559b0642164e286b30df2077ec3a05426617a25db7578fd20ba39a6cd05': parametersOf('ramp', 1, 6),
  },
}

/** The exchange of NG names the amount of the token paid out that was taken as a fee. */
function decodeExchangeNg(log: Log, families: readonly Family[]): SwapEvent | null {
  if (!hasShape(log, 2, 6)) return null
  const swap = coinExchange(log, families, feeOf(uintAt(log.data, 3), uintAt(log.data, 4)))
  return swap === null ? null : { ...swap, priceScale: uintAt(log.data, 5) }
}

/** The rate of a fee that was rounded down; null where the amounts are too small to tell it. */
function feeOf(amountOut: bigint, taken: bigint): bigint | null {
  const gross = amountOut + taken
  return gross < FEE_WHOLE ? null : (taken * FEE_WHOLE + gross - 1n) / gross
}

/** The protocol's share leaves a pool of two coins of NG; other pools mint liquidity for it instead. */
function decodeClaim(log: Log, families: readonly Family[]): ParametersEvent | null {
  if (!hasShape(log, 2, 2) || topicAddress(log.topics[1]!) === null) return null
  return parametersEvent(log, families, 'admin-fees', uintsAt(log, 0, 2))
}

/** Where the words behind the amounts stand; null for one that is not there. */
type Layout = { words: number; supplyAt: number; scaleAt: number | null }

/** Liquidity of `coins` amounts in the first words. */
function cryptoChange(kind: 'mint' | 'burn', coins: number, { words, supplyAt, scaleAt }: Layout): Decoder {
  return (log, families) => {
    if (!hasShape(log, 2, words)) return null
    const scale = scaleAt === null ? {} : { priceScale: uintAt(log.data, scaleAt) }
    const terms = { fees: null, supply: uintAt(log.data, supplyAt), one: null, ...scale }
    return changeOf(kind, log, families, uintsAt(log, 0, coins), terms)
  }
}

/** Liquidity taken out in one coin, from the words liquidity, position, amount and, of five, the prices as the last. */
function decodeRemoveOne(words: 3 | 5): Decoder {
  return (log, families) => {
    if (!hasShape(log, 2, words) || positionAt(log, 0) !== null) return null
    const position = positionAt(log, 1)
    if (position === null) return null
    const one = { burned: uintAt(log.data, 0), position, amount: uintAt(log.data, 2) }
    const change = oneCoin(log, families, one, null)
    if (change === null || words === 3) return change
    return { ...change, coins: { ...change.coins!, priceScale: uintAt(log.data, 4) } }
  }
}
