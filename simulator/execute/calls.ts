import type { Address } from '../../indexer/types/block.ts'
import type { TickRange } from '../pools/range.ts'
import type { Ledger, Route, World } from '../pools/world.ts'
import { contracts } from '../profile.ts'
import { weth } from '../tokens.ts'
import type { Call, CallAction, SwapAction } from './call.ts'
import { pairRouterInput, plainInput, rangeRouterInput, routeWords } from './calldata.ts'

/** Seconds after which a swap is no longer wanted. */
const PATIENCE_SECONDS = 1_200

/**
 * A swap by a user over the router of its pools: Router02 for pairs, SwapRouter for V3 pools, the first aggregator where the
 * route has both.
 * @param timestamp Unix seconds, from which the deadline is counted.
 */
export function callRouter(
  base: World | Ledger,
  user: Address,
  route: Route,
  timestamp: number,
  isNative = false,
): Call {
  const kinds = new Set(route.hops.map(({ pool }) => base.get(pool)!.kind))
  if (kinds.size > 1) return callAggregator(user, [route], contracts.aggregators[0])
  const isPairs = kinds.has('pair')
  const native = isNative && isPairs && route.mode === 'EXACT_IN' ? nativeSide(route) : null
  const caller = isPairs ? contracts.pairRouter : contracts.rangeRouter
  const deadline = timestamp + PATIENCE_SECONDS
  return {
    to: caller,
    valueWei: native === 'in' ? route.amount : 0n,
    input: isPairs ? pairRouterInput(route, user, deadline, native) : rangeRouterInput(base, route, user, deadline),
    actions: [{ kind: 'swap', route, caller, payer: user, recipient: user, native }],
  }
}

function nativeSide({ hops }: Route): SwapAction['native'] {
  return hops[0]!.tokenIn === weth.address ? 'in' : hops.at(-1)!.tokenOut === weth.address ? 'out' : null
}

/**
 * Swaps by a user over an aggregator: it takes the tokens in, trades along routes with one beginning and one end, and pays out
 * at last. Exact inputs only.
 */
export function callAggregator(user: Address, routes: readonly Route[], aggregator: Address): Call {
  const [tokenIn, tokenOut] = [routes[0]!.hops[0]!.tokenIn, routes[0]!.hops.at(-1)!.tokenOut]
  const amount = routes.reduce((sum, route) => sum + route.amount, 0n)
  const actions: CallAction[] = [
    { kind: 'pull', token: tokenIn, from: user, to: aggregator, amount },
    ...routes.map((route) => swapBy(route, aggregator, aggregator, aggregator)),
    { kind: 'pass-on', token: tokenOut, from: aggregator, to: user },
  ]
  return { to: aggregator, valueWei: 0n, input: plainInput('aggregate', [user, ...routeWords(routes)]), actions }
}

/** A swap by a user over a contract that calls the pools for anybody: the user pays and gets what comes out. */
export function callUnknownRouter(user: Address, route: Route, router: Address = contracts.unknownRouter): Call {
  return {
    ...{ to: router, valueWei: 0n, input: plainInput('swapFor', [user, ...routeWords([route])]) },
    actions: [swapBy(route, router, user, user)],
  }
}

/**
 * Swaps by a contract that holds the tokens itself.
 * @param gainToken the whole reverts unless the contract has more of it in the end; null for none.
 */
export function callExecutor(executor: Address, routes: readonly Route[], gainToken: Address | null = null): Call {
  const actions: CallAction[] = routes.map((route) => swapBy(route, executor, executor, executor))
  if (gainToken !== null) actions.push({ kind: 'require-gain', token: gainToken, account: executor })
  return { to: executor, valueWei: 0n, input: plainInput(`execute ${executor}`, routeWords(routes)), actions }
}

/** A call of a contract of one's own that finds nothing to do and reverts. */
export function callInVain(executor: Address, words: readonly (bigint | Address)[]): Call {
  return { to: executor, valueWei: 0n, input: plainInput(`execute ${executor}`, words), actions: [{ kind: 'fail' }] }
}

function swapBy(route: Route, caller: Address, payer: Address, recipient: Address): SwapAction {
  return { kind: 'swap', route, caller, payer, recipient, native: null }
}

/** Liquidity for a pair over its router. */
export function callAdd(user: Address, pool: Address, most0: bigint, most1: bigint): Call {
  const caller = contracts.pairRouter
  return {
    ...{ to: caller, valueWei: 0n, input: `0xe8e33700${plainInput('', [pool, most0, most1, user]).slice(10)}` },
    actions: [{ kind: 'add', pool, caller, payer: user, provider: user, most0, most1 }],
  }
}

/** Liquidity out of a pair over its router. */
export function callRemove(user: Address, pool: Address, shares: bigint): Call {
  const caller = contracts.pairRouter
  return {
    ...{ to: caller, valueWei: 0n, input: `0xbaa2abde${plainInput('', [pool, shares, user]).slice(10)}` },
    actions: [{ kind: 'remove', pool, caller, provider: user, shares }],
  }
}

/** Adds liquidity to a pair from one token: a part of it is swapped first, all in one transaction. */
export function callZap(user: Address, swap: Route, rest: bigint): Call {
  const { pool, tokenIn } = swap.hops[0]!
  const caller = contracts.zap
  return {
    ...{ to: caller, valueWei: 0n, input: plainInput('zapIn', [user, rest, ...routeWords([swap])]) },
    actions: [
      { kind: 'pull', token: tokenIn, from: user, to: caller, amount: swap.amount + rest },
      swapBy(swap, caller, caller, caller),
      { kind: 'add-all', pool, caller, provider: user },
    ],
  }
}

/** A change of a V3 position by its owner: over the position manager with a token, or by a contract of one's own. */
export function callRange(
  kind: 'mint' | 'burn',
  position: {
    pool: Address
    range: TickRange
    liquidity: bigint
    owner: Address
    provider: Address
    tokenId: bigint | null
  },
): Call {
  const { pool, range, liquidity, owner, tokenId } = position
  const words = [pool, range.tickLower, range.tickUpper, liquidity, tokenId ?? 0n]
  const selector = tokenId === null ? null : kind === 'mint' ? '0x88316456' : '0xac9650d8'
  const input = plainInput(`${kind} ${owner}`, words)
  return {
    ...{ to: owner, valueWei: 0n, input: selector === null ? input : (`${selector}${input.slice(10)}` as const) },
    actions: [{ kind, ...position }],
  }
}
