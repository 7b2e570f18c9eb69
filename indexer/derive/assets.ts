import type { Address } from '../types/block.ts'

/** The base token where a log or a call names it by nothing. */
export const BASE_TOKEN: Address = '0x0000000000000000000000000000000000000000'
/** The base token as a contract on ZKsync Era and its chains (L2BaseToken). */
export const L2_BASE_TOKEN: Address = '0x000000000000000000000000000000000000800a'

const PLACEHOLDER: Address = '0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee'

/** All spellings of the base token; its wrapped form is another contract on each chain. */
export const BASE_TOKENS: readonly Address[] = [BASE_TOKEN, L2_BASE_TOKEN, PLACEHOLDER]

/** True for the base token in any of its spellings, but not for its wrapped form. */
export function isBaseToken(token: Address): boolean {
  return BASE_TOKENS.includes(token)
}

/**
 * The asset a token stands for: the base token and its wrapped form are one, under the address of the wrapped form where
 * there is one. Compare tokens by this, never by address.
 */
export function assetOf(token: Address, wrappedNative: Address | null): Address {
  return isBaseToken(token) ? (wrappedNative ?? BASE_TOKEN) : token
}
