import { describe, expect, test } from 'vitest'
import { applyTicksEvent, createTicksState } from '../../../../indexer/derive/families/tickState.ts'
import type { InitializeEvent, LiquidityEvent, SwapEvent } from '../../../../indexer/types/event.ts'
import type { TicksState } from '../../../../indexer/types/pool.ts'
import { address, hash } from '../../../support/logs.ts'

const at = {
  families: ['uniswap-v3'],
  emitter: address(0xa3),
  pool: address(0xa3),
  logIndex: 0,
  transactionIndex: 0,
  transactionHash: hash(0),
} satisfies Partial<SwapEvent>
const PRICE = 2n ** 96n

const initialize = (tick: number): InitializeEvent => ({ ...at, kind: 'initialize', sqrtPriceX96: PRICE, tick })
const swap = (tick: number, liquidity: bigint): SwapEvent => ({
  ...at,
  kind: 'swap',
  sender: address(1),
  recipient: address(2),
  token0: 0,
  token1: 1,
  fee: null,
  amount0: 1n,
  amount1: -1n,
  after: { sqrtPriceX96: PRICE + 1n, tick, liquidity },
})
const change = (
  kind: LiquidityEvent['kind'],
  tickLower: number,
  tickUpper: number,
  liquidity: bigint,
): LiquidityEvent => ({
  ...at,
  kind,
  owner: address(1),
  range: { tickLower, tickUpper, liquidity },
  amount0: 0n,
  amount1: 0n,
  changes: null,
})

/** A pool at `tick` with `events` applied, and the ticks that the last one changed. */
const stateAfter = (tick: number, ...events: (InitializeEvent | SwapEvent | LiquidityEvent)[]) => {
  const state = createTicksState(500)
  applyTicksEvent(state, initialize(tick))
  let changed: number[] = []
  for (const event of events) changed = applyTicksEvent(state, event)
  return { state, changed }
}
const ticksOf = ({ ticks }: TicksState) =>
  [...ticks!].sort(([a], [b]) => a - b).map(([tick, { gross, net }]) => `${tick}: ${gross} ${net}`)

describe('applyTicksEvent', () => {
  test('the first price sets price and tick only', () => {
    expect(stateAfter(-7)).toEqual({
      state: {
        kind: 'ticks',
        sqrtPriceX96: PRICE,
        tick: -7,
        liquidity: 0n,
        feePips: 500,
        ticks: new Map(),
        extra: null,
        doubts: 0,
      },
      changed: [],
    })
  })

  test.each([
    // situation, current tick, liquidity in range
    ['below the range', -61, 0n],
    ['at tickLower', -60, 9n],
    ['inside the range', 0, 9n],
    ['one below tickUpper', 59, 9n],
    ['at tickUpper', 60, 0n],
    ['above the range', 61, 0n],
  ])('a mint and its burn with the price %s', (_, tick, liquidity) => {
    const minted = stateAfter(tick, change('mint', -60, 60, 9n))
    expect(minted.state.liquidity).toBe(liquidity)
    expect(ticksOf(minted.state)).toEqual(['-60: 9 9', '60: 9 -9'])
    expect(minted.changed).toEqual([-60, 60])
    const burnt = stateAfter(tick, change('mint', -60, 60, 9n), change('burn', -60, 60, -4n))
    expect(burnt.state.liquidity).toBe(liquidity === 0n ? 0n : 5n)
    expect(ticksOf(burnt.state)).toEqual(['-60: 5 5', '60: 5 -5'])
    expect(burnt.changed).toEqual([-60, 60])
  })

  test('positions that share a tick', () => {
    const { state } = stateAfter(0, change('mint', -60, 0, 2n), change('mint', 0, 60, 3n), change('mint', -60, 60, 4n))
    expect(state.liquidity).toBe(7n)
    expect(ticksOf(state)).toEqual(['-60: 6 6', '0: 5 1', '60: 7 -7'])
  })

  test('a tick where as much starts as ends stays while it is used', () => {
    const { state } = stateAfter(5, change('mint', -60, 0, 3n), change('mint', 0, 60, 3n))
    expect(ticksOf(state)).toContain('0: 6 0')
  })

  test('a burn of all that is there removes the ticks, and still names them', () => {
    const { state, changed } = stateAfter(0, change('mint', -60, 60, 9n), change('burn', -60, 60, -9n))
    expect(state.ticks).toEqual(new Map())
    expect(state.liquidity).toBe(0n)
    expect(changed).toEqual([-60, 60])
  })

  test.each(['mint', 'burn'] as const)('a %s of nothing touches no tick', (kind) => {
    const { state, changed } = stateAfter(0, change(kind, -60, 60, 0n))
    expect(state).toEqual(stateAfter(0).state)
    expect(changed).toEqual([])
  })

  test('collect changes nothing', () => {
    const { state, changed } = stateAfter(0, change('mint', -60, 60, 9n), change('collect', -60, 60, 0n))
    expect(state).toEqual(stateAfter(0, change('mint', -60, 60, 9n)).state)
    expect(changed).toEqual([])
  })

  test('a swap sets price, tick and liquidity, and leaves the ticks', () => {
    const { state, changed } = stateAfter(0, change('mint', -60, 60, 9n), swap(61, 0n))
    expect(state).toMatchObject({ sqrtPriceX96: PRICE + 1n, tick: 61, liquidity: 0n })
    expect(ticksOf(state)).toEqual(['-60: 9 9', '60: 9 -9'])
    expect(changed).toEqual([])
  })

  test('a mint after a swap is measured at the new tick', () => {
    expect(stateAfter(0, swap(100, 4n), change('mint', -60, 60, 9n)).state.liquidity).toBe(4n)
    expect(stateAfter(0, swap(100, 4n), change('mint', 60, 120, 9n)).state.liquidity).toBe(13n)
  })

  test('ticks that are not known stay so, liquidity in range is followed', () => {
    const state: TicksState = { ...createTicksState(500), ticks: null }
    applyTicksEvent(state, swap(0, 5n))
    expect(applyTicksEvent(state, change('mint', -60, 60, 9n))).toEqual([])
    expect(state).toEqual({
      kind: 'ticks',
      sqrtPriceX96: PRICE + 1n,
      tick: 0,
      liquidity: 14n,
      feePips: 500,
      ticks: null,
      extra: null,
      doubts: 0,
    })
  })

  test('before the first price nothing is followed, because such a state is not stored', () => {
    const state = createTicksState(500)
    expect(applyTicksEvent(state, change('mint', -60, 60, 9n))).toEqual([])
    expect(state).toEqual(createTicksState(500))
  })
})
