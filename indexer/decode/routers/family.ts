import type { RouterFamily } from '../../../contracts/chains/routers.ts'
import type { Address, Hex } from '../../types/block.ts'
import type { Data } from './calldata.ts'

/** Longest list and most calls that are read out of one transaction; a block's gas pays for fewer swaps. */
export const CALLS_MAX = 256
/** How deep calls may stand in calls. */
export const DEPTH_MAX = 4

/**
 * Who gives or gets tokens: an address, the sender of the transaction, the router itself, or the PoolManager of V4,
 * which keeps them until the router takes them out.
 */
export type Account = Address | 'SENDER' | 'ROUTER' | 'POOL_MANAGER'

/**
 * Where the input of a swap comes from. `VALUE_OR_SENDER`: the ether sent along when it covers a swap that starts from
 * the wrapped base token, else the sender; `VALUE`: all of that ether; `POOL`: the first pool was paid before.
 */
export type Source = 'SENDER' | 'VALUE' | 'VALUE_OR_SENDER' | 'ROUTER' | 'POOL' | 'POOL_MANAGER'

/** One swap call of a router; fields as in `SwapIntent`, with the tokens as the pools name them. */
export type Leg = {
  kind: 'EXACT_IN' | 'EXACT_OUT'
  tokenIn: Address
  /** Null when the call names the last pool, and not what it gives. */
  tokenOut: Address | null
  /** Null when it is all that the source holds. */
  amountIn: bigint | null
  amountOut: bigint
  source: Source
  recipient: Account
  path: string
}

/** What a router is told to do, one after the other. */
export type Step =
  | { step: 'swap'; leg: Leg }
  /** The base token in the router becomes the wrapped one. */
  | { step: 'wrap'; amount: bigint | null; recipient: Account }
  /** Tokens of the sender go to the router. */
  | { step: 'fund'; token: Address }
  /** All wrapped base token in the router becomes the base token. */
  | { step: 'unwrap'; minimum: bigint; recipient: Account }
  /** All of a token in the router or the PoolManager goes to `recipient`. */
  | { step: 'send'; from: 'ROUTER' | 'POOL_MANAGER'; token: Address; minimum: bigint; recipient: Account }
  /** An amount of a token goes to `recipient`: a fee, or the output of an EXACT_OUT swap. */
  | { step: 'pay'; from: 'ROUTER' | 'POOL_MANAGER'; token: Address; amount: bigint; recipient: Account }
  /** The PoolManager gets a token; an amount of null is all the router holds, 0 what is owed. */
  | { step: 'settle'; from: 'SENDER' | 'ROUTER'; token: Address; amount: bigint | null }
  /** The call fails after this time, in seconds. */
  | { step: 'deadline'; deadline: bigint }

/** How many calls may still be read, and how deep we are: hostile calldata can point to the same bytes many times. */
export type Reading = { budget: { callsLeft: number }; depth: number }

/** The steps a call asks for, from its arguments; throws CalldataError when they cannot be read. */
export type CallDecoder = (args: Data, reading: Reading) => Step[]

/** Call decoders by selector. */
export type Calls = Readonly<Record<Hex, CallDecoder>>

/** How the calls to the routers of a family are read. */
export type RouterDecoder = { family: RouterFamily; calls: Calls }
