import { abstract } from './abstract.ts'
import { cronosZkevm } from './cronosZkevm.ts'
import { devnet } from './devnet.ts'
import { era } from './era.ts'
import { ethereum } from './ethereum.ts'
import { lens } from './lens.ts'
import type { ChainProfile } from './profile.ts'
import { sophon } from './sophon.ts'
import { treasure } from './treasure.ts'
import { zero } from './zero.ts'
import { zklink } from './zklink.ts'

/** Every chain with a profile. A new one is a file beside this and a line here. */
export const chainProfiles: readonly ChainProfile[] = [
  era,
  abstract,
  sophon,
  lens,
  zero,
  cronosZkevm,
  zklink,
  treasure,
  ethereum,
  devnet,
]

/** The profile of a chain id. A chain without one is a plain EVM chain of which nothing is known but its events. */
export function findProfile(chainId: number): ChainProfile {
  return chainProfiles.find(({ id }) => id === chainId) ?? unknownChain(chainId)
}

function unknownChain(id: number): ChainProfile {
  return {
    id,
    name: `chain-${id}`,
    stack: 'evm',
    ordering: 'tip',
    blockTimeMs: 1_000,
    nativeSymbol: 'ETH',
    wrappedNative: null,
    stablecoins: [],
    multicall3: null,
    factories: [],
    singletons: [],
    lending: [],
    create2: [],
    routers: [],
    l1: null,
  }
}
