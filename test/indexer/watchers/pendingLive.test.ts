import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Devnet, type Mode, startDevnet } from '../../../contracts/devnet/index.ts'
import type { Database } from '../../../db/database.ts'
import { RpcError } from '../../../indexer/chain/errors.ts'
import { probePending } from '../../../indexer/chain/pending/probe.ts'
import { createRpc, type Rpc } from '../../../indexer/chain/rpc.ts'
import { nowMicroseconds } from '../../../indexer/chain/webSocket.ts'
import type { Hex } from '../../../indexer/types/block.ts'
import { createPendingWatcher } from '../../../indexer/watchers/pending.ts'
import { createTestDatabase, type TestDatabase } from '../../support/databases.ts'
import { openMigrated } from '../../support/indexing.ts'

type HeadBlock = { number: Hex; hash: Hex; parentHash: Hex; transactions: Hex[] }

describe.each<[Mode]>([['era'], ['zksync-os'], ['evm']])('pending transactions of a live chain of kind %s', (mode) => {
  let devnet: Devnet
  let home: TestDatabase
  let database: Database
  let rpc: Rpc

  beforeAll(async () => {
    devnet = await startDevnet({ mode, traffic: true, blockTimeMs: 400 })
    home = await createTestDatabase('pglite')
    database = await openMigrated(home.url)
    rpc = createRpc(devnet.url)
  })
  afterAll(async () => {
    await rpc?.close()
    await database?.close()
    await home?.remove()
    await devnet?.close()
  })

  /** Stores each new block at the head and tells of it, as the block loop does, until `signal` aborts. */
  const followBlocks = async (onBlock: (block: HeadBlock, seenAt: number) => void, signal: AbortSignal) => {
    let next = devnet.head() + 1
    while (!signal.aborted) {
      if (next > devnet.head()) {
        await new Promise((resolve) => setTimeout(resolve, 10))
        continue
      }
      const block = (await rpc.request('eth_getBlockByNumber', [`0x${next.toString(16)}`, false])) as HeadBlock
      onBlock(block, nowMicroseconds())
      const [hash, parent] = [block.hash, block.parentHash].map((each) => `'\\x${each.slice(2)}'`)
      await database.execute(`
        insert into blocks (chain_id, number, hash, parent_hash, timestamp, gas_used, gas_limit, transaction_count)
        values (${devnet.chainId}, ${next}, ${hash}, ${parent}, 0, 0, 0, ${block.transactions.length});
        insert into cursors (chain_id, start_block, block_number) values (${devnet.chainId}, 0, ${next})
        on conflict (chain_id) do update set block_number = ${next}`)
      next++
    }
  }

  const withoutFilters = (): Rpc => ({
    ...rpc,
    request: async (method, params, signal) => {
      if (method.includes('Filter')) throw new RpcError(method, -32601, 'Method not found')
      return rpc.request(method, params, signal)
    },
  })

  const ways = [
    ['subscription', () => ({ rpc, webSocketUrl: devnet.webSocketUrl })],
    ['filter', () => ({ rpc, webSocketUrl: null })],
    ['txpool', () => ({ rpc: withoutFilters(), webSocketUrl: null })],
  ] as const
  // The era server has no pool methods.
  test.each(ways.filter(([stream]) => mode !== 'era' || stream !== 'txpool'))('by %s', async (stream, member) => {
    await database.execute('truncate pending_transactions, blocks, cursors')
    const stop = new AbortController()
    const watcher = createPendingWatcher({
      ...{ members: [member()], database, chainId: devnet.chainId, decodeIntent: () => null },
      ear: { timing: { filterPollMs: 50, txpoolPollMs: 50 } },
    })
    const following = followBlocks(
      ({ number, hash, transactions }, seenAt) =>
        watcher.onBlock({ number: Number(number), hash }, transactions, seenAt),
      stop.signal,
    )
    try {
      await vi.waitFor(
        async () => {
          await watcher.round(stop.signal)
          expect(watcher.measures()[0]!.included).toBeGreaterThanOrEqual(10)
        },
        { timeout: 20_000, interval: 200 },
      )
      const [measure] = watcher.measures()
      expect(measure).toMatchObject({ stream, garbage: 0, lost: 0, dropped: 0 })
      expect(measure!.seenUnmined).toBeGreaterThan(0)
      expect(measure!.medianDelayMs).toBeGreaterThan(0)
      expect(measure!.medianDelayMs).toBeLessThan(5_000)
      const rows = await database.query(`
        select '0x' || encode(hash, 'hex') as hash, stream, block_number::int as block, transaction_index::int as index,
          '0x' || encode(from_address, 'hex') as sender, '0x' || encode(calldata, 'hex') as calldata, seen_unmined
        from pending_transactions where outcome = 'included'`)
      expect(rows.length).toBeGreaterThanOrEqual(10)
      for (const row of rows) {
        const served = (await rpc.request('eth_getTransactionByHash', [row.hash])) as Record<string, string>
        expect(row).toMatchObject({
          ...{ stream, block: Number(served.blockNumber), index: Number(served.transactionIndex) },
          ...{ sender: served.from!.toLowerCase(), calldata: served.input!.toLowerCase() },
        })
      }
    } finally {
      stop.abort()
      await following
      await watcher.close()
    }
  })

  test('a probe says what the stream shows', async () => {
    const probe = await probePending({ rpc, webSocketUrl: devnet.webSocketUrl }, 2)
    expect(probe.stream).toBe('subscription')
    expect(probe.heard).toBeGreaterThan(0)
    expect(probe.words).toMatch(/^by WebSocket subscription: tells of /)
  })
})
