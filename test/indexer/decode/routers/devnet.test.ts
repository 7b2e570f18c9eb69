import {
  createPublicClient,
  http,
  type Log,
  maxUint256,
  type PublicClient,
  parseAbi,
  parseEventLogs,
  toFunctionSelector,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { devnet as profile } from '../../../../contracts/chains/devnet.ts'
import { findRouter } from '../../../../contracts/chains/routers.ts'
import { type Devnet, type DevnetContracts, startDevnet } from '../../../../contracts/devnet/index.ts'
import { decodeSwapIntent } from '../../../../indexer/decode/routers/index.ts'
import type { Address, Hex } from '../../../../indexer/types/block.ts'
import type { SwapIntent } from '../../../../indexer/types/intent.ts'
import { abis, BASE, encode, packed } from './calls.ts'

const swapAbi = [
  ...parseAbi([
    'event Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)',
  ]),
  ...parseAbi([
    'event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)',
  ]),
]
const wethAbi = parseAbi([
  'event Deposit(address indexed dst, uint256 wad)',
  'event Withdrawal(address indexed src, uint256 wad)',
])
const FOREVER = maxUint256
const V2_SELECTORS = new Set<string>(
  abis.uniswapV2Router02.flatMap((item) => (item.type === 'function' ? [toFunctionSelector(item)] : [])),
)
const poolAbi = parseAbi([
  'function token0() view returns (address)',
  'function token1() view returns (address)',
  'function fee() view returns (uint24)',
])

/** A swap event in the words of an intent. */
type Hop = {
  tokenIn: Address
  tokenOut: Address
  amountIn: bigint
  amountOut: bigint
  recipient: Address
  pool: string
}
type Pool = { token0: Address; token1: Address; name: string }

/** What the tests need of a receipt: the hops, and the base token that was wrapped and unwrapped on the way. */
type Outcome = { hops: Hop[]; wrapped: bigint; unwrapped: bigint }

let devnet: Devnet
let client: PublicClient
const pools = new Map<Address, Pool>()

beforeAll(async () => {
  devnet = await startDevnet({ history: 60, seed: 3 })
  client = createPublicClient({ transport: http(devnet.url) })
})
afterAll(() => devnet?.close())

test('what agents ask routers for is what the pools then do', { timeout: 120_000 }, async () => {
  const { v2Router, v2ForkRouter, swapRouter } = devnet.contracts
  const known: Address[] = [v2Router, v2ForkRouter, swapRouter]
  const differences: string[] = []
  const missed: string[] = []
  const checked: Record<string, number> = {}
  for (let blockNumber = 1n; blockNumber <= devnet.tip(); blockNumber++) {
    const { transactions } = await client.getBlock({ blockNumber, includeTransactions: true })
    for (const { hash, to, input, value, from } of transactions) {
      const router = to && findRouter(profile, to)
      if (!router) continue
      const intent = decodeSwapIntent(to, input, value, from, profile.wrappedNative, router)
      const outcome = await readOutcome(hash)
      if (outcome === null) continue
      if (intent === null) {
        if (outcome.hops.length > 0 && known.includes(to!)) missed.push(hash)
        continue
      }
      differences.push(...differencesOf(intent, outcome).map((difference) => `${hash} ${difference}`))
      checked[input.slice(0, 10)] = (checked[input.slice(0, 10)] ?? 0) + 1
    }
  }
  console.info('swap intents that were checked against their receipts, by selector:', checked)
  expect(differences).toEqual([])
  expect(missed).toEqual([])
  for (const selector of ['0x38ed1739', '0x5c11d795', '0x414bf389', '0xc04b8d59']) {
    expect(checked[selector], selector).toBeGreaterThan(0)
  }
})

// The calls that no agent makes.
test.each<[string, bigint, (c: DevnetContracts, me: Address) => Hex]>([
  [
    'swapExactETHForTokens',
    10n ** 16n,
    ({ weth, usdc }, me) => v2('swapExactETHForTokens', [1n, [weth, usdc], me, FOREVER]),
  ],
  [
    'swapExactETHForTokensSupportingFeeOnTransferTokens',
    10n ** 16n,
    ({ weth, usdc }, me) => v2('swapExactETHForTokensSupportingFeeOnTransferTokens', [1n, [weth, usdc], me, FOREVER]),
  ],
  [
    'swapETHForExactTokens',
    10n ** 17n,
    ({ weth, usdc }, me) => v2('swapETHForExactTokens', [10n ** 6n, [weth, usdc], me, FOREVER]),
  ],
  [
    'swapExactTokensForETH',
    0n,
    ({ weth, usdc }, me) => v2('swapExactTokensForETH', [10n ** 6n, 1n, [usdc, weth], me, FOREVER]),
  ],
  [
    'swapExactTokensForETHSupportingFeeOnTransferTokens',
    0n,
    ({ weth, usdc }, me) =>
      v2('swapExactTokensForETHSupportingFeeOnTransferTokens', [10n ** 6n, 1n, [usdc, weth], me, FOREVER]),
  ],
  [
    'swapTokensForExactETH',
    0n,
    ({ weth, usdc }, me) => v2('swapTokensForExactETH', [10n ** 15n, 10n ** 8n, [usdc, weth], me, FOREVER]),
  ],
  [
    'swapTokensForExactTokens over two pairs',
    0n,
    ({ usdc, weth, wbtc }, me) =>
      v2('swapTokensForExactTokens', [10n ** 4n, 10n ** 10n, [usdc, weth, wbtc], me, FOREVER]),
  ],
  ['exactInputSingle with value', 10n ** 16n, ({ weth, usdc }, me) => inputOf(weth, usdc, 500, 10n ** 16n, me)],
  ['exactInputSingle with too little value', 1n, ({ weth, usdc }, me) => inputOf(weth, usdc, 500, 10n ** 16n, me)],
  [
    'exactOutputSingle with value',
    10n ** 17n,
    ({ weth, usdc }, me) => outputOf(weth, usdc, 500, 10n ** 6n, 10n ** 17n, me),
  ],
  [
    'exactOutput over two pools',
    0n,
    ({ usdc, weth, wbtc }, recipient) => {
      const bounds = { amountOut: 10n ** 4n, amountInMaximum: 10n ** 10n }
      return v3('exactOutput', [{ path: packed(wbtc, 3000, weth, 500, usdc), recipient, deadline: FOREVER, ...bounds }])
    },
  ],
  [
    'a multicall that swaps and unwraps',
    0n,
    ({ weth, usdc }, me) => v3('multicall', [[inputOf(usdc, weth, 500, 10n ** 6n, BASE), v3('unwrapWETH9', [1n, me])]]),
  ],
  [
    'a multicall that splits, with value',
    3n * 10n ** 16n,
    ({ weth, usdc }, me) =>
      v3('multicall', [
        [inputOf(weth, usdc, 500, 10n ** 16n, me), inputOf(weth, usdc, 3000, 2n * 10n ** 16n, me), v3('refundETH', [])],
      ]),
  ],
])('%s asks for what the pools then do', async (_, value, dataOf) => {
  const account = privateKeyToAccount(devnet.accounts[0]!.privateKey)
  const sender = account.address.toLowerCase() as Address
  const { contracts } = devnet
  const data = dataOf(contracts, sender)
  const to = V2_SELECTORS.has(data.slice(0, 10)) ? contracts.v2Router : contracts.swapRouter
  const nonce = await client.getTransactionCount({ address: sender })
  const raw = await account.signTransaction({
    ...{ chainId: devnet.chainId, to, data, value, nonce, gas: 3_000_000n },
    ...{ maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 0n, type: 'eip1559' },
  })
  const hash = await client.sendRawTransaction({ serializedTransaction: raw })
  await devnet.mine()
  const outcome = await readOutcome(hash)
  const intent = decodeSwapIntent(to, data, value, sender, profile.wrappedNative)
  expect(outcome).not.toBeNull()
  expect(intent).not.toBeNull()
  expect(differencesOf(intent!, outcome!)).toEqual([])
})

function v2(name: string, args: readonly unknown[]): Hex {
  return encode('uniswapV2Router02', name, args)
}

function v3(name: string, args: readonly unknown[]): Hex {
  return encode('swapRouter', name, args)
}

function inputOf(tokenIn: Address, tokenOut: Address, fee: number, amountIn: bigint, recipient: Address): Hex {
  const params = { tokenIn, tokenOut, fee, recipient, deadline: FOREVER, amountIn }
  return v3('exactInputSingle', [{ ...params, amountOutMinimum: 1n, sqrtPriceLimitX96: 0n }])
}

function outputOf(
  tokenIn: Address,
  tokenOut: Address,
  fee: number,
  amountOut: bigint,
  amountInMaximum: bigint,
  recipient: Address,
): Hex {
  const params = { tokenIn, tokenOut, fee, recipient, deadline: FOREVER, amountOut, amountInMaximum }
  return v3('exactOutputSingle', [{ ...params, sqrtPriceLimitX96: 0n }])
}

/** What the events show that was not asked for, in words. */
function differencesOf(intent: SwapIntent, { hops, wrapped, unwrapped }: Outcome): string[] {
  const { kind, tokenIn, tokenOut, amountIn, amountOut, recipient, path } = intent
  const text = (part: readonly Hop[]) =>
    part.map((hop) => `${hop.tokenIn} ${hop.pool} `).join('') + part.at(-1)?.tokenOut
  const rest = [...hops]
  const parts = path.split(' + ').map((part) => rest.splice(0, (part.split(' ').length - 1) / 2))
  const given = parts.reduce((total, part) => total + part[0]!.amountIn, 0n)
  const got = parts.reduce((total, part) => total + part.at(-1)!.amountOut, 0n)
  const { weth, fot } = devnet.contracts
  // A token with a fee on transfer loses a part on the way to the pair.
  const isGiven = kind === 'EXACT_OUT' || tokenIn === fot ? given <= amountIn! : given === amountIn
  const recipients = parts.map((part) => part.at(-1)!.recipient)
  const checks: Record<string, boolean> = {
    [`path ${path}, events ${parts.map(text).join(' + ')}`]: parts.map(text).join(' + ') === path,
    [`${rest.length} swaps more`]: rest.length === 0,
    [`tokenIn ${tokenIn}`]: (tokenIn === BASE ? weth : tokenIn) === hops[0]!.tokenIn,
    [`tokenOut ${tokenOut}`]: (tokenOut === BASE ? weth : tokenOut) === hops.at(-1)!.tokenOut,
    [`amountIn ${amountIn}, events ${given}`]: isGiven,
    [`amountOut ${amountOut}, events ${got}`]: kind === 'EXACT_IN' ? got >= amountOut : got === amountOut,
    [`tokenIn ${tokenIn}, wrapped ${wrapped}`]: wrapped === (tokenIn === BASE ? given : 0n),
    [`tokenOut ${tokenOut}, unwrapped ${unwrapped}`]: unwrapped === (tokenOut === BASE ? got : 0n),
    [`recipient ${recipient}, events ${recipients}`]:
      tokenOut === BASE || recipients.every((account) => account === recipient),
  }
  return Object.keys(checks).filter((what) => !checks[what])
}

/** Null for a transaction that failed. */
async function readOutcome(hash: Hex): Promise<Outcome | null> {
  const { status, logs } = await client.getTransactionReceipt({ hash })
  if (status !== 'success') return null
  const total = (eventName: 'Deposit' | 'Withdrawal') =>
    parseEventLogs({ abi: wethAbi, logs, eventName }).reduce((sum, { args }) => sum + args.wad, 0n)
  return { hops: await readHops(logs), wrapped: total('Deposit'), unwrapped: total('Withdrawal') }
}

async function readHops(logs: readonly Log[]): Promise<Hop[]> {
  const hops: Hop[] = []
  for (const { address, args } of parseEventLogs({ abi: swapAbi, logs: [...logs] })) {
    const pool = await readPool(address.toLowerCase() as Address)
    const [amount0, amount1] =
      'amount0' in args
        ? [args.amount0, args.amount1]
        : [args.amount0In - args.amount0Out, args.amount1In - args.amount1Out]
    const recipient = ('recipient' in args ? args.recipient : args.to).toLowerCase() as Address
    const [tokenIn, tokenOut] = amount0 > 0n ? [pool.token0, pool.token1] : [pool.token1, pool.token0]
    const [amountIn, amountOut] = amount0 > 0n ? [amount0, -amount1] : [amount1, -amount0]
    hops.push({ tokenIn, tokenOut, amountIn, amountOut, recipient, pool: pool.name })
  }
  return hops
}

async function readPool(address: Address): Promise<Pool> {
  const stored = pools.get(address)
  if (stored) return stored
  const read = (functionName: 'token0' | 'token1') => client.readContract({ address, abi: poolAbi, functionName })
  const [token0, token1] = [await read('token0'), await read('token1')]
  const fee = await client.readContract({ address, abi: poolAbi, functionName: 'fee' }).catch(() => null)
  const name = fee === null ? 'v2' : String(fee)
  const pool = { token0: token0.toLowerCase() as Address, token1: token1.toLowerCase() as Address, name }
  pools.set(address, pool)
  return pool
}
