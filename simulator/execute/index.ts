import type { Address } from '../../indexer/types/block.ts'
import { addressWord, topic, word } from '../hex.ts'
import type { PairPool, RangePool, SimulatedPool, SwapStep } from '../pools/types.ts'
import { type Ledger, openLedger, type World } from '../pools/world.ts'
import { weth } from '../tokens.ts'
import { topics } from '../topics.ts'
import type { Call, CallAction } from './call.ts'
import { gasOf } from './gas.ts'
import { runAdd, runRange, runRemove } from './liquidity.ts'
import { runSwap } from './swaps.ts'
import { type Balances, createTape, type LogDraft, type Tape } from './tape.ts'

/** What a transaction came to. */
export type Execution = {
  isReverted: boolean
  /** Empty for one that reverted. */
  logs: readonly LogDraft[]
  /** The swaps of each swap action, in order of the actions; empty for one that reverted. */
  swaps: readonly (readonly SwapStep[])[]
  /** What accounts got (positive) or gave, by `token account`. */
  balances: Balances
  /** Pools that are others after it; to be set in the world. */
  changes: ReadonlyMap<Address, SimulatedPool>
  gasUsed: bigint
}

const NOTHING = { logs: [], swaps: [], balances: new Map(), changes: new Map() } as const

/** Does what a call does on the pools of a world, which it leaves as it is. */
export function execute(world: World | Ledger, call: Call): Execution {
  const ledger = openLedger(world, true)
  const balances: Balances = new Map()
  const tape = createTape(balances)
  const swaps: SwapStep[][] = []
  for (const [index, action] of call.actions.entries()) {
    if (run(ledger, tape, action, swaps)) continue
    return { ...NOTHING, isReverted: true, gasUsed: gasOf(call, index + 1) }
  }
  const { logs } = tape
  return { isReverted: false, logs, swaps, balances, changes: ledger.changes, gasUsed: gasOf(call, null) }
}

/** Sets the pools that an execution changed. */
export function commit(world: World, { changes }: Execution): void {
  for (const [address, pool] of changes) world.set(address, pool)
}

function run(ledger: Ledger, tape: Tape, action: CallAction, swaps: SwapStep[][]): boolean {
  switch (action.kind) {
    case 'swap': {
      const steps = runSwap(ledger, tape, action, weth.address)
      if (steps !== null) swaps.push(steps)
      return steps !== null
    }
    case 'pass-on': {
      const amount = tape.balance(action.token, action.from)
      if (amount > 0n) tape.transfer(action.token, action.from, action.to, amount)
      return amount > 0n
    }
    case 'pull':
      tape.transfer(action.token, action.from, action.to, action.amount)
      return true
    case 'require-gain':
      return tape.balance(action.token, action.account) > 0n
    case 'fail':
      return false
    case 'add':
    case 'add-all':
      return runAdd(ledger, tape, action)
    case 'remove':
      return runRemove(ledger, tape, action)
    case 'mint':
    case 'burn':
      return runRange(ledger, tape, action)
    case 'create-pair':
      return createPair(ledger, tape, action.factory, action.pool, action.index)
    case 'create-range':
      return createRange(ledger, tape, action.factory, action.pool)
  }
}

function createPair(ledger: Ledger, tape: Tape, factory: Address, pool: PairPool, index: number): boolean {
  ledger.set(pool)
  const { token0, token1, address } = pool
  tape.emit(factory, [topics.pairCreated, topic(token0), topic(token1)], addressWord(address) + word(index))
  return true
}

function createRange(ledger: Ledger, tape: Tape, factory: Address, pool: RangePool): boolean {
  ledger.set(pool)
  const { token0, token1, address, feePips, tickSpacing, sqrtPriceX96, tick } = pool
  const place = [topics.poolCreated, topic(token0), topic(token1), topic(feePips)]
  tape.emit(factory, place, word(tickSpacing) + addressWord(address))
  tape.emit(address, [topics.initialize], word(sqrtPriceX96) + word(tick))
  return true
}
