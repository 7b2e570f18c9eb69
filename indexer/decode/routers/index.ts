import type { RouterProfile } from '../../../contracts/chains/routers.ts'
import type { Address, Hex } from '../../types/block.ts'
import type { SwapIntent } from '../../types/intent.ts'
import { CalldataError, type Data, dataOf, splitCall } from './calldata.ts'
import { CALLS_MAX, type CallDecoder, type RouterDecoder, type Step } from './family.ts'
import { iziswapSwap } from './iziswapSwap.ts'
import { multicallSelectors } from './multicall.ts'
import { muteRouter } from './muteRouter.ts'
import { pancakeSmartRouter, pancakeUniversalRouter } from './pancakeRouters.ts'
import { planIntent } from './plan.ts'
import { solidlyRouter, velodromeV2Router } from './solidlyRouter.ts'
import { swapRouter } from './swapRouter.ts'
import { swapRouter02 } from './swapRouter02.ts'
import { syncswapRouter } from './syncswapRouter.ts'
import { uniswapV2Router02 } from './uniswapV2Router02.ts'
import { universalRouter } from './universalRouter.ts'

/** Router families whose calls no other has with another meaning, so that also unknown accounts are read by them. */
const recognized: readonly RouterDecoder[] = [
  ...[uniswapV2Router02, swapRouter, swapRouter02, universalRouter, pancakeSmartRouter],
  ...[solidlyRouter, velodromeV2Router, muteRouter, syncswapRouter, iziswapSwap],
]

/** Every router family that is decoded. A new one is a file beside this and a line here. */
const families: readonly RouterDecoder[] = [...recognized, pancakeUniversalRouter]

const SHARED: ReadonlySet<string> = new Set(Object.values(multicallSelectors))
const byFamily = new Map(families.map(({ family, calls }) => [family, calls]))
const bySelector = collectDecoders()

/** The selector of every router call that is decoded. */
export const knownSelectors: readonly Hex[] = [...bySelector.keys()]

/**
 * The swap that the calldata of a transaction asks a router for; null when its selector is not known, when it is
 * malformed, when it asks for no swap, or for several that are not one (see `planIntent`). Never throws.
 *
 * `router` is what the chain's profile knows of `to` (see `findRouter`): its family decides what a selector means, and
 * an account of no family asks for nothing that is known. With null the decision is made by selector and shape alone. Any
 * contract may use a selector of a router for something else, so what is then read is a likeness, not a fact.
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
  router: RouterProfile | null = null,
): SwapIntent | null {
  const data = dataOf(calldata)
  if (to === null || data === null) return null
  const { selector, args } = splitCall(data)
  const candidates = router === null ? bySelector.get(selector) : decodersOf(router, selector)
  if (candidates === undefined) return null
  try {
    return planIntent(firstReading(candidates, args), { to, valueWei, sender, wrappedNative })
  } catch (error) {
    if (error instanceof CalldataError) return null
    throw error
  }
}

function decodersOf({ family }: RouterProfile, selector: Hex): readonly CallDecoder[] | undefined {
  const decode = family === null ? undefined : byFamily.get(family)?.[selector]
  return decode === undefined ? undefined : [decode]
}

/** Several routers have a multicall; the calls inside tell which of them is meant, as their swaps have nothing in common. */
function firstReading(candidates: readonly CallDecoder[], args: Data): Step[] {
  for (const decode of candidates) {
    try {
      return decode(args, { budget: { callsLeft: CALLS_MAX }, depth: 0 })
    } catch (error) {
      if (!(error instanceof CalldataError)) throw error
    }
  }
  throw new CalldataError('calls that no router has')
}

function collectDecoders(): Map<Hex, CallDecoder[]> {
  const all = new Map<Hex, CallDecoder[]>()
  for (const { family, calls } of recognized) {
    for (const [selector, decode] of Object.entries(calls) as [Hex, CallDecoder][]) {
      const claims = all.get(selector) ?? []
      if (claims.includes(decode)) continue
      if (claims.length > 0 && !SHARED.has(selector))
        throw new Error(`two routers claim selector ${selector}, the second is ${family}`)
      all.set(selector, [...claims, decode])
    }
  }
  return all
}
