import type { Address, Hex } from '../../types/block.ts'
import type { SwapIntent } from '../../types/intent.ts'
import { CalldataError, dataOf, splitCall } from './calldata.ts'
import { CALLS_MAX, type CallDecoder, type RouterFamily } from './family.ts'
import { multicall } from './multicall.ts'
import { planIntent } from './plan.ts'
import { swapRouter } from './swapRouter.ts'
import { swapRouter02 } from './swapRouter02.ts'
import { uniswapV2Router02 } from './uniswapV2Router02.ts'
import { universalRouter } from './universalRouter.ts'

/** Every router family that is decoded. A new one is a file beside this and a line here. */
const families: readonly RouterFamily[] = [uniswapV2Router02, swapRouter, swapRouter02, multicall, universalRouter]

const decoders = collectDecoders()

/** The selector of every router call that is decoded. */
export const knownSelectors: readonly Hex[] = [...decoders.keys()]

/**
 * The swap that the calldata of a transaction asks a router for; null when its selector is not known, when it is
 * malformed, when it asks for no swap, or for several that are not one (see `planIntent`). Never throws.
 *
 * The decision is made by selector and shape alone. Any contract may use a selector of a router for something else, so
 * whoever calls this for an account that is no known router reads a likeness, not a fact.
 *
 * `valueWei` is the base token sent along. `wrappedNative` tells the wrapped base token from other tokens; with null the
 * token is inferred from the calls that wrap, unwrap or pay with ether. Addresses are in lower case.
 */
export function decodeSwapIntent(
  to: Address | null,
  calldata: Hex,
  valueWei: bigint,
  sender: Address,
  wrappedNative: Address | null,
): SwapIntent | null {
  const data = dataOf(calldata)
  if (to === null || data === null) return null
  const { selector, args } = splitCall(data)
  const decode = decoders.get(selector)
  if (decode === undefined) return null
  try {
    const steps = decode(args, { budget: { callsLeft: CALLS_MAX }, depth: 0 })
    return planIntent(steps, { to, valueWei, sender, wrappedNative })
  } catch (error) {
    if (error instanceof CalldataError) return null
    throw error
  }
}

function collectDecoders(): Map<Hex, CallDecoder> {
  const all = new Map<Hex, CallDecoder>()
  for (const { family, calls } of families) {
    for (const [selector, decode] of Object.entries(calls) as [Hex, CallDecoder][]) {
      if (all.has(selector)) throw new Error(`two routers claim selector ${selector}, the second is ${family}`)
      all.set(selector, decode)
    }
  }
  return all
}
