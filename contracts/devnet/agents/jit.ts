import { encodeFunctionData } from 'viem'
import { devAccounts, firstAccount } from '../accounts.ts'
import { jitMaker as jitArtifact } from '../artifacts/JitMaker.ts'
import { devnetContracts } from '../contracts.ts'
import { devnetPools, type PoolName } from '../pools.ts'
import { type Agent, groupTip, pickMoment, roleLabel } from './agent.ts'
import { orderOfUsd, pickDirection, routerSwap } from './trades.ts'

const pools: readonly PoolName[] = ['v3WethUsdc500', 'v3WethUsdc3000', 'v3WbtcWeth3000']

/** Creates the provider that mints around one large swap and burns right after it, about every 40th block. */
export function createJit(): Agent {
  let count = 0
  return (slot) => {
    const { random, market } = slot
    const pool = random.pick(pools)
    const state = market.state(pool)
    if (!state || !random.chance(0.025)) return []
    const groupId = `jit-${count++}`
    const maker = firstAccount(devAccounts().jit)
    const trader = random.pick(devAccounts().whale)
    const { jitMaker } = devnetContracts()
    const { address } = devnetPools()[pool]
    const tokenIn = pickDirection(random, market, pool)
    const call = routerSwap(trader, orderOfUsd(market, pool, tokenIn, random.int(40_000, 120_000), 0.05))
    const open = encodeFunctionData({
      abi: jitArtifact.abi,
      functionName: 'open',
      args: [address, 2, state.liquidity * 3n],
    })
    const close = encodeFunctionData({ abi: jitArtifact.abi, functionName: 'close', args: [address] })
    const legs = [
      { from: maker, to: jitMaker, data: open, label: roleLabel('jit', 'jit-open', 'MINT', groupId, 'JIT_LIQUIDITY') },
      {
        from: trader,
        to: call.to,
        data: call.data,
        label: roleLabel('retail', call.action, 'TRIGGER', groupId, 'JIT_LIQUIDITY'),
      },
      {
        from: maker,
        to: jitMaker,
        data: close,
        label: roleLabel('jit', 'jit-close', 'BURN', groupId, 'JIT_LIQUIDITY'),
      },
    ]
    const start = pickMoment(slot, 30)
    const tipWei = groupTip(slot, 0)
    return legs.map((leg, rank) => ({ ...leg, atMs: start + rank * 3, tipWei: tipWei - BigInt(rank) * 1_000_000n }))
  }
}
