import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChainStatus, IndexerStatus } from '../../api/status.ts'
import { readStoredStatus } from '../../api/status.ts'
import { blocks } from '../../db/schema/blocks.ts'
import { chains, cursors } from '../../db/schema/chains.ts'
import { createAsk, dataOf, errorOf } from './ask.ts'
import { CHAIN_ID, FIRST_BLOCK, hash, insert, insertAll, LAST_BLOCK, rowsOf } from './rows.ts'
import { type TestDatabase, testDatabases } from './testDatabase.ts'

const OTHER_ID = 271
const lastTimestamp = rowsOf.blocks.at(-1)?.timestamp ?? 0

const following: ChainStatus = {
  chainId: CHAIN_ID,
  name: 'zksync-era',
  state: 'live',
  startBlock: FIRST_BLOCK,
  indexedBlock: LAST_BLOCK,
  endBlock: null,
  headBlock: LAST_BLOCK + 4,
  headTimestamp: lastTimestamp + 9,
  blocksPerSecond: 2,
  etaSeconds: 2,
  lastError: null,
  undecodedLogs: 2,
  batch: null,
  finalizedBlock: null,
  endpoints: [],
  degradedSince: null,
}
const statusWith = (changes: Partial<ChainStatus>): IndexerStatus => ({
  version: '1.2.3',
  chains: [{ ...following, ...changes }],
})

// The tests of this file run in order over one database that grows.
describe.each(testDatabases)('chains on %s', (_, open) => {
  let home: TestDatabase
  beforeAll(async () => {
    home = await open()
  })
  afterAll(() => home.drop())

  test('no chain is indexed', async () => {
    const ask = createAsk(home.database)
    expect(await dataOf(ask('{ chains { name } }'))).toEqual({ chains: [] })
    for (const field of [
      '_meta { version }',
      'swaps { totalCount }',
      'block(number: 1) { hash }',
      'swaps(chainId: 5) { totalCount }',
    ]) {
      expect((await errorOf(ask(`{ ${field} }`))).code).toBe('NOT_INDEXED_YET')
    }
    expect(await readStoredStatus(home.database, '1.2.3')).toEqual({ version: '1.2.3', chains: [] })
  })

  test('a chain without a committed block', async () => {
    const { database } = home
    await insert(database, chains, rowsOf.chains)
    await insert(database, cursors, [{ chainId: CHAIN_ID, startBlock: 100, blockNumber: 99, blockHash: null }])
    expect(
      await dataOf(
        createAsk(database)(
          '{ _meta { block { number } batch { number } lagSeconds hasIndexingErrors } swaps { totalCount } }',
        ),
      ),
    ).toEqual({
      _meta: { block: null, batch: null, lagSeconds: null, hasIndexingErrors: false },
      swaps: { totalCount: 0 },
    })
    const [chain] = (await readStoredStatus(database, '1.2.3')).chains
    expect(chain).toMatchObject({ startBlock: 100, indexedBlock: 99, batch: null, finalizedBlock: null })
    await database.execute('delete from cursors; delete from chains')
  })

  test('the only chain needs no name', async () => {
    await insertAll(home.database)
    const ask = createAsk(home.database)
    const { _meta } = await dataOf(
      ask('{ _meta { chainId block { number hash timestamp } batch { number status } version } }'),
    )
    expect(_meta).toEqual({
      chainId: CHAIN_ID,
      block: { number: LAST_BLOCK, hash: hash(LAST_BLOCK, 999), timestamp: lastTimestamp },
      batch: { number: 9, status: 'sealed' },
      version: '1.2.3',
    })
    expect(
      await dataOf(ask('{ chains { chainId name cursor { startBlock blockNumber blockHash block { number } } } }')),
    ).toEqual({
      chains: [
        {
          chainId: CHAIN_ID,
          name: 'zksync-era',
          cursor: {
            startBlock: FIRST_BLOCK,
            blockNumber: LAST_BLOCK,
            blockHash: hash(LAST_BLOCK, 999),
            block: { number: LAST_BLOCK },
          },
        },
      ],
    })
    expect(await errorOf(ask('{ swaps(chainId: 5) { totalCount } }'))).toEqual({
      code: 'NOT_INDEXED_YET',
      message: 'chain 5 is not indexed here; indexed: 324 (zksync-era)',
    })
  })

  test('the stored status', async () => {
    const {
      chains: [chain],
    } = await readStoredStatus(home.database, '1.2.3')
    expect(chain).toMatchObject({
      state: 'serving',
      startBlock: FIRST_BLOCK,
      indexedBlock: LAST_BLOCK,
      headBlock: null,
      undecodedLogs: 2,
      batch: { number: 9, status: 'sealed' },
      finalizedBlock: 103,
      endpoints: [],
      degradedSince: null,
    })
  })

  test.each([
    ['behind the head', statusWith({}), 9],
    ['at the head', statusWith({ headBlock: LAST_BLOCK }), 0],
    ['a head with an older clock', statusWith({ headTimestamp: lastTimestamp - 1 }), 0],
  ])('lagSeconds %s', async (_, status, lagSeconds) => {
    expect(await dataOf(createAsk(home.database, status)('{ _meta { lagSeconds } }'))).toEqual({
      _meta: { lagSeconds },
    })
  })

  test('lagSeconds by the clock when the head is not known', async () => {
    const { _meta } = await dataOf(createAsk(home.database)('{ _meta { lagSeconds } }'))
    expect(Math.abs(_meta.lagSeconds - (Date.now() / 1000 - lastTimestamp))).toBeLessThan(5)
  })

  test('hasIndexingErrors', async () => {
    const ask = (status: IndexerStatus) => dataOf(createAsk(home.database, status)('{ _meta { hasIndexingErrors } }'))
    // A log of a known pool is missing.
    expect(await ask(statusWith({}))).toEqual({ _meta: { hasIndexingErrors: true } })
    await home.database.query("delete from undecoded_logs where reason = 'malformed'")
    expect(await ask(statusWith({}))).toEqual({ _meta: { hasIndexingErrors: false } })
    expect(await ask(statusWith({ state: 'error', lastError: 'x' }))).toEqual({ _meta: { hasIndexingErrors: true } })
  })

  test('one of several chains must be named', async () => {
    const { database } = home
    await insert(database, chains, [{ ...rowsOf.chains[0], chainId: OTHER_ID, name: 'other' }])
    await insert(database, blocks, [{ ...rowsOf.blocks[0], chainId: OTHER_ID, number: 7 }])
    const settled = (await readStoredStatus(database, '1')).chains.map(({ batch, finalizedBlock }) => [
      batch,
      finalizedBlock,
    ])
    expect(settled).toEqual([
      [null, null],
      [{ number: 9, status: 'sealed' }, 103],
    ])
    const ask = createAsk(database)
    expect(await errorOf(ask('{ blocks { totalCount } }'))).toEqual({
      code: 'BAD_USER_INPUT',
      message: 'several chains are indexed, name one with chainId: 271 (other), 324 (zksync-era)',
    })
    expect(
      await dataOf(
        ask(`{
      other: blocks(chainId: ${OTHER_ID}) { totalCount nodes { number swaps { totalCount } } }
      era: blocks(chainId: "${CHAIN_ID}") { totalCount }
      hidden: block(chainId: ${OTHER_ID}, number: ${FIRST_BLOCK}) { number }
      chains { chainId }
    }`),
      ),
    ).toEqual({
      other: { totalCount: 1, nodes: [{ number: 7, swaps: { totalCount: 0 } }] },
      era: { totalCount: rowsOf.blocks.length },
      hidden: null,
      chains: [{ chainId: OTHER_ID }, { chainId: CHAIN_ID }],
    })
  })
  test('of several chains, the one this process follows needs no name', async () => {
    const ask = createAsk(home.database, statusWith({}))
    expect(await dataOf(ask('{ blocks { totalCount } }'))).toEqual({ blocks: { totalCount: rowsOf.blocks.length } })
    const serving = createAsk(home.database, statusWith({ state: 'serving' }))
    expect((await errorOf(serving('{ blocks { totalCount } }'))).code).toBe('BAD_USER_INPUT')
  })
})
