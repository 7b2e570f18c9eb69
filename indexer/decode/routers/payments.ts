import type { Address, Hex } from '../../types/block.ts'
import { addressAt, uintAt } from './calldata.ts'
import type { Account, CallDecoder, Step } from './family.ts'

const nothing: CallDecoder = () => []

/**
 * What stands beside the swaps in a multicall of SwapRouter: tokens out of the router, and permits. A call with a fee
 * asks for the same minimum, of which the fee is taken. Source: @uniswap/v3-periphery PeripheryPaymentsWithFee, SelfPermit.
 */
export const payments: Readonly<Record<Hex, CallDecoder>> = {
  // unwrapWETH9(uint256 amountMinimum, address recipient)
  '0x49404b7c': (args) => [{ step: 'unwrap', minimum: uintAt(args, 0), recipient: addressAt(args, 1) }],
  // unwrapWETH9WithFee(uint256 amountMinimum, address recipient, uint256 feeBips, address feeRecipient)
  '0x9b2c0a37': (args) => [{ step: 'unwrap', minimum: uintAt(args, 0), recipient: addressAt(args, 1) }],
  // sweepToken(address token, uint256 amountMinimum, address recipient)
  '0xdf2ab5bb': (args) => [sweep(addressAt(args, 0), uintAt(args, 1), addressAt(args, 2))],
  // sweepTokenWithFee(address token, uint256 amountMinimum, address recipient, uint256 feeBips, address feeRecipient)
  '0xe0e189a0': (args) => [sweep(addressAt(args, 0), uintAt(args, 1), addressAt(args, 2))],
  // refundETH(): ether that no swap needed.
  '0x12210e8a': nothing,
  // selfPermit, selfPermitIfNecessary, selfPermitAllowed, selfPermitAllowedIfNecessary
  '0xf3995c67': nothing,
  '0xc2e3140a': nothing,
  '0x4659a494': nothing,
  '0xa4a78f0c': nothing,
}

/** The same for SwapRouter02, which adds calls that pay the sender and calls that bring tokens in. Source: PeripheryPaymentsExtended. */
export const extendedPayments: Readonly<Record<Hex, CallDecoder>> = {
  ...payments,
  // unwrapWETH9(uint256 amountMinimum)
  '0x49616997': (args) => [{ step: 'unwrap', minimum: uintAt(args, 0), recipient: 'SENDER' }],
  // unwrapWETH9WithFee(uint256 amountMinimum, uint256 feeBips, address feeRecipient)
  '0xd4ef38de': (args) => [{ step: 'unwrap', minimum: uintAt(args, 0), recipient: 'SENDER' }],
  // sweepToken(address token, uint256 amountMinimum)
  '0xe90a182f': (args) => [sweep(addressAt(args, 0), uintAt(args, 1), 'SENDER')],
  // sweepTokenWithFee(address token, uint256 amountMinimum, uint256 feeBips, address feeRecipient)
  '0x3068c554': (args) => [sweep(addressAt(args, 0), uintAt(args, 1), 'SENDER')],
  // wrapETH(uint256 value)
  '0x1c58db4f': (args) => [{ step: 'wrap', amount: uintAt(args, 0), recipient: 'ROUTER' }],
  // pull(address token, uint256 value)
  '0xf2d5d56b': (args) => [{ step: 'fund', token: addressAt(args, 0) }],
}

function sweep(token: Address, minimum: bigint, recipient: Account): Step {
  return { step: 'send', from: 'ROUTER', token, minimum, recipient }
}
