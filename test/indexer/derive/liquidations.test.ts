import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ethereum } from '../../../contracts/chains/ethereum.ts'
import { type ChainProfile, lending } from '../../../contracts/chains/profile.ts'
import { fetchLiquidations } from '../../../indexer/chain/lending.ts'
import { selector } from '../../../indexer/chain/pools/probe.ts'
import { createRpc, type Rpc } from '../../../indexer/chain/rpc.ts'
import { type DecodedBlock, decodeBlock } from '../../../indexer/decode/index.ts'
import { deriveRows } from '../../../indexer/derive/index.ts'
import { listClaims } from '../../../indexer/derive/pools.ts'
import { createPriceBook } from '../../../indexer/derive/prices/book.ts'
import { createChainState } from '../../../indexer/derive/state.ts'
import { encodeRows } from '../../../indexer/store/encode.ts'
import type { Address, Hex } from '../../../indexer/types/block.ts'
import type { LiquidationEvent } from '../../../indexer/types/event.ts'
import type { FoundPool } from '../../../indexer/types/pool.ts'
import type { StepRows } from '../../../indexer/types/rows.ts'
import { FakeRefusal, type FakeRpc, startFakeRpc } from '../../support/fakeRpc.ts'
import { encodeLog, makeBundle } from '../../support/logs.ts'
import { hasMevInspect, readRecordedBlock } from '../../support/mevInspect.ts'

const BASE_TOKEN: Address = `0x${'0'.repeat(40)}`
const LINK: Address = '0x514910771af9ca656af840dff83e8264ecf986ca'
const UNI: Address = '0x1f9840a85d5af5bf1d1762f925bdaddc4201f984'
const USDC: Address = '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48'
const WETH: Address = '0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2'
const AAVE_V1: Address = '0x398ec7346dcd622edc5ae82352f02be94c62d119'
/** Comptrollers of Compound and Cream, and their markets. */
const COMPOUND: Address = '0x3d9819210a31b4961b30ef54be2aed79b9c9cd3b'
const CREAM: Address = '0x3d5bc3c8d13dcb8bf317092d84783c2697ae9258'
const C_ETHER: Address = '0x4ddc2d193948926d02f9b1fe9e1daa0718270ed5'
const C_UNI: Address = '0x35a18000230da775cac24873d00ff85bccded550'
const CR_LINK: Address = '0x697256caa3ccafd62bb6d3aa1c7c5671786a5fd9'
const CR_USDC: Address = '0x44fbebd2f576670a6c33f6fc0b00aa8c5753b322'
const UNISWAP_V2: Address = '0x5c69bee701ef814a2b6a3edd4b1652cb9cc5aa6f'
/** Its pairs of USDC and LINK with WETH. */
const USDC_PAIR: Address = '0xb4e16d0168e52d35cacd2c6185b44281ec28c9dc'
const LINK_PAIR: Address = '0xa2107fa5b38d9bbd2c461d6edf11b11a50f6b974'
/** Ethereum with Aave V1, whose pool answers none of the getters by which others are known. */
const profile: ChainProfile = {
  ...ethereum,
  lending: [...ethereum.lending, lending(AAVE_V1, 'aave-v1', 'aave-v3', null)],
}

type Known = {
  block: number
  tx: Hex
  borrower: Address
  liquidator: Address
  debtToken: Address
  debtAmount: string
  collateralToken: Address
  collateralAmount: string
}

const folder = new URL('../../../../shared/fixtures/mev-inspect/', import.meta.url)
const readJson = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
const listKnown = (block: number) =>
  (readJson('expected.json') as { liquidationsUpstream: Known[] }).liquidationsUpstream.filter(
    (known) => known.block === block,
  )
const listDecoded = ({ events }: DecodedBlock) =>
  events.filter((event): event is LiquidationEvent => event.kind === 'liquidation')
/** An answer of one word. */
const word = (value: bigint | Address): Hex => `0x${BigInt(value).toString(16).padStart(64, '0')}`

let server: FakeRpc
let rpc: Rpc

/** Markets answer their token, as recorded, and their comptroller; their exchange rate is not recorded. */
function answerCall({ to, data }: { to: Address; data: Hex }): Hex {
  const tokens = { ...(readJson('comp_markets.json') as object), ...(readJson('cream_markets.json') as object) }
  const comptrollers: Record<Address, Address> = {
    [C_ETHER]: COMPOUND,
    [C_UNI]: COMPOUND,
    [CR_LINK]: CREAM,
    [CR_USDC]: CREAM,
  }
  const answers: Record<Hex, bigint | Address | undefined> = {
    [selector('comptroller()')]: comptrollers[to],
    [selector('underlying()')]: (tokens as Record<Address, Address>)[to],
    [selector('borrowIndex()')]: comptrollers[to] === undefined ? undefined : 1n,
  }
  const answer = answers[data]
  if (answer === undefined) throw new FakeRefusal(3, 'execution reverted', '0x')
  return word(answer)
}

/** The rows of blocks in which the pairs of `pairs`, by address, are pools. */
async function deriveBlocks(blocks: readonly DecodedBlock[], pairs: Record<Address, [Address, Address]> = {}) {
  const state = createChainState()
  const claims = listClaims(blocks, state, profile)
  const answers = new Map(
    claims.flatMap((claim) => {
      const tokens = pairs[claim.address]
      return tokens === undefined ? [] : [[claim, toFound(tokens)] as const]
    }),
  )
  const placed = blocks.flatMap((block) =>
    listDecoded(block).map((event) => ({ event, blockNumber: block.bundle.block.number })),
  )
  const liquidations = await fetchLiquidations(rpc, placed, profile)
  const tokens = blocks.flatMap(({ bundle }) =>
    ([LINK, WETH, BASE_TOKEN, USDC] as const).map((address) => ({
      ...{ address, symbol: null, name: null, decimals: address === USDC ? 6 : 18 },
      firstSeenBlock: bundle.block.number,
    })),
  )
  return deriveRows(blocks, state, {
    ...{ claims, answers, tokens, liquidations, profile, prices: createPriceBook(profile, state) },
  })
}

function toFound(tokens: [Address, Address]): FoundPool {
  return {
    ...{ family: 'uniswap-v2', factory: UNISWAP_V2, tokens, feePips: null, tickSpacing: null, stable: null },
    ...{ snapshot: null, isDenied: false },
  }
}

/** The stored columns of the liquidations by name. */
function listStored(rows: StepRows): Record<string, string>[] {
  const { columns, lines } = encodeRows(1, rows).find(({ table }) => table === 'liquidations')!
  return lines
    .trimEnd()
    .split('\n')
    .map((line) => Object.fromEntries(line.split('\t').map((value, index) => [columns[index]!, value])))
}

describe.runIf(hasMevInspect)('liquidations of recorded blocks of Ethereum (skipped without ../shared)', () => {
  beforeAll(async () => {
    server = await startFakeRpc({ eth_call: answerCall })
    rpc = createRpc(server.url, { attempts: 1 })
  })

  afterAll(async () => {
    await rpc.close()
    await server.close()
  })

  test.each([
    [13302365, 'two of Aave V1', 2],
    [13298725, 'one of Compound V2', 1],
    [12674514, 'one of Cream', 1],
    [11935012, 'none', 0],
    [12483198, 'none', 0],
    [12775690, 'none', 0],
    [12914944, 'none', 0],
    [13666312, 'none', 0],
  ])('block %i: %s, as mev-inspect-py has them', (number, _, count) => {
    const known = listKnown(number)
    expect(known.length).toBe(count)
    const decoded = listDecoded(decodeBlock(readRecordedBlock(number))).map((event) => ({
      ...{ tx: event.transactionHash, borrower: event.borrower, liquidator: event.liquidator },
      ...{ debtAmount: `${event.debt.amount}`, collateralAmount: `${event.collateral.amount}` },
    }))
    expect(decoded).toEqual(
      known.map(({ tx, borrower, liquidator, debtAmount, collateralAmount }) => ({
        ...{ tx, borrower, liquidator, debtAmount, collateralAmount },
      })),
    )
  })

  /** mev-inspect-py names the ether of a market by its placeholder, and the shares that Compound takes as the collateral. */
  test.each([
    [13302365, 'aave-v1', AAVE_V1, LINK, BASE_TOKEN],
    [13298725, 'compound-v2', C_ETHER, BASE_TOKEN, UNI],
    [12674514, 'cream', CR_LINK, LINK, USDC],
  ])('block %i: %s tells the tokens', async (number, protocol, market, debtToken, collateralToken) => {
    const rows = await deriveBlocks([decodeBlock(readRecordedBlock(number))])
    expect(rows.liquidations.length).toBe(listKnown(number).length)
    for (const { event, facts } of rows.liquidations) {
      expect({ ...facts, market: event.emitter }).toMatchObject({ protocol, market, debtToken, collateralToken })
      // Shares need an exchange rate, which is not recorded.
      expect(facts.collateralAmount).toBe(protocol === 'aave-v1' ? event.collateral.amount : null)
    }
    expect(rows.undecodedLogs.filter(({ reason }) => reason === 'unknown-market')).toEqual([])
  })

  test('the markets of Compound and Cream whose shares were taken', () => {
    const marketOf = (number: number) => listDecoded(decodeBlock(readRecordedBlock(number)))[0]!.collateral.market
    expect([marketOf(13298725), marketOf(12674514)]).toEqual([C_UNI, CR_USDC])
    expect([13298725, 12674514].map((number) => listKnown(number)[0]!.collateralToken)).toEqual([C_UNI, CR_USDC])
  })

  test('Aave pays five percent, which the values tell where pools of the block before price LINK as its oracle did', async () => {
    const block = decodeBlock(readRecordedBlock(13302365))
    const [first] = listDecoded(block)
    // Taken = repaid * price * 1.05, so that many LINK and ether are worth the same.
    const [link, ether] = [first!.debt.amount! * 105n * 10_000n, first!.collateral.amount! * 100n * 10_000n]
    const before = makeBundle(13302364, [
      encodeLog('v2Sync', USDC_PAIR, { reserve0: 150_000_000n * 10n ** 6n, reserve1: 50_000n * 10n ** 18n }),
      encodeLog('v2Sync', LINK_PAIR, { reserve0: link, reserve1: ether }),
    ])
    const rows = await deriveBlocks([decodeBlock(before), block], {
      [USDC_PAIR]: [USDC, WETH],
      [LINK_PAIR]: [LINK, WETH],
    })
    const stored = listStored(rows).map(({ debt_usd, collateral_usd, bonus_usd }) => ({
      ...{ debt: Number(debt_usd), collateral: Number(collateral_usd), bonus: Number(bonus_usd) },
    }))
    expect(stored.length).toBe(2)
    for (const [index, { debt, collateral, bonus }] of stored.entries()) {
      const taken = Number(rows.liquidations[index]!.facts.collateralAmount) / 1e18
      expect(collateral).toBeCloseTo(taken * 3_000, 6)
      expect(collateral / debt).toBeCloseTo(1.05, 8)
      expect(bonus).toBeCloseTo(collateral - debt, 9)
    }
  })

  test('without a price there is no value and no bonus', async () => {
    const [stored] = listStored(await deriveBlocks([decodeBlock(readRecordedBlock(12674514))]))
    expect(stored).toMatchObject({ debt_usd: '\\N', collateral_usd: '\\N', bonus_usd: '\\N' })
  })
})
