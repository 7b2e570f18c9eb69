import { createRequire } from 'node:module'
import {
  type Abi,
  concatHex,
  encodeAbiParameters,
  encodeFunctionData,
  numberToHex,
  parseAbi,
  parseAbiParameters,
} from 'viem'
import { type RouterFamily, router } from '../../../../contracts/chains/routers.ts'
import { decodeSwapIntent } from '../../../../indexer/decode/routers/index.ts'
import type { Address, Hex } from '../../../../indexer/types/block.ts'
import type { SwapIntent } from '../../../../indexer/types/intent.ts'
import { address } from '../../../support/logs.ts'

const require = createRequire(import.meta.url)
const packaged = (path: string) => (require(path) as { abi: Abi }).abi

export const ROUTER = address(0xee)
export const SENDER = address(0xa1)
export const OTHER = address(0xa2)
export const WETH = address(0x11)
export const USDC = address(0x22)
export const DAI = address(0x33)
export const BASE: Address = `0x${'0'.repeat(40)}`
export const MSG_SENDER: Address = `0x${'0'.repeat(39)}1`
export const ADDRESS_THIS: Address = `0x${'0'.repeat(39)}2`
export const CONTRACT_BALANCE = 2n ** 255n
export const DEADLINE = 1_750_000_600n

/** The ABIs of the routers: from their packages, or as their interfaces declare them. */
export const abis = {
  uniswapV2Router02: packaged('@uniswap/v2-periphery/build/UniswapV2Router02.json'),
  swapRouter: packaged('@uniswap/v3-periphery/artifacts/contracts/SwapRouter.sol/SwapRouter.json'),
  swapRouter02: parseAbi([
    'struct InputSingle { address tokenIn; address tokenOut; uint24 fee; address recipient; uint256 amountIn; uint256 amountOutMinimum; uint160 sqrtPriceLimitX96; }',
    'struct OutputSingle { address tokenIn; address tokenOut; uint24 fee; address recipient; uint256 amountOut; uint256 amountInMaximum; uint160 sqrtPriceLimitX96; }',
    'struct Input { bytes path; address recipient; uint256 amountIn; uint256 amountOutMinimum; }',
    'struct Output { bytes path; address recipient; uint256 amountOut; uint256 amountInMaximum; }',
    'function exactInputSingle(InputSingle params) payable returns (uint256)',
    'function exactOutputSingle(OutputSingle params) payable returns (uint256)',
    'function exactInput(Input params) payable returns (uint256)',
    'function exactOutput(Output params) payable returns (uint256)',
    'function swapExactTokensForTokens(uint256 amountIn, uint256 amountOutMin, address[] path, address to) payable returns (uint256)',
    'function swapTokensForExactTokens(uint256 amountOut, uint256 amountInMax, address[] path, address to) payable returns (uint256)',
    'function multicall(bytes[] data) payable returns (bytes[])',
    'function multicall(uint256 deadline, bytes[] data) payable returns (bytes[])',
    'function multicall(bytes32 previousBlockhash, bytes[] data) payable returns (bytes[])',
    'function unwrapWETH9(uint256 amountMinimum, address recipient) payable',
    'function unwrapWETH9(uint256 amountMinimum) payable',
    'function unwrapWETH9WithFee(uint256 amountMinimum, uint256 feeBips, address feeRecipient) payable',
    'function sweepToken(address token, uint256 amountMinimum, address recipient) payable',
    'function sweepToken(address token, uint256 amountMinimum) payable',
    'function sweepTokenWithFee(address token, uint256 amountMinimum, uint256 feeBips, address feeRecipient) payable',
    'function refundETH() payable',
    'function wrapETH(uint256 value) payable',
    'function pull(address token, uint256 value) payable',
    'function selfPermit(address token, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) payable',
    'function approveMax(address token) payable',
  ]),
  universalRouter: parseAbi([
    'function execute(bytes commands, bytes[] inputs) payable',
    'function execute(bytes commands, bytes[] inputs, uint256 deadline) payable',
    'function executeSigned(bytes commands, bytes[] inputs, bytes32 intent, bytes32 data, bool verifySender, bytes32 nonce, bytes signature, uint256 deadline) payable',
  ]),
  pancakeStableSwap: parseAbi([
    'function exactInputStableSwap(address[] path, uint256[] flag, uint256 amountIn, uint256 amountOutMin, address to) payable returns (uint256)',
    'function exactOutputStableSwap(address[] path, uint256[] flag, uint256 amountOut, uint256 amountInMax, address to) payable returns (uint256)',
  ]),
  solidlyRouter: parseAbi([
    'struct Route { address from; address to; bool stable; }',
    'function swapExactTokensForTokens(uint256 amountIn, uint256 amountOutMin, Route[] routes, address to, uint256 deadline)',
    'function swapExactTokensForTokensSupportingFeeOnTransferTokens(uint256 amountIn, uint256 amountOutMin, Route[] routes, address to, uint256 deadline)',
    'function swapExactTokensForETH(uint256 amountIn, uint256 amountOutMin, Route[] routes, address to, uint256 deadline)',
    'function swapExactTokensForETHSupportingFeeOnTransferTokens(uint256 amountIn, uint256 amountOutMin, Route[] routes, address to, uint256 deadline)',
    'function swapExactETHForTokens(uint256 amountOutMin, Route[] routes, address to, uint256 deadline) payable',
    'function swapExactETHForTokensSupportingFeeOnTransferTokens(uint256 amountOutMin, Route[] routes, address to, uint256 deadline) payable',
    'function swapExactTokensForTokensSimple(uint256 amountIn, uint256 amountOutMin, address tokenFrom, address tokenTo, bool stable, address to, uint256 deadline)',
  ]),
  velodromeV2Router: parseAbi([
    'struct Route { address from; address to; bool stable; address factory; }',
    'function swapExactTokensForTokens(uint256 amountIn, uint256 amountOutMin, Route[] routes, address to, uint256 deadline)',
    'function swapExactTokensForTokensSupportingFeeOnTransferTokens(uint256 amountIn, uint256 amountOutMin, Route[] routes, address to, uint256 deadline)',
    'function swapExactTokensForETH(uint256 amountIn, uint256 amountOutMin, Route[] routes, address to, uint256 deadline)',
    'function swapExactTokensForETHSupportingFeeOnTransferTokens(uint256 amountIn, uint256 amountOutMin, Route[] routes, address to, uint256 deadline)',
    'function swapExactETHForTokens(uint256 amountOutMin, Route[] routes, address to, uint256 deadline) payable',
    'function swapExactETHForTokensSupportingFeeOnTransferTokens(uint256 amountOutMin, Route[] routes, address to, uint256 deadline) payable',
  ]),
  muteRouter: parseAbi([
    'function swapExactTokensForTokens(uint256 amountIn, uint256 amountOutMin, address[] path, address to, uint256 deadline, bool[] stable)',
    'function swapExactTokensForTokensSupportingFeeOnTransferTokens(uint256 amountIn, uint256 amountOutMin, address[] path, address to, uint256 deadline, bool[] stable)',
    'function swapExactTokensForETH(uint256 amountIn, uint256 amountOutMin, address[] path, address to, uint256 deadline, bool[] stable)',
    'function swapExactTokensForETHSupportingFeeOnTransferTokens(uint256 amountIn, uint256 amountOutMin, address[] path, address to, uint256 deadline, bool[] stable)',
    'function swapExactETHForTokens(uint256 amountOutMin, address[] path, address to, uint256 deadline, bool[] stable) payable',
    'function swapExactETHForTokensSupportingFeeOnTransferTokens(uint256 amountOutMin, address[] path, address to, uint256 deadline, bool[] stable) payable',
  ]),
  syncswapRouter: parseAbi([
    'struct Step { address pool; bytes data; address callback; bytes callbackData; }',
    'struct Path { Step[] steps; address tokenIn; uint256 amountIn; }',
    'struct Permit { address token; uint256 approveAmount; uint256 deadline; uint8 v; bytes32 r; bytes32 s; }',
    'function swap(Path[] paths, uint256 amountOutMin, uint256 deadline) payable',
    'function swapWithPermit(Path[] paths, uint256 amountOutMin, uint256 deadline, Permit permit) payable',
    'function multicall(bytes[] data) payable returns (bytes[])',
    'function selfPermit2(address token, uint256 value, uint256 deadline, bytes signature) payable',
    'function burnLiquidity(address pool, uint256 liquidity, bytes data, uint256[] minAmounts, address callback, bytes callbackData)',
  ]),
  syncswapRouterV2: parseAbi([
    'struct Step { address pool; bytes data; address callback; bytes callbackData; bool useVault; }',
    'struct Path { Step[] steps; address tokenIn; uint256 amountIn; }',
    'struct Permit { address token; uint256 approveAmount; uint256 deadline; uint8 v; bytes32 r; bytes32 s; }',
    'function swap(Path[] paths, uint256 amountOutMin, uint256 deadline) payable',
    'function swapWithPermit(Path[] paths, uint256 amountOutMin, uint256 deadline, Permit permit) payable',
  ]),
  iziswapSwap: parseAbi([
    'struct SwapAmountParams { bytes path; address recipient; uint128 amount; uint256 minAcquired; uint256 deadline; }',
    'struct SwapDesireParams { bytes path; address recipient; uint128 desire; uint256 maxPayed; uint256 deadline; }',
    'function swapAmount(SwapAmountParams params) payable returns (uint256, uint256)',
    'function swapDesire(SwapDesireParams params) payable returns (uint256, uint256)',
    'function multicall(bytes[] data) payable returns (bytes[])',
    'function unwrapWETH9(uint256 minAmount, address recipient) payable',
    'function sweepToken(address token, uint256 minAmount, address recipient) payable',
    'function refundETH() payable',
  ]),
} as const

/** Encodes a call of a router with viem. */
export function encode(router: keyof typeof abis, functionName: string, args: readonly unknown[]): Hex {
  return encodeFunctionData({ abi: abis[router] as Abi, functionName, args })
}

/** A packed V3 path of tokens and fees in turn. */
export function packed(...parts: (Address | number)[]): Hex {
  return concatHex(parts.map((part) => (typeof part === 'number' ? numberToHex(part, { size: 3 }) : part)))
}

/** Decodes a call to `ROUTER` from `SENDER`, by its selector. */
export function decode(calldata: Hex, valueWei = 0n, wrappedNative: Address | null = WETH): SwapIntent | null {
  return decodeSwapIntent(ROUTER, calldata, valueWei, SENDER, wrappedNative)
}

/** Decodes the same call to a router that the chain's profile says is of `family`. */
export function decodeAs(
  family: RouterFamily | null,
  calldata: Hex,
  valueWei = 0n,
  wrappedNative: Address | null = WETH,
): SwapIntent | null {
  return decodeSwapIntent(ROUTER, calldata, valueWei, SENDER, wrappedNative, router(ROUTER, 'Router', 'router', family))
}

/** A command of the UniversalRouter, or an action of V4: its code and its input. */
export type Coded = readonly [code: number, input: Hex]

const swapParameters = parseAbiParameters('address, uint256, uint256, bytes, bool')
const pairParameters = parseAbiParameters('address, uint256, uint256, address[], bool')
const stableParameters = parseAbiParameters('address, uint256, uint256, address[], uint256[], bool')
const transferParameters = parseAbiParameters('address, address, uint256')

/** Commands of the UniversalRouter; `swap` in its two kinds takes `(recipient, exact, bound, path, payerIsUser)`. */
export const command = {
  v3In: (...args: [Address, bigint, bigint, Hex, boolean]): Coded => [0x00, encodeAbiParameters(swapParameters, args)],
  v3Out: (...args: [Address, bigint, bigint, Hex, boolean]): Coded => [0x01, encodeAbiParameters(swapParameters, args)],
  transferFrom: (...args: [Address, Address, bigint]): Coded => [0x02, encodeAbiParameters(transferParameters, args)],
  sweep: (...args: [Address, Address, bigint]): Coded => [0x04, encodeAbiParameters(transferParameters, args)],
  transfer: (...args: [Address, Address, bigint]): Coded => [0x05, encodeAbiParameters(transferParameters, args)],
  payPortion: (...args: [Address, Address, bigint]): Coded => [0x06, encodeAbiParameters(transferParameters, args)],
  v2In: (...args: [Address, bigint, bigint, Address[], boolean]): Coded => [
    0x08,
    encodeAbiParameters(pairParameters, args),
  ],
  v2Out: (...args: [Address, bigint, bigint, Address[], boolean]): Coded => [
    0x09,
    encodeAbiParameters(pairParameters, args),
  ],
  permit: (): Coded => [0x0a, '0x1234'],
  wrap: (...args: [Address, bigint]): Coded => [
    0x0b,
    encodeAbiParameters(parseAbiParameters('address, uint256'), args),
  ],
  unwrap: (...args: [Address, bigint]): Coded => [
    0x0c,
    encodeAbiParameters(parseAbiParameters('address, uint256'), args),
  ],
  v4: (...actions: Coded[]): Coded => [0x10, coded(actions)],
  stableIn: (...args: [Address, bigint, bigint, Address[], bigint[], boolean]): Coded => [
    0x22,
    encodeAbiParameters(stableParameters, args),
  ],
  stableOut: (...args: [Address, bigint, bigint, Address[], bigint[], boolean]): Coded => [
    0x23,
    encodeAbiParameters(stableParameters, args),
  ],
  subPlan: (...commands: Coded[]): Coded => [0x21, coded(commands)],
}

/** `(bytes codes, bytes[] inputs)`, as plans and V4 actions are encoded. */
export function coded(parts: readonly Coded[]): Hex {
  return encodeAbiParameters(parseAbiParameters('bytes, bytes[]'), [codesOf(parts), parts.map(([, input]) => input)])
}

/** `execute` of the UniversalRouter with the common deadline. */
export function execute(...commands: Coded[]): Hex {
  return encode('universalRouter', 'execute', [codesOf(commands), commands.map(([, input]) => input), DEADLINE])
}

/** The codes of commands or actions in one string of bytes. */
export function codesOf(parts: readonly Coded[]): Hex {
  return concatHex(parts.map(([code]) => numberToHex(code, { size: 1 })))
}
