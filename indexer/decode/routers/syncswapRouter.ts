import type { Address, Hex } from '../../types/block.ts'
import {
  addressAt,
  booleanAt,
  boundedUintAt,
  bytesAt,
  CalldataError,
  type Data,
  numberAt,
  structsAt,
  uintAt,
} from './calldata.ts'
import { CALLS_MAX, type CallDecoder, type Calls, type Reading, type RouterDecoder } from './family.ts'
import { withMulticall } from './multicall.ts'
import { BASE_TOKEN, HOPS_MAX } from './path.ts'

/** Leave the output in the vault, withdraw it unwrapped, withdraw it wrapped. */
const WITHDRAW_MODE_MAX = 2
const POOL_DATA_DIGITS = 3 * 64

/** What the steps of the first router hold, and those of the later ones, which say whether a pool uses the vault. */
type Form = 'v1' | 'v2'

/** A step: the pool, the token it is paid in, and who gets what it gives. */
type Hop = { pool: Address; tokenIn: Address; to: Address }

/** A path of the router: the token is the zero address for the base token. */
type Path = { tokenIn: Address; amountIn: bigint; recipient: Address; text: string }

/**
 * The swaps of SyncSwap's routers. Paths name pools and not tokens, so what the last pool gives is not known, and a
 * pool is `pool:<address>` in the text. The tokens between come from what each pool is told:
 * `(address tokenIn, address to, uint8 withdrawMode)`; pools that are told anything else are not read. All paths of a
 * call are parts of one swap, as the router adds up what they give for its one minimum.
 * Source: syncswap core-contracts SyncSwapRouter, SyncSwapRouterV2, SyncSwapClassicPool.
 */
export const syncswapRouter: RouterDecoder = {
  family: 'syncswap-router',
  calls: withMulticall(
    {
      // swap(((address pool, bytes data, address callback, bytes callbackData)[] steps, address tokenIn, uint256 amountIn)[] paths, uint256 amountOutMin, uint256 deadline)
      '0x2cc4081e': swapOf('v1'),
      // swapWithPermit(… paths, uint256 amountOutMin, uint256 deadline, (address token, uint256 approveAmount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) permit)
      '0xe84d494b': permitted(swapOf('v1')),
      // swap(((address pool, bytes data, address callback, bytes callbackData, bool useVault)[] steps, address tokenIn, uint256 amountIn)[] paths, uint256 amountOutMin, uint256 deadline)
      '0xd7570e45': swapOf('v2'),
      // swapWithPermit(… paths, uint256 amountOutMin, uint256 deadline, (…) permit)
      '0x7b2151e5': permitted(swapOf('v2')),
    },
    permits(),
  ),
}

function swapOf(form: Form): CallDecoder {
  return (args, reading) => {
    const paths = structsAt(args, 0, CALLS_MAX).map((path) => pathOf(path, form, reading))
    const [first] = paths
    if (first === undefined) throw new CalldataError('no path')
    const { tokenIn, recipient } = first
    if (paths.some((path) => path.tokenIn !== tokenIn || path.recipient !== recipient))
      throw new CalldataError('paths that are no parts of one swap')
    const amountIn = paths.reduce((total, path) => total + path.amountIn, 0n)
    const leg = {
      ...{ kind: 'EXACT_IN' as const, tokenIn, tokenOut: null, amountIn, amountOut: uintAt(args, 1) },
      ...{ source: 'SENDER' as const, recipient, path: paths.map(({ text }) => text).join(' + ') },
    }
    return [
      { step: 'deadline', deadline: uintAt(args, 2) },
      { step: 'swap', leg },
    ]
  }
}

function pathOf(path: Data, form: Form, { budget }: Reading): Path {
  const hops = structsAt(path, 0, HOPS_MAX).map((step) => {
    if (budget.callsLeft-- <= 0) throw new CalldataError(`more than ${CALLS_MAX} steps`)
    return hopOf(step, form)
  })
  const [first] = hops
  const last = hops.at(-1)
  if (first === undefined || last === undefined) throw new CalldataError('a path of no pool')
  const tokenIn = addressAt(path, 1)
  if (tokenIn !== BASE_TOKEN && tokenIn !== first.tokenIn) throw new CalldataError('a pool that is paid another token')
  for (const [index, { tokenIn: token, to }] of hops.slice(0, -1).entries()) {
    const next = hops[index + 1]!
    if (to !== next.pool) throw new CalldataError('a path with a gap')
    if (token === next.tokenIn) throw new CalldataError('a pool of one token')
  }
  return { tokenIn, amountIn: uintAt(path, 2), recipient: last.to, text: textOf(hops) }
}

function hopOf(step: Data, form: Form): Hop {
  // The callback hears of the swap and changes nothing about it, but it must be there.
  addressAt(step, 2)
  bytesAt(step, 3)
  if (form === 'v2') booleanAt(step, 4)
  const data = bytesAt(step, 1)
  if (data.length !== POOL_DATA_DIGITS || numberAt(data, 2) > WITHDRAW_MODE_MAX)
    throw new CalldataError('a pool that is told what is not known')
  const hop = { pool: addressAt(step, 0), tokenIn: addressAt(data, 0), to: addressAt(data, 1) }
  if (hop.pool === BASE_TOKEN || hop.tokenIn === BASE_TOKEN) throw new CalldataError('a path over the zero address')
  return hop
}

function textOf(hops: readonly Hop[]): string {
  return `${hops.map(({ tokenIn, pool }) => `${tokenIn} pool:${pool}`).join(' ')} ?`
}

/** The permit stands in the six words behind the three of the swap. */
function permitted(decode: CallDecoder): CallDecoder {
  return (args, reading) => {
    addressAt(args, 3)
    boundedUintAt(args, 6, 8)
    uintAt(args, 8)
    return decode(args, reading)
  }
}

function permits(): Calls {
  const selectors: Hex[] = [
    '0xf3995c67', // selfPermit(address token, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
    '0xc2e3140a', // selfPermitIfNecessary(…)
    '0x4659a494', // selfPermitAllowed(address token, uint256 nonce, uint256 expiry, uint8 v, bytes32 r, bytes32 s)
    '0xa4a78f0c', // selfPermitAllowedIfNecessary(…)
    '0x6cc781cd', // selfPermit2(address token, uint256 value, uint256 deadline, bytes signature)
    '0x688ee44c', // selfPermit2IfNecessary(…)
  ]
  return Object.fromEntries(selectors.map((selector) => [selector, () => []]))
}
