import { devAccounts, firstAccount } from '../accounts.ts'
import { devnetContracts } from '../contracts.ts'
import { expectedOut, type PoolState } from '../market.ts'
import { type Agent, groupTip, pickMoment, roleLabel } from './agent.ts'
import { cycleBetween, cycleTransaction } from './arbitrageur.ts'
import { orderOfUsd, pickDirection, routerSwap, type SwapOrder } from './trades.ts'

/** Creates large trades that move a V2 pair and the searcher that follows each in the same block. */
export function createBackruns(): Agent {
  let count = 0
  return (slot) => {
    const { random, market } = slot
    const [pair, concentrated] = [market.state('v2WethUsdc'), market.state('v3WethUsdc500')]
    if (!pair || !concentrated || !random.chance(0.04)) return []
    const tokenIn = pickDirection(random, market, 'v2WethUsdc')
    const order = orderOfUsd(market, 'v2WethUsdc', tokenIn, random.int(80_000, 200_000), 0.05)
    const moved = afterSwap(pair, order)
    const cycle = cycleBetween(moved, concentrated) ?? cycleBetween(concentrated, moved)
    if (!cycle) return []
    const groupId = `backrun-${count++}`
    const whale = random.pick(devAccounts().whale)
    const atMs = pickMoment(slot, 30)
    const call = routerSwap(whale, order)
    const trigger = roleLabel('retail', call.action, 'TRIGGER', groupId, 'BACKRUN')
    const follow = roleLabel('arbitrageur', 'cycle', 'ARBITRAGE', groupId, 'BACKRUN')
    const searcher = firstAccount(devAccounts().arbitrageur)
    const tipWei = groupTip(slot, 0)
    return [
      { from: whale, to: call.to, data: call.data, atMs, tipWei, label: trigger },
      {
        ...cycleTransaction(slot, searcher, devnetContracts().searcher, cycle, atMs + random.int(2, 6), follow),
        tipWei: tipWei - 1_000_000n,
      },
    ]
  }
}

/** The pair's reserves once the order has gone through. */
function afterSwap(state: PoolState, order: SwapOrder): PoolState {
  const out = expectedOut(state, order.tokenIn, order.amountIn)
  return state.pool.token0 === order.tokenIn
    ? { ...state, reserve0: state.reserve0 + order.amountIn, reserve1: state.reserve1 - out }
    : { ...state, reserve0: state.reserve0 - out, reserve1: state.reserve1 + order.amountIn }
}
