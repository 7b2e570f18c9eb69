import type { Address, Hex } from '../../indexer/types/block.ts'
import { addressWord, hashOf, word } from '../hex.ts'
import type { RangePool } from '../pools/types.ts'
import type { Ledger, Route, World } from '../pools/world.ts'

const DIGITS_OF_WORD = 64
/** What a user accepts at most or least who gives no limit. */
const NO_MAXIMUM = (1n << 256n) - 1n

/** Tokens of a route, first to last. */
function pathOf({ hops }: Route): Address[] {
  return [hops[0]!.tokenIn, ...hops.map(({ tokenOut }) => tokenOut)]
}

function limitOf({ mode, limit }: Route): bigint {
  return limit ?? (mode === 'EXACT_IN' ? 0n : NO_MAXIMUM)
}

/** A call of UniswapV2Router02 for a route over pairs. */
export function pairRouterInput(route: Route, to: Address, deadline: number, native: 'in' | 'out' | null): Hex {
  const path = pathOf(route)
  const list = word(path.length) + path.map(addressWord).join('')
  const tail = (words: number) => word(words * 32) + addressWord(to) + word(deadline) + list
  const amounts = word(route.amount) + word(limitOf(route))
  if (native === 'in') return `0x7ff36ab5${word(limitOf(route))}${tail(4)}`
  if (native === 'out') return `0x18cbafe5${amounts}${tail(5)}`
  return `0x${route.mode === 'EXACT_IN' ? '38ed1739' : '8803dbee'}${amounts}${tail(5)}`
}

/** A call of SwapRouter for a route over V3 pools. */
export function rangeRouterInput(base: World | Ledger, route: Route, to: Address, deadline: number): Hex {
  const { hops, mode, amount } = route
  const fees = hops.map(({ pool }) => (base.get(pool) as RangePool).feePips)
  const tail = word(deadline) + word(amount) + word(limitOf(route))
  const [first] = hops
  if (hops.length === 1) {
    const head = addressWord(first!.tokenIn) + addressWord(first!.tokenOut) + word(fees[0]!) + addressWord(to)
    return `0x${mode === 'EXACT_IN' ? '414bf389' : 'db3e2198'}${head}${tail}${word(0)}`
  }
  const path = packPath(pathOf(route), fees, mode)
  const bytes = word(path.length / 2) + path.padEnd(Math.ceil(path.length / DIGITS_OF_WORD) * DIGITS_OF_WORD, '0')
  return `0x${mode === 'EXACT_IN' ? 'c04b8d59' : 'f28c0498'}${word(32)}${word(160)}${addressWord(to)}${tail}${bytes}`
}

/** Exact outputs name their path from its end. */
function packPath(tokens: readonly Address[], fees: readonly number[], mode: Route['mode']): string {
  const [names, rates] = mode === 'EXACT_IN' ? [tokens, fees] : [tokens.toReversed(), fees.toReversed()]
  return names.map((name, index) => name.slice(2) + (rates[index]?.toString(16).padStart(6, '0') ?? '')).join('')
}

/** A call of any other contract: a selector that stands for `name`, and words. */
export function plainInput(name: string, words: readonly (bigint | number | Address)[]): Hex {
  const args = words.map((each) => (typeof each === 'string' ? addressWord(each) : word(each)))
  return `0x${hashOf(name).slice(2, 10)}${args.join('')}`
}

/** The words of routes, for contracts of one's own: amount, limit and pools of each. */
export function routeWords(routes: readonly Route[]): (bigint | Address)[] {
  return routes.flatMap((route) => [route.amount, limitOf(route), ...route.hops.map(({ pool }) => pool)])
}
