import type { Log } from '../types/block.ts'
import type { CoinsTerms, Family, FeeEvent, LiquidityEvent, ParametersEvent, SwapEvent } from '../types/event.ts'
import type { Decoder, FamilyDecoders } from './family.ts'
import { parametersEvent, parametersOf } from './parameters.ts'
import { hasShape, topicAddress, uintAt } from './words.ts'

/** Most coins of a pool (StableSwap-NG). */
const COINS_MAX = 8
const FEE_WHOLE = 10n ** 10n

/**
 * Curve StableSwap, legacy pools and NG. Coins are named by their position; no event states the balances. The creation
 * events do not name the pool, and swaps of the coins of a base pool (TokenExchangeUnderlying) show in that pool as well,
 * so neither is read. The fee of an NG pool rises off the peg, so a new one is kept with its multiplier and is no fee event.
 * Source: curvefi stableswap-ng; StableSwap templates of two and three coins.
 */
export const curveStable: FamilyDecoders = {
  family: 'curve-stable',
  decoders: {
    // TokenExchange(address indexed buyer, int128 sold_id, uint256 tokens_sold, int128 bought_id, uint256 tokens_bought)
    '0x8b3e96f2b889fa771c53c981b40daf005f63f637f1869f707052d15a3dd97140': decodeExchange,
    // AddLiquidity(address indexed provider, uint256[] token_amounts, uint256[] fees, uint256 invariant, uint256 token_supply)
    '0x189c623b666b1b45b83d7178f39b8c087cb09774317ca2f53c2d3c3726f222a2': listChange('mint', 4),
    // RemoveLiquidity(address indexed provider, uint256[] token_amounts, uint256[] fees, uint256 token_supply)
    '0x347ad828e58cbe534d8f6b67985d791360756b18f0d95fd9f197a66cc46480ea': listChange('burn', 3),
    // RemoveLiquidityOne(address indexed provider, int128 token_id, uint256 token_amount, uint256 coin_amount, uint256 token_supply)
    '0x6f48129db1f37ccb9cc5dd7e119cb32750cabdf75b48375d730d26ce3659bbe1': decodeRemoveOne,
    // AddLiquidity(address indexed provider, uint256[2] token_amounts, uint256[2] fees, uint256 invariant, uint256 token_supply)
    '0x26f55a85081d24974e85c6c00045d0f0453991e95873f52bff0d21af4079a768': coinsChange('mint', 2, 6),
    // AddLiquidity(address indexed provider, uint256[3] token_amounts, uint256[3] fees, uint256 invariant, uint256 token_supply)
    '0x423f6495a08fc652425cf4ed0d1f9e37e571d9b9529b1c1c23cce780b2e7df0d': coinsChange('mint', 3, 8),
    // RemoveLiquidity(address indexed provider, uint256[3] token_amounts, uint256[3] fees, uint256 token_supply)
    '0xa49d4cf02656aebf8c771f5a8585638a2a15ee6c97cf7205d4208ed7c1df252d': coinsChange('burn', 3, 7),
    // RemoveLiquidity(address indexed provider, uint256[2] token_amounts, uint256[2] fees, uint256 token_supply)
    '0x7c363854ccf79623411f8995b362bce5eddff18c927edc6f5dbbb5e05819a82c': coinsChange('burn', 2, 5),
    // AddLiquidity(address indexed provider, uint256[4] token_amounts, uint256[4] fees, uint256 invariant, uint256 token_supply)
    '0x3f1915775e0c9a38a57a7bb7f1f9005f486fb904e1f84aa215364d567319a58d': coinsChange('mint', 4, 10),
    // RemoveLiquidity(address indexed provider, uint256[4] token_amounts, uint256[4] fees, uint256 token_supply)
    '0x9878ca375e106f2a43c3b599fc624568131c4c9a4ba66a14563715763be9d59d': coinsChange('burn', 4, 9),
    // RemoveLiquidityImbalance(address indexed provider, uint256[4] token_amounts, uint256[4] fees, uint256 invariant, uint256 token_supply)
    '0xb964b72f73f5ef5bf0fdc559b2fab9a7b12a39e47817a547f1f0aee47febd602': coinsChange('burn', 4, 10),
    // RemoveLiquidityImbalance(address indexed provider, uint256[] token_amounts, uint256[] fees, uint256 invariant, uint256 token_supply)
    '0x3631c28b1f9dd213e0319fb167b554d76b6c283a41143eb400a0d1adb1af1755': listChange('burn', 4),
    // RemoveLiquidityImbalance(address indexed provider, uint256[2] token_amounts, uint256[2] fees, uint256 invariant, uint256 token_supply)
    '0x2b5508378d7e19e0d5fa338419034731416c4f5b219a10379956f764317fd47e': coinsChange('burn', 2, 6),
    // RemoveLiquidityImbalance(address indexed provider, uint256[3] token_amounts, uint256[3] fees, uint256 invariant, uint256 token_supply)
    '0x173599dbf9c6ca6f7c3b590df07ae98a45d74ff54065505141e7de6c46a624c2': coinsChange('burn', 3, 8),
    // RemoveLiquidityOne(address indexed provider, uint256 token_amount, uint256 coin_amount, uint256 token_supply)
    '0x5ad056f2e28a8cec232015406b843668c1e36cda598127ec3b8c59b8c72773a0': decodeRemoveUnnamed(3),
    // RemoveLiquidityOne(address indexed provider, uint256 token_amount, uint256 coin_amount)
    '0x9e96dd3b997a2a257eec4df9bb6eaf626e206df5f543bd963682d143300be310': decodeRemoveUnnamed(2),
    // NewFee(uint256 fee, uint256 admin_fee)
    '0xbe12859b636aed607d5230b2cc2711f68d70e51060e6cca1f575ef5d2fcc95d1': decodeNewFee,
    // StopRampA(uint256 A, uint256 t)
    '0x46e22fb3709ad289f62ce63d469248536dbc78d82b84a3d7e74ad606dc201938': parametersOf('stop-ramp', 1, 2),
    // RampA(uint256 old_A, uint256 new_A, uint256 initial_time, uint256 future_time)
    '0xa2b71ec6df949300b59aab36b55e189697b750119dd349fcfa8c0f779e83c254': decodeRamp,
    // ApplyNewFee(uint256 fee, uint256 offpeg_fee_multiplier)
    '0x750d10a7f37466ce785ee6bcb604aac543358db42afbcc332a3c12a49c80bf6d': parametersOf('fee-and-multiplier', 1, 2),
  },
}

/** `RampA`: old and new amplification, start and end of the ramp. */
export function decodeRamp(log: Log, families: readonly Family[]): ParametersEvent | null {
  if (!hasShape(log, 1, 4)) return null
  return parametersEvent(
    log,
    families,
    'ramp',
    [0, 1, 2, 3].map((index) => uintAt(log.data, index)),
  )
}

/** `TokenExchange` with the buyer indexed; ids of int128 and of uint256 look the same for positions. */
export function decodeExchange(log: Log, families: readonly Family[]): SwapEvent | null {
  return hasShape(log, 2, 4) ? coinExchange(log, families, null) : null
}

/** An exchange from the words sold_id, tokens_sold, bought_id, tokens_bought; null for ids that are no two positions. */
export function coinExchange(log: Log, families: readonly Family[], fee: bigint | null): SwapEvent | null {
  const buyer = topicAddress(log.topics[1]!)
  const sold = positionAt(log, 0)
  const bought = positionAt(log, 2)
  if (buyer === null || sold === null || bought === null || sold === bought) return null
  const [amountIn, amountOut] = [uintAt(log.data, 1), -uintAt(log.data, 3)]
  const isFirstSold = sold < bought
  return {
    kind: 'swap',
    families,
    emitter: log.address,
    pool: log.address,
    sender: buyer,
    recipient: null,
    token0: isFirstSold ? sold : bought,
    token1: isFirstSold ? bought : sold,
    amount0: isFirstSold ? amountIn : amountOut,
    amount1: isFirstSold ? amountOut : amountIn,
    after: null,
    fee,
    logIndex: log.logIndex,
    transactionIndex: log.transactionIndex,
    transactionHash: log.transactionHash,
  }
}

/** The position of a coin in a word; null when it is none. */
export function positionAt(log: Log, word: number): number | null {
  const position = uintAt(log.data, word)
  return position < COINS_MAX ? Number(position) : null
}

/**
 * Liquidity of `coins` amounts in the first words of data that have `words` in all: their fees follow, and the supply of
 * the liquidity token is last.
 */
export function coinsChange(kind: 'mint' | 'burn', coins: number, words: number): Decoder {
  return (log, families) => {
    if (!hasShape(log, 2, words)) return null
    const terms = { fees: uintsAt(log, coins, coins), supply: uintAt(log.data, words - 1), one: null }
    return changeOf(kind, log, families, uintsAt(log, 0, coins), terms)
  }
}

/**
 * Liquidity of a list of amounts: the first of `words` words in the head points to it, the second to the fees, the last is
 * the supply of the liquidity token.
 */
function listChange(kind: 'mint' | 'burn', words: number): Decoder {
  return (log, families) => {
    const total = (log.data.length - 2) / 64
    if (log.topics.length !== 2 || !Number.isInteger(total) || total <= words) return null
    if (uintAt(log.data, 0) !== BigInt(words * 32)) return null
    const coins = uintAt(log.data, words)
    if (coins < 2n || coins > BigInt(COINS_MAX)) return null
    const count = Number(coins)
    const feesAt = words + count + 1
    if (uintAt(log.data, 1) !== BigInt(feesAt * 32)) return null
    // Amounts and fees, each behind its length.
    const isWhole = total === words + 2 * (count + 1) && uintAt(log.data, feesAt) === coins
    const isOneList = total === words + (count + 1) + 1 && uintAt(log.data, feesAt) === 0n
    if (!isWhole && !isOneList) return null
    const fees = isWhole ? uintsAt(log, feesAt + 1, count) : Array.from({ length: count }, () => 0n)
    const terms = { fees, supply: uintAt(log.data, words - 1), one: null }
    return changeOf(kind, log, families, uintsAt(log, words + 1, count), terms)
  }
}

/** So many words from one on. */
export function uintsAt(log: Log, first: number, count: number): bigint[] {
  return Array.from({ length: count }, (_, index) => uintAt(log.data, first + index))
}

/** A change of liquidity by the unsigned amounts of all coins. */
export function changeOf(
  kind: 'mint' | 'burn',
  log: Log,
  families: readonly Family[],
  amounts: readonly bigint[],
  coins: CoinsTerms,
): LiquidityEvent | null {
  const owner = topicAddress(log.topics[1]!)
  if (owner === null) return null
  const signed = amounts.map((amount) => (kind === 'mint' ? amount : -amount))
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  return {
    ...{ kind, families, emitter, pool: emitter, owner, range: null, amount0: signed[0]!, amount1: signed[1]! },
    changes: signed.map((amount, token) => ({ token, amount })),
    ...{ coins, logIndex, transactionIndex, transactionHash },
  }
}

function decodeRemoveOne(log: Log, families: readonly Family[]): LiquidityEvent | null {
  return hasShape(log, 2, 4) ? removeOne(log, families, uintAt(log.data, 3)) : null
}

/** Liquidity taken out in one coin, from the words position, liquidity, amount. */
export function removeOne(log: Log, families: readonly Family[], supply: bigint | null): LiquidityEvent | null {
  const position = positionAt(log, 0)
  if (position === null) return null
  return oneCoin(log, families, { burned: uintAt(log.data, 1), position, amount: uintAt(log.data, 2) }, supply)
}

/**
 * Liquidity taken out in one coin that is not named, from the words liquidity, amount and, of three, supply. Where one of the first two is as
 * small as a position, it is left to the events that have it there.
 */
function decodeRemoveUnnamed(words: 2 | 3): Decoder {
  return (log, families) => {
    if (!hasShape(log, 2, words) || positionAt(log, 0) !== null) return null
    if (words === 3 && positionAt(log, 1) !== null) return null
    const one = { burned: uintAt(log.data, 0), position: null, amount: uintAt(log.data, 1) }
    return oneCoin(log, families, one, words === 3 ? uintAt(log.data, 2) : null)
  }
}

/** Liquidity taken out in one coin. */
export function oneCoin(
  log: Log,
  families: readonly Family[],
  one: NonNullable<CoinsTerms['one']>,
  supply: bigint | null,
): LiquidityEvent | null {
  const owner = topicAddress(log.topics[1]!)
  if (owner === null) return null
  const { position, amount } = one
  const amountOf = (token: number) => (position === null ? null : position === token ? -amount : 0n)
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  return {
    ...{ kind: 'burn', families, emitter, pool: emitter, owner, range: null },
    ...{ amount0: amountOf(0), amount1: amountOf(1) },
    changes: position === null ? null : [{ token: position, amount: -amount }],
    ...{ coins: { fees: null, supply, one }, logIndex, transactionIndex, transactionHash },
  }
}

/** A new fee and the share of it that leaves the pool, in parts of 1e10. */
export function decodeNewFee(log: Log, families: readonly Family[]): FeeEvent | null {
  if (!hasShape(log, 1, 2)) return null
  const [fee, adminFee] = [uintAt(log.data, 0), uintAt(log.data, 1)]
  if (fee > FEE_WHOLE || adminFee > FEE_WHOLE) return null
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  const position = { logIndex, transactionIndex, transactionHash, emitter }
  return { kind: 'fee', families, pool: emitter, fee0: fee, fee1: fee, adminFee, ...position }
}
