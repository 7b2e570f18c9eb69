import { toFunctionSelector } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findProfile } from '../../../../contracts/chains/index.ts'
import { fetchPools } from '../../../../indexer/chain/pools/index.ts'
import { createRpc, type Rpc } from '../../../../indexer/chain/rpc.ts'
import type { Address, Hex } from '../../../../indexer/types/block.ts'
import type { PoolCreated } from '../../../../indexer/types/event.ts'
import type { PoolClaim } from '../../../../indexer/types/pool.ts'
import { FakeRefusal, type FakeRpc, startFakeRpc } from '../../../support/fakeRpc.ts'
import { address } from '../../../support/logs.ts'

const [POOL, VAULT, BASE, LP] = [address(0xc1), address(0xc2), address(0xc3), address(0xc4)]
const [USDC, DAI] = [address(0xc5), address(0xc6)]
const WAD = 10n ** 18n
const word = (value: bigint | number): string => BigInt.asUintN(256, BigInt(value)).toString(16).padStart(64, '0')
const words = (...values: (bigint | number | Address)[]): Hex =>
  `0x${values.map((value) => word(BigInt(value))).join('')}`

/** Answers by contract, function and first argument; null reverts. */
type Answers = Record<string, Hex | null>
const key = (to: Address, text: string, argument?: number | Hex): string =>
  `${to} ${toFunctionSelector(`function ${text}`)}${argument === undefined ? '' : typeof argument === 'number' ? word(argument) : argument.slice(2)}`

let answers: Answers
/** Answers of blocks before this one are none. */
let firstBlock: number
let server: FakeRpc
let rpc: Rpc

beforeAll(async () => {
  server = await startFakeRpc({
    eth_call: ({ to, data }: { to: Address; data: string }, block: string) => {
      const answer = Number(block) < firstBlock ? null : answers[`${to} ${data}`]
      if (answer == null) throw new FakeRefusal(3, 'execution reverted', '0x')
      return answer
    },
  })
  rpc = createRpc(server.url, { attempts: 1 })
})
beforeEach(() => {
  firstBlock = 0
})
afterAll(async () => {
  await rpc.close()
  await server.close()
})

const claimOf = (family: PoolClaim['families'][number], change: Partial<PoolClaim> = {}): PoolClaim => ({
  ...{ address: POOL, emitter: POOL, families: [family], tokens: [], poolId: null, blockNumber: 20, logIndex: 0 },
  ...{ creation: null, kind: 'swap', ...change },
})
const fetchOne = async (claim: PoolClaim) => (await fetchPools(rpc, [claim], findProfile(99_999))).get(claim) ?? null

describe('StableSwap', () => {
  const plain = (): Answers => ({
    [key(POOL, 'coins(uint256)', 0)]: words(USDC),
    [key(POOL, 'coins(uint256)', 1)]: words(DAI),
    [key(POOL, 'A()')]: words(200),
    [key(POOL, 'get_virtual_price()')]: words(WAD),
    [key(POOL, 'fee()')]: words(4_000_000),
    [key(POOL, 'admin_fee()')]: words(5_000_000_000),
    [key(POOL, 'balances(uint256)', 0)]: words(70),
    [key(POOL, 'balances(uint256)', 1)]: words(90),
    [key(POOL, 'totalSupply()')]: words(160),
    [key(USDC, 'decimals()')]: words(6),
    [key(DAI, 'decimals()')]: words(18),
  })
  const rates = [10n ** 30n, 10n ** 18n]
  const inner = {
    ...{ variant: 'legacy', balances: [70n, 90n], rates, ampPrecision: 1n, fee: 4_000_000n, adminFee: 5_000_000_000n },
    ...{ offpegFeeMultiplier: null, supply: 160n, isPlain: true },
    ramp: { initialA: 200n, futureA: 200n, initialTime: 0n, futureTime: 0n },
  }

  test.each<[string, Answers, object | null]>([
    ['an old pool', {}, inner],
    [
      'its balances asked for in the older way',
      {
        [key(POOL, 'balances(uint256)', 0)]: null,
        [key(POOL, 'balances(int128)', 0)]: words(71),
        [key(POOL, 'balances(int128)', 1)]: words(91),
      },
      { ...inner, balances: [71n, 91n] },
    ],
    [
      'a ramp, in hundredths',
      {
        [key(POOL, 'A_precise()')]: words(20_050),
        [key(POOL, 'initial_A()')]: words(20_000),
        [key(POOL, 'future_A()')]: words(20_100),
        [key(POOL, 'initial_A_time()')]: words(5),
        [key(POOL, 'future_A_time()')]: words(7),
      },
      {
        ...{ ...inner, ampPrecision: 100n },
        ramp: { initialA: 20_000n, futureA: 20_100n, initialTime: 5n, futureTime: 7n },
      },
    ],
    [
      'a liquidity token of its own',
      {
        [key(POOL, 'totalSupply()')]: null,
        [key(POOL, 'lp_token()')]: words(LP),
        [key(LP, 'totalSupply()')]: words(161),
      },
      { ...inner, supply: 161n },
    ],
    ['a liquidity token that is not told', { [key(POOL, 'totalSupply()')]: null }, { ...inner, supply: null }],
    [
      'a pool of the new generation',
      {
        [key(POOL, 'offpeg_fee_multiplier()')]: words(20_000_000_000),
        [key(POOL, 'stored_rates()')]: words(32, 2, ...rates),
      },
      { ...inner, variant: 'ng', offpegFeeMultiplier: 20_000_000_000n },
    ],
    [
      'rates of an oracle',
      { [key(POOL, 'stored_rates()')]: words(10n ** 30n, WAD + 1n) },
      { ...inner, rates: [10n ** 30n, WAD + 1n], isPlain: false },
    ],
    [
      'shares of another pool',
      { [key(POOL, 'base_pool()')]: words(BASE), [key(BASE, 'get_virtual_price()')]: words(WAD + 5n) },
      { ...inner, rates: [10n ** 30n, WAD + 5n], isPlain: false },
    ],
    ['shares of a pool that does not answer', { [key(POOL, 'base_pool()')]: words(BASE) }, null],
    ['coins that are lent', { [key(POOL, 'underlying_coins(uint256)', 0)]: words(USDC) }, null],
    ['a balance that is missing', { [key(POOL, 'balances(uint256)', 1)]: null }, null],
    ['decimals that are missing', { [key(DAI, 'decimals()')]: null }, null],
    ['decimals above 18', { [key(DAI, 'decimals()')]: words(24) }, null],
    ['no share of the fee', { [key(POOL, 'admin_fee()')]: null }, null],
    ['a fee of all', { [key(POOL, 'fee()')]: words(10n ** 10n) }, null],
    ['no amplification', { [key(POOL, 'A()')]: words(0) }, null],
    ['rates that are none', { [key(POOL, 'stored_rates()')]: words(0, WAD) }, inner],
  ])('%s', async (_, change, expected) => {
    answers = { ...plain(), ...change }
    const pool = await fetchOne(claimOf('curve-stable'))
    expect(pool).toMatchObject({ family: 'curve-stable', tokens: [USDC, DAI] })
    expect(pool?.snapshot).toEqual(expected === null ? null : { kind: 'inner', inner: expected, doubts: 0 })
  })

  test('a pool that is made in the block of its first event is empty before it', async () => {
    firstBlock = 20
    answers = plain()
    const pool = await fetchOne(claimOf('curve-stable'))
    expect(pool?.snapshot).toMatchObject({ inner: { balances: [0n, 0n], supply: 0n, fee: 4_000_000n } })
  })

  test('a pool that a factory announces is empty before it', async () => {
    answers = { ...plain(), [key(POOL, 'N_COINS()')]: words(2), [key(POOL, 'FEE_DENOMINATOR()')]: words(10n ** 10n) }
    const creation = { tokens: [USDC, DAI], emitter: LP, families: ['pancake-stable'] } as unknown as PoolCreated
    const pool = await fetchOne(claimOf('pancake-stable', { creation, kind: 'pool-created' }))
    expect(pool?.snapshot).toMatchObject({ inner: { balances: [0n, 0n], supply: 0n } })
  })
})

describe('CryptoSwap', () => {
  const packed = (amp: bigint, gamma: bigint) => words((amp << 128n) + gamma)
  const plain = (): Answers => ({
    [key(POOL, 'coins(uint256)', 0)]: words(USDC),
    [key(POOL, 'coins(uint256)', 1)]: words(DAI),
    [key(POOL, 'fee()')]: words(30_000_000),
    [key(POOL, 'A()')]: words(400_000),
    [key(POOL, 'gamma()')]: words(145),
    [key(POOL, 'price_scale()')]: words(WAD),
    [key(POOL, 'mid_fee()')]: words(26),
    [key(POOL, 'out_fee()')]: words(45),
    [key(POOL, 'fee_gamma()')]: words(230),
    [key(POOL, 'balances(uint256)', 0)]: words(70),
    [key(POOL, 'balances(uint256)', 1)]: words(90),
  })
  const still = { initialA: 400_000n, futureA: 400_000n, initialGamma: 145n, futureGamma: 145n }
  const inner = {
    ...{ balances: [70n, 90n], priceScale: WAD, midFee: 26n, outFee: 45n, feeGamma: 230n },
    ramp: { ...still, initialTime: 0n, futureTime: 0n },
  }

  test.each<[string, Answers, object | null]>([
    ['parameters and balances', {}, inner],
    [
      'a ramp',
      {
        [key(POOL, 'initial_A_gamma()')]: packed(1n, 2n),
        [key(POOL, 'future_A_gamma()')]: packed(3n, 4n),
        [key(POOL, 'initial_A_gamma_time()')]: words(5),
        [key(POOL, 'future_A_gamma_time()')]: words(6),
      },
      {
        ...inner,
        ramp: { initialA: 1n, futureA: 3n, initialGamma: 2n, futureGamma: 4n, initialTime: 5n, futureTime: 6n },
      },
    ],
    ['a ramp that is told in part', { [key(POOL, 'initial_A_gamma()')]: packed(1n, 2n) }, inner],
    ['no price scale', { [key(POOL, 'price_scale()')]: null }, null],
    ['a balance that is missing', { [key(POOL, 'balances(uint256)', 1)]: null }, null],
    ['a fee above the whole', { [key(POOL, 'out_fee()')]: words(10n ** 11n) }, null],
    ['three coins', { [key(POOL, 'coins(uint256)', 2)]: words(LP) }, null],
  ])('%s', async (_, change, expected) => {
    answers = { ...plain(), ...change }
    const pool = await fetchOne(claimOf('curve-crypto'))
    expect(pool?.family).toBe('curve-crypto')
    expect(pool?.snapshot).toEqual(expected === null ? null : { kind: 'inner', inner: expected, doubts: 0 })
  })

  test('a pool that is made in the block of its first event is empty before it', async () => {
    firstBlock = 20
    answers = plain()
    expect((await fetchOne(claimOf('curve-crypto')))?.snapshot).toMatchObject({ inner: { balances: [0n, 0n] } })
  })
})

describe('Balancer V2', () => {
  const poolId: Hex = `${POOL}000200000000000000000007`
  const list = (...values: (bigint | Address)[]) => [BigInt(values.length), ...values]
  const plain = (): Answers => ({
    [key(POOL, 'getVault()')]: words(VAULT),
    [key(POOL, 'getPoolId()')]: poolId,
    [key(POOL, 'getSwapFeePercentage()')]: words(3n * 10n ** 15n),
    [key(POOL, 'getNormalizedWeights()')]: words(32, ...list((WAD * 4n) / 5n, WAD / 5n)),
    [key(VAULT, 'getPoolTokens(bytes32)', poolId)]: words(96, 192, 5, ...list(USDC, DAI), ...list(70n, 90n)),
  })
  const inner = {
    ...{ balances: [70n, 90n], weights: [(WAD * 4n) / 5n, WAD / 5n], swapFee: 3n * 10n ** 15n, isPlain: true },
  }
  const claim = (change: Partial<PoolClaim> = {}) => claimOf('balancer-v2', { emitter: VAULT, poolId, ...change })

  test.each<[string, Answers, object | null]>([
    ['weights, fee and balances', {}, inner],
    [
      'weights that move with time',
      { [key(POOL, 'getGradualWeightUpdateParams()')]: words(1, 2) },
      { ...inner, isPlain: false },
    ],
    ['no weights', { [key(POOL, 'getNormalizedWeights()')]: null }, null],
    ['weights that are no whole', { [key(POOL, 'getNormalizedWeights()')]: words(32, ...list(1n, 2n)) }, null],
    ['other weights than tokens', { [key(POOL, 'getNormalizedWeights()')]: words(32, ...list(WAD)) }, null],
    ['a list that points nowhere', { [key(POOL, 'getNormalizedWeights()')]: words(320, ...list(WAD)) }, null],
    ['a list longer than the answer', { [key(POOL, 'getNormalizedWeights()')]: words(32, 40, WAD) }, null],
  ])('%s', async (_, change, expected) => {
    answers = { ...plain(), ...change }
    const pool = await fetchOne(claim())
    expect(pool).toMatchObject({ family: 'balancer-v2', tokens: [USDC, DAI], feePips: 3_000, isDenied: false })
    expect(pool?.snapshot).toEqual(expected === null ? null : { kind: 'inner', inner: expected, doubts: 0 })
  })

  test('a new pool: the weights at the end of the block, and empty balances', async () => {
    firstBlock = 20
    answers = plain()
    const creation = { tokens: [USDC, DAI], emitter: VAULT, families: ['balancer-v2'] } as unknown as PoolCreated
    const pool = await fetchOne(claim({ creation, kind: 'pool-created' }))
    expect(pool?.snapshot).toEqual({ kind: 'inner', inner: { ...inner, balances: [0n, 0n] }, doubts: 0 })
  })

  test.each<[string, Answers]>([
    ['another vault', { [key(POOL, 'getVault()')]: words(LP) }],
    ['an id of another pool', { [key(POOL, 'getPoolId()')]: `${LP}000200000000000000000007` }],
    ['a token twice', { [key(VAULT, 'getPoolTokens(bytes32)', poolId)]: words(32, ...list(USDC, USDC)) }],
    ['no tokens', { [key(VAULT, 'getPoolTokens(bytes32)', poolId)]: null }],
  ])('%s: no pool of the family', async (_, change) => {
    answers = { ...plain(), ...change }
    expect(await fetchOne(claim())).toBeNull()
  })
})
