import { describe, expect, test } from 'vitest'
import { createChainState } from '../../../indexer/derive/state.ts'
import type { Log } from '../../../indexer/types/block.ts'
import type { StepRows } from '../../../indexer/types/rows.ts'
import { address, encodeLog } from '../../support/logs.ts'
import {
  change,
  createPair,
  createTicked,
  derive,
  foundPool,
  initialize,
  inTransaction,
  known,
  PAIR,
  STRANGER,
  snapshot,
  swap,
  sync,
  TICKED,
  TRADER,
  tickedSwap,
  tokens,
} from './deriving.ts'

describe('claims and their rows', () => {
  test('a token is a row of the block whose claim brought it, and only once', () => {
    const token = (firstSeenBlock: number) => ({
      address: tokens.token0,
      symbol: 'A',
      name: null,
      decimals: 0,
      firstSeenBlock,
    })
    const rows = derive([[sync(1n, 2n, STRANGER)], [createPair], [createTicked]], createChainState(), {
      tokens: [token(10), token(11), token(12)],
    })
    expect(rows.tokens).toEqual([token(11)])
  })

  test('a creation that the pool does not confirm is kept with the reason, and its transaction is not', () => {
    const madeUp = { ...createPair, address: address(0xfd) }
    const rows = derive([[inTransaction(madeUp, 1), inTransaction(sync(1n, 2n), 2)]], createChainState())
    const reasons = rows.undecodedLogs.map(({ logIndex, reason }) => `${logIndex} ${reason}`)
    expect(reasons).toEqual(['0 unconfirmed-creation', '1 unknown-pool'])
    expect([rows.pools, rows.transactions]).toEqual([[], []])
  })

  test('events before the claim that holds stay unknown, those after it count', () => {
    const state = createChainState()
    const rows = derive([[sync(1n, 2n)], [sync(3n, 4n), createPair, sync(5n, 6n)], [sync(7n, 8n)]], state)
    const reasons = rows.undecodedLogs.map(
      ({ blockNumber, logIndex, reason }) => `${blockNumber}.${logIndex} ${reason}`,
    )
    expect(reasons).toEqual(['10.0 unknown-pool', '11.0 unknown-pool'])
    expect(rows.poolStates.map(({ blockNumber, logIndex }) => `${blockNumber}.${logIndex}`)).toEqual(['11.2', '12.0'])
    expect(rows.pools).toMatchObject([{ address: PAIR, firstSeenBlock: 11, created: { blockNumber: 11 } }])
    expect(state.refused).toEqual(new Set())
  })

  test('a second creation of a known pool changes nothing, and its transaction is listed', () => {
    const state = known()
    const before = structuredClone(state.pools)
    const again = inTransaction({ ...createPair, address: address(0xfd) }, 4)
    const rows = derive([[again]], state)
    expect([rows.pools, rows.undecodedLogs]).toEqual([[], []])
    expect(rows.transactions.map(({ transaction }) => transaction.transactionIndex)).toEqual([4])
    expect(state.pools).toEqual(before)
  })

  test('however the range is cut, the rows are the same', () => {
    const stranger = encodeLog('v2Swap', STRANGER, {
      sender: TRADER,
      to: TRADER,
      amount0In: 1n,
      amount1In: 0n,
      amount0Out: 0n,
      amount1Out: 1n,
    })
    const logs = [
      [sync(1n, 2n), stranger],
      [{ ...createPair, address: address(0xfd) }, sync(3n, 4n)],
      [createPair, sync(5n, 6n), swap(1n)],
      [initialize, change('v3Mint', 9n), change('v3Collect', 0n)],
      [createTicked, change('v3Mint', 4n), tickedSwap(3, 13n), stranger],
      [change('v3Burn', 9n), createPair],
    ]
    const answers = () => ({ [TICKED]: foundPool(snapshot()) })
    const whole = derive(logs, createChainState(), { answers: answers() })
    const state = createChainState()
    const cut = logs.map((block, offset) => {
      // Empty blocks before it bring the block to its number.
      const rows = derive([...new Array(offset).fill([]), block] as Log[][], state, { answers: answers() })
      return { ...rows, blocks: rows.blocks.slice(offset) }
    })
    // Flow is measured later.
    const { flow: _, ...tables } = whole
    for (const table of Object.keys(tables) as (keyof StepRows)[]) {
      expect(
        cut.flatMap((rows) => rows[table] as unknown[]),
        table,
      ).toEqual(whole[table])
    }
  })
})
