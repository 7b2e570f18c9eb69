import { type AbiParameter, type DecodeAbiParametersReturnType, decodeAbiParameters, encodeAbiParameters } from 'viem'
import type { Hex } from '../types/block.ts'

/**
 * The values of ABI-encoded data with lists in them; null when they are not exactly what encoding them again gives.
 * Slow, for events that are rare.
 */
export function decodeExactly<const Types extends readonly AbiParameter[]>(
  types: Types,
  data: Hex,
): DecodeAbiParametersReturnType<Types> | null {
  try {
    const values = decodeAbiParameters(types, data)
    return encodeAbiParameters(types, values as never) === data ? values : null
  } catch {
    return null
  }
}
