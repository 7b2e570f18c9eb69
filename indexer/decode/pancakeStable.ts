import type { Address, Log } from '../types/block.ts'
import type { Family, LiquidityEvent, PoolCreated } from '../types/event.ts'
import { curveStable, decodeExchange, decodeNewFee, decodeRamp, removeOne } from './curveStable.ts'
import type { FamilyDecoders } from './family.ts'
import { addressAt, hasShape, topicAddress } from './words.ts'

const ZERO_ADDRESS: Address = `0x${'0'.repeat(40)}`
const ADD_2 = '0x26f55a85081d24974e85c6c00045d0f0453991e95873f52bff0d21af4079a768'
const ADD_3 = '0x423f6495a08fc652425cf4ed0d1f9e37e571d9b9529b1c1c23cce780b2e7df0d'
const IMBALANCE_2 = '0x2b5508378d7e19e0d5fa338419034731416c4f5b219a10379956f764317fd47e'
const IMBALANCE_3 = '0x173599dbf9c6ca6f7c3b590df07ae98a45d74ff54065505141e7de6c46a624c2'
const STOP_RAMP = '0x46e22fb3709ad289f62ce63d469248536dbc78d82b84a3d7e74ad606dc201938'
const REMOVE_2 = '0x7c363854ccf79623411f8995b362bce5eddff18c927edc6f5dbbb5e05819a82c'
const REMOVE_3 = '0xa49d4cf02656aebf8c771f5a8585638a2a15ee6c97cf7205d4208ed7c1df252d'

/**
 * PancakeSwap's StableSwap of two or three coins and its forks (ZKSwap Finance): Curve's curve, whose exchange has the
 * topic0 of Curve's crypto pools. Older pools of Curve emit a RemoveLiquidityOne of the same topic0 and length with its words
 * in another order; where the first word is no position of a coin, nothing is read of it.
 * Source: pancake-smart-contracts PancakeStableSwap.
 */
export const pancakeStable: FamilyDecoders = {
  family: 'pancake-stable',
  decoders: {
    // NewStableSwapPair(address indexed swapContract, address tokenA, address tokenB, address tokenC, address LP)
    '0x48dc7a1b156fe3e70ed5ed0afcb307661905edf536f15bb5786e327ea1933532': decodeCreated,
    // TokenExchange(address indexed buyer, uint256 sold_id, uint256 tokens_sold, uint256 bought_id, uint256 tokens_bought)
    '0xb2e76ae99761dc136e598d4a629bb347eccb9532a5f8bbd72e18467c3c34cc98': decodeExchange,
    // AddLiquidity(address indexed provider, uint256[2] token_amounts, uint256[2] fees, uint256 invariant, uint256 token_supply)
    [ADD_2]: curveStable.decoders[ADD_2]!,
    // AddLiquidity(address indexed provider, uint256[3] token_amounts, uint256[3] fees, uint256 invariant, uint256 token_supply)
    [ADD_3]: curveStable.decoders[ADD_3]!,
    // RemoveLiquidity(address indexed provider, uint256[3] token_amounts, uint256[3] fees, uint256 token_supply)
    [REMOVE_3]: curveStable.decoders[REMOVE_3]!,
    // RemoveLiquidity(address indexed provider, uint256[2] token_amounts, uint256[2] fees, uint256 token_supply)
    [REMOVE_2]: curveStable.decoders[REMOVE_2]!,
    // RemoveLiquidityImbalance(address indexed provider, uint256[2] token_amounts, uint256[2] fees, uint256 invariant, uint256 token_supply)
    [IMBALANCE_2]: curveStable.decoders[IMBALANCE_2]!,
    // RemoveLiquidityImbalance(address indexed provider, uint256[3] token_amounts, uint256[3] fees, uint256 invariant, uint256 token_supply)
    [IMBALANCE_3]: curveStable.decoders[IMBALANCE_3]!,
    // StopRampA(uint256 A, uint256 t)
    [STOP_RAMP]: curveStable.decoders[STOP_RAMP]!,
    // RemoveLiquidityOne(address indexed provider, uint256 index, uint256 token_amount, uint256 coin_amount)
    '0x5ad056f2e28a8cec232015406b843668c1e36cda598127ec3b8c59b8c72773a0': decodeRemoveOne,
    // NewFee(uint256 fee, uint256 admin_fee)
    '0xbe12859b636aed607d5230b2cc2711f68d70e51060e6cca1f575ef5d2fcc95d1': decodeNewFee,
    // RampA(uint256 old_A, uint256 new_A, uint256 initial_time, uint256 future_time)
    '0xa2b71ec6df949300b59aab36b55e189697b750119dd349fcfa8c0f779e83c254': decodeRamp,
  },
}

function decodeCreated(log: Log, families: readonly Family[]): PoolCreated | null {
  if (!hasShape(log, 2, 4)) return null
  const pool = topicAddress(log.topics[1]!)
  const named = [0, 1, 2].map((index) => addressAt(log.data, index))
  if (pool === null || named.includes(null) || addressAt(log.data, 3) === null) return null
  const tokens = named.filter((token) => token !== ZERO_ADDRESS) as Address[]
  if (tokens.length < 2 || named[0] === ZERO_ADDRESS || named[1] === ZERO_ADDRESS) return null
  if (new Set(tokens).size < tokens.length) return null
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  return {
    ...{ kind: 'pool-created', families, emitter, pool, tokens, fee: null, tickSpacing: null, stable: true },
    ...{ hooks: null, price: null, logIndex, transactionIndex, transactionHash },
  }
}

function decodeRemoveOne(log: Log, families: readonly Family[]): LiquidityEvent | null {
  return hasShape(log, 2, 3) ? removeOne(log, families, null) : null
}
