import { encodeAbiParameters, keccak256, pad, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { decodeLog, knownTopics } from '../../../indexer/decode/index.ts'
import type { Hex, Log } from '../../../indexer/types/block.ts'
import { encodeEvent } from '../../support/events.ts'
import { address } from '../../support/logs.ts'

const EMITTER = address(0xee)
const POOL = address(0xa1)
const A = address(0x01)
const B = address(0x02)
const C = address(0x03)
const ZERO = address(0)
const FROM = address(0x51)
const TO = address(0x52)
const PRICE = 2n ** 96n

/** The id of a V4 pool of A and B with a fee of 500 and a spacing of 10. */
const v4Id = (hooks = ZERO, fee = 500) =>
  keccak256(
    encodeAbiParameters(
      ['address', 'address', 'uint24', 'int24', 'address'].map((type) => ({ type })),
      [A, B, fee, 10, hooks],
    ),
  )
const BALANCER_ID: Hex = `${POOL}00020000000000000000007b`
const word = (token: Hex): Hex => pad(token, { size: 32 })
const NATIVE: Hex = `0xee${'00'.repeat(31)}`
const NFT: Hex = `0x01${'00'.repeat(11)}${A.slice(2)}`
const tokenPair = encodeAbiParameters(
  ['address', 'address'].map((type) => ({ type })),
  [A, B],
)

type Expected = Record<string, unknown>
const created = (tokens: Hex[], more: Expected = {}): Expected => ({
  kind: 'pool-created',
  pool: POOL,
  tokens,
  ...more,
})
const swap = (amount0: bigint, amount1: bigint, more: Expected = {}): Expected => ({
  kind: 'swap',
  amount0,
  amount1,
  ...more,
})
const parameters = (name: string, values: bigint[]): Expected => ({ kind: 'parameters', name, values })
const binDelta = (binId: bigint, deltaA: bigint) => ({
  ...{ deltaA, deltaB: 6n, deltaLpBalance: 7n, binId, kind: 3, lowerTick: -8, isActive: true },
})
const binChange = (id: number, amountA: bigint) => ({
  ...{ id, place: { kind: 3, tick: -8 }, shares: 7n, amounts: [amountA, 6n], isActive: true },
})
const V2_SWAP =
  'Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)'
const V3_MINT =
  'Mint(address sender, address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)'
const V3_BURN =
  'Burn(address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)'

/** A family that emits the event, the event, its arguments, and what is read of it. */
type Case = [string, string, unknown[], Expected]

const cases: readonly Case[] = [
  [
    'uniswap-v2',
    'PairCreated(address indexed token0, address indexed token1, address pair, uint256 pairIndex)',
    [A, B, POOL, 1n],
    created([A, B], { fee: null }),
  ],
  ['syncswap-aqua', V2_SWAP, [FROM, 7n, 0n, 0n, 5n, TO], swap(7n, -5n, { sender: FROM, recipient: TO })],
  [
    'uniswap-v2',
    'Sync(uint112 reserve0, uint112 reserve1)',
    [3n, 4n],
    { kind: 'reserves', reserve0: 3n, reserve1: 4n, virtual: null },
  ],
  [
    'kyber-classic',
    'Mint(address indexed sender, uint256 amount0, uint256 amount1)',
    [FROM, 3n, 4n],
    { kind: 'mint', owner: FROM, amount0: 3n, amount1: 4n },
  ],
  [
    'mute',
    'Burn(address indexed sender, uint256 amount0, uint256 amount1, address indexed to)',
    [FROM, 3n, 4n, TO],
    { kind: 'burn', owner: TO, amount0: -3n, amount1: -4n },
  ],
  [
    'ezkalibur',
    'FeePercentUpdated(uint16 token0FeePercent, uint16 token1FeePercent)',
    [300, 200],
    { kind: 'fee', fee0: 300n, fee1: 200n },
  ],
  [
    'solidly',
    'PairCreated(address indexed token0, address indexed token1, bool stable, address pair, uint256 pairIndex)',
    [A, B, true, POOL, 1n],
    created([A, B], { stable: true }),
  ],
  [
    'velodrome-v2',
    'Sync(uint256 reserve0, uint256 reserve1)',
    [2n ** 200n, 4n],
    { kind: 'reserves', reserve0: 2n ** 200n },
  ],
  [
    'mute',
    'PairCreated(address indexed token0, address indexed token1, bool stable, address pair, uint256 pairIndex, uint256 fee)',
    [A, B, false, POOL, 1n, 30n],
    created([A, B], { stable: false, fee: 30n }),
  ],
  ['mute', 'ChangeFee(uint256 pairFee, uint256 liqFee)', [50n, 5000n], { kind: 'fee', fee0: 50n, fee1: 50n }],
  [
    'velodrome-v2',
    'PoolCreated(address indexed token0, address indexed token1, bool indexed stable, address pool, uint256 poolIndex)',
    [A, B, true, POOL, 1n],
    created([A, B], { stable: true }),
  ],
  [
    'velodrome-v2',
    'Swap(address indexed sender, address indexed to, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out)',
    [FROM, TO, 0n, 9n, 8n, 0n],
    swap(-8n, 9n, { sender: FROM, recipient: TO }),
  ],
  [
    'velodrome-v2',
    'Burn(address indexed sender, address indexed to, uint256 amount0, uint256 amount1)',
    [FROM, TO, 1n, 2n],
    { kind: 'burn', owner: TO, amount0: -1n },
  ],
  [
    'velodrome-v2',
    'SetCustomFee(address indexed pool, uint256 fee)',
    [POOL, 25n],
    { kind: 'fee', pool: POOL, emitter: EMITTER, fee0: 25n, fee1: 25n },
  ],
  ['velodrome-v2', 'SetCustomFee(address indexed pool, uint256 fee)', [POOL, 420n], { kind: 'fee', fee0: 0n }],
  [
    'syncswap-stable',
    'PoolCreated(address indexed token0, address indexed token1, address pool)',
    [A, B, POOL],
    created([A, B]),
  ],
  [
    'syncswap-classic',
    'RegisterPool(address indexed factory, address indexed pool, uint16 indexed poolType, bytes data)',
    [C, POOL, 1, tokenPair],
    created([A, B], { families: ['syncswap-classic'], emitter: EMITTER }),
  ],
  [
    'syncswap-stable',
    'RegisterPool(address indexed factory, address indexed pool, uint16 indexed poolType, bytes data)',
    [C, POOL, 2, tokenPair],
    created([A, B], { families: ['syncswap-stable'] }),
  ],
  [
    'syncswap-aqua',
    'RegisterPool(address indexed factory, address indexed pool, uint16 indexed poolType, bytes data)',
    [C, POOL, 3, tokenPair],
    created([A, B], { families: ['syncswap-aqua'] }),
  ],
  [
    'syncswap-stable',
    'Mint(address indexed sender, uint256 amount0, uint256 amount1, uint256 liquidity, address indexed to)',
    [FROM, 1n, 2n, 3n, TO],
    { kind: 'mint', owner: TO, amount0: 1n, amount1: 2n },
  ],
  [
    'syncswap-aqua',
    'Burn(address indexed sender, uint256 amount0, uint256 amount1, uint256 liquidity, address indexed to)',
    [FROM, 1n, 2n, 3n, TO],
    { kind: 'burn', owner: TO, amount0: -1n, amount1: -2n },
  ],
  ['syncswap-aqua', 'Fee(uint256 amount0, uint256 amount1)', [1n, 2n], parameters('fee-amounts', [1n, 2n])],
  ['syncswap-aqua', 'UpdatePriceScale(uint256 newPriceScale)', [5n], parameters('price-scale', [5n])],
  ['syncswap-aqua', 'UpdateInvariant(uint256 newInvariant)', [6n], parameters('invariant', [6n])],
  [
    'syncswap-aqua',
    'UpdatePoolProfit(uint256 xcpProfit, uint256 virtualPrice)',
    [7n, 8n],
    parameters('pool-profit', [7n, 8n]),
  ],
  [
    'kyber-elastic',
    'PoolCreated(address indexed token0, address indexed token1, uint24 indexed fee, int24 tickSpacing, address pool)',
    [A, B, 500, 10, POOL],
    created([A, B], { fee: 500n, tickSpacing: 10 }),
  ],
  [
    'slipstream',
    'Initialize(uint160 sqrtPriceX96, int24 tick)',
    [PRICE, -3],
    { kind: 'initialize', sqrtPriceX96: PRICE, tick: -3 },
  ],
  [
    'algebra',
    'Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)',
    [FROM, TO, 5n, -6n, PRICE, 7n, 8],
    swap(5n, -6n, { after: { sqrtPriceX96: PRICE, liquidity: 7n, tick: 8 } }),
  ],
  [
    'iziswap',
    V3_MINT,
    [FROM, TO, -5, 6, 7n, 8n, 9n],
    { kind: 'mint', owner: TO, range: { tickLower: -5, tickUpper: 6, liquidity: 7n }, amount0: 8n },
  ],
  [
    'iziswap',
    V3_BURN,
    [TO, -5, 6, 7n, 8n, 9n],
    { kind: 'burn', range: { tickLower: -5, tickUpper: 6, liquidity: -7n }, amount1: -9n },
  ],
  [
    'pancake-v3',
    'Collect(address indexed owner, address recipient, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount0, uint128 amount1)',
    [FROM, TO, -5, 6, 1n, 2n],
    { kind: 'collect', amount0: -1n, amount1: -2n },
  ],
  [
    'pancake-v3',
    'Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick, uint128 protocolFeesToken0, uint128 protocolFeesToken1)',
    [FROM, TO, -5n, 6n, PRICE, 7n, -8, 1n, 0n],
    swap(-5n, 6n, { after: { sqrtPriceX96: PRICE, liquidity: 7n, tick: -8 }, families: ['pancake-v3'] }),
  ],
  [
    'slipstream',
    'PoolCreated(address indexed token0, address indexed token1, int24 indexed tickSpacing, address pool)',
    [A, B, 200, POOL],
    created([A, B], { fee: null, tickSpacing: 200 }),
  ],
  [
    'algebra',
    'Pool(address indexed token0, address indexed token1, address pool)',
    [A, B, POOL],
    created([A, B], { tickSpacing: null }),
  ],
  [
    'algebra',
    'CustomPool(address indexed deployer, address indexed token0, address indexed token1, address pool)',
    [C, A, B, POOL],
    created([A, B]),
  ],
  ['algebra', 'Fee(uint16 fee)', [450], { kind: 'fee', fee0: 450n }],
  ['algebra', 'TickSpacing(int24 newTickSpacing)', [60], parameters('tick-spacing', [60n])],
  [
    'algebra',
    'Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 price, uint128 liquidity, int24 tick, uint24 overrideFee, uint24 pluginFee)',
    [FROM, TO, 5n, -6n, PRICE, 7n, 8, 100, 20],
    swap(5n, -6n, { fee: 120n }),
  ],
  [
    'algebra',
    'Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 price, uint128 liquidity, int24 tick, uint24 overrideFee, uint24 pluginFee)',
    [FROM, TO, 5n, -6n, PRICE, 7n, 8, 0, 20],
    swap(5n, -6n, { fee: null }),
  ],
  [
    'algebra',
    'Burn(address indexed owner, int24 indexed bottomTick, int24 indexed topTick, uint128 liquidityAmount, uint256 amount0, uint256 amount1, uint24 pluginFee)',
    [FROM, -5, 6, 7n, 8n, 9n, 1],
    { kind: 'burn', amount0: -8n },
  ],
  [
    'kyber-elastic',
    'BurnRTokens(address indexed owner, uint256 qty, uint256 qty0, uint256 qty1)',
    [FROM, 1n, 2n, 3n],
    parameters('burn-rtokens', [BigInt(FROM), 1n, 2n, 3n]),
  ],
  [
    'uniswap-v4',
    'Initialize(bytes32 indexed id, address indexed currency0, address indexed currency1, uint24 fee, int24 tickSpacing, address hooks, uint160 sqrtPriceX96, int24 tick)',
    [v4Id(), A, B, 500, 10, ZERO, PRICE, 0],
    {
      kind: 'pool-created',
      pool: v4Id(),
      emitter: EMITTER,
      tokens: [A, B],
      fee: 500n,
      hooks: null,
      price: { sqrtPriceX96: PRICE, tick: 0 },
    },
  ],
  [
    'uniswap-v4',
    'Initialize(bytes32 indexed id, address indexed currency0, address indexed currency1, uint24 fee, int24 tickSpacing, address hooks, uint160 sqrtPriceX96, int24 tick)',
    [v4Id(C, 0x800000), A, B, 0x800000, 10, C, PRICE, 0],
    { fee: null, hooks: C },
  ],
  [
    'uniswap-v4',
    'Swap(bytes32 indexed id, address indexed sender, int128 amount0, int128 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick, uint24 fee)',
    [v4Id(), FROM, -5n, 6n, PRICE, 7n, 8, 500],
    swap(5n, -6n, { pool: v4Id(), sender: FROM, recipient: null, fee: 500n }),
  ],
  [
    'uniswap-v4',
    'ModifyLiquidity(bytes32 indexed id, address indexed sender, int24 tickLower, int24 tickUpper, int256 liquidityDelta, bytes32 salt)',
    [v4Id(), FROM, -10, 10, -7n, toHex(1, { size: 32 })],
    { kind: 'burn', range: { tickLower: -10, tickUpper: 10, liquidity: -7n }, amount0: null },
  ],
  [
    'uniswap-v4',
    'Donate(bytes32 indexed id, address indexed sender, uint256 amount0, uint256 amount1)',
    [v4Id(), FROM, 1n, 2n],
    { ...parameters('donate', [1n, 2n]), pool: v4Id() },
  ],
  [
    'uniswap-v4',
    'ProtocolFeeUpdated(bytes32 indexed id, uint24 protocolFee)',
    [v4Id(), 9],
    { ...parameters('protocol-fee', [9n]), pool: v4Id() },
  ],
  [
    'iziswap',
    'NewPool(address indexed tokenX, address indexed tokenY, uint24 indexed fee, uint24 pointDelta, address pool)',
    [A, B, 2000, 40, POOL],
    created([A, B], { fee: 2000n, tickSpacing: 40 }),
  ],
  [
    'iziswap',
    'Swap(address indexed tokenX, address indexed tokenY, uint24 indexed fee, bool sellXEarnY, uint256 amountX, uint256 amountY, int24 currentPoint)',
    [A, B, 2000, true, 5n, 6n, -7],
    swap(5n, -6n, {
      ...{ token0: A, token1: B, sender: null, fee: 2000n },
      bins: { tokenIn: 0, isExactOutput: false, amount: null, tickLimit: null, tickAfter: -7 },
    }),
  ],
  [
    'iziswap',
    'Swap(address indexed tokenX, address indexed tokenY, uint24 indexed fee, bool sellXEarnY, uint256 amountX, uint256 amountY, int24 currentPoint)',
    [A, B, 2000, false, 5n, 6n, -7],
    swap(-5n, 6n, {
      bins: { tokenIn: 1, isExactOutput: false, amount: null, tickLimit: null, tickAfter: -7 },
    }),
  ],
  [
    'iziswap',
    'CollectLiquidity(address indexed owner, address recipient, int24 indexed leftPoint, int24 indexed rightPoint, uint256 amountX, uint256 amountY)',
    [FROM, TO, -5, 6, 7n, 8n],
    { kind: 'collect', amount0: -7n, amount1: -8n },
  ],
  [
    'iziswap',
    'AddLimitOrder(address indexed owner, uint128 addAmount, uint128 acquireAmount, int24 indexed point, uint128 claimSold, uint128 claimEarn, bool sellXEarnY)',
    [FROM, 1n, 2n, -40, 3n, 4n, true],
    parameters('limit-add', [-40n, 1n, 2n, 3n, 4n, 1n]),
  ],
  [
    'iziswap',
    'DecLimitOrder(address indexed owner, uint128 decreaseAmount, int24 indexed point, uint128 claimSold, uint128 claimEarn, bool sellXEarnY)',
    [FROM, 1n, 40, 3n, 4n, false],
    parameters('limit-dec', [40n, 1n, 3n, 4n, 0n]),
  ],
  [
    'iziswap',
    'CollectLimitOrder(address indexed owner, address recipient, int24 indexed point, uint128 collectDec, uint128 collectEarn, bool sellXEarnY)',
    [FROM, TO, 40, 3n, 4n, true],
    parameters('limit-collect', [40n, 3n, 4n, 1n]),
  ],
  [
    'kyber-classic',
    'PoolCreated(address indexed token0, address indexed token1, address pool, uint32 ampBps, uint24 feeUnits, uint256 totalPool)',
    [A, B, POOL, 10_000, 300, 1n],
    created([A, B], { fee: 3n * 10n ** 15n }),
  ],
  [
    'kyber-classic',
    'PoolCreated(address indexed token0, address indexed token1, address pool, uint32 ampBps, uint256 totalPool)',
    [A, B, POOL, 10_000, 1n],
    created([A, B], { fee: null }),
  ],
  [
    'kyber-classic',
    'Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to, uint256 feeInPrecision)',
    [FROM, 7n, 0n, 0n, 5n, TO, 10n ** 15n],
    swap(7n, -5n, { fee: 10n ** 15n }),
  ],
  [
    'kyber-classic',
    'Sync(uint256 vReserve0, uint256 vReserve1, uint256 reserve0, uint256 reserve1)',
    [30n, 40n, 3n, 4n],
    { kind: 'reserves', reserve0: 3n, reserve1: 4n, virtual: { reserve0: 30n, reserve1: 40n } },
  ],
  [
    'maverick-v1',
    'PoolCreated(address poolAddress, uint256 fee, uint256 tickSpacing, int32 activeTick, int256 lookback, uint64 protocolFeeRatio, address tokenA, address tokenB)',
    [POOL, 10n ** 15n, 10n, -5, 3600n, 0n, A, B],
    created([A, B], {
      ...{ fee: 10n ** 15n, tickSpacing: 10 },
      bins: { activeTick: -5, protocolFee: 0n, feeA: 10n ** 15n, feeB: 10n ** 15n },
    }),
  ],
  [
    'maverick-v1',
    'Swap(address sender, address recipient, bool tokenAIn, bool exactOutput, uint256 amountIn, uint256 amountOut, int32 activeTick)',
    [FROM, TO, true, false, 5n, 6n, -7],
    swap(5n, -6n, {
      ...{ sender: FROM, recipient: TO },
      bins: { tokenIn: 0, isExactOutput: false, amount: null, tickLimit: null, tickAfter: -7 },
    }),
  ],
  [
    'maverick-v1',
    'BinMerged(uint128 indexed binId, uint128 reserveA, uint128 reserveB, uint128 mergeId)',
    [1n, 2n, 3n, 4n],
    parameters('bin-merged', [1n, 2n, 3n, 4n]),
  ],
  [
    'maverick-v1',
    'BinMoved(uint128 indexed binId, int128 previousTick, int128 newTick)',
    [1n, -2n, 3n],
    parameters('bin-moved', [1n, -2n, 3n]),
  ],
  [
    'maverick-v1',
    'AddLiquidity(address indexed sender, uint256 indexed tokenId, (uint128 deltaA, uint128 deltaB, uint256 deltaLpBalance, uint128 binId, uint8 kind, int32 lowerTick, bool isActive)[] binDeltas)',
    [FROM, 9n, [binDelta(1n, 5n), binDelta(2n, 7n)]],
    { kind: 'mint', owner: FROM, amount0: null, amount1: null, bins: [binChange(1, 5n), binChange(2, 7n)] },
  ],
  [
    'maverick-v1',
    'RemoveLiquidity(address indexed sender, address indexed recipient, uint256 indexed tokenId, (uint128 deltaA, uint128 deltaB, uint256 deltaLpBalance, uint128 binId, uint8 kind, int32 lowerTick, bool isActive)[] binDeltas)',
    [FROM, TO, 9n, [binDelta(3n, 5n)]],
    { kind: 'burn', owner: TO, amount0: null, amount1: null, bins: [binChange(3, 5n)] },
  ],
  ['maverick-v1', 'SetProtocolFeeRatio(uint256 protocolFee)', [250n], parameters('protocol-fee', [250n])],
  ['maverick-v2', 'PoolSetProtocolFeeRatio(uint256 protocolFeeRatioD3)', [250n], parameters('protocol-fee', [250n])],
  [
    'maverick-v2',
    'PoolCreated(address poolAddress, uint8 protocolFeeRatio, uint256 feeAIn, uint256 feeBIn, uint256 tickSpacing, uint256 lookback, int32 activeTick, address tokenA, address tokenB, uint8 kinds, address accessor)',
    [POOL, 0, 10n ** 14n, 10n ** 15n, 20n, 3600n, 5, A, B, 1, ZERO],
    created([A, B], {
      ...{ fee: 10n ** 14n, tickSpacing: 20 },
      bins: { activeTick: 5, protocolFee: 0n, feeA: 10n ** 14n, feeB: 10n ** 15n },
    }),
  ],
  [
    'maverick-v2',
    'PoolSwap(address sender, address recipient, (uint256 amount, bool tokenAIn, bool exactOutput, int32 tickLimit) params, uint256 amountIn, uint256 amountOut)',
    [FROM, TO, { amount: 5n, tokenAIn: false, exactOutput: false, tickLimit: 9 }, 5n, 6n],
    swap(-6n, 5n, { bins: { tokenIn: 1, isExactOutput: false, amount: 5n, tickLimit: 9, tickAfter: null } }),
  ],
  [
    'maverick-v2',
    'PoolAddLiquidity(address sender, address recipient, uint256 subaccount, (uint8 kind, int32[] ticks, uint128[] amounts) params, uint256 tokenAAmount, uint256 tokenBAmount, uint32[] binIds)',
    [FROM, TO, 0n, { kind: 0, ticks: [1, 2], amounts: [3n, 4n] }, 5n, 6n, [7, 8]],
    {
      ...{ kind: 'mint', owner: TO, amount0: 5n, amount1: 6n },
      bins: [
        { id: 7, place: { kind: 0, tick: 1 }, shares: 3n, amounts: null, isActive: null },
        { id: 8, place: { kind: 0, tick: 2 }, shares: 4n, amounts: null, isActive: null },
      ],
    },
  ],
  [
    'maverick-v2',
    'PoolRemoveLiquidity(address sender, address recipient, uint256 subaccount, (uint32[] binIds, uint128[] amounts) params, uint256 tokenAOut, uint256 tokenBOut)',
    [FROM, TO, 0n, { binIds: [1], amounts: [2n] }, 5n, 6n],
    {
      ...{ kind: 'burn', owner: TO, amount0: -5n, amount1: -6n },
      bins: [{ id: 1, place: null, shares: 2n, amounts: null, isActive: null }],
    },
  ],
  [
    'maverick-v2',
    'PoolMigrateBinsUpStack(address sender, uint32 binId, uint32 maxRecursion)',
    [FROM, 1, 2],
    parameters('bins-migrated', [BigInt(FROM), 1n, 2n]),
  ],
  [
    'maverick-v2',
    'PoolSetVariableFee(uint256 newFeeAIn, uint256 newFeeBIn)',
    [1n, 2n],
    { kind: 'fee', fee0: 1n, fee1: 2n },
  ],
  [
    'curve-stable',
    'TokenExchange(address indexed buyer, int128 sold_id, uint256 tokens_sold, int128 bought_id, uint256 tokens_bought)',
    [FROM, 2n, 5n, 0n, 6n],
    swap(-6n, 5n, { token0: 0, token1: 2, sender: FROM }),
  ],
  [
    'curve-stable',
    'AddLiquidity(address indexed provider, uint256[] token_amounts, uint256[] fees, uint256 invariant, uint256 token_supply)',
    [FROM, [1n, 2n, 3n], [0n, 0n, 0n], 4n, 5n],
    {
      kind: 'mint',
      amount0: 1n,
      changes: [
        { token: 0, amount: 1n },
        { token: 1, amount: 2n },
        { token: 2, amount: 3n },
      ],
    },
  ],
  [
    'curve-stable',
    'RemoveLiquidity(address indexed provider, uint256[] token_amounts, uint256[] fees, uint256 token_supply)',
    [FROM, [1n, 2n], [], 5n],
    { kind: 'burn', amount1: -2n },
  ],
  [
    'curve-stable',
    'RemoveLiquidityOne(address indexed provider, int128 token_id, uint256 token_amount, uint256 coin_amount, uint256 token_supply)',
    [FROM, 1n, 2n, 3n, 4n],
    {
      ...{ kind: 'burn', amount0: 0n, amount1: -3n, changes: [{ token: 1, amount: -3n }] },
      coins: { fees: null, supply: 4n, one: { burned: 2n, position: 1, amount: 3n } },
    },
  ],
  [
    'curve-stable',
    'RemoveLiquidityOne(address indexed provider, uint256 token_amount, uint256 coin_amount, uint256 token_supply)',
    [FROM, 20n, 30n, 4n],
    {
      ...{ kind: 'burn', amount0: null, changes: null },
      coins: { fees: null, supply: 4n, one: { burned: 20n, position: null, amount: 30n } },
    },
  ],
  [
    'curve-stable',
    'RemoveLiquidityOne(address indexed provider, uint256 token_amount, uint256 coin_amount)',
    [FROM, 20n, 3n],
    { coins: { fees: null, supply: null, one: { burned: 20n, position: null, amount: 3n } } },
  ],
  ...[2, 3, 4, ''].flatMap((length): Case[] => {
    const amounts = [1n, 2n, 3n, 4n].slice(0, length === '' ? 3 : Number(length))
    const fees = amounts.map((amount) => amount + 4n)
    const family = length === 2 || length === 3 ? 'pancake-stable' : 'curve-stable'
    const lists = `uint256[${length}] token_amounts, uint256[${length}] fees`
    return [
      [
        family,
        `RemoveLiquidityImbalance(address indexed provider, ${lists}, uint256 invariant, uint256 token_supply)`,
        [FROM, amounts, fees, 9n, 10n],
        { kind: 'burn', amount1: -2n, coins: { fees, supply: 10n, one: null } },
      ],
    ]
  }),
  [
    'curve-stable',
    'AddLiquidity(address indexed provider, uint256[4] token_amounts, uint256[4] fees, uint256 invariant, uint256 token_supply)',
    [FROM, [1n, 2n, 3n, 4n], [5n, 6n, 7n, 8n], 9n, 10n],
    { kind: 'mint', amount1: 2n, coins: { fees: [5n, 6n, 7n, 8n], supply: 10n, one: null } },
  ],
  [
    'curve-stable',
    'RemoveLiquidity(address indexed provider, uint256[4] token_amounts, uint256[4] fees, uint256 token_supply)',
    [FROM, [1n, 2n, 3n, 4n], [0n, 0n, 0n, 0n], 10n],
    { kind: 'burn', amount1: -2n, coins: { fees: [0n, 0n, 0n, 0n], supply: 10n, one: null } },
  ],
  ['curve-stable', 'StopRampA(uint256 A, uint256 t)', [1n, 2n], parameters('stop-ramp', [1n, 2n])],
  [
    'pancake-stable',
    'AddLiquidity(address indexed provider, uint256[2] token_amounts, uint256[2] fees, uint256 invariant, uint256 token_supply)',
    [FROM, [1n, 2n], [0n, 0n], 4n, 5n],
    { kind: 'mint', amount1: 2n },
  ],
  [
    'curve-stable',
    'AddLiquidity(address indexed provider, uint256[3] token_amounts, uint256[3] fees, uint256 invariant, uint256 token_supply)',
    [FROM, [1n, 2n, 3n], [0n, 0n, 0n], 4n, 5n],
    { kind: 'mint', amount1: 2n },
  ],
  [
    'pancake-stable',
    'RemoveLiquidity(address indexed provider, uint256[3] token_amounts, uint256[3] fees, uint256 token_supply)',
    [FROM, [1n, 2n, 3n], [0n, 0n, 0n], 5n],
    { kind: 'burn', amount0: -1n },
  ],
  [
    'pancake-stable',
    'RampA(uint256 old_A, uint256 new_A, uint256 initial_time, uint256 future_time)',
    [1n, 2n, 3n, 4n],
    parameters('ramp', [1n, 2n, 3n, 4n]),
  ],
  [
    'curve-stable',
    'ApplyNewFee(uint256 fee, uint256 offpeg_fee_multiplier)',
    [1n, 2n],
    parameters('fee-and-multiplier', [1n, 2n]),
  ],
  [
    'curve-crypto',
    'TokenExchange(address indexed buyer, uint256 sold_id, uint256 tokens_sold, uint256 bought_id, uint256 tokens_bought, uint256 fee, uint256 packed_price_scale)',
    [FROM, 0n, 5n, 1n, 9_974_000_000n, 26_000_000n, 8n],
    swap(5n, -9_974_000_000n, { fee: 26_000_000n, priceScale: 8n }),
  ],
  [
    'curve-crypto',
    'TokenExchange(address indexed buyer, uint256 sold_id, uint256 tokens_sold, uint256 bought_id, uint256 tokens_bought, uint256 fee, uint256 packed_price_scale)',
    [FROM, 0n, 5n, 1n, 6n, 7n, 8n],
    swap(5n, -6n, { fee: null, priceScale: 8n }),
  ],
  [
    'curve-crypto',
    'ClaimAdminFee(address indexed admin, uint256[2] tokens)',
    [FROM, [5n, 6n]],
    parameters('admin-fees', [5n, 6n]),
  ],
  [
    'pancake-stable',
    'TokenExchange(address indexed buyer, uint256 sold_id, uint256 tokens_sold, uint256 bought_id, uint256 tokens_bought)',
    [FROM, 1n, 5n, 0n, 6n],
    swap(-6n, 5n, { token0: 0, token1: 1 }),
  ],
  [
    'curve-crypto',
    'AddLiquidity(address indexed provider, uint256[3] token_amounts, uint256 fee, uint256 token_supply, uint256 packed_price_scale)',
    [FROM, [1n, 2n, 3n], 4n, 5n, 6n],
    { kind: 'mint', amount0: 1n },
  ],
  [
    'curve-crypto',
    'AddLiquidity(address indexed provider, uint256[2] token_amounts, uint256 fee, uint256 token_supply)',
    [FROM, [1n, 2n], 4n, 5n],
    { kind: 'mint', amount1: 2n },
  ],
  [
    'curve-crypto',
    'AddLiquidity(address indexed provider, uint256[2] token_amounts, uint256 fee, uint256 token_supply, uint256 packed_price_scale)',
    [FROM, [1n, 2n], 4n, 5n, 6n],
    { kind: 'mint', amount1: 2n, coins: { fees: null, supply: 5n, one: null, priceScale: 6n } },
  ],
  [
    'curve-crypto',
    'RemoveLiquidity(address indexed provider, uint256[2] token_amounts, uint256 token_supply)',
    [FROM, [1n, 2n], 5n],
    { kind: 'burn', amount1: -2n, coins: { fees: null, supply: 5n, one: null } },
  ],
  [
    'curve-crypto',
    'RemoveLiquidity(address indexed provider, uint256[3] token_amounts, uint256 token_supply)',
    [FROM, [1n, 2n, 3n], 5n],
    { kind: 'burn', amount0: -1n, coins: { fees: null, supply: 5n, one: null } },
  ],
  [
    'curve-crypto',
    'RemoveLiquidityOne(address indexed provider, uint256 token_amount, uint256 coin_index, uint256 coin_amount)',
    [FROM, 20n, 1n, 30n],
    { amount1: -30n, coins: { fees: null, supply: null, one: { burned: 20n, position: 1, amount: 30n } } },
  ],
  [
    'curve-crypto',
    'RemoveLiquidityOne(address indexed provider, uint256 token_amount, uint256 coin_index, uint256 coin_amount, uint256 approx_fee, uint256 packed_price_scale)',
    [FROM, 20n, 0n, 30n, 4n, 6n],
    {
      amount0: -30n,
      coins: { fees: null, supply: null, one: { burned: 20n, position: 0, amount: 30n }, priceScale: 6n },
    },
  ],
  [
    'curve-crypto',
    'NewParameters(uint256 mid_fee, uint256 out_fee, uint256 fee_gamma, uint256 allowed_extra_profit, uint256 adjustment_step, uint256 ma_time)',
    [1n, 2n, 3n, 4n, 5n, 6n],
    parameters('fees', [1n, 2n, 3n, 4n, 5n, 6n]),
  ],
  [
    'curve-crypto',
    'NewParameters(uint256 admin_fee, uint256 mid_fee, uint256 out_fee, uint256 fee_gamma, uint256 allowed_extra_profit, uint256 adjustment_step, uint256 ma_half_time)',
    [1n, 2n, 3n, 4n, 5n, 6n, 7n],
    parameters('admin-fee-and-fees', [1n, 2n, 3n, 4n, 5n, 6n, 7n]),
  ],
  [
    'curve-crypto',
    'StopRampA(uint256 current_A, uint256 current_gamma, uint256 time)',
    [1n, 2n, 3n],
    parameters('stop-ramp', [1n, 2n, 3n]),
  ],
  [
    'curve-crypto',
    'RampAgamma(uint256 initial_A, uint256 future_A, uint256 initial_gamma, uint256 future_gamma, uint256 initial_time, uint256 future_time)',
    [1n, 2n, 3n, 4n, 5n, 6n],
    parameters('ramp', [1n, 2n, 3n, 4n, 5n, 6n]),
  ],
  [
    'pancake-stable',
    'NewStableSwapPair(address indexed swapContract, address tokenA, address tokenB, address tokenC, address LP)',
    [POOL, A, B, C, FROM],
    created([A, B, C], { stable: true }),
  ],
  [
    'pancake-stable',
    'NewStableSwapPair(address indexed swapContract, address tokenA, address tokenB, address tokenC, address LP)',
    [POOL, A, B, ZERO, FROM],
    created([A, B]),
  ],
  [
    'pancake-stable',
    'RemoveLiquidity(address indexed provider, uint256[2] token_amounts, uint256[2] fees, uint256 token_supply)',
    [FROM, [1n, 2n], [0n, 0n], 5n],
    { kind: 'burn', amount1: -2n },
  ],
  [
    'pancake-stable',
    'RemoveLiquidityOne(address indexed provider, uint256 index, uint256 token_amount, uint256 coin_amount)',
    [FROM, 0n, 2n, 3n],
    { kind: 'burn', amount0: -3n },
  ],
  ['pancake-stable', 'NewFee(uint256 fee, uint256 admin_fee)', [4n, 5n], { kind: 'fee', fee0: 4n, adminFee: 5n }],
  [
    'balancer-v2',
    'TokensRegistered(bytes32 indexed poolId, address[] tokens, address[] assetManagers)',
    [BALANCER_ID, [A, B, C], [ZERO, ZERO, ZERO]],
    created([A, B, C], { emitter: EMITTER }),
  ],
  [
    'balancer-v2',
    'Swap(bytes32 indexed poolId, address indexed tokenIn, address indexed tokenOut, uint256 amountIn, uint256 amountOut)',
    [BALANCER_ID, B, A, 5n, 6n],
    swap(-6n, 5n, { pool: POOL, token0: A, token1: B }),
  ],
  [
    'balancer-v2',
    'PoolBalanceChanged(bytes32 indexed poolId, address indexed liquidityProvider, address[] tokens, int256[] deltas, uint256[] protocolFeeAmounts)',
    [BALANCER_ID, FROM, [A, B], [-5n, -6n], [0n, 0n]],
    {
      kind: 'burn',
      pool: POOL,
      owner: FROM,
      changes: [
        { token: A, amount: -5n },
        { token: B, amount: -6n },
      ],
    },
  ],
  [
    'balancer-v2',
    'SwapFeePercentageChanged(uint256 swapFeePercentage)',
    [10n ** 15n],
    { kind: 'fee', fee0: 10n ** 15n },
  ],
  [
    'velocore-v2',
    'Swap(address indexed pool, address indexed user, bytes32[] tokenRef, int128[] delta)',
    [POOL, FROM, [word(A), NATIVE], [5n, -6n]],
    swap(-6n, 5n, { pool: POOL, token0: ZERO, token1: A, sender: FROM }),
  ],
  [
    'velocore-v2',
    'Swap(address indexed pool, address indexed user, bytes32[] tokenRef, int128[] delta)',
    [POOL, FROM, [word(A), word(POOL), word(B)], [5n, -9n, 6n]],
    {
      kind: 'mint',
      owner: FROM,
      changes: [
        { token: A, amount: 5n },
        { token: B, amount: 6n },
      ],
    },
  ],
  [
    'velocore-v2',
    'Swap(address indexed pool, address indexed user, bytes32[] tokenRef, int128[] delta)',
    [POOL, FROM, [word(A), word(B), word(C)], [5n, -9n, 6n]],
    parameters('operation', []),
  ],
  [
    'velocore-v2',
    'Swap(address indexed pool, address indexed user, bytes32[] tokenRef, int128[] delta)',
    [POOL, FROM, [NFT, word(B)], [5n, -9n]],
    parameters('operation', []),
  ],
  [
    'velocore-v2',
    'Gauge(address indexed pool, address indexed user, bytes32[] tokenRef, int128[] delta)',
    [POOL, FROM, [word(A)], [5n]],
    parameters('gauge', []),
  ],
  [
    'velocore-v2',
    'PoolCreated(address indexed pool, bytes32 t1, bytes32 t2)',
    [POOL, word(A), NATIVE],
    created([A, ZERO]),
  ],
  ['velocore-v2', 'FeeChanged(uint256 fee1e18)', [10n ** 15n], { kind: 'fee', fee0: 10n ** 15n }],
  ['velocore-v2', 'DecayChanged(uint256 decay)', [3n], parameters('decay', [3n])],
  [
    'woofi',
    'WooSwap(address indexed fromToken, address indexed toToken, uint256 fromAmount, uint256 toAmount, address from, address indexed to, address rebateTo, uint256 swapVol, uint256 swapFee)',
    [B, A, 5n, 6n, FROM, TO, ZERO, 7n, 8n],
    swap(-6n, 5n, { token0: A, sender: FROM, recipient: TO }),
  ],
  [
    'wombat',
    'Swap(address indexed sender, address fromToken, address toToken, uint256 fromAmount, uint256 toAmount, address indexed to)',
    [FROM, A, B, 5n, 6n, TO],
    swap(5n, -6n, { token1: B }),
  ],
  [
    'wombat',
    'Swap(address indexed sender, address fromToken, uint256 fromAmount, address toToken, uint256 toAmount, address indexed to)',
    [FROM, A, 5n, B, 6n, TO],
    swap(5n, -6n, { token1: B }),
  ],
  [
    'clober-v2',
    'Open(uint192 indexed id, address indexed base, address indexed quote, uint64 unitSize, uint24 makerPolicy, uint24 takerPolicy, address hooks)',
    [7n, B, A, 1n, 2, 3, ZERO],
    { kind: 'pool-created', pool: toHex(7n, { size: 32 }), tokens: [B, A], hooks: null },
  ],
  [
    'clober-v2',
    'Make(uint192 indexed bookId, address indexed user, int24 tick, uint256 orderIndex, uint64 unit, address provider)',
    [7n, FROM, 1, 2n, 3n, TO],
    parameters('make', [1n, 2n, 3n, BigInt(TO)]),
  ],
  [
    'clober-v2',
    'Take(uint192 indexed bookId, address indexed user, int24 tick, uint64 unit)',
    [7n, FROM, 1, 2n],
    { ...parameters('take', [1n, 2n]), pool: toHex(7n, { size: 32 }) },
  ],
  ['clober-v2', 'Cancel(uint256 indexed orderId, uint64 unit)', [7n, 2n], parameters('cancel', [7n, 2n])],
  ['clober-v2', 'Claim(uint256 indexed orderId, uint64 unit)', [7n, 2n], parameters('claim', [7n, 2n])],
  [
    'oneinch-aqua',
    'Pushed(address maker, address app, bytes32 strategyHash, address token, uint256 amount)',
    [FROM, TO, toHex(1, { size: 32 }), A, 5n],
    parameters('pushed', [BigInt(FROM), BigInt(TO), 1n, BigInt(A), 5n]),
  ],
  [
    'oneinch-aqua',
    'Pulled(address maker, address app, bytes32 strategyHash, address token, uint256 amount)',
    [FROM, TO, toHex(1, { size: 32 }), A, 5n],
    { kind: 'parameters', name: 'pulled' },
  ],
  [
    'gmx-v1',
    'Swap(address account, address tokenIn, address tokenOut, uint256 amountIn, uint256 amountOut, uint256 amountOutAfterFees, uint256 feeBasisPoints)',
    [FROM, A, B, 5n, 7n, 6n, 30n],
    swap(5n, -6n, { sender: FROM, fee: 30n }),
  ],
  [
    'amigo',
    'Swap(address indexed buyer, uint256 tokenAmount, uint256 price, uint256 fees, bool isBuy)',
    [FROM, 1n, 2n, 3n, true],
    { kind: 'parameters', name: 'trade' },
  ],
  [
    'copump',
    'TokenPurchased(address indexed tokenAddress, address indexed buyer, uint256 amount, uint256 totalPrice, uint256 fee, (uint256 funding, uint256 supply, uint256 marketCap) tokenState, uint256 occuredAt)',
    [A, FROM, 5n, 6n, 1n, { funding: 1n, supply: 2n, marketCap: 3n }, 4n],
    swap(6n, -5n, { pool: A, token0: ZERO, token1: A }),
  ],
  [
    'copump',
    'TokenSold(address indexed tokenAddress, address indexed seller, uint256 amount, uint256 totalPrice, uint256 fee, (uint256 funding, uint256 supply, uint256 marketCap) tokenState, uint256 occuredAt)',
    [A, FROM, 5n, 6n, 1n, { funding: 1n, supply: 2n, marketCap: 3n }, 4n],
    swap(-6n, 5n),
  ],
  [
    'aave-v3',
    'LiquidationCall(address indexed collateralAsset, address indexed debtAsset, address indexed user, uint256 debtToCover, uint256 liquidatedCollateralAmount, address liquidator, bool receiveAToken)',
    [A, B, TO, 5n, 6n, FROM, false],
    {
      kind: 'liquidation',
      borrower: TO,
      liquidator: FROM,
      debt: { token: B, market: null, amount: 5n },
      collateral: { token: A, market: null, amount: 6n },
    },
  ],
  [
    'aave-v3',
    'LiquidationCall(address indexed _collateral, address indexed _reserve, address indexed _user, uint256 _purchaseAmount, uint256 _liquidatedCollateralAmount, uint256 _accruedBorrowInterest, address _liquidator, bool _receiveAToken, uint256 _timestamp)',
    ['0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee', B, TO, 5n, 6n, 1n, FROM, false, 7n],
    {
      kind: 'liquidation',
      borrower: TO,
      liquidator: FROM,
      debt: { token: B, market: null, amount: 5n },
      collateral: { token: ZERO, market: null, amount: 6n },
    },
  ],
  [
    'compound-v2',
    'LiquidateBorrow(address liquidator, address borrower, uint256 repayAmount, address cTokenCollateral, uint256 seizeTokens)',
    [FROM, TO, 5n, C, 6n],
    {
      kind: 'liquidation',
      families: ['compound-v2'],
      borrower: TO,
      debt: { token: null, market: EMITTER, amount: 5n },
      collateral: { token: null, market: C, amount: 6n },
    },
  ],
  [
    'venus',
    'LiquidateBorrow(address indexed liquidator, address indexed borrower, uint256 repayAmount, address indexed vTokenCollateral, uint256 seizeTokens)',
    [FROM, TO, 5n, C, 6n],
    { kind: 'liquidation', families: ['venus'], liquidator: FROM, collateral: { token: null, market: C, amount: 6n } },
  ],
  [
    'morpho-blue',
    'Liquidate(bytes32 indexed id, address indexed caller, address indexed borrower, uint256 repaidAssets, uint256 repaidShares, uint256 seizedAssets, uint256 badDebtAssets, uint256 badDebtShares)',
    [toHex(9, { size: 32 }), FROM, TO, 5n, 1n, 6n, 0n, 0n],
    { kind: 'liquidation', marketId: toHex(9, { size: 32 }), debt: { token: null, market: null, amount: 5n } },
  ],
  [
    'gmx-v1',
    'LiquidatePosition(bytes32 key, address account, address collateralToken, address indexToken, bool isLong, uint256 size, uint256 collateral, uint256 reserveAmount, int256 realisedPnl, uint256 markPrice)',
    [toHex(9, { size: 32 }), TO, A, B, true, 1n, 2n, 3n, -4n, 5n],
    { kind: 'liquidation', borrower: TO, liquidator: null, collateral: { token: A, market: null, amount: null } },
  ],
]

const encoded = cases.map(([family, text, values, expected]) => ({
  family,
  text,
  expected,
  log: encodeEvent(text, EMITTER, values),
}))

describe('decodeLog of every event', () => {
  test.each(encoded)('$family $text', ({ family, expected, log }) => {
    const event = decodeLog(log)
    expect(event).toMatchObject(expected)
    expect(event!.families).toContain(family)
    expect(event!.emitter).toBe(EMITTER)
  })

  test('none is missing here', () => {
    const tested = new Set(encoded.map(({ log }) => log.topics[0]))
    expect(knownTopics.filter((topic) => !tested.has(topic))).toEqual([])
  })
})

describe('a log that is cut, too long, or has too few or too many topics', () => {
  const spoilt = (log: Log): Log[] => [
    { ...log, data: log.data.slice(0, -2) as Hex },
    { ...log, data: log.data.length > 66 ? (log.data.slice(0, -64) as Hex) : ('0x' as Hex) },
    { ...log, data: `${log.data}${'00'.repeat(31)}` },
    { ...log, topics: log.topics.length > 1 ? log.topics.slice(0, -1) : [...log.topics, word('0x01')] },
    { ...log, topics: [...log.topics, word('0x01')].slice(0, 4) },
  ]
  test.each(encoded)('$family $text', ({ log }) => {
    for (const broken of spoilt(log)) {
      if (broken.topics.length === log.topics.length && broken.data === log.data) continue
      const event = decodeLog(broken)
      // Another shape of the same topic0 may fit; the one that was spoilt must not.
      const original = decodeLog(log)!
      expect(event === null || event.families !== original.families).toBe(true)
    }
  })
})

const V4_INITIALIZE =
  'Initialize(bytes32 indexed id, address indexed currency0, address indexed currency1, uint24 fee, int24 tickSpacing, address hooks, uint160 sqrtPriceX96, int24 tick)'
const EXCHANGE =
  'TokenExchange(address indexed buyer, int128 sold_id, uint256 tokens_sold, int128 bought_id, uint256 tokens_bought)'

describe('values that cannot be', () => {
  test.each<[string, string, unknown[]]>([
    ['a pair of one token', cases[0]![1], [A, A, POOL, 1n]],
    ['a pair in the wrong order', cases[0]![1], [B, A, POOL, 1n]],
    ['a fee of Mute above the whole', 'ChangeFee(uint256 pairFee, uint256 liqFee)', [10_001n, 0n]],
    [
      'a registered pool of a fourth type',
      'RegisterPool(address indexed factory, address indexed pool, uint16 indexed poolType, bytes data)',
      [C, POOL, 4, tokenPair],
    ],
    [
      'a registered pool without its tokens',
      'RegisterPool(address indexed factory, address indexed pool, uint16 indexed poolType, bytes data)',
      [C, POOL, 1, '0x'],
    ],
    [
      'a registered pool of one token',
      'RegisterPool(address indexed factory, address indexed pool, uint16 indexed poolType, bytes data)',
      [C, POOL, 1, `${word(A)}${word(A).slice(2)}`],
    ],
    [
      'a V4 pool whose id is not the hash of its key',
      V4_INITIALIZE,
      [toHex(1, { size: 32 }), A, B, 500, 10, ZERO, PRICE, 0],
    ],
    ['a V4 pool without a price', V4_INITIALIZE, [v4Id(), A, B, 500, 10, ZERO, 0n, 0]],
    ['a coin sold for itself', EXCHANGE, [FROM, 1n, 5n, 1n, 6n]],
    ['a coin that no pool has', EXCHANGE, [FROM, 0n, 5n, 8n, 6n]],
    ['a coin with a negative position', EXCHANGE, [FROM, -1n, 5n, 0n, 6n]],
    [
      'a Balancer swap of one token',
      'Swap(bytes32 indexed poolId, address indexed tokenIn, address indexed tokenOut, uint256 amountIn, uint256 amountOut)',
      [BALANCER_ID, A, A, 5n, 6n],
    ],
    [
      'a Balancer pool with a token twice',
      'TokensRegistered(bytes32 indexed poolId, address[] tokens, address[] assetManagers)',
      [BALANCER_ID, [A, A], [ZERO, ZERO]],
    ],
    [
      'a Velocore pool of one token',
      'PoolCreated(address indexed pool, bytes32 t1, bytes32 t2)',
      [POOL, word(A), word(A)],
    ],
    [
      'a stable pool with a coin twice',
      'NewStableSwapPair(address indexed swapContract, address tokenA, address tokenB, address tokenC, address LP)',
      [POOL, A, B, B, FROM],
    ],
    [
      'an iZi swap of tokens in the wrong order',
      'Swap(address indexed tokenX, address indexed tokenY, uint24 indexed fee, bool sellXEarnY, uint256 amountX, uint256 amountY, int24 currentPoint)',
      [B, A, 2000, true, 5n, 6n, -7],
    ],
    [
      'a Maverick pool whose fee takes all',
      'PoolCreated(address poolAddress, uint256 fee, uint256 tickSpacing, int32 activeTick, int256 lookback, uint64 protocolFeeRatio, address tokenA, address tokenB)',
      [POOL, 10n ** 18n, 10n, -5, 3600n, 0n, A, B],
    ],
    [
      'a Maverick pool whose second fee takes all',
      'PoolCreated(address poolAddress, uint8 protocolFeeRatio, uint256 feeAIn, uint256 feeBIn, uint256 tickSpacing, uint256 lookback, int32 activeTick, address tokenA, address tokenB, uint8 kinds, address accessor)',
      [POOL, 0, 1n, 10n ** 18n, 20n, 3600n, 5, A, B, 1, ZERO],
    ],
    [
      'shares for another number of bins than ticks',
      'PoolAddLiquidity(address sender, address recipient, uint256 subaccount, (uint8 kind, int32[] ticks, uint128[] amounts) params, uint256 tokenAAmount, uint256 tokenBAmount, uint32[] binIds)',
      [FROM, TO, 0n, { kind: 0, ticks: [1, 2], amounts: [3n, 4n] }, 5n, 6n, [7]],
    ],
    [
      'shares of more bins than amounts',
      'PoolRemoveLiquidity(address sender, address recipient, uint256 subaccount, (uint32[] binIds, uint128[] amounts) params, uint256 tokenAOut, uint256 tokenBOut)',
      [FROM, TO, 0n, { binIds: [1, 2], amounts: [2n] }, 5n, 6n],
    ],
    [
      'a bin with a number that no pool counts to',
      'AddLiquidity(address indexed sender, uint256 indexed tokenId, (uint128 deltaA, uint128 deltaB, uint256 deltaLpBalance, uint128 binId, uint8 kind, int32 lowerTick, bool isActive)[] binDeltas)',
      [FROM, 9n, [binDelta(2n ** 60n, 5n)]],
    ],
    [
      'a GMX swap of one token',
      'Swap(address account, address tokenIn, address tokenOut, uint256 amountIn, uint256 amountOut, uint256 amountOutAfterFees, uint256 feeBasisPoints)',
      [FROM, A, A, 5n, 7n, 6n, 30n],
    ],
  ])('%s', (_, text, values) => {
    expect(decodeLog(encodeEvent(text, EMITTER, values))).toBeNull()
  })
})
