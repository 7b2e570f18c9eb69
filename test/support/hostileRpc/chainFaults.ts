import { spoilOne } from './spoil.ts'
import type { Fault } from './types.ts'

/** The endpoint says that it serves another chain; at rate 1 from the start it always did, set later it has switched. */
export const chainFaults = {
  otherChainId: spoilOne(['eth_chainId', 'net_version'], (_, { method }, { settings: { chainId } }) =>
    method === 'eth_chainId' ? `0x${chainId.toString(16)}` : String(chainId),
  ),
} satisfies Record<string, Fault>
