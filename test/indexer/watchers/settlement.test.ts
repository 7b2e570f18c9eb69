import { getTableName } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type Devnet, startDevnet } from '../../../contracts/devnet/index.ts'
import type { Database } from '../../../db/database.ts'
import { tableDocs } from '../../../db/schema/index.ts'
import { deleteBatchesAbove } from '../../../indexer/store/batches.ts'
import { reopenRequestsAbove } from '../../../indexer/store/priorityRequests.ts'
import { type Caller, createCaller } from '../../contracts/devnet/caller.ts'
import { createL1Reader, type L1Reader } from '../../contracts/devnet/l1/l1Reader.ts'
import { createTestDatabase, type TestDatabase, testKinds } from '../../support/databases.ts'
import { openMigrated } from '../../support/indexing.ts'
import { openSettling, type Settling, type SettlingOptions } from './settling.ts'

/** Further apart than an L1 block, so that a batch is seen at every step. */
const settlementBlocks = { commit: 4, prove: 12, execute: 20 }
const order = ['sealed', 'committed', 'proven', 'executed', 'final']

describe.each(['era', 'zksync-os'] as const)('on a chain of kind %s', (mode) => {
  let devnet: Devnet
  let l1: L1Reader
  let l2: Caller
  let settling: Settling
  let database: Database
  /** On Postgres where there is one: both kinds must hold the same rows. */
  let second: Database
  const closes: (() => Promise<void>)[] = []
  const openDatabase = async (kind: TestDatabase['kind']) => {
    const home = await createTestDatabase(kind)
    const opened = await openMigrated(home.url)
    closes.push(
      () => opened.close(),
      () => home.remove(),
    )
    return opened
  }
  /** Another watcher, with rows of its own that begin empty. */
  const openOther = async (options: Omit<SettlingOptions, 'database'>) => {
    await second.execute(`truncate ${tableDocs.map(({ table }) => getTableName(table)).join(', ')}`)
    const other = await openSettling({ ...options, database: second })
    onTestFinished(() => other.close())
    return other
  }
  const urls = () => ({ rpcUrl: devnet.url, l1Url: devnet.l1!.url })
  const batches = () => settling.rows('batches')
  const requests = () => settling.rows('priority_requests')
  /** Indexes what there is and does one round. */
  const catchUp = async () => {
    await settling.index(devnet.tip())
    await settling.round()
  }
  beforeAll(async () => {
    devnet = await startDevnet({ mode, l1: { priorityDelay: 'manual' }, history: 8, batchBlocks: 2, settlementBlocks })
    l1 = createL1Reader(devnet.l1!)
    l2 = createCaller(devnet.url)
    database = await openDatabase('pglite')
    second = await openDatabase(testKinds.at(-1)!)
    settling = await openSettling({ ...urls(), database })
    closes.unshift(() => settling.close())
  })
  afterAll(async () => {
    for (const close of closes) await close()
    await Promise.all([l1.close(), l2.close()])
    await devnet.close()
  })

  test('before a block is indexed there is nothing to write', async () => {
    await settling.round()
    expect(await batches()).toEqual([])
    expect(await settling.rows('l1_cursors')).toEqual([])
  })

  test('batches go through every status, one after the other, and never back', async () => {
    // Whatever a row has from L1 stays, also while L1 becomes final part by part.
    await database.execute(`
      create table taken_away (number bigint, what text);
      create function note_taken_away() returns trigger language plpgsql as $$ begin
        if tg_op = 'DELETE' or (old.commit_l1_block is not null and new.commit_l1_block is null)
          or (old.execute_l1_block is not null and new.execute_l1_block is null)
        then insert into taken_away values (old.number, tg_op);
        end if;
        return null;
      end $$;
      create trigger taken_away after update or delete on batches for each row execute function note_taken_away()`)
    onTestFinished(() => database.execute('drop table taken_away; drop function note_taken_away cascade'))
    const seen = new Map<unknown, Set<string>>()
    for (let step = 0; step < 16; step++) {
      await devnet.write(2)
      await catchUp()
      for (const { number, status, last_block } of await batches()) {
        expect(last_block).toBeLessThanOrEqual(devnet.tip())
        const statuses = seen.get(number) ?? new Set()
        seen.set(number, statuses.add(String(status)))
      }
    }
    for (const statuses of seen.values()) {
      const places = [...statuses].map((status) => order.indexOf(status))
      expect(places).toEqual([...places].sort())
    }
    expect(await database.query('select number, what from taken_away')).toEqual([])
    // Only the node knows of a batch that is sealed.
    const all = mode === 'era' ? order : order.slice(1)
    expect([...seen.values()].some((statuses) => statuses.size === all.length)).toBe(true)
  })

  test('the rows say what the events on L1 say', async () => {
    const rows = new Map((await batches()).map((row) => [Number(row.number), row]))
    for (const { eventName, args, blockNumber, transactionHash } of await l1.events()) {
      const at = async () => new Date((await l1.timestamp(blockNumber)) * 1000).toISOString().replace('.000Z', '+00:00')
      const place = async () => [transactionHash.replace('0x', '\\x'), Number(blockNumber), await at()]
      if (eventName === 'BlockCommit') {
        const row = rows.get(Number(args.batchNumber))!
        expect([row.commit_transaction_hash, row.commit_l1_block, row.committed_at]).toEqual(await place())
        expect(row.root_hash).toBe(args.batchHash!.replace('0x', '\\x'))
        expect(row.commitment).toBe(args.commitment!.replace('0x', '\\x'))
      } else if (eventName === 'BlockExecution') {
        const row = rows.get(Number(args.batchNumber))!
        expect([row.execute_transaction_hash, row.execute_l1_block, row.executed_at]).toEqual(await place())
      } else if (eventName === 'BlocksVerification') {
        for (
          let number = Number(args.previousLastVerifiedBatch) + 1;
          number <= Number(args.currentLastVerifiedBatch);
          number++
        ) {
          const row = rows.get(number)!
          expect([row.prove_transaction_hash, row.prove_l1_block, row.proven_at]).toEqual(await place())
        }
      } else if (eventName === 'ReportCommittedBatchRangeZKsyncOS') {
        const row = rows.get(Number(args.batchNumber))!
        expect([row.first_block, row.last_block]).toEqual([Number(args.firstBlockNumber), Number(args.lastBlockNumber)])
      }
    }
    const committed = Number(await l1.getter('getTotalBatchesCommitted'))
    const executed = Number(await l1.getter('getTotalBatchesExecuted'))
    for (const row of rows.values()) {
      const place = order.indexOf(String(row.status))
      expect(row.number === 0 || place >= 1).toBe(Number(row.number) <= committed)
      expect(row.number === 0 || place >= 3).toBe(Number(row.number) <= executed)
      // The L1 below the devnet makes a block final two blocks later.
      if (row.number !== 0) {
        expect(row.status === 'final').toBe(Number(row.execute_l1_block ?? Number.NaN) <= devnet.l1!.head() - 2)
      }
    }
  })

  test('batches follow one another without a gap, with the time of their first block and all transactions', async () => {
    let next: unknown = null
    for (const row of await batches()) {
      if (next !== null) expect(row.first_block).toBe(next)
      next = Number(row.last_block) + 1
      const blocks = (await l2.blocks(Number(row.first_block), Number(row.last_block))).map(({ block }) => block)
      expect(row.timestamp).toBe(Number(blocks[0]!.timestamp))
      const count = blocks.flatMap(({ transactions }) => transactions).length
      expect(Number(row.l1_transaction_count) + Number(row.l2_transaction_count)).toBe(count)
    }
  })

  test('the newest batch and the last executed block are told', async () => {
    const rows = await batches()
    const executed = rows.filter(({ status }) => status === 'executed' || status === 'final').at(-1)!
    expect(settling.events.filter(({ kind }) => kind === 'executed').at(-1)).toEqual({
      kind: 'executed',
      block: executed.last_block,
    })
    const { number, status } = rows.at(-1)!
    expect(settling.events.filter(({ kind }) => kind === 'batch').at(-1)).toEqual({ kind: 'batch', number, status })
    expect(settling.events.filter(({ kind }) => kind === 'disagreement')).toEqual([])
  })

  test('one round after the last block writes the same rows as a round after each', async () => {
    const other = await openOther(urls())
    await other.index(devnet.tip())
    await other.round()
    for (const table of ['batches', 'priority_requests', 'l1_cursors'] as const) {
      expect(await other.rows(table)).toEqual(await settling.rows(table))
    }
  })

  test('a start in the middle of a batch keeps that batch and none before it', async () => {
    const other = await openOther({ ...urls(), start: 8 })
    await other.index(devnet.tip())
    await other.round()
    const rows = await batches()
    const kept = rows.filter(({ last_block }) => Number(last_block) >= 8)
    const counts = mode === 'era' ? {} : { l1_transaction_count: null, l2_transaction_count: null }
    const [first, ...rest] = kept
    const isCut = Number(first!.first_block) < 8
    expect(await other.rows('batches')).toEqual([isCut ? { ...first, ...counts } : first, ...rest])
  })

  test('an indexed range that ends inside a batch has the batches before it only', async () => {
    const end = Number((await batches()).at(-1)!.last_block) - 1
    const other = await openOther(urls())
    await other.index(end)
    await other.round()
    expect(await other.rows('batches')).toEqual((await batches()).slice(0, -1))
    await other.index(devnet.tip())
    await other.round()
    expect(await other.rows('batches')).toEqual(await batches())
  })

  if (mode === 'era') {
    test('from the node alone come the same facts, but for what only L1 knows', async () => {
      const other = await openOther({ rpcUrl: devnet.url })
      await other.index(devnet.tip())
      await other.round()
      const unlike = ['source', 'status', 'committed_at', 'proven_at', 'executed_at']
      const facts = (row: Record<string, unknown>) =>
        Object.fromEntries(Object.entries(row).filter(([name]) => !unlike.includes(name) && !name.endsWith('l1_block')))
      const [fromNode, fromBoth] = [await other.rows('batches'), await batches()]
      expect(fromNode.map(facts)).toEqual(fromBoth.map(facts))
      for (const [index, row] of fromNode.entries()) {
        const both = fromBoth[index]!
        expect(row.source).toBe('l2')
        expect(both.source).toBe(both.commit_transaction_hash === null ? 'l2' : 'both')
        // The node of the devnet calls an execution final at once; L1 does so two blocks later.
        expect(row.status).toBe(both.status === 'executed' ? 'final' : both.status)
        for (const name of ['committed_at', 'proven_at', 'executed_at']) {
          if (row[name] === null) continue
          const later = Date.parse(String(row[name])) - Date.parse(String(both[name]))
          expect(later >= 0 && later < 1000).toBe(true)
        }
      }
    })
  } else {
    test('without an L1 nothing is known of batches', async () => {
      const other = await openOther({ rpcUrl: devnet.url })
      await other.index(devnet.tip())
      await other.round()
      expect(await other.rows('batches')).toEqual([])
    })
  }

  test('requests wait on L1, run on L2, and keep what they asked for', async () => {
    const [from, to] = [devnet.accounts[0]!, devnet.accounts[1]!]
    const plain = await devnet.l1!.requestL2Transaction({ from, to: to.address, valueWei: 7n })
    const forwarded = await devnet.l1!.requestL2Transaction({
      from,
      to: to.address,
      valueWei: 8n,
      through: 'forwarder',
    })
    const failing = await devnet.l1!.requestL2Transaction({ from, to: devnet.contracts.usdc, data: '0xdeadbeef' })
    await settling.round()
    const bytes = (hex: string) => hex.replace('0x', '\\x')
    const asked = async ({ serialId, canonicalHash, sender, l1TransactionHash, l1BlockNumber }: typeof plain) => ({
      ...{ serial_id: serialId, transaction_hash: bytes(canonicalHash), from_address: bytes(sender) },
      ...{ l1_transaction_hash: bytes(l1TransactionHash), l1_block_number: l1BlockNumber },
      ...{ l1_timestamp: await l1.timestamp(l1BlockNumber), gas_limit: 1_000_000, factory_dependency_count: 0 },
    })
    const waiting = { status: 'pending', block_number: null, timestamp: null, visible_seconds: null }
    const eoa = bytes(from.address)
    expect(await requests()).toMatchObject([
      { ...(await asked(plain)), ...waiting, value: 7, calldata: '\\x', from_address: eoa, l1_sender_address: eoa },
      { ...(await asked(forwarded)), ...waiting, value: 8, l1_sender_address: bytes(devnet.l1!.forwarder) },
      { ...(await asked(failing)), ...waiting, value: 0, calldata: '\\xdeadbeef', l1_sender_address: eoa },
    ])
    await devnet.write(3)
    devnet.l1!.release(2)
    await devnet.write(1)
    await settling.round()
    // They ran, but in a block that is not indexed yet.
    expect(await requests()).toMatchObject([waiting, waiting, waiting])
    await catchUp()
    const [block] = await l2.blocks(devnet.tip(), devnet.tip())
    const number = block!.block.transactions.length > 0 ? devnet.tip() : devnet.tip() - 1
    const timestamp = Number((await l2.blocks(number, number))[0]!.block.timestamp)
    const ran = async ({ l1BlockNumber }: typeof plain, transaction_index: number) => ({
      ...{ status: 'succeeded', block_number: number, transaction_index, timestamp },
      visible_seconds: timestamp - (await l1.timestamp(l1BlockNumber)),
    })
    expect(await requests()).toMatchObject([await ran(plain, 0), await ran(forwarded, 1), waiting])
    devnet.l1!.release()
    await devnet.write(1)
    await catchUp()
    expect((await requests())[2]).toMatchObject({ status: 'failed', visible_seconds: expect.any(Number) })
    await devnet.write(12)
    await catchUp()
    const holding = (await batches()).find(({ first_block, last_block }) => {
      return Number(first_block) <= number && Number(last_block) >= number
    })
    expect(holding!.l1_transaction_count).toBeGreaterThanOrEqual(2)
  })

  test('what is known of their intent is kept beside them', async () => {
    const zero = '0x0000000000000000000000000000000000000000' as const
    const other = await openOther({
      ...urls(),
      decodeIntent: (to, calldata, valueWei) => {
        if (to === null || valueWei !== 8n) return null
        const amounts = { amountIn: 2n ** 255n, amountOut: valueWei, deadline: calldata.length }
        return { kind: 'EXACT_IN', tokenIn: zero, tokenOut: to, ...amounts, recipient: to, path: `${zero} 500 ${to}` }
      },
    })
    await other.index(devnet.tip())
    await other.round()
    const [plain, forwarded] = await other.rows('priority_requests')
    expect(plain).toMatchObject({ intent_kind: null, intent_path: null, intent_deadline: null })
    const to = devnet.accounts[1]!.address
    expect(forwarded).toMatchObject({
      ...{ intent_kind: 'EXACT_IN', intent_amount_out: 8, intent_recipient_address: to.replace('0x', '\\x') },
      ...{ intent_deadline: 2, intent_path: `${zero} 500 ${to}` },
    })
    const [amount] = await second.query('select max(intent_amount_in)::text as amount from priority_requests')
    expect(amount).toEqual({ amount: String(2n ** 255n) })
  })

  test('batches that L1 takes back go, and those that come instead are stored', async () => {
    const executed = Number(await l1.getter('getTotalBatchesExecuted'))
    const committed = Number(await l1.getter('getTotalBatchesCommitted'))
    expect(committed).toBeGreaterThan(executed + 1)
    const keep = executed + 1
    // One that waits must not keep the round from seeing it: the node ends before the stored blocks by then.
    await devnet.l1!.requestL2Transaction({ from: devnet.accounts[0]!, to: devnet.accounts[1]!.address })
    const before = await batches()
    const keepBlock = await devnet.revertBatches(keep)
    settling.events.length = 0
    await settling.round()
    expect(settling.events).toContainEqual({ kind: 'reverted', keepBatch: keep, keepBlock })
    expect((await batches()).filter(({ commit_l1_block, number }) => commit_l1_block && Number(number) > keep)).toEqual(
      [],
    )
    settling.events.length = 0
    await settling.round()
    expect(settling.events).toEqual([])
    // The block loop finds that the blocks are gone.
    await database.transaction(async (transaction) => {
      await deleteBatchesAbove(transaction, devnet.chainId, keepBlock)
      await reopenRequestsAbove(transaction, devnet.chainId, keepBlock)
    })
    await devnet.write(30)
    await catchUp()
    const after = await batches()
    const upTo = (rows: typeof after) =>
      rows.filter(({ number }) => Number(number) <= keep).map(({ root_hash }) => root_hash)
    expect(upTo(after)).toEqual(upTo(before))
    for (const row of after.filter(({ number }) => Number(number) > keep)) {
      expect(row.root_hash).not.toBe(before.find(({ number }) => number === row.number)?.root_hash ?? null)
    }
    expect(after.at(-1)!.last_block).toBeGreaterThan(keepBlock)
    const other = await openOther(urls())
    await other.index(devnet.tip())
    await other.round()
    for (const table of ['batches', 'priority_requests'] as const) {
      expect(await other.rows(table)).toEqual(await settling.rows(table))
    }
  })

  test('blocks that come back after a removal have their batches and requests again', async () => {
    const [rows, asked, cursors] = [await batches(), await requests(), await settling.rows('l1_cursors')]
    const keep = 4
    await database.transaction(async (transaction) => {
      await deleteBatchesAbove(transaction, devnet.chainId, keep)
      await reopenRequestsAbove(transaction, devnet.chainId, keep)
    })
    expect((await batches()).length).toBeLessThan(3)
    expect((await requests()).every(({ status }) => status === 'pending')).toBe(true)
    await settling.round()
    expect(await batches()).toEqual(rows)
    expect(await requests()).toEqual(asked)
    expect(await settling.rows('l1_cursors')).toEqual(cursors)
  })

  test('what an L1 reorganisation takes away goes, and is there again when it comes back', async () => {
    await settling.round()
    const before = { batches: await batches(), requests: await requests() }
    const snapshot = await l1.call<string>('evm_snapshot')
    const { serialId } = await devnet.l1!.requestL2Transaction({
      from: devnet.accounts[0]!,
      to: devnet.accounts[1]!.address,
    })
    await settling.round()
    expect((await requests()).at(-1)!.serial_id).toBe(serialId)
    await l1.call('evm_revert', snapshot)
    await settling.round()
    expect(await requests()).toEqual(before.requests)
    // Another request takes its place, of the same serial id, in a block of the same number.
    const again = await devnet.l1!.requestL2Transaction({
      ...{ from: devnet.accounts[0]!, to: devnet.accounts[1]!.address, valueWei: 99n },
    })
    await settling.round()
    expect(again.serialId).toBe(serialId)
    expect((await requests()).at(-1)).toMatchObject({ serial_id: serialId, value: 99, status: 'pending' })
  })
})
