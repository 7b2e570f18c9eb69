import { hexToBytes, keccak256 } from 'viem'
import type { Hex } from '../../indexer/types/block.ts'

/** The logs bloom of a block that holds `values`, as the yellow paper defines it (section 4.3.1, M3:2048). */
export function bloomOf(values: readonly Hex[]): Hex {
  let bloom = 0n
  for (const value of values) {
    const bytes = hexToBytes(keccak256(value))
    for (const index of [0, 2, 4]) {
      const bit = (bytes[index]! * 256 + bytes[index + 1]!) % 2048
      bloom |= 1n << BigInt(bit)
    }
  }
  return `0x${bloom.toString(16).padStart(512, '0')}`
}
