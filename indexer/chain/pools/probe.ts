import { toFunctionSelector } from 'viem'
import type { Address, Hex } from '../../types/block.ts'
import type { Family } from '../../types/event.ts'
import type { FoundPool, PoolClaim, PoolState } from '../../types/pool.ts'
import type { Rpc } from '../rpc.ts'

/** A read of a contract. */
export type Question = { to: Address; data: Hex }

/** What the getters of a pool tell, before its factory was asked. */
export type Described = Omit<FoundPool, 'snapshot' | 'isDenied'>

/** Who is asked whether a pool is his, and what he has to answer: the address of the pool, true, or a number. */
export type LookUp = Question & { expects: 'address' | 'true' | bigint }

/** How the contracts of a family are asked what they are. */
export type Probe = {
  family: Family
  /** Getters whose answers tell whether a contract is a pool of the family. */
  ask(claim: PoolClaim): readonly Question[]
  /**
   * The pool that the answers tell of, in the order of the questions; null when it is none of the family, or not surely.
   * An answer is null when the call reverts.
   */
  read(answers: readonly (Hex | null)[], claim: PoolClaim): Described | null
  /** The question by which `factory` knows a pool; null when there is none. */
  lookUp(factory: Address, pool: Described, claim: PoolClaim): LookUp | null
  /**
   * State before the block of the claim; null when it cannot be read in full. Left out where events tell it soon.
   * Of a pool that is being created, only families in ASKED_AT_CREATION: its parameters at the end of that block, and balances of
   * zero.
   */
  snapshot?(rpc: Rpc, claim: PoolClaim, pool: Described, signal?: AbortSignal): Promise<PoolState | null>
}

/** The selector of a function without arguments or with the given types, such as `token0()`. */
export function selector(signature: string): Hex {
  return toFunctionSelector(`function ${signature}`)
}

/** Calldata of a function with static arguments: addresses, booleans, or integers (two's complement). */
export function callData(selector: Hex, ...values: readonly (Address | bigint | number | boolean)[]): Hex {
  return `${selector}${values.map((value) => BigInt.asUintN(256, BigInt(value)).toString(16).padStart(64, '0')).join('')}`
}

/** The `index`-th word of an answer; null when it is not there. */
export function wordAt(answer: Hex | null | undefined, index: number): bigint | null {
  const start = 2 + index * 64
  return answer && answer.length >= start + 64 ? BigInt(`0x${answer.slice(start, start + 64)}`) : null
}

/** Number of words in an answer; 0 for none. */
export function wordCount(answer: Hex | null | undefined): number {
  return answer ? Math.floor((answer.length - 2) / 64) : 0
}

/** The only word of an answer as an address; null when it is none, or zero. */
export function toAddress(answer: Hex | null | undefined): Address | null {
  const value = wordCount(answer) === 1 ? wordAt(answer, 0) : null
  return value === null || value === 0n || value >= 1n << 160n ? null : `0x${value.toString(16).padStart(40, '0')}`
}

/** The only word of an answer as a small number below 2^23, such as a fee or a spacing; null when larger or missing. */
export function toSmall(answer: Hex | null | undefined): number | null {
  const value = wordCount(answer) === 1 ? wordAt(answer, 0) : null
  return value !== null && value < 1n << 23n ? Number(value) : null
}

/** The only word of an answer as a boolean; null when it is another value. */
export function toBoolean(answer: Hex | null | undefined): boolean | null {
  const value = wordCount(answer) === 1 ? wordAt(answer, 0) : null
  return value === 0n ? false : value === 1n ? true : null
}

/** Two tokens in order; null when one is missing or they are not ordered. */
export function orderedTokens(token0: Hex | null | undefined, token1: Hex | null | undefined): Address[] | null {
  const [first, second] = [toAddress(token0), toAddress(token1)]
  return first === null || second === null || first >= second ? null : [first, second]
}
