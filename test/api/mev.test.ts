import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mevBundles, mevLegs, mevVictims } from '../../db/schema/mev.ts'
import { type Ask, counting, createAsk, dataOf, errorOf } from './ask.ts'
import { ARBITRAGE, mevBundleRow, mevLegRow, mevVictimRow, PROBE, SANDWICH } from './mevRows.ts'
import { address, BARE, hash, insert, insertAll, PAIR, TICKED, UINT256_MAX, USDC, WETH } from './rows.ts'
import { type TestDatabase, testDatabases } from './testDatabase.ts'

/** A bundle that may be chance: in a pool of its own, beside two of the others' transactions. */
const CANDIDATE = hash(800, 9)
const candidate = { band: 'candidate', confidence: 0.5 }

const candidateRows = {
  bundles: [
    mevBundleRow(CANDIDATE, 109, { ...candidate, poolAddresses: [BARE, PAIR], searcherAddress: address(0x74) }),
    // Of another chain, with the id of one that is here.
    mevBundleRow(SANDWICH, 109, { chainId: 300, kind: 'FRONTRUN' }),
  ],
  legs: [
    mevLegRow(CANDIDATE, 0, 'FRONT', 106, { ...candidate, poolAddress: BARE, decidedBlock: 109 }),
    mevLegRow(CANDIDATE, 1, 'VICTIM', 109, { ...candidate, poolAddress: PAIR }),
    mevLegRow(SANDWICH, 0, 'FRONT', 109, { chainId: 300, poolAddress: BARE }),
  ],
  victims: [mevVictimRow(CANDIDATE, 0, 109, candidate)],
}

describe.each(testDatabases)('bundles on %s', (_, open) => {
  let home: TestDatabase
  let ask: Ask
  let queries: () => number
  beforeAll(async () => {
    home = await open()
    await insertAll(home.database)
    await insert(home.database, mevBundles, candidateRows.bundles)
    await insert(home.database, mevLegs, candidateRows.legs)
    await insert(home.database, mevVictims, candidateRows.victims)
    const counted = counting(home.database)
    queries = counted.queries
    ask = createAsk(counted.database)
  })
  afterAll(() => home.drop())

  test('a bundle with all that belongs to it', async () => {
    const data = await dataOf(
      ask(`{ mevBundle(id: "${SANDWICH}") { id kind variants status confidence band ruleVersion scoreParts searcherAddress
        firstBlock lastBlock decidedBlock timestamp block { number } poolAddresses pools { address protocol }
        legs { position role blockNumber transactionIndex transactionHash logIndex poolAddress band
          transaction { fromAddress } pool { address } bundle { id } }
        victims { position transactionHash logIndex traderAddress mode lossToken tokenLost { symbol } lossAmount lossBps lossUsd
          counterfactualAmount quality kind band transaction { hash } bundle { kind } }
        profits { token tokenAddress tokenGained { symbol } amount isResidual }
        gasCostWei grossProfitUsd gasCostUsd netProfitUsd victimCount victimLossUsd quality evidence } }`),
    )
    const leg = (position: number, role: string, block: number) => ({
      ...{ position, role, blockNumber: block, transactionIndex: position % 2, logIndex: position, band: 'confirmed' },
      ...{ transactionHash: hash(block, position % 2), transaction: { fromAddress: address(0x10 + (block % 4)) } },
      ...{ poolAddress: TICKED, pool: { address: TICKED }, bundle: { id: SANDWICH } },
    })
    const ofBundle = { kind: 'SANDWICH', band: 'confirmed', bundle: { kind: 'SANDWICH' } }
    expect(data.mevBundle).toEqual({
      ...{ id: SANDWICH, kind: 'SANDWICH', variants: ['multi_victim'], status: 'final', confidence: 0.875 },
      ...{ band: 'confirmed', ruleVersion: '1', scoreParts: { base: 0.25, adjacent: -0.125 } },
      ...{ searcherAddress: address(0x71), firstBlock: 102, lastBlock: 103, decidedBlock: 103 },
      ...{ timestamp: 1_700_000_034, block: { number: 103 }, poolAddresses: [TICKED] },
      pools: [{ address: TICKED, protocol: 'uniswap-v3' }],
      legs: [leg(0, 'FRONT', 102), leg(1, 'VICTIM', 102), leg(2, 'VICTIM', 103), leg(3, 'BACK', 103)],
      victims: [
        {
          ...{ position: 0, transactionHash: hash(102, 1), transaction: { hash: hash(102, 1) }, logIndex: 0 },
          ...{ traderAddress: address(0x10), mode: 'EXACT_IN', lossToken: USDC, tokenLost: { symbol: 'USDC' } },
          ...{ lossAmount: '1250000', lossBps: 12.5, lossUsd: 1.25, quality: 'exact', ...ofBundle },
          counterfactualAmount: UINT256_MAX.toString(),
        },
        {
          ...{ position: 1, transactionHash: hash(103, 1), transaction: { hash: hash(103, 1) }, logIndex: 1 },
          ...{ traderAddress: address(0x12), mode: 'LIQUIDITY', lossToken: WETH, tokenLost: { symbol: 'WETH' } },
          ...{ lossAmount: null, lossBps: null, lossUsd: null, counterfactualAmount: null, quality: 'unknown' },
          ...ofBundle,
        },
      ],
      profits: [
        { token: WETH, tokenAddress: WETH, tokenGained: { symbol: 'WETH' }, amount: '-5', isResidual: true },
        {
          token: USDC,
          tokenAddress: USDC,
          tokenGained: { symbol: 'USDC' },
          amount: UINT256_MAX.toString(),
          isResidual: false,
        },
      ],
      ...{ gasCostWei: '21000000000000', grossProfitUsd: 2.5, gasCostUsd: 0.5, netProfitUsd: 2 },
      ...{ victimCount: 2, victimLossUsd: 1.25, quality: 'exact' },
      evidence: { idleTrips: 0, large: UINT256_MAX.toString(), list: [true, null] },
    })
  })

  test('a bundle without a price, a log, a pool or a stored transaction', async () => {
    const data = await dataOf(
      ask(`{ mevBundle(id: "${PROBE}") { gasCostWei grossProfitUsd gasCostUsd netProfitUsd victimLossUsd victims { position }
        profits { token } legs { logIndex poolAddress pool { address } transactionHash transaction { hash } } } }`),
    )
    const leg = { logIndex: null, poolAddress: null, pool: null, transactionHash: hash(970, 0), transaction: null }
    expect(data.mevBundle).toEqual({
      ...{ gasCostWei: null, grossProfitUsd: null, gasCostUsd: null, netProfitUsd: null, victimLossUsd: null },
      ...{ victims: [], profits: [], legs: [leg] },
    })
  })

  test('an id that no bundle has', async () => {
    expect(await dataOf(ask(`{ mevBundle(id: "${hash(1, 1)}") { id } }`))).toEqual({ mevBundle: null })
  })

  test('final up to the block known to be final, open above', async () => {
    const { mevBundles: list } = await dataOf(ask('{ mevBundles { nodes { decidedBlock status } } }'))
    expect(list.nodes).toEqual([
      { decidedBlock: 108, status: 'open' },
      { decidedBlock: 106, status: 'open' },
      { decidedBlock: 103, status: 'final' },
    ])
  })

  test('open where nothing is known to be final', async () => {
    const { database } = home
    const [known] = await database.query('delete from finality returning block_number')
    const answer = dataOf(ask(`{ mevBundle(id: "${SANDWICH}") { status } }`))
    expect(await answer).toEqual({ mevBundle: { status: 'open' } })
    await database.query('insert into finality select chain_id, $1, hash, now() from blocks where number = $1', [
      known!.block_number,
    ])
  })

  const all = [PROBE, ARBITRAGE, SANDWICH]
  const lists: [where: string, ids: string[]][] = [
    ['', all],
    ['band: "candidate"', [CANDIDATE]],
    ['band_in: ["candidate", "probable"]', [CANDIDATE, ARBITRAGE]],
    ['band_not: "confirmed"', [CANDIDATE, ARBITRAGE]],
    ['band_not: "none"', [CANDIDATE, ...all]],
    ['or: [{ band: "candidate" }, { kind: "PROBE" }]', [CANDIDATE, PROBE]],
    ['and: [{ or: [{ band_starts_with: "c" }] }, { kind: "SANDWICH" }]', [CANDIDATE, SANDWICH]],
    ['kind: "SANDWICH"', [SANDWICH]],
    ['or: [{ kind: "PROBE" }, { kind: "SANDWICH" }]', [PROBE, SANDWICH]],
    [`searcherAddress: "${address(0x74)}"`, []],
    [`searcherAddress: "${address(0x72)}"`, [ARBITRAGE]],
    ['netProfitUsd_gt: 1', [ARBITRAGE, SANDWICH]],
    ['netProfitUsd: null', [PROBE]],
    ['confidence_gte: 0.5, decidedBlock_lt: 108', [ARBITRAGE, SANDWICH]],
  ]

  test.each(lists)('bundles where %s', async (where, ids) => {
    const { mevBundles: list } = await dataOf(ask(`{ mevBundles(where: { ${where} }) { totalCount nodes { id } } }`))
    expect(list).toEqual({ totalCount: ids.length, nodes: ids.map((id) => ({ id })) })
  })

  test('pages of bundles, candidates left out of them all', async () => {
    const page = (after: string) => `{ mevBundles(first: 2${after}, orderBy: netProfitUsd, orderDirection: desc) {
      totalCount nodes { id } pageInfo { hasNextPage endCursor } } }`
    const { mevBundles: first } = await dataOf(ask(page('')))
    expect(first).toMatchObject({ totalCount: 3, nodes: [{ id: ARBITRAGE }, { id: SANDWICH }] })
    expect(first.pageInfo.hasNextPage).toBe(true)
    const { mevBundles: second } = await dataOf(ask(page(`, after: "${first.pageInfo.endCursor}"`)))
    expect(second).toMatchObject({ totalCount: 3, nodes: [{ id: PROBE }], pageInfo: { hasNextPage: false } })
  })

  test('of pools: those with an action in them, each once', async () => {
    const data = await dataOf(
      ask(`{ pools { nodes { address mevBundles { totalCount nodes { id } }
        all: mevBundles(where: { band_not: "none" }, orderDirection: asc) { nodes { id } } } } }`),
    )
    const pool = (of: string, ids: string[], withCandidates: string[]) => ({
      ...{ address: of, mevBundles: { totalCount: ids.length, nodes: ids.map((id) => ({ id })) } },
      all: { nodes: withCandidates.map((id) => ({ id })) },
    })
    expect(data.pools.nodes).toEqual([
      pool(BARE, [], [CANDIDATE]),
      pool(PAIR, [ARBITRAGE], [ARBITRAGE, CANDIDATE]),
      pool(TICKED, [SANDWICH], [SANDWICH]),
    ])
  })

  test('of one pool, in pages', async () => {
    const page = (
      after: string,
    ) => `{ pool(address: "${PAIR}") { mevBundles(first: 1${after}, where: { band_not: "none" }) {
      nodes { id } pageInfo { hasNextPage hasPreviousPage endCursor } } } }`
    const first = (await dataOf(ask(page('')))).pool.mevBundles
    expect(first).toMatchObject({ nodes: [{ id: CANDIDATE }], pageInfo: { hasNextPage: true } })
    const second = (await dataOf(ask(page(`, after: "${first.pageInfo.endCursor}"`)))).pool.mevBundles
    expect(second).toMatchObject({
      nodes: [{ id: ARBITRAGE }],
      pageInfo: { hasNextPage: false, hasPreviousPage: true },
    })
  })

  test('of transactions: as leg of the actor, as victim, as neither', async () => {
    const of = (name: string, block: number, index: number) =>
      `${name}: transaction(hash: "${hash(block, index)}") { mevBundles { nodes { id } } mevLegs { nodes { role } } }`
    const data = await dataOf(ask(`{ ${of('front', 102, 0)} ${of('victim', 102, 1)} ${of('neither', 104, 0)} }`))
    const found = (role: string) => ({ mevBundles: { nodes: [{ id: SANDWICH }] }, mevLegs: { nodes: [{ role }] } })
    expect(data).toEqual({
      ...{ front: found('FRONT'), victim: found('VICTIM') },
      neither: { mevBundles: { nodes: [] }, mevLegs: { nodes: [] } },
    })
  })

  test('a transaction that is not stored is found by its leg', async () => {
    const data = await dataOf(
      ask(`{ mevLegs(where: { transactionHash: "${hash(970, 0)}" }) { nodes { role bundleId } } }`),
    )
    expect(data.mevLegs.nodes).toEqual([{ role: 'PROBE', bundleId: PROBE }])
  })

  test('was I sandwiched? surely, and perhaps', async () => {
    const of = (where: string) => `mevVictims(where: { traderAddress: "${address(0x10)}"${where} }) {
      totalCount nodes { blockNumber lossAmount bundle { id kind band searcherAddress } } }`
    const data = await dataOf(ask(`{ surely: ${of('')} perhaps: ${of(', band: "candidate"')} }`))
    const victim = (blockNumber: number, id: string, band: string, searcher: number) => ({
      totalCount: 1,
      nodes: [
        {
          ...{ blockNumber, lossAmount: '1250000' },
          bundle: { id, kind: 'SANDWICH', band, searcherAddress: address(searcher) },
        },
      ],
    })
    expect(data).toEqual({
      surely: victim(102, SANDWICH, 'confirmed', 0x71),
      perhaps: victim(109, CANDIDATE, 'candidate', 0x74),
    })
  })

  test('a candidate shows all that belongs to it', async () => {
    const data = await dataOf(
      ask(`{ mevBundle(id: "${CANDIDATE}") { band legs { role } victims { blockNumber } pools { address } } }`),
    )
    expect(data.mevBundle).toEqual({
      ...{ band: 'candidate', legs: [{ role: 'FRONT' }, { role: 'VICTIM' }], victims: [{ blockNumber: 109 }] },
      pools: [{ address: BARE }, { address: PAIR }],
    })
  })

  test('what belongs to many bundles or pools costs one query each', async () => {
    const before = queries()
    await dataOf(
      ask(`{ mevBundles { nodes { status pools { address } legs { role transaction { hash } } victims { mode }
        profits { amount } } } }`),
    )
    // chains, bundles, finality, pools, legs, transactions, victims, profits
    expect(queries() - before).toBe(8)
    const between = queries()
    await dataOf(ask('{ pools { nodes { mevBundles { totalCount nodes { id } } } } }'))
    // chains, pools, bundles, their number
    expect(queries() - between).toBe(4)
  })

  test.each([
    ['mevBundle(id: "0x1") { id }', 'a byte string'],
    ['mevBundle { id }', 'required'],
    ['mevBundles(where: { poolAddresses: [] }) { totalCount }', 'poolAddresses'],
    ['mevBundles(first: 1001) { totalCount }', 'from 0 to 1000'],
    ['mevBundles(where: { band_in: null }) { totalCount }', 'band_in must not be null'],
  ])('%s is refused', async (field, message) => {
    const error = await errorOf(ask(`{ ${field} }`))
    expect(error.message).toContain(message)
  })
})
