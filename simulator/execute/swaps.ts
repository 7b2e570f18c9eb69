import type { Address } from '../../indexer/types/block.ts'
import { topic, word } from '../hex.ts'
import type { SwapStep } from '../pools/types.ts'
import { type Ledger, swapRoute } from '../pools/world.ts'
import { topics } from '../topics.ts'
import type { SwapAction } from './call.ts'
import type { Tape } from './tape.ts'

/**
 * Does the swaps of a route with their logs; null where it reverts.
 *
 * Who gets the output of a pool on the way: a pair that comes next gets it at once, otherwise the caller does. Exact outputs
 * over V3 pools run backwards, each pool calling for its payment before it emits. Both as the routers do it.
 * Source: UniswapV2Router02, SwapRouter, UniversalRouter.
 */
export function runSwap(ledger: Ledger, tape: Tape, action: SwapAction, wrapped: Address): SwapStep[] | null {
  const steps = swapRoute(ledger, action.route)
  if (steps === null) return null
  const { caller, native } = action
  const isBackward = action.route.mode === 'EXACT_OUT' && steps.every(({ before }) => before.kind === 'range')
  if (native === 'in') {
    tape.emit(wrapped, [topics.deposit, topic(caller)], word(steps[0]!.amountIn))
    tape.credit(wrapped, action.payer, -steps[0]!.amountIn)
    tape.credit(wrapped, caller, steps[0]!.amountIn)
  }
  const run: Run = { tape, action: { ...action, payer: native === 'in' ? caller : action.payer }, steps }
  if (isBackward) runBackward(run, steps.length - 1)
  else runForward(run)
  if (native === 'out') {
    const { amountOut } = steps.at(-1)!
    tape.emit(wrapped, [topics.withdrawal, topic(caller)], word(amountOut))
    tape.credit(wrapped, caller, -amountOut)
    tape.credit(wrapped, action.recipient, amountOut)
  }
  return steps
}

type Run = { tape: Tape; action: SwapAction; steps: readonly SwapStep[] }

function runForward({ tape, action, steps }: Run): void {
  const { caller, payer } = action
  const [first] = steps
  if (first!.before.kind === 'pair') tape.transfer(first!.tokenIn, payer, first!.before.address, first!.amountIn)
  for (const [index, step] of steps.entries()) {
    const { address, kind } = step.before
    const next = steps[index + 1]?.before
    const recipient = next === undefined ? lastRecipient(action) : next.kind === 'pair' ? next.address : caller
    tape.transfer(step.tokenOut, address, recipient, step.amountOut)
    if (kind === 'range') tape.transfer(step.tokenIn, index === 0 ? payer : caller, address, step.amountIn)
    emitSwap(tape, step, caller, recipient)
  }
}

function runBackward(run: Run, index: number): void {
  const { tape, action, steps } = run
  const step = steps[index]!
  const recipient = steps[index + 1]?.before.address ?? lastRecipient(action)
  tape.transfer(step.tokenOut, step.before.address, recipient, step.amountOut)
  if (index > 0) runBackward(run, index - 1)
  else tape.transfer(step.tokenIn, action.payer, step.before.address, step.amountIn)
  emitSwap(tape, step, action.caller, recipient)
}

/** Wrapped tokens to be unwrapped go to the caller first. */
function lastRecipient({ native, caller, recipient }: SwapAction): Address {
  return native === 'out' ? caller : recipient
}

function emitSwap(
  tape: Tape,
  { before, after, tokenIn, amountIn, amountOut }: SwapStep,
  sender: Address,
  recipient: Address,
): void {
  const { address } = before
  const isToken0In = tokenIn === before.token0
  if (after.kind === 'pair') {
    tape.emit(address, [topics.sync], word(after.reserve0) + word(after.reserve1))
    const amounts = isToken0In ? [amountIn, 0n, 0n, amountOut] : [0n, amountIn, amountOut, 0n]
    tape.emit(address, [topics.pairSwap, topic(sender), topic(recipient)], amounts.map(word).join(''))
    return
  }
  const [amount0, amount1] = isToken0In ? [amountIn, -amountOut] : [-amountOut, amountIn]
  const words = [amount0, amount1, after.sqrtPriceX96, after.liquidity, after.tick]
  tape.emit(address, [topics.rangeSwap, topic(sender), topic(recipient)], words.map(word).join(''))
}
