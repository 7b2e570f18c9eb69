import { decodeFunctionResult, encodeFunctionData, parseAbi, zeroAddress } from 'viem'
import type { L1Profile } from '../../../contracts/chains/profile.ts'
import type { Address, Hex } from '../../types/block.ts'
import type { Endpoints } from '../endpoints.ts'
import { RpcError } from '../errors.ts'
import { toAddress } from '../format.ts'

/** Bridgehub's way from a chain id to its diamond; the older name is that of the versions before 26. */
const bridgehubAbi = parseAbi([
  'function getZKChain(uint256 chainId) view returns (address)',
  'function getHyperchain(uint256 chainId) view returns (address)',
])

/**
 * The contract on L1 that the chain itself names: by zks_getMainContract of the era server, by the Bridgehub for
 * ZKsync OS; null when neither tells.
 * @param id chain id of the L2; `chainId` that of the L1; `chain` endpoints of the L2; `l1` those of the L1.
 */
export async function findL1Contract(
  id: number,
  chainId: number,
  chain: Endpoints,
  l1: Endpoints,
): Promise<L1Profile | null> {
  const diamond =
    (await askAddress(chain, 'zks_getMainContract')) ??
    (await askBridgehub(id, await askAddress(chain, 'zks_getBridgehubContract'), l1))
  return diamond && { chainId, diamond, startBlock: 0 }
}

async function askAddress(chain: Endpoints, method: string): Promise<Address | null> {
  try {
    const answer = await chain.use((rpc) => rpc.request(method, []))
    return answer === null ? null : toAddress(answer)
  } catch (error) {
    if (error instanceof RpcError) return null
    throw error
  }
}

async function askBridgehub(chainId: number, bridgehub: Address | null, l1: Endpoints): Promise<Address | null> {
  if (bridgehub === null) return null
  for (const functionName of ['getZKChain', 'getHyperchain'] as const) {
    const data = encodeFunctionData({ abi: bridgehubAbi, functionName, args: [BigInt(chainId)] })
    try {
      const answer = await l1.use((rpc) => rpc.request('eth_call', [{ to: bridgehub, data }, 'latest']))
      if (answer === '0x') continue
      const diamond = toAddress(decodeFunctionResult({ abi: bridgehubAbi, functionName, data: answer as Hex }))
      if (diamond !== zeroAddress) return diamond
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
    }
  }
  return null
}
