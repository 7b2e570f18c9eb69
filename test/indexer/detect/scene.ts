import { constantProduct, UINT112_MAX } from '../../../indexer/derive/amm/constantProduct.ts'
import { orderOf } from '../../../indexer/derive/index.ts'
import type { DetectContext } from '../../../indexer/detect/context.ts'
import { detectAll } from '../../../indexer/detect/index.ts'
import { createWindow } from '../../../indexer/detect/window.ts'
import type { Action, BlockActions } from '../../../indexer/types/action.ts'
import type { Address, Block, Hex, IdleCall, Transaction } from '../../../indexer/types/block.ts'
import type { Position } from '../../../indexer/types/event.ts'
import type { SwapIntent } from '../../../indexer/types/intent.ts'
import type { MevFinding } from '../../../indexer/types/mev.ts'
import type { Pool, ReservesState } from '../../../indexer/types/pool.ts'
import { address } from '../../support/logs.ts'

export const WETH = address(0x10)
export const USD = address(0x11)
export const DAI = address(0x12)
/** A router that the chain profile names. */
export const ROUTER = address(0xff)

const ONE = 10n ** 18n
const FEE_PIPS = 3_000

/** Who sends a transaction, to whom, and who calls the pools and gets what they give: by default all the sender himself. */
export type Sender = { from: Address; to?: Address; holder?: Address; type?: number; selector?: Hex }

/** A small chain of constant-product pools, on which what happens is written down as the detectors read it. */
export type Scene = {
  /** Makes a pool of two tokens with reserves in whole tokens of 18 decimals. */
  pool(token0: Address, token1: Address, reserve0?: bigint, reserve1?: bigint): Pool
  /** Ends the block; the next one begins. */
  nextBlock(): void
  /** Runs a transaction; its hash is returned. */
  send(sender: Sender, ...steps: Step[]): Hex
  /** What the last transaction asked a router for. */
  ask(intent: Partial<SwapIntent>): void
  /** What ends in the last block, with a window of `length` blocks before it; everybody has traded so often otherwise. */
  detect(length?: number, countOthers?: number): MevFinding[]
  reserves(pool: Pool): readonly [bigint, bigint]
  blocks(): readonly BlockActions[]
}

/** A step of a transaction: a swap of an exact input or output, in base units, or liquidity. */
export type Step =
  | { pool: Pool; tokenIn: Address; amountIn: bigint | 'all' }
  | { pool: Pool; tokenIn: Address; amountOut: bigint }
  | { pool: Pool; add: readonly [bigint, bigint] }

/** Amounts of whole tokens. */
export const whole = (amount: number): bigint => BigInt(Math.round(amount * 1e9)) * 10n ** 9n

const at = (block: Block, logIndex: number) => ({ block, order: orderOf(block.number, logIndex) })

export function createScene(): Scene {
  const states = new Map<Pool, ReservesState>()
  const blocks: { block: Block; actions: Action[]; intents: Map<number, SwapIntent>; idle: IdleCall[] }[] = []
  let logIndex = 0
  let transactions = 0
  const begin = () => {
    const number = blocks.length + 1
    blocks.push({
      block: { number, timestamp: 1_700_000_000 + number } as Block,
      actions: [],
      intents: new Map(),
      idle: [],
    })
    logIndex = 0
    transactions = 0
  }
  begin()
  const place = (transaction: Transaction, emitter: Address): Position => ({
    ...{ logIndex: logIndex++, transactionIndex: transaction.transactionIndex },
    ...{ transactionHash: transaction.hash, emitter },
  })
  return {
    pool: (token0, token1, reserve0 = 1_000n, reserve1 = 1_000n) => {
      const at = address(0x1000 + states.size)
      const pool = {
        address: at,
        emitter: at,
        family: 'uniswap-v2',
        tokens: [token0, token1],
        stable: null,
      } as unknown as Pool
      const fees = { fee0Pips: FEE_PIPS, fee1Pips: FEE_PIPS, virtual: null, doubts: 0 }
      states.set(pool, { kind: 'reserves', reserve0: reserve0 * ONE, reserve1: reserve1 * ONE, ...fees })
      return pool
    },
    nextBlock: begin,
    send: ({ from, to = from, holder = from, type = 2, selector = '0x12345678' }, ...steps) => {
      const { block, actions } = blocks.at(-1)!
      const hash: Hex = `0x${(block.number * 1_000 + transactions).toString(16).padStart(64, '0')}`
      const transaction = { hash, transactionIndex: transactions++, from, to, type, selector } as Transaction
      let carried = 0n
      for (const step of steps) {
        const { pool } = step
        const before = states.get(pool)!
        const emitted = { ...place(transaction, pool.address), families: ['uniswap-v2' as const], pool: pool.address }
        if ('add' in step) {
          const [amount0, amount1] = step.add
          states.set(pool, { ...before, reserve0: before.reserve0 + amount0, reserve1: before.reserve1 + amount1 })
          const event = { ...emitted, kind: amount0 + amount1 > 0n ? ('mint' as const) : ('burn' as const) }
          actions.push({
            ...{ kind: 'liquidity', ...at(block, emitted.logIndex), pool, transaction, amounts: step.add, before },
            event: { ...event, owner: from, range: null, amount0, amount1, changes: null },
          })
          continue
        }
        const tokenIn = pool.tokens.indexOf(step.tokenIn)
        const inner = {
          ...before,
          fee0Pips: FEE_PIPS,
          fee1Pips: FEE_PIPS,
          taking: 'inside' as const,
          reserveMax: UINT112_MAX,
        }
        const quote =
          'amountOut' in step
            ? constantProduct.quoteOut(inner, tokenIn, 1 - tokenIn, step.amountOut)!
            : constantProduct.quoteIn(inner, tokenIn, 1 - tokenIn, step.amountIn === 'all' ? carried : step.amountIn)!
        const { amountIn, amountOut, after } = quote
        carried = amountOut
        states.set(pool, { ...before, reserve0: after.reserve0, reserve1: after.reserve1 })
        const signed = tokenIn === 0 ? [amountIn, -amountOut] : [-amountOut, amountIn]
        actions.push({
          ...{
            kind: 'swap',
            ...at(block, emitted.logIndex),
            pool,
            transaction,
            before,
            feePips: FEE_PIPS,
            replayGap: 0n,
          },
          trade: { tokenIn, tokenOut: 1 - tokenIn, amountIn, amountOut },
          event: {
            ...{ ...emitted, kind: 'swap', sender: to, recipient: holder, token0: 0, token1: 1 },
            ...{ amount0: signed[0]!, amount1: signed[1]!, after: null, fee: null },
          },
        })
      }
      return hash
    },
    ask: (limit) => void blocks.at(-1)!.intents.set(transactions - 1, limit as SwapIntent),
    detect: (length = 0, countOthers = 0) => {
      const context = contextOf([...states.keys()], countOthers)
      return detectAll(createWindow(blocks.slice(-length - 1), length, context), context)
    },
    reserves: (pool) => {
      const { reserve0, reserve1 } = states.get(pool)!
      return [reserve0, reserve1]
    },
    blocks: () => blocks,
  }
}

function contextOf(pools: readonly Pool[], countOthers = 0): DetectContext {
  const isPool = (account: Address) => pools.some((pool) => pool.address === account)
  return {
    decimals: () => 18,
    asset: (token) => token,
    isPool,
    isPublic: (account) => account === ROUTER || isPool(account),
    valueUsd: () => null,
    isUsed: () => false,
    recordOf: () => ({ won: 0, lost: 0 }),
    countOthers: () => countOthers,
  }
}
