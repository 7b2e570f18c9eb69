import { encodeFunctionData } from 'viem'
import { devAccounts, firstAccount } from '../accounts.ts'
import { searcher as searcherArtifact } from '../artifacts/Searcher.ts'
import { devnetContracts } from '../contracts.ts'
import { devnetPools, type PoolName } from '../pools.ts'
import { amountOfUsd, tokenAddress } from '../tokens.ts'
import { type Agent, groupTip, pickMoment, roleLabel, type Slot } from './agent.ts'
import { hopOf, orderOfUsd, otherToken, pickDirection, routerSwap } from './trades.ts'

/** Pools with the size of a victim's trade that moves them by more than the fees of both legs. */
const targets: readonly { pool: PoolName; victimUsd: number }[] = [
  { pool: 'v2WethMkr', victimUsd: 25_000 },
  { pool: 'v2ForkWethUsdc', victimUsd: 50_000 },
  { pool: 'v2WethUsdc', victimUsd: 180_000 },
]

/**
 * Creates a sandwicher and its victims, about every 30th block. No outsider could place the front
 * leg under first-come ordering: the devnet sends victim and legs itself, in the order wanted.
 */
export function createSandwiches(): Agent {
  let count = 0
  return (slot) => {
    if (!slot.random.chance(0.035)) return []
    const { pool, victimUsd } = slot.random.pick(targets)
    return slot.market.state(pool) ? sandwich(slot, pool, victimUsd, `sandwich-${count++}`) : []
  }
}

function sandwich(slot: Slot, pool: PoolName, victimUsd: number, groupId: string): ReturnType<Agent> {
  const { random, market } = slot
  const attacker = firstAccount(devAccounts().sandwicher)
  const { sandwicher } = devnetContracts()
  const tokenIn = pickDirection(random, market, pool)
  const tokenOut = otherToken(devnetPools()[pool], tokenIn)
  const usd = victimUsd * (0.8 + 0.4 * random.next())
  const victims = Array.from({ length: random.chance(0.2) ? 2 : 1 }, () => {
    const from = random.pick([...devAccounts().retail, ...devAccounts().whale])
    return { from, call: routerSwap(from, orderOfUsd(market, pool, tokenIn, usd, 0.3)) }
  })
  const front = encodeFunctionData({
    abi: searcherArtifact.abi,
    functionName: 'front',
    args: [hopOf(pool, tokenIn), tokenAddress(tokenOut), amountOfUsd(tokenIn, usd * 0.8)],
  })
  const args = [hopOf(pool, tokenOut)] as const
  const back = encodeFunctionData({ abi: searcherArtifact.abi, functionName: 'back', args })
  const legs = [
    {
      from: attacker,
      to: sandwicher,
      data: front,
      label: roleLabel('sandwicher', 'front', 'FRONT', groupId, 'SANDWICH'),
    },
    ...victims.map(({ from, call }) => ({
      ...{ from, to: call.to, data: call.data },
      label: roleLabel('retail', call.action, 'VICTIM', groupId, 'SANDWICH'),
    })),
    { from: attacker, to: sandwicher, data: back, label: roleLabel('sandwicher', 'back', 'BACK', groupId, 'SANDWICH') },
  ]
  const start = pickMoment(slot, 40)
  const tipWei = groupTip(slot, 0)
  // Three milliseconds apart: the sequencer's clock has one.
  return legs.map((leg, rank) => ({ ...leg, atMs: start + rank * 3, tipWei: tipWei - BigInt(rank) * 1_000_000n }))
}
