import * as AbiParameters from 'ox/AbiParameters'
import type { Hex } from '../types/block.ts'

/**
 * The values of ABI-encoded data with lists in them; null when they are not exactly what encoding them again gives.
 * Slow, for events that are rare.
 */
export function decodeExactly<const Types extends AbiParameters.AbiParameters>(
  types: Types,
  data: Hex,
): AbiParameters.decode.ReturnType<Types> | null {
  try {
    const values = AbiParameters.decode(types, data)
    return AbiParameters.encode(types, values as never) === data ? values : null
  } catch {
    return null
  }
}
