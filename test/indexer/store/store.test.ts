import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '../../../db/database.ts'
import { createChainState } from '../../../indexer/derive/state.ts'
import { CursorMovedError, StartBlockError } from '../../../indexer/store/errors.ts'
import { openStore, type Store } from '../../../indexer/store/index.ts'
import type { StepRows } from '../../../indexer/types/rows.ts'
import { createTestDatabase, type TestDatabase, testKinds } from '../../support/databases.ts'
import { dumpTables } from '../../support/dump.ts'
import { openMigrated } from '../../support/indexing.ts'
import { address } from '../../support/logs.ts'
import { analyze, history, makeMevBundle, oddNames, profile, START, TOP } from './steps.ts'

const tables =
  'chains cursors blocks transactions tokens token_prices pools pool_tokens pool_states pool_ticks swaps liquidity_changes liquidations mev_bundles mev_legs mev_victims mev_profits mev_controls undecoded_logs'

describe.each(testKinds)('store on %s', (kind) => {
  let home: TestDatabase
  let database: Database
  let store: Store

  beforeAll(async () => {
    home = await createTestDatabase(kind)
    database = await openMigrated(home.url)
  })

  afterAll(async () => {
    await database?.close()
    await home?.remove()
  })

  beforeEach(async () => {
    await database.execute(`truncate ${tables.split(' ').join(', ')}`)
    store = await openStore(database, profile, START)
  })

  /** Writes the history up to block `to`, in steps that end at `cuts` and at `to`; returns the state in memory. */
  const write = async (to: number, cuts: readonly number[] = []) => {
    const state = createChainState()
    let after = START - 1
    for (const end of [...cuts, to]) {
      await store.writeStep(after, analyze(after + 1, end, state))
      after = end
    }
    return state
  }

  test('an empty store', async () => {
    expect(await store.readCursor()).toEqual({ startBlock: START, number: START - 1, hash: null })
    expect(await store.readState()).toEqual(createChainState())
    expect(await store.readHashes(START, START + 1)).toEqual([null, null])
  })

  test.each(history.slice(0, -1).map(({ block }) => [block.number]))(
    'at block %i the state read back is the one in memory',
    async (to) => {
      const state = await write(to)
      expect(await store.readState()).toEqual(state)
      const { hash } = history[to - START]!.block
      expect(await store.readCursor()).toEqual({ startBlock: START, number: to, hash })
    },
  )

  // Its logs of unknown-pool are there for ever, so the store goes on refusing what memory has forgotten.
  test('the same after an address that was refused has been announced by a factory', async () => {
    const state = await write(TOP)
    expect(await store.readState()).toEqual(state)
  })

  test('the history fills every table', async () => {
    await write(TOP)
    const empty = Object.entries(await dumpTables(database)).filter(([, rows]) => rows.length === 0)
    // The first are filled by test/indexer/flow, the others by the watchers.
    const ofFlow = ['intents', 'swap_tags', 'settled_tags', 'metaorders', 'traders', 'flow_buckets']
    expect(empty.map(([name]) => name)).toEqual([...ofFlow, 'batches', 'priority_requests'])
  })

  test('a bundle is stored as it is, large integers of its evidence as text', async () => {
    await write(TOP)
    const even = TOP % 2 === 0 ? TOP : TOP - 1
    const bundle = makeMevBundle(even)
    const [row] = await database.query('select * from mev_bundles where decided_block = $1', [even])
    expect(row).toMatchObject({
      ...{ kind: 'SANDWICH', variants: bundle.variants, confidence: bundle.confidence, band: bundle.band },
      ...{ pool_addresses: bundle.pools, victim_count: 1, victim_loss_usd: 1.25, net_profit_usd: bundle.netProfitUsd },
      evidence: { ...bundle.evidence, large: (2n ** 200n).toString(), list: ['1', true] },
    })
    const victims = await database.query('select * from mev_victims where decided_block = $1', [even])
    expect(victims).toMatchObject([
      { loss_amount: (2n ** 255n).toString(), loss_bps: 12.5, kind: 'SANDWICH', band: bundle.band },
    ])
    const legs = await database.query('select * from mev_legs where decided_block = $1 order by position', [even])
    expect(legs.map(({ role, band }) => [role, band])).toEqual(bundle.legs.map(({ role }) => [role, bundle.band]))
    const controls = await database.query('select kind, observed, placebo from mev_controls where block_number = $1', [
      even,
    ])
    expect(controls).toEqual([{ kind: 'SANDWICH', observed: 1, placebo: even % 3 }])
    const profits = await database.query(
      'select amount, is_residual from mev_profits where decided_block = $1 order by token_address',
      [even],
    )
    expect(profits).toEqual([
      { amount: '-5', is_residual: true },
      { amount: '7', is_residual: false },
    ])
  })

  test('what the detectors remember of bundles is read back', async () => {
    await write(TOP)
    const blocks = TOP - START + 1
    expect(await store.readRecords()).toEqual([[address(0x77), { won: 0, lost: blocks }]])
    const used = await store.readUsedLegs(TOP - 2)
    expect(used).toContainEqual({ blockNumber: TOP, logIndex: 3 })
    expect(used).not.toContainEqual({ blockNumber: TOP, logIndex: 4 })
    expect(used).not.toContainEqual({ blockNumber: TOP - 2, logIndex: 3 })
    await database.query(`update mev_bundles set kind = 'FRONTRUN'`)
    expect(await store.readUsedLegs(TOP - 2)).toEqual([])
  })

  test('trades that were no part of a gaining sandwich are read back, also those of some blocks', async () => {
    await write(TOP)
    const all = await store.readSingleSwaps(START - 1, TOP)
    const counts = await database.query(
      `select block_number, transaction_index, transaction_hash from swaps group by 1, 2, 3 having count(*) = 1
       order by block_number, transaction_index`,
    )
    // All sandwiches of these blocks have lost.
    expect(all.map(({ transactionHash }) => transactionHash)).toEqual(
      counts.map(({ transaction_hash }) => `0x${Buffer.from(transaction_hash as Uint8Array).toString('hex')}`),
    )
    const second = [...new Set(all.map(({ blockNumber }) => blockNumber))][1]!
    expect(await store.readSingleSwaps(second - 1, TOP - 1)).toEqual(
      all.filter(({ blockNumber }) => blockNumber >= second && blockNumber < TOP),
    )
    const [first] = counts
    await database.query(
      `update mev_bundles set score_parts = '{}' where id = (select bundle_id from mev_legs order by 1 limit 1)`,
    )
    await database.query(
      `update mev_legs set block_number = $1, transaction_index = $2, role = 'BACK'
       where bundle_id = (select id from mev_bundles where not score_parts ? 'gross-negative') and position = 0`,
      [first!.block_number, first!.transaction_index],
    )
    expect(await store.readSingleSwaps(START - 1, TOP)).toEqual(all.slice(1))
  })

  test('who has gained is read back, with the last block', async () => {
    await write(TOP)
    // All sandwiches of these blocks have lost.
    expect(await store.readSearchers(START - 1)).toEqual([])
    await database.query(`update mev_bundles set score_parts = '{}' where decided_block < $1`, [TOP])
    expect(await store.readSearchers(START - 1)).toEqual([[address(0x77), TOP - 1]])
    expect(await store.readSearchers(TOP - 1)).toEqual([])
    await database.query(`update mev_bundles set kind = 'PROBE'`)
    expect(await store.readSearchers(START - 1)).toEqual([])
  })

  test('who called what is read back', async () => {
    await write(TOP)
    const all = await store.readContractCalls(START - 1, TOP)
    const transactions = await database.query(
      `select block_number from transactions where to_address <> from_address and exists (
         select from swaps where swaps.block_number = transactions.block_number
           and swaps.transaction_index = transactions.transaction_index
         union all select from liquidity_changes c where c.block_number = transactions.block_number
           and c.transaction_index = transactions.transaction_index
       ) order by block_number`,
    )
    expect(all.length).toBeGreaterThan(0)
    expect(all.map(({ blockNumber }) => blockNumber)).toEqual(transactions.map((row) => Number(row.block_number)))
    expect(await store.readContractCalls(TOP - 1, TOP)).toEqual(all.filter(({ blockNumber }) => blockNumber === TOP))
  })

  test('the state at an earlier block is that of a store that ends there', async () => {
    await write(TOP)
    const earlier = await store.readState(TOP - 2)
    await store.deleteAbove(TOP - 2)
    expect(earlier).toEqual(await store.readState())
  })

  test('however the steps are cut, and if each begins from the stored state, the rows are the same', async () => {
    await write(TOP)
    const whole = await dumpTables(database)
    await store.deleteAbove(START - 1)
    for (let number = START; number <= TOP; number++) {
      await store.writeStep(number - 1, analyze(number, number, await store.readState()))
    }
    expect(await dumpTables(database)).toEqual(whole)
  })

  test.each([START - 1, ...history.map(({ block }) => block.number)])(
    'what is deleted above block %i was never there',
    async (keep) => {
      const never = keep < START ? createChainState() : await write(keep)
      const dump = await dumpTables(database)
      if (keep < TOP) await store.writeStep(keep, analyze(keep + 1, TOP, never))
      await store.deleteAbove(keep)
      expect(await dumpTables(database)).toEqual(dump)
      expect(await store.readCursor()).toMatchObject({ number: keep, hash: history[keep - START]?.block.hash ?? null })
    },
  )

  test('another chain in the same database is not touched', async () => {
    const other = await openStore(database, { ...profile, id: 7, name: 'other' }, 0)
    await write(TOP)
    expect(await other.readState()).toEqual(createChainState())
    expect(await other.readCursor()).toEqual({ startBlock: 0, number: -1, hash: null })
    const before = await store.readState()
    await other.deleteAbove(-1)
    expect(await store.readState()).toEqual(before)
    expect(await other.readHashes(START, START)).toEqual([null])
  })

  test('hashes in order, null outside', async () => {
    await write(TOP)
    const hashes = history.map(({ block }) => block.hash)
    expect(await store.readHashes(START - 2, TOP + 1)).toEqual([null, null, ...hashes, null])
  })

  test.each([START - 2, START, TOP + 7])('a cursor that is not at block %i: nothing is written', async (after) => {
    const dump = await dumpTables(database)
    const step = store.writeStep(after, analyze(START, TOP))
    await expect(step).rejects.toBeInstanceOf(CursorMovedError)
    await expect(step).rejects.toThrow(`the cursor of chain ${profile.id} is no longer at block ${after}`)
    expect(await dumpTables(database)).toEqual(dump)
  })

  test('a step that is written twice is refused, and the first stays', async () => {
    await write(TOP)
    const dump = await dumpTables(database)
    await expect(store.writeStep(START - 1, analyze(START, TOP))).rejects.toBeInstanceOf(CursorMovedError)
    expect(await dumpTables(database)).toEqual(dump)
  })

  test.each<[string, (rows: StepRows) => void]>([
    ['bytes of the last table are none', ({ undecodedLogs }) => (undecodedLogs[0]!.data = '0xzz')],
    ['a row of the last table is there twice', ({ undecodedLogs }) => undecodedLogs.push(undecodedLogs[0]!)],
    [
      'a number of the first table does not fit',
      ({ blocks }) => (blocks[0] = { ...blocks[0]!, transactionCount: 2 ** 31 }),
    ],
    ['an amount has 79 digits', ({ blocks }) => (blocks[0] = { ...blocks[0]!, gasUsed: 10n ** 78n })],
  ])('when %s nothing of the step is there, and the next one works', async (_, spoil) => {
    const dump = await dumpTables(database)
    const rows = analyze(START, TOP)
    spoil(rows)
    await expect(store.writeStep(START - 1, rows)).rejects.toThrow()
    expect(await dumpTables(database)).toEqual(dump)
    await write(TOP)
    expect(await store.readCursor()).toMatchObject({ number: TOP })
  })

  test('texts that COPY could misread survive', async () => {
    const rows = analyze(START, START)
    rows.tokens = oddNames.map((name, index) => ({
      address: address(index + 1),
      symbol: name,
      name: name + name,
      decimals: index,
      firstSeenBlock: START,
    }))
    rows.tokens.push({ address: address(99), symbol: null, name: null, decimals: null, firstSeenBlock: START })
    await store.writeStep(START - 1, rows)
    const stored = await database.query('select symbol, name, decimals from tokens order by address')
    expect(stored).toEqual(rows.tokens.map(({ symbol, name, decimals }) => ({ symbol, name, decimals })))
  })

  test('stored rows that begin elsewhere', async () => {
    await write(START)
    const open = openStore(database, profile, START + 1)
    await expect(open).rejects.toBeInstanceOf(StartBlockError)
    await expect(open).rejects.toThrow(`holds this chain from block ${START}, but --start is ${START + 1}`)
  })

  test('without a start block the stored rows say it', async () => {
    await write(START)
    const again = await openStore(database, profile, null)
    expect(await again.readCursor()).toMatchObject({ startBlock: START, number: START })
  })
})
