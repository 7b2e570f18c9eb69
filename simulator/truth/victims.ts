import type { Address } from '../../indexer/types/block.ts'
import type { Executed } from '../agents/agent.ts'
import type { Execution } from '../execute/index.ts'
import { balanceKey } from '../execute/tape.ts'
import type { VictimLabel } from '../labels.ts'
import { burnPair } from '../pools/pair.ts'
import type { PairPool } from '../pools/types.ts'
import type { World } from '../pools/world.ts'

/** A pool with the token that the attacker paid into it first. */
export type Attacked = ReadonlyMap<Address, Address>

/** A stretch as it was and as it would have been. */
export type Compared = { attacked: Attacked; withAttacker: World; without: World }

/**
 * What a transaction lost by an attack; null when it went another way than the attacker, or lost nothing.
 * @param redone the same transaction without the attacker.
 */
export function judgeVictim(executed: Executed, redone: Execution, compared: Compared): VictimLabel | null {
  const isSame = executed.execution.swaps
    .flat()
    .some(({ before, tokenIn }) => compared.attacked.get(before.address) === tokenIn)
  const added = executed.call.actions.find(
    (action) => (action.kind === 'add' || action.kind === 'add-all') && compared.attacked.has(action.pool),
  )
  const loss =
    added?.kind === 'add' || added?.kind === 'add-all'
      ? liquidityLoss(executed, redone, compared, added.pool, added.provider)
      : isSame
        ? swapLoss(executed, redone)
        : null
  if (loss === null || loss.lossAmount <= 0n) return null
  return {
    transactionHash: executed.hash,
    blockNumber: executed.blockNumber,
    trader: executed.planned.from,
    agent: executed.agent,
    isTarget: executed.planned.role === 'VICTIM',
    ...loss,
  }
}

type Loss = Pick<VictimLabel, 'mode' | 'lossToken' | 'lossAmount' | 'swapLoss'>

function swapLoss({ call, execution }: Executed, redone: Execution): Loss | null {
  const action = call.actions.find((each) => each.kind === 'swap')
  if (action === undefined) return null
  const { mode } = action.route
  const isIn = mode === 'EXACT_IN'
  const total = ({ swaps }: Execution) =>
    swaps.reduce((sum, steps) => sum + (isIn ? steps.at(-1)!.amountOut : steps[0]!.amountIn), 0n)
  const [was, wouldBe] = [total(execution), total(redone)]
  const lossToken = isIn ? action.route.hops.at(-1)!.tokenOut : action.route.hops[0]!.tokenIn
  return { mode, lossToken, lossAmount: isIn ? wouldBe - was : was - wouldBe, swapLoss: null }
}

function liquidityLoss(
  executed: Executed,
  redone: Execution,
  { attacked, withAttacker, without }: Compared,
  address: Address,
  provider: Address,
): Loss {
  const { execution } = executed
  const counted = attacked.get(address)!
  const price = without.get(address) as PairPool
  const worth = ({ balances }: Execution, world: World) => {
    const pool = world.get(address) as PairPool
    const burnt = burnPair(pool, balances.get(balanceKey(address, provider)) ?? 0n)
    const of = (token: Address) => balances.get(balanceKey(token, provider)) ?? 0n
    const amount0 = of(pool.token0) + (burnt?.amount0 ?? 0n)
    const amount1 = of(pool.token1) + (burnt?.amount1 ?? 0n)
    return counted === pool.token0
      ? amount0 + (amount1 * price.reserve0) / price.reserve1
      : amount1 + (amount0 * price.reserve1) / price.reserve0
  }
  const lossAmount = worth(redone, without) - worth(execution, withAttacker)
  const swap = swapLoss(executed, redone)
  return {
    ...{ mode: 'LIQUIDITY', lossToken: counted, lossAmount },
    swapLoss: swap === null ? null : { token: swap.lossToken, amount: swap.lossAmount },
  }
}
