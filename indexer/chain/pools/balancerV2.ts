import { toFeePips } from '../../../contracts/families.ts'
import type { Address, Hex } from '../../types/block.ts'
import type { InnerState, PoolClaim } from '../../types/pool.ts'
import { fetchCalls } from '../calls.ts'
import type { Rpc } from '../rpc.ts'
import { type Probe, selector, toAddress, wordAt, wordCount } from './probe.ts'

const POOL_TOKENS = selector('getPoolTokens(bytes32)')
const SWAP_FEE = selector('getSwapFeePercentage()')
const WEIGHTS = selector('getNormalizedWeights()')
/** Pools whose weights move with time have this. */
const WEIGHT_UPDATE = selector('getGradualWeightUpdateParams()')
const WAD = 10n ** 18n
const TOKENS_MAX = 50

/** Balancer V2: pool and vault have to name each other; the tokens are those that the Vault lists. */
export const balancerV2Probe: Probe = {
  family: 'balancer-v2',
  ask: ({ address: to, emitter, poolId }) => [
    ...['getVault()', 'getPoolId()'].map((name) => ({ to, data: selector(name) })),
    { to, data: SWAP_FEE },
    ...(poolId === null ? [] : [poolTokens(emitter, poolId)]),
  ],
  read: ([vault, poolId, fee, listed], { address, emitter, creation }) => {
    const id = wordCount(poolId) === 1 ? wordAt(poolId, 0)! : null
    const tokens = creation === null ? (listAt(listed, 0)?.map(asAddress) ?? []) : [...creation.tokens]
    if (toAddress(vault) !== emitter || id === null || id >> 96n !== BigInt(address)) return null
    if (tokens.length < 2 || new Set(tokens).size < tokens.length) return null
    const feePips = wordCount(fee) === 1 ? toFeePips('balancer-v2', wordAt(fee, 0)) : null
    return { family: 'balancer-v2', factory: emitter, tokens, feePips, tickSpacing: null, stable: null }
  },
  lookUp: () => null,
  snapshot: (rpc, claim, { tokens }, signal) => fetchWeightedSnapshot(rpc, claim, tokens, signal),
}

function poolTokens(vault: Address, poolId: Hex): { to: Address; data: Hex } {
  return { to: vault, data: `${POOL_TOKENS}${poolId.slice(2)}` }
}

/**
 * Reads weights, fee and balances of a weighted pool before the block of a claim; of one that is being created, weights and
 * fee at the end of the block and empty balances.
 * @returns null for pools without weights, and when the node does not serve all of it.
 */
async function fetchWeightedSnapshot(
  rpc: Rpc,
  { address: to, emitter, poolId, blockNumber, creation }: PoolClaim,
  tokens: readonly Address[],
  signal?: AbortSignal,
): Promise<InnerState | null> {
  const at = creation === null ? blockNumber - 1 : blockNumber
  if (poolId === null || at < 0) return null
  const asked = [...[WEIGHTS, SWAP_FEE, WEIGHT_UPDATE].map((data) => ({ to, data })), poolTokens(emitter, poolId)]
  const calls = asked.map((call) => ({ ...call, blockNumber: at }))
  const [weightList, fee, update, listed] = await fetchCalls(rpc, calls, 'null', signal)
  const weights = listAt(weightList, 0)
  const swapFee = wordCount(fee) === 1 ? wordAt(fee, 0) : null
  const balances = creation === null ? listAt(listed, 1) : tokens.map(() => 0n)
  if (weights === null || swapFee === null || swapFee >= WAD || balances === null) return null
  if (weights.length !== tokens.length || balances.length !== tokens.length) return null
  if (weights.reduce((sum, weight) => sum + weight, 0n) !== WAD) return null
  return { kind: 'inner', inner: { balances, weights, swapFee, isPlain: wordCount(update) === 0 }, doubts: 0 }
}

/** The words of the list that the `index`-th word of an answer points to; null when there is none. */
function listAt(answer: Hex | null | undefined, index: number): bigint[] | null {
  const offset = wordAt(answer, index)
  if (offset === null || offset % 32n !== 0n || offset / 32n >= BigInt(wordCount(answer))) return null
  const start = Number(offset / 32n)
  const length = wordAt(answer, start)!
  if (length > BigInt(TOKENS_MAX) || start + Number(length) >= wordCount(answer)) return null
  return Array.from({ length: Number(length) }, (_, position) => wordAt(answer, start + 1 + position)!)
}

function asAddress(word: bigint): Address {
  return `0x${BigInt.asUintN(160, word).toString(16).padStart(40, '0')}`
}
