import type { Log } from '../types/block.ts'
import type { Family, SwapEvent } from '../types/event.ts'
import { tokenSwap } from './balancerV2.ts'
import type { FamilyDecoders } from './family.ts'
import { addressAt, hasShape, uintAt } from './words.ts'

const BPS = 10_000n

/**
 * Vaults like that of GMX V1 (Rollup.finance, Flux, zkDX, Fulcrom, KKEX): swaps at oracle prices. What comes out is the amount
 * after fees. The Router emits a Swap of its own for the same trade, which is not read. Source: gmx-contracts Vault.
 */
export const gmxV1: FamilyDecoders = {
  family: 'gmx-v1',
  decoders: {
    // Swap(address account, address tokenIn, address tokenOut, uint256 amountIn, uint256 amountOut, uint256 amountOutAfterFees, uint256 feeBasisPoints)
    '0x0874b2d545cb271cdbda4e093020c452328b24af12382ed62c4d00f5c26709db': decodeSwap,
  },
}

function decodeSwap(log: Log, families: readonly Family[]): SwapEvent | null {
  if (!hasShape(log, 1, 7)) return null
  const account = addressAt(log.data, 0)
  const tokenIn = addressAt(log.data, 1)
  const tokenOut = addressAt(log.data, 2)
  const fee = uintAt(log.data, 6)
  if (account === null || tokenIn === null || tokenOut === null || fee > BPS) return null
  const [amountIn, amountOut] = [uintAt(log.data, 3), uintAt(log.data, 5)]
  const parties = { sender: account, recipient: account }
  return tokenSwap(log, families, { pool: log.address, tokenIn, tokenOut, amountIn, amountOut, fee, ...parties })
}
