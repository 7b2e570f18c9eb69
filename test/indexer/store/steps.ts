import { findProfile } from '../../../contracts/chains/index.ts'
import { factory } from '../../../contracts/chains/profile.ts'
import { createChainState } from '../../../indexer/derive/state.ts'
import { type PricedFinding, toBundle } from '../../../indexer/detect/bundles.ts'
import {
  analyzeRange,
  createMemory,
  decodeRange,
  listLiquidations,
  listNewTokens,
  type TokenQuestion,
} from '../../../indexer/pipeline.ts'
import type { Address, BlockBundle } from '../../../indexer/types/block.ts'
import type { MevBundle, MevLeg } from '../../../indexer/types/mev.ts'
import type { ChainState, FoundPool, Token } from '../../../indexer/types/pool.ts'
import type { StepRows } from '../../../indexer/types/rows.ts'
import { encodeEvent } from '../../support/events.ts'
import { address, encodeLog, hash, makeBundle } from '../../support/logs.ts'

/** The chain of the stored rows. */
export const profile = {
  ...findProfile(99_999),
  stablecoins: [address(0x0a)],
  factories: [
    factory(address(0xf4), 'sync-swap', 'syncswap-classic', null, null),
    factory(address(0xf5), 'three-swap', 'pancake-stable', null, null),
    factory(address(0xf2), 'pair-swap', 'uniswap-v2', 3000, null),
    factory(address(0xf3), 'tick-swap', 'uniswap-v3', null, null),
  ],
}
/** First block of the history. */
export const START = 10

const PAIR = address(0xa2)
const TICKED = address(0xa3)
const FOUND = address(0xa4)
const BLIND = address(0xa5)
const QUIET = address(0xa7)
const STRANGER = address(0xa9)
/** Refused at its first event, announced by its factory later. */
const LATE = address(0xaa)
const TRADER = address(0x51)
const PRICE = 2n ** 96n
const UINT256_MAX = 2n ** 256n - 1n

const createPair = (token0 = 1, pair = PAIR) =>
  encodeLog('v2PairCreated', address(0xf2), { token0: address(token0), token1: address(9), pair, index: 1n })
const createTicked = encodeLog('v3PoolCreated', address(0xf3), {
  token0: address(1),
  token1: address(3),
  fee: 500,
  tickSpacing: 10,
  pool: TICKED,
})
const sync = (reserve0: bigint, reserve1 = reserve0, pool = PAIR) => encodeLog('v2Sync', pool, { reserve0, reserve1 })
const swap = (amount: bigint, transactionIndex = 1) =>
  encodeLog(
    'v2Swap',
    PAIR,
    { sender: TRADER, to: TRADER, amount0In: amount, amount1In: 0n, amount0Out: 0n, amount1Out: amount },
    { transactionIndex },
  )
const initialize = encodeLog('v3Initialize', TICKED, { sqrtPriceX96: PRICE, tick: 0 })
const change = (name: 'v3Mint' | 'v3Burn' | 'v3Collect', pool: Address, amount: bigint, tickLower = -60) => {
  const position = { sender: TRADER, owner: TRADER, recipient: TRADER, tickLower, tickUpper: 60 }
  return encodeLog(name, pool, { ...position, amount, amount0: 1n, amount1: UINT256_MAX >> 128n })
}
const tickedSwap = (pool: Address, tick: number, liquidity: bigint) =>
  encodeLog('v3Swap', pool, {
    sender: TRADER,
    recipient: TRADER,
    amount0: -(2n ** 255n),
    amount1: 2n ** 255n - 1n,
    sqrtPriceX96: 2n ** 160n - 1n,
    liquidity,
    tick,
  })

const SYNCED = address(0xab)
const THREE = address(0xac)
const createSynced = encodeEvent(
  'PoolCreated(address indexed token0, address indexed token1, address pool)',
  address(0xf4),
  [...[address(1), address(0x0a), SYNCED]],
)
const syncedReserves = (reserve0: bigint, reserve1: bigint) =>
  encodeEvent('Sync(uint256 reserve0, uint256 reserve1)', SYNCED, [reserve0, reserve1])
const syncedSwap = (amountIn: bigint, amountOut: bigint) =>
  encodeLog('v2Swap', SYNCED, {
    ...{ sender: TRADER, to: TRADER, amount0In: amountIn, amount1In: 0n, amount0Out: 0n, amount1Out: amountOut },
  })
// The pool keeps 0.2 % of what comes in.
const RESERVE = 10n ** 18n
const AMOUNT_IN = 10n ** 15n
const syncedOut = (reserve0: bigint, reserve1: bigint) =>
  (AMOUNT_IN * 99_800n * reserve1) / (reserve0 * 100_000n + AMOUNT_IN * 99_800n)
const firstOut = syncedOut(RESERVE, RESERVE)
const secondOut = syncedOut(RESERVE + AMOUNT_IN, RESERVE - firstOut)
const createThree = encodeEvent(
  'NewStableSwapPair(address indexed swapContract, address tokenA, address tokenB, address tokenC, address LP)',
  address(0xf5),
  [THREE, address(1), address(4), address(9), address(0xad)],
)
const exchange = encodeEvent(
  'TokenExchange(address indexed buyer, uint256 sold_id, uint256 tokens_sold, uint256 bought_id, uint256 tokens_bought)',
  THREE,
  [TRADER, 2n, 7n, 0n, 5n],
)
const threeMint = encodeEvent(
  'AddLiquidity(address indexed provider, uint256[3] token_amounts, uint256[3] fees, uint256 invariant, uint256 token_supply)',
  THREE,
  [TRADER, [1n, 2n, UINT256_MAX], [0n, 0n, 0n], 1n, 1n],
)
const liquidation = encodeEvent(
  'LiquidationCall(address indexed collateralAsset, address indexed debtAsset, address indexed user, uint256 debtToCover, uint256 liquidatedCollateralAmount, address liquidator, bool receiveAToken)',
  address(0xae),
  [address(1), address(0x0a), address(0x52), 5n, UINT256_MAX, TRADER, false],
)

/**
 * A history with a pool of every kind: created pairs and pools with ticks, found ones with and without a snapshot, one
 * whose first event is a collect, one that is announced late, and a stranger; ticks that are used and no longer used, extreme values, quiet blocks.
 */
export const history: readonly BlockBundle[] = [
  [],
  [createPair(), sync(100n), swap(1n)],
  [createTicked, initialize, change('v3Mint', TICKED, 9n), change('v3Mint', TICKED, 4n, -120)],
  [change('v3Burn', FOUND, 0n), tickedSwap(BLIND, 3, 7n), sync(5n, 6n, STRANGER), sync(5n, 6n, LATE)],
  [change('v3Collect', QUIET, 0n)],
  [sync(2n ** 112n - 1n), swap(UINT256_MAX), change('v3Burn', TICKED, 9n), change('v3Collect', TICKED, 0n)],
  [
    createPair(2, address(0xa6)),
    { ...sync(1n), data: '0x1234' as const },
    tickedSwap(TICKED, -887_272, 2n ** 128n - 1n),
  ],
  [change('v3Mint', FOUND, 3n), change('v3Mint', BLIND, 3n), sync(8n, 9n, STRANGER), swap(3n, 2)],
  [createPair(5, LATE), sync(6n, 7n, LATE), change('v3Mint', QUIET, 2n)],
  // A pool that states its reserves after each swap, whose fee shows in its swaps, and that prices a token.
  [createSynced, syncedReserves(RESERVE, RESERVE)],
  [syncedSwap(AMOUNT_IN, firstOut), syncedReserves(RESERVE + AMOUNT_IN, RESERVE - firstOut)],
  [syncedSwap(AMOUNT_IN, secondOut), syncedReserves(RESERVE + 2n * AMOUNT_IN, RESERVE - firstOut - secondOut)],
  [createThree, exchange, threeMint, liquidation],
].map((logs, offset) => makeBundle(START + offset, logs))

/** Last block of the history. */
export const TOP = START + history.length - 1

const found = {
  ...{ family: 'uniswap-v3' as const, factory: null, tokens: [address(1), address(4)], feePips: 3000 },
  ...{ tickSpacing: 60, stable: null, isDenied: false },
}
/** What the chain says about an address; new at each call, because the state that is derived takes it over. */
function answerOf(pool: Address): FoundPool | null {
  if (pool === BLIND) return { ...found, tokens: [...found.tokens], snapshot: null }
  if (pool !== FOUND && pool !== QUIET) return null
  const ticks = new Map([
    [-600, { gross: 8n, net: 8n }],
    [600, { gross: 8n, net: -8n }],
  ])
  const state = {
    kind: 'ticks' as const,
    sqrtPriceX96: PRICE,
    tick: -1,
    liquidity: 8n,
    feePips: 3000,
    ticks,
    extra: null,
    doubts: 0,
  }
  return { ...found, tokens: [...found.tokens], snapshot: state }
}

/** Names that COPY, Postgres or a terminal could misread. */
export const oddNames = [
  'tab\there',
  'new\nline',
  'return\rhere',
  'back\\slash',
  '\\N',
  '\\.',
  `it's "quoted"`,
  '🦄 ünï',
  '',
  ' ',
]

/** The rows of the blocks `from` to `to` of the history; advances `state`. */
export function analyze(from: number, to: number, state: ChainState = createChainState()): StepRows {
  const decoded = decodeRange(history.slice(from - START, to - START + 1), state, profile)
  const answers = new Map(
    decoded.claims.flatMap((claim) => {
      const answer = answerOf(claim.address)
      return answer === null ? [] : [[claim, answer] as const]
    }),
  )
  const liquidations = new Map(
    listLiquidations(decoded).map(({ event }) => {
      const tokens = { debtToken: event.debt.token, collateralToken: event.collateral.token }
      return [event, { protocol: 'lend', ...tokens, collateralAmount: event.collateral.amount }]
    }),
  )
  const tokens = listNewTokens(decoded, answers, liquidations, state).map(makeToken)
  const memory = createMemory(state, profile, [], [], [], [], [])
  const { rows } = analyzeRange(decoded, { pools: answers, liquidations, tokens }, memory, profile)
  // What the detectors would find looks back over blocks that may be in another step, so it is made up here.
  const numbers = rows.blocks.map(({ number }) => number)
  rows.mevBundles = numbers.map(makeMevBundle)
  rows.mevControls = numbers.map((blockNumber) => ({
    ...{ blockNumber, kind: 'SANDWICH', observed: 1 },
    placebo: blockNumber % 3,
  }))
  return rows
}

/** A bundle of a block with everything that a bundle can have, and every second time with what can be missing. */
export function makeMevBundle(decidedBlock: number): MevBundle {
  const isKnown = decidedBlock % 2 === 0
  const leg = (role: MevLeg['role'], logIndex: number | null): MevLeg => ({
    ...{ role, blockNumber: decidedBlock, transactionIndex: 1, transactionHash: hash(decidedBlock), logIndex },
    pool: logIndex === null ? null : QUIET,
  })
  const finding: PricedFinding = {
    ...{ kind: 'SANDWICH', variants: ['cross_block', 'multi_victim'], facts: ['adjacent', 'gross-negative'] },
    ...{ searcher: address(0x77), pools: [QUIET, FOUND], quality: isKnown ? 'exact' : 'unknown' },
    legs: [leg('FRONT', 3), leg('VICTIM', 4), leg('BACK', isKnown ? 5 : null)],
    victims: [
      {
        ...{ blockNumber: decidedBlock, transactionHash: hash(decidedBlock), logIndex: 4, trader: address(0x78) },
        ...{ mode: 'EXACT_IN', lossToken: address(1), quality: isKnown ? 'exact' : 'unknown' },
        ...{ lossAmount: isKnown ? 2n ** 255n : null, lossBps: isKnown ? 12.5 : null, lossUsd: isKnown ? 1.25 : null },
        counterfactualAmount: isKnown ? 2n ** 256n - 1n : null,
      },
    ],
    profits: [
      { token: address(1), amount: -5n },
      { token: address(2), amount: 7n },
    ],
    residuals: [{ token: address(1), amount: -5n }],
    ownTransactions: [hash(decidedBlock)],
    evidence: { text: oddNames[decidedBlock % oddNames.length]!, large: 2n ** 200n, none: null, list: [1n, true] },
    ...{ decidedBlock, grossProfitUsd: isKnown ? -0.5 : null, nativeUsd: 1e-15 },
  }
  return toBundle(finding, new Map(isKnown ? [[hash(decidedBlock), 21_000n]] : []))
}

function makeToken({ address: token, blockNumber: firstSeenBlock }: TokenQuestion): Token {
  const n = Number(`0x${token.slice(-2)}`)
  const name = oddNames[n % oddNames.length]!
  const decimals = n === 3 ? null : n === 1 || n === 10 ? 12 : 255
  return { address: token, symbol: n === 3 ? null : name, name, decimals, firstSeenBlock }
}
