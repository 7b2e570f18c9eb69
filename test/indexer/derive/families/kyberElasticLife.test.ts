import { afterAll, beforeAll, expect, test } from 'vitest'
import { factory } from '../../../../contracts/chains/profile.ts'
import { decodeBlock } from '../../../../indexer/decode/index.ts'
import { sqrtPriceAtTick } from '../../../../indexer/derive/amm/tickMath.ts'
import { toExtra } from '../../../../indexer/derive/families/kyberElastic.ts'
import { deriveRows } from '../../../../indexer/derive/index.ts'
import { listClaims } from '../../../../indexer/derive/pools.ts'
import { createPriceBook } from '../../../../indexer/derive/prices/book.ts'
import { createChainState } from '../../../../indexer/derive/state.ts'
import { encodeInner, toPoolState } from '../../../../indexer/derive/stored.ts'
import type { Log } from '../../../../indexer/types/block.ts'
import type { TicksState } from '../../../../indexer/types/pool.ts'
import type { StepRows } from '../../../../indexer/types/rows.ts'
import { encodeEvent } from '../../../support/events.ts'
import { address, encodeLog, makeBundle } from '../../../support/logs.ts'
import { createRandom } from '../../../support/random.ts'
import { type Bench, type Contract, compileSolidity, startBench } from '../../../support/solidity.ts'
import { profile as base, TRADER, tokens } from '../deriving.ts'

const POOL = address(0xa5)
const FACTORY = address(0xf5)
const PRICE = 2n ** 96n
const profile = { ...base, factories: [factory(FACTORY, 'zk-swap-dex', 'kyber-elastic', null, null)] }
const BURN = 'BurnRTokens(address indexed owner, uint256 qty, uint256 qty0, uint256 qty1)'

type Result = {
  done: boolean
  amount0: bigint
  amount1: bigint
  price: bigint
  tick: number
  baseL: bigint
  reinvestL: bigint
}
type Range = { lower: number; upper: number; liquidity: bigint }

let bench: Bench
let contract: Contract
beforeAll(async () => {
  bench = await startBench()
  const { KyberElasticReference } = compileSolidity('KyberElasticReference.sol')
  contract = await bench.deploy(KyberElasticReference!.abi, KyberElasticReference!.bytecode)
})
afterAll(() => bench.stop())

/** The logs of a change of liquidity in the contract. */
async function change({ lower, upper, liquidity }: Range): Promise<Log> {
  await contract.write('change', [[{ lower, upper, liquidity }]])
  const position = { sender: TRADER, owner: TRADER, tickLower: lower, tickUpper: upper, amount0: 1n, amount1: 1n }
  return liquidity > 0n
    ? encodeLog('v3Mint', POOL, { ...position, amount: liquidity })
    : encodeLog('v3Burn', POOL, { ...position, amount: -liquidity })
}

/** Ten swaps in the contract, and their logs. */
async function trade(tick: number, random: () => number): Promise<{ logs: Log[]; reinvested: bigint[] }> {
  const steps = Array.from({ length: 10 }, () => {
    const isUp = tick > 2_000 ? false : tick < -2_000 ? true : random() < 0.5
    const isExactInput = random() < 0.6
    const size = BigInt(Math.floor(10 ** (6 + random() * 10)))
    const limit = random() < 0.2 ? sqrtPriceAtTick(tick + (isUp ? 300 : -300))! : 0n
    return { token0: isUp !== isExactInput, amount: isExactInput ? size : -size, limit }
  })
  const results = ((await contract.read('run', [steps])) as Result[]).filter(({ done }) => done)
  await contract.write('run', [steps])
  const accounts = { sender: TRADER, recipient: TRADER }
  const logs = results.map(({ price: sqrtPriceX96, baseL: liquidity, ...rest }) =>
    encodeLog('v3Swap', POOL, { ...accounts, ...rest, sqrtPriceX96, liquidity }),
  )
  return { logs, reinvested: results.map(({ reinvestL }) => reinvestL) }
}

/** Burns one share of twenty in the contract. */
async function burnShares(): Promise<Log> {
  const quantity = ((await contract.read('supply')) as bigint) / 20n
  const [amount0, amount1] = (await contract.read('burnShares', [quantity])) as [bigint, bigint]
  await contract.write('burnShares', [quantity])
  return encodeEvent(BURN, POOL, [TRADER, quantity, amount0, amount1])
}

test('300 swaps, positions and burnt shares of a pool in Solidity are replayed without a gap, also from the store', async () => {
  const random = createRandom(11)
  const state = createChainState()
  const ticks = new Map<number, StepRows['poolTicks'][number]>()
  let last: StepRows['poolStates'][number] | undefined
  const derive = (number: number, logs: readonly Log[]): StepRows => {
    const blocks = [decodeBlock(makeBundle(number, logs))]
    const claims = listClaims(blocks, state, profile)
    const asked = { claims, answers: new Map(), tokens: [], liquidations: new Map() }
    const rows = deriveRows(blocks, state, { ...asked, profile, prices: createPriceBook(profile, state) })
    for (const row of rows.poolTicks) ticks.set(row.tick, row)
    last = rows.poolStates.at(-1) ?? last
    return rows
  }
  const current = () => state.states.get(POOL) as TicksState

  await contract.write('open', [300n, PRICE, 100n])
  const created = { ...tokens, fee: 300, tickSpacing: 60, pool: POOL }
  const first = derive(10, [
    encodeLog('v3PoolCreated', FACTORY, created),
    encodeLog('v3Initialize', POOL, { sqrtPriceX96: PRICE, tick: 0 }),
  ])
  expect(first.pools[0]).toMatchObject({ family: 'kyber-elastic', feePips: 3_000, tickSpacing: 60 })
  expect(first.poolStates[0]).toMatchObject({ quality: 'approximate', state: { extra: toExtra([100_000n, 100n]) } })

  const held: Range[] = []
  let swaps = 0
  for (let round = 0; round < 30; round++) {
    const lower = Math.floor((random() - 0.5) * 60) * 60
    const upper = lower + 60 * (1 + Math.floor(random() * 30))
    held.push({ lower, upper, liquidity: BigInt(Math.floor(10 ** (12 + random() * 6))) })
    const changes = [await change(held.at(-1)!)]
    if (held.length > 12) {
      const gone = held.splice(Math.floor(random() * held.length), 1)[0]!
      changes.push(await change({ ...gone, liquidity: -gone.liquidity }))
    }
    const { logs, reinvested } = await trade(current().tick, random)
    const rows = derive(11 + round, [...changes, ...logs, await burnShares()])
    expect(rows.undecodedLogs).toEqual([])
    expect(rows.liquidityChanges).toHaveLength(changes.length)
    expect(rows.swaps).toHaveLength(reinvested.length)
    for (const { replayGap, event } of rows.swaps) {
      const isTrade = event.amount0 * event.amount1 < 0n
      expect(replayGap).toBe(isTrade ? 0n : null)
    }
    expect(rows.poolStates.at(-1)).toMatchObject({ quality: 'exact', state: { doubts: 0 } })
    expect(current().extra).toEqual(toExtra([(await contract.read('reinvestL')) as bigint]))
    swaps += reinvested.length
    // As after a restart, with what the store holds.
    state.states.set(POOL, restore(last!, [...ticks.values()]))
  }
  expect(swaps).toBeGreaterThan(250)
}, 60_000)

function restore({ state }: StepRows['poolStates'][number], ticks: StepRows['poolTicks']) {
  const { doubts, feePips, sqrtPriceX96, tick, liquidity, extra } = state as TicksState
  const inner = JSON.parse(encodeInner(extra!))
  const row = { doubts, fee0: feePips, reserve0: null, sqrtPriceX96, tick, liquidity, innerState: inner }
  const used = ticks.filter(({ gross }) => gross > 0n)
  return toPoolState(
    row,
    used.map(({ tick: at, gross, net }) => ({ tick: at, liquidityGross: gross, liquidityNet: net })),
  )
}
