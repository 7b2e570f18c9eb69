import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findProfile } from '../../../contracts/chains/index.ts'
import { lending } from '../../../contracts/chains/profile.ts'
import { fetchLiquidations } from '../../../indexer/chain/lending.ts'
import { callData, selector } from '../../../indexer/chain/pools/probe.ts'
import { createRpc, type Rpc } from '../../../indexer/chain/rpc.ts'
import type { Address, Hex } from '../../../indexer/types/block.ts'
import type { LendingFamily, LiquidationEvent } from '../../../indexer/types/event.ts'
import { FakeRefusal, type FakeRpc, startFakeRpc } from '../../support/fakeRpc.ts'
import { address, hash } from '../../support/logs.ts'

const MARKET = address(0xc1)
const OTHER_MARKET = address(0xc2)
const COMPTROLLER = address(0xcc)
const DEBT = address(1)
const COLLATERAL = address(2)
const MARKET_ID = hash(7)
const BASE_TOKEN: Address = `0x${'0'.repeat(40)}`
const words = (...values: (bigint | Address)[]): Hex =>
  `0x${values.map((value) => BigInt(value).toString(16).padStart(64, '0')).join('')}`

/** Answers by contract and call; a missing one reverts. */
let answers: Record<string, Hex>
let server: FakeRpc
let rpc: Rpc

beforeAll(async () => {
  server = await startFakeRpc({
    eth_call: ({ to, data }: { to: string; data: string }) => {
      const answer = answers[`${to} ${data}`]
      if (answer === undefined) throw new FakeRefusal(3, 'execution reverted', '0x')
      return answer
    },
  })
  rpc = createRpc(server.url, { attempts: 1 })
})

afterAll(async () => {
  await rpc.close()
  await server.close()
})

const profile = { ...findProfile(99_999), lending: [lending(COMPTROLLER, 'good-lend', 'compound-v2', null)] }
const event = (family: LendingFamily, change: Partial<LiquidationEvent> = {}): LiquidationEvent => ({
  kind: 'liquidation',
  families: [family],
  emitter: MARKET,
  liquidator: address(0x51),
  borrower: address(0x52),
  marketId: null,
  debt: { token: null, market: null, amount: 100n },
  collateral: { token: null, market: null, amount: 200n },
  ...{ logIndex: 0, transactionIndex: 0, transactionHash: hash(0) },
  ...change,
})
const factsOf = async (liquidation: LiquidationEvent, chain = profile) =>
  (await fetchLiquidations(rpc, [{ event: liquidation, blockNumber: 9 }], chain)).get(liquidation) ?? null

describe('a Compound-like market', () => {
  const liquidation = event('compound-v2', { collateral: { token: null, market: OTHER_MARKET, amount: 200n } })

  beforeEach(() => {
    answers = {
      [`${MARKET} ${selector('comptroller()')}`]: words(COMPTROLLER),
      [`${MARKET} ${selector('underlying()')}`]: words(DEBT),
      [`${MARKET} ${selector('borrowIndex()')}`]: words(1n),
      [`${OTHER_MARKET} ${selector('comptroller()')}`]: words(COMPTROLLER),
      [`${OTHER_MARKET} ${selector('underlying()')}`]: words(COLLATERAL),
      [`${OTHER_MARKET} ${selector('exchangeRateStored()')}`]: words(3n * 10n ** 18n),
    }
  })

  test('underlying tokens, and the shares at their exchange rate', async () => {
    expect(await factsOf(liquidation)).toEqual({
      ...{ protocol: 'good-lend', debtToken: DEBT, collateralToken: COLLATERAL, collateralAmount: 600n },
    })
  })

  test('a market without an underlying token is that of the base token', async () => {
    delete answers[`${MARKET} ${selector('underlying()')}`]
    expect(await factsOf(liquidation)).toMatchObject({ debtToken: BASE_TOKEN })
  })

  test('without an exchange rate the collateral is not known', async () => {
    delete answers[`${OTHER_MARKET} ${selector('exchangeRateStored()')}`]
    expect(await factsOf(liquidation)).toMatchObject({ collateralAmount: null })
  })

  test('a comptroller without a profile', async () => {
    expect(await factsOf(liquidation, { ...profile, lending: [] })).toMatchObject({ protocol: 'compound-v2-fork' })
  })

  test.each([
    ['has no borrow index', `${MARKET} ${selector('borrowIndex()')}`],
    ['takes collateral of a market that names none', `${OTHER_MARKET} ${selector('comptroller()')}`],
  ])('a contract that %s is no market', async (_, call) => {
    delete answers[call]
    expect(await factsOf(liquidation)).toBeNull()
  })

  test('one that names no comptroller has to have an underlying token', async () => {
    delete answers[`${MARKET} ${selector('comptroller()')}`]
    expect(await factsOf(liquidation)).toMatchObject({ protocol: 'compound-v2-fork', debtToken: DEBT })
    delete answers[`${MARKET} ${selector('underlying()')}`]
    expect(await factsOf(liquidation)).toBeNull()
  })

  test('nor is one whose collateral belongs to another comptroller', async () => {
    answers[`${OTHER_MARKET} ${selector('comptroller()')}`] = words(address(0xdd))
    expect(await factsOf(liquidation)).toBeNull()
  })
})

describe('an Aave-like pool', () => {
  const liquidation = event('aave-v3', {
    debt: { token: DEBT, market: null, amount: 100n },
    collateral: { token: COLLATERAL, market: null, amount: 200n },
  })

  test('one that lists both tokens', async () => {
    answers = { [`${MARKET} ${selector('getReservesList()')}`]: words(32n, 2n, DEBT, COLLATERAL) }
    expect(await factsOf(liquidation)).toEqual({
      ...{ protocol: 'aave-v3-fork', debtToken: DEBT, collateralToken: COLLATERAL, collateralAmount: 200n },
    })
  })

  test('one that lists only one of them is none', async () => {
    answers = { [`${MARKET} ${selector('getReservesList()')}`]: words(32n, 1n, DEBT) }
    expect(await factsOf(liquidation)).toBeNull()
  })

  test('one in the profile is believed', async () => {
    answers = {}
    const known = { ...profile, lending: [lending(MARKET, 'zerolend', 'aave-v3', null)] }
    expect(await factsOf(liquidation, known)).toMatchObject({ protocol: 'zerolend' })
  })
})

describe('Morpho', () => {
  const liquidation = event('morpho-blue', { marketId: MARKET_ID })
  const call = `${MARKET} ${callData(selector('idToMarketParams(bytes32)'), MARKET_ID)}`

  test('the tokens of the market', async () => {
    answers = { [call]: words(DEBT, COLLATERAL, 0n, 0n, 1n) }
    expect(await factsOf(liquidation)).toMatchObject({ debtToken: DEBT, collateralToken: COLLATERAL })
  })

  test.each([
    ['an unknown market', words(0n, 0n, 0n, 0n, 0n)],
    ['another answer', words(DEBT)],
  ])('%s is none', async (_, answer) => {
    answers = { [call]: answer }
    expect(await factsOf(liquidation)).toBeNull()
  })
})

describe('a vault of perpetuals', () => {
  test('is believed only when the profile names it', async () => {
    answers = {}
    const liquidation = event('gmx-v1', { collateral: { token: COLLATERAL, market: null, amount: null } })
    expect(await factsOf(liquidation)).toBeNull()
    const known = { ...profile, lending: [lending(MARKET, 'fulcrom', 'gmx-v1', null)] }
    expect(await factsOf(liquidation, known)).toEqual({
      ...{ protocol: 'fulcrom', debtToken: null, collateralToken: COLLATERAL, collateralAmount: null },
    })
  })
})

test('several at once, each by its own contract', async () => {
  answers = { [`${MARKET} ${selector('getReservesList()')}`]: words(32n, 2n, DEBT, COLLATERAL) }
  const tokens = {
    debt: { token: DEBT, market: null, amount: 1n },
    collateral: { token: COLLATERAL, market: null, amount: 2n },
  }
  const good = event('aave-v3', tokens)
  const bad = event('aave-v3', { ...tokens, emitter: OTHER_MARKET })
  const facts = await fetchLiquidations(
    rpc,
    [bad, good].map((each) => ({ event: each, blockNumber: 3 })),
    profile,
  )
  expect([...facts.keys()]).toEqual([good])
})
