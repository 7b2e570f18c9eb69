import type { Address } from '../../indexer/types/block.ts'
import { addressWord, topic, word } from '../hex.ts'
import { burnPair, fitAmounts, MINIMUM_LIQUIDITY, mintPair } from '../pools/pair.ts'
import { amountsIn, changePosition, collectFees } from '../pools/range.ts'
import type { PairPool, RangePool } from '../pools/types.ts'
import type { Ledger } from '../pools/world.ts'
import { contracts } from '../profile.ts'
import { topics } from '../topics.ts'
import type { CallAction, RangeAction } from './call.ts'
import type { Tape } from './tape.ts'

const NOBODY: Address = `0x${'0'.repeat(40)}`

type Added = Extract<CallAction, { kind: 'add' | 'add-all' }>
type Removed = Extract<CallAction, { kind: 'remove' }>

/** Adds liquidity to a pair, as router and pair do; false where it reverts. */
export function runAdd(ledger: Ledger, tape: Tape, action: Added): boolean {
  const pool = ledger.get(action.pool) as PairPool
  const { caller, provider } = action
  const { address, token0, token1 } = pool
  const [most0, most1] =
    action.kind === 'add' ? [action.most0, action.most1] : [tape.balance(token0, caller), tape.balance(token1, caller)]
  const payer = action.kind === 'add' ? action.payer : caller
  const amounts = fitAmounts(pool, most0, most1)
  const minted = amounts === null ? null : mintPair(pool, ...amounts)
  if (amounts === null || minted === null) return false
  ledger.set(minted.after)
  tape.transfer(token0, payer, address, amounts[0])
  tape.transfer(token1, payer, address, amounts[1])
  if (pool.supply === 0n) tape.transfer(address, NOBODY, NOBODY, MINIMUM_LIQUIDITY)
  tape.transfer(address, NOBODY, provider, minted.shares)
  emitSync(tape, minted.after)
  tape.emit(address, [topics.pairMint, topic(caller)], amounts.map(word).join(''))
  return true
}

/** Takes liquidity out of a pair, as router and pair do; false where it reverts. */
export function runRemove(ledger: Ledger, tape: Tape, { pool: address, caller, provider, shares }: Removed): boolean {
  const pool = ledger.get(address) as PairPool
  const burnt = burnPair(pool, shares)
  if (burnt === null) return false
  const { amount0, amount1, after } = burnt
  ledger.set(after)
  tape.transfer(address, provider, address, shares)
  tape.transfer(address, address, NOBODY, shares)
  tape.transfer(pool.token0, address, provider, amount0)
  tape.transfer(pool.token1, address, provider, amount1)
  emitSync(tape, after)
  tape.emit(address, [topics.pairBurn, topic(caller), topic(provider)], word(amount0) + word(amount1))
  return true
}

function emitSync(tape: Tape, { address, reserve0, reserve1 }: PairPool): void {
  tape.emit(address, [topics.sync], word(reserve0) + word(reserve1))
}

/** Changes a position of a V3 pool; false where it reverts. What is taken out is collected at once, with its fees. */
export function runRange(ledger: Ledger, tape: Tape, action: RangeAction): boolean {
  const pool = ledger.get(action.pool) as RangePool
  return action.kind === 'mint' ? runMint(ledger, tape, action, pool) : runBurn(ledger, tape, action, pool)
}

function runMint(ledger: Ledger, tape: Tape, action: RangeAction, pool: RangePool): boolean {
  const { range, liquidity, owner, provider, tokenId } = action
  const after = liquidity > 0n ? changePosition(pool, action, range, liquidity) : null
  if (after === null) return false
  ledger.set(after)
  const amounts = amountsIn(pool, range, liquidity, true)
  if (amounts[0] > 0n) tape.transfer(pool.token0, provider, pool.address, amounts[0])
  if (amounts[1] > 0n) tape.transfer(pool.token1, provider, pool.address, amounts[1])
  const data = addressWord(owner) + word(liquidity) + amounts.map(word).join('')
  tape.emit(pool.address, [topics.rangeMint, topic(owner), topic(range.tickLower), topic(range.tickUpper)], data)
  if (tokenId !== null) {
    tape.emit(contracts.positionManager, [topics.transfer, topic(NOBODY), topic(provider), topic(tokenId)], '')
    emitManager(tape, topics.increaseLiquidity, tokenId, word(liquidity) + amounts.map(word).join(''))
  }
  return true
}

function runBurn(ledger: Ledger, tape: Tape, action: RangeAction, pool: RangePool): boolean {
  const { range, liquidity, owner, provider, tokenId } = action
  const smaller = liquidity > 0n ? changePosition(pool, action, range, -liquidity) : null
  if (smaller === null) return false
  const { fees, after } = collectFees(smaller, action, range)
  ledger.set(after)
  const amounts = amountsIn(pool, range, liquidity, false)
  const place = [topic(owner), topic(range.tickLower), topic(range.tickUpper)]
  tape.emit(pool.address, [topics.rangeBurn, ...place], word(liquidity) + amounts.map(word).join(''))
  if (tokenId !== null) {
    emitManager(tape, topics.decreaseLiquidity, tokenId, word(liquidity) + amounts.map(word).join(''))
  }
  const paid = [amounts[0] + fees[0], amounts[1] + fees[1]] as const
  if (paid[0] > 0n) tape.transfer(pool.token0, pool.address, provider, paid[0])
  if (paid[1] > 0n) tape.transfer(pool.token1, pool.address, provider, paid[1])
  const data = addressWord(provider) + paid.map(word).join('')
  tape.emit(pool.address, [topics.rangeCollect, ...place], data)
  if (tokenId !== null) emitManager(tape, topics.managerCollect, tokenId, data)
  return true
}

function emitManager(tape: Tape, event: (typeof topics)[keyof typeof topics], tokenId: bigint, data: string): void {
  tape.emit(contracts.positionManager, [event, topic(tokenId)], data)
}
