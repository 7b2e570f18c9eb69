import { encodeFunctionData } from 'viem'
import { expect } from 'vitest'
import { factory } from '../../../../contracts/chains/profile.ts'
import { decodeBlock } from '../../../../indexer/decode/index.ts'
import { scaleOf } from '../../../../indexer/derive/amm/maverickMath.ts'
import type { MaverickV1Inner } from '../../../../indexer/derive/families/maverickV1.ts'
import type { MaverickV2Inner } from '../../../../indexer/derive/families/maverickV2.ts'
import { deriveRows } from '../../../../indexer/derive/index.ts'
import { listClaims } from '../../../../indexer/derive/pools.ts'
import { createPriceBook } from '../../../../indexer/derive/prices/book.ts'
import { createChainState } from '../../../../indexer/derive/state.ts'
import { encodeInner, toPoolState } from '../../../../indexer/derive/stored.ts'
import type { Address, Hex, Log } from '../../../../indexer/types/block.ts'
import type { InnerState, Token } from '../../../../indexer/types/pool.ts'
import type { StepRows } from '../../../../indexer/types/rows.ts'
import { encodeEvent } from '../../../support/events.ts'
import { address, hash, makeBundle } from '../../../support/logs.ts'
import type { Bench } from '../../../support/solidity.ts'
import { profile as base, tokens } from '../deriving.ts'
import { deploy, digest } from './maverickCases.ts'

const FACTORY = address(0xf6)
const FIRST_BLOCK = 10
const CREATED_V1 =
  'PoolCreated(address poolAddress, uint256 fee, uint256 tickSpacing, int32 activeTick, int256 lookback, uint64 protocolFeeRatio, address tokenA, address tokenB)'
const CREATED_V2 =
  'PoolCreated(address poolAddress, uint8 protocolFeeRatio, uint256 feeAIn, uint256 feeBIn, uint256 tickSpacing, uint256 lookback, int32 activeTick, address tokenA, address tokenB, uint8 kinds, address accessor)'

/** How a pool begins. */
export type LifeTerms = {
  fees: readonly [bigint, bigint]
  tickSpacing: number
  protocolFee: bigint
  activeTick: number
  decimals: readonly [number, number]
}

/** A pool of the rendering in Solidity, whose logs are derived as those of a chain. */
export type Life = {
  /** What the creation of the pool made. */
  created: StepRows
  /** Sends a transaction to the pool, and returns its logs. */
  send(name: string, ...args: readonly unknown[]): Promise<Log[]>
  read(name: string, ...args: readonly unknown[]): Promise<unknown>
  /** What the next block makes of logs. */
  derive(logs: readonly Log[]): StepRows
  /** The state as it is read back from the store after the last block. */
  state(): InnerState
}

/** Opens a pool of a version. After each block its state is that which the store gives back. */
export async function openLife(bench: Bench, version: 1 | 2, terms: LifeTerms): Promise<Life> {
  const contract = await deploy(bench, `MaverickV${version}Reference`)
  const { fees, tickSpacing, protocolFee, activeTick, decimals } = terms
  const scales = decimals.map(scaleOf)
  const opening = version === 1 ? [fees[0], tickSpacing, protocolFee, activeTick, ...scales] : undefined
  await contract.write('open', opening ?? [fees, tickSpacing, protocolFee, activeTick, scales])
  const derive = createChain(version, contract.address, decimals)
  const { token0, token1 } = tokens
  const created =
    version === 1
      ? encodeEvent(CREATED_V1, FACTORY, [
          ...[contract.address, fees[0], BigInt(tickSpacing), activeTick, 0n, protocolFee, token0, token1],
        ])
      : encodeEvent(CREATED_V2, FACTORY, [
          ...[contract.address, Number(protocolFee), ...fees, BigInt(tickSpacing), 0n, activeTick],
          ...[token0, token1, 15, address(0)],
        ])
  return {
    created: derive.next([created]),
    derive: derive.next,
    state: derive.state,
    read: (name, ...args) => contract.read(name, args),
    send: async (functionName, ...args) => {
      const data = encodeFunctionData({ abi: contract.abi, functionName, args } as never)
      const { logs } = await bench.send(contract.address, data)
      return (logs as { topics: Hex[]; data: Hex }[]).map(({ topics, data }) => ({
        ...{ address: contract.address, topics, data },
        ...{ logIndex: 0, transactionIndex: 0, transactionHash: hash(0) },
      }))
    },
  }
}

function createChain(version: 1 | 2, pool: Address, decimals: readonly [number, number]) {
  const profile = { ...base, factories: [factory(FACTORY, 'maverick', `maverick-v${version}`, null, null)] }
  const chain = createChainState()
  const known = [tokens.token0, tokens.token1].map((token, index): Token => {
    return { address: token, symbol: null, name: null, decimals: decimals[index]!, firstSeenBlock: FIRST_BLOCK }
  })
  let blockNumber = FIRST_BLOCK
  const state = () => chain.states.get(pool) as InnerState
  const next = (logs: readonly Log[]): StepRows => {
    const blocks = [decodeBlock(makeBundle(blockNumber++, logs))]
    const claims = listClaims(blocks, chain, profile)
    const asked = { claims, answers: new Map(), tokens: known, liquidations: new Map() }
    const rows = deriveRows(blocks, chain, { ...asked, profile, prices: createPriceBook(profile, chain) })
    const stored = fromStore(state())
    expect(stored).toEqual(state())
    chain.states.set(pool, stored)
    return rows
  }
  return { next, state }
}

/** A state as it is read back from the store. */
export function fromStore({ inner, doubts }: InnerState): InnerState {
  const row = { doubts, fee0: null, reserve0: null, sqrtPriceX96: null, innerState: JSON.parse(encodeInner(inner)) }
  return toPoolState(row, null) as InnerState
}

/** What has happened to a pool. */
export type Seen = { swaps: number; changes: number; moved: number; merged: number }

type Random = () => number

const below = (random: Random, count: number) => Math.floor(random() * count)
const power = (random: Random, low: number, high: number) => BigInt(Math.floor(10 ** (low + random() * (high - low))))
const pick = <Item>(random: Random, items: readonly Item[]): Item => items[below(random, items.length)]!

/** A swap either way; back to where the pool began when that is far away. */
function drawStep(random: Random, tick: number, { activeTick, decimals }: LifeTerms) {
  const tokenAIn = tick > activeTick + 8 ? false : tick < activeTick - 8 ? true : random() < 0.5
  const exactOutput = random() < 0.4
  const amount = power(random, 14, 21.5) / scaleOf(decimals[tokenAIn !== exactOutput ? 0 : 1])! + 1n
  const far = random() < 0.7 ? 1_000 : below(random, 4)
  return { tokenAIn, exactOutput, amount, tickLimit: tick + (tokenAIn ? far : -far) }
}

/** The replays of a block have no gap, nothing is left undecoded, and the quality of the quotes after it is as said. */
function expectNoGaps({ undecodedLogs, swaps, poolStates }: StepRows, quality?: string): number {
  expect(undecodedLogs).toEqual([])
  expect(swaps.filter(({ replayGap }) => replayGap !== 0n)).toEqual([])
  if (quality !== undefined) expect(poolStates.at(-1)!.quality).toBe(quality)
  return swaps.length
}

/**
 * Thirty rounds of a pool of the first version: bins are added to, taken from, moved and merged, by themselves and by swaps.
 * Asserts that no replay has a gap and that each bin holds what it does in the contract.
 */
export async function liveV1(bench: Bench, terms: LifeTerms, random: Random): Promise<Seen> {
  const life = await openLife(bench, 1, terms)
  const inner = () => life.state().inner as MaverickV1Inner
  const bins = () => inner().bins!
  const moves = (count: number) => drawMoves(inner(), random, count)
  expect(life.created.pools[0]).toMatchObject({ family: 'maverick-v1', tickSpacing: terms.tickSpacing })
  expect(life.created.poolStates[0]).toMatchObject({ quality: 'approximate', state: { doubts: 2 } })
  const places = [0, 1, 2, 3].flatMap((kind) => Array.from({ length: 31 }, (_, at) => [kind, at - 15] as const))
  life.derive(await life.send('put', fill(places, inner(), random)))
  const seen: Seen = { swaps: 0, changes: 1, moved: 0, merged: 0 }
  for (let round = 0; round < 30; round++) {
    if (round === 20) life.derive(await life.send('setProtocolFee', 120n))
    if (random() < 0.5) life.derive(await life.send('move', moves(2)))
    const added = new Map(Array.from({ length: 4 }, () => [below(random, 4), below(random, 25) - 12] as const))
    seen.changes += life.derive(await life.send('put', fill([...added], inner(), random))).liquidityChanges.length
    // A merged bin whose holder was emptied has nothing to give.
    const merged = [...bins().merged].filter(([, into]) => bins().held.has(into))
    const ids = Array.from({ length: 2 }, () => pick(random, [...bins().held.keys(), ...merged.map(([id]) => id)]))
    const parts = pick(random, [1, 2, 7, 20])
    const removal = await life.send('take', parts === 1 ? ids.slice(1) : ids, parts)
    seen.changes += life.derive(removal).liquidityChanges.length
    for (const isToldBefore of [true, false]) {
      const logs = await life.send('swapAndMove', drawStep(random, inner().activeTick, terms), moves(3), isToldBefore)
      seen.moved += logs.length - 1
      seen.swaps += expectNoGaps(life.derive(logs))
    }
    if (random() < 0.5) life.derive(await life.send('move', moves(2)))
    const steps = Array.from({ length: 8 }, () => drawStep(random, inner().activeTick, terms))
    seen.swaps += expectNoGaps(life.derive(await life.send('run', steps)), 'exact')
    const count = Math.max(...bins().held.keys(), ...bins().merged.keys())
    const words = Array.from({ length: count }, (_, index) => bins().held.get(index + 1)).flatMap((bin) => {
      return [bin?.reserveA ?? 0n, bin?.reserveB ?? 0n]
    })
    expect(digest(words)).toBe(await life.read('digest'))
  }
  return { ...seen, merged: bins().merged.size }
}

/** What is put into places, each a kind and a distance from the active tick: A below it, B above. */
function fill(places: readonly (readonly [number, number])[], { activeTick }: MaverickV1Inner, random: Random) {
  return places.map(([kind, distance]) => {
    const reserveA = distance <= 0 ? power(random, 18, 21) : 0n
    const reserveB = distance >= 0 ? power(random, 18, 21) : 0n
    return { kind, lowerTick: activeTick + distance, reserveA, reserveB }
  })
}

/** Bins of kinds that move, beside the active tick, and another place for each on its side. */
function drawMoves({ bins, activeTick, moves }: MaverickV1Inner, random: Random, count: number) {
  const isMoved = new Set(moves.map(({ id }) => id))
  const movable = [...bins!.held].filter(([id, { kind, tick }]) => {
    return kind > 0 && Math.abs(tick - activeTick) > 1 && !isMoved.has(id)
  })
  const chosen = new Map(Array.from({ length: count }, () => pick(random, movable)))
  const used = new Set<string>()
  return [...chosen].flatMap(([id, { kind, tick }]) => {
    const to = activeTick + (tick < activeTick ? -1 : 1) * (2 + below(random, 10))
    // A bin into which another one is merged stays where it is.
    const places = [`${kind} ${tick}`, `${kind} ${to}`]
    if (to === tick || places.some((place) => used.has(place))) return []
    for (const place of places) used.add(place)
    return [{ id, to }]
  })
}

/**
 * Thirty rounds of a pool of the second version: shares are added and removed, fees change, and swaps stop at ticks. In the
 * last rounds there are bins that would move.
 * Asserts that no replay has a gap and that each bin and tick holds what it does in the contract.
 */
export async function liveV2(bench: Bench, terms: LifeTerms, random: Random): Promise<Seen> {
  const life = await openLife(bench, 2, terms)
  const inner = () => life.state().inner as MaverickV2Inner
  const at = Array.from({ length: 41 }, (_, index) => terms.activeTick + index - 20)
  const shares = (ticks: readonly number[]) => ticks.map(() => power(random, 18, 21))
  expect(life.created.pools[0]).toMatchObject({ family: 'maverick-v2', tickSpacing: terms.tickSpacing })
  expect(life.created.poolStates[0]).toMatchObject({ quality: 'approximate', state: { doubts: 2 } })
  life.derive(await life.send('add', 0, at, shares(at)))
  const seen: Seen = { swaps: 0, changes: 1, moved: 0, merged: 0 }
  for (let round = 0; round < 30; round++) {
    const { doubts } = life.state()
    if (round === 10) life.derive(await life.send('setFees', [5n * 10n ** 15n, 10n ** 12n]))
    if (round === 20) life.derive(await life.send('setProtocolFee', 77n))
    const ticks = at.filter(() => random() < 0.1)
    const added = life.derive(await life.send('add', round < 25 ? 0 : 2, ticks, shares(ticks)))
    const held = [...inner().holdings!.bins].filter(([, { totalSupply }]) => totalSupply > 0n && random() < 0.1)
    // Sometimes more than there is.
    const removed = held.map(([, { totalSupply }]) => (totalSupply * BigInt(below(random, 110))) / 100n)
    const ids = held.map(([id]) => id)
    const taken = life.derive(await life.send('remove', ids, removed))
    seen.changes += added.liquidityChanges.length + taken.liquidityChanges.length
    // The amounts told are those that follow.
    expect(life.state().doubts).toBe(doubts)
    const steps = Array.from({ length: 10 }, () => drawStep(random, inner().activeTick, terms))
    const rows = life.derive(await life.send('run', steps, at))
    seen.swaps += expectNoGaps(rows, round < 25 ? 'exact' : 'approximate')
    const { bins, ticks: now } = inner().holdings!
    const words = at.flatMap((tick) => {
      const tickHeld = now.get(tick)
      return [tickHeld?.reserveA ?? 0n, tickHeld?.reserveB ?? 0n, tickHeld?.totalSupply ?? 0n]
    })
    expect(await life.read('holdings', at)).toBe(digest(words))
    for (const id of ids) expect(await life.read('binOf', id)).toMatchObject(bins.get(id)!)
  }
  return seen
}
