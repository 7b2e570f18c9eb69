import { createArrivalReader } from '../../chain/arrivals.ts'
import { fetchSealedBatch } from '../../chain/batchDetails.ts'
import { RpcError } from '../../chain/errors.ts'
import { type RawBlock, type RawTransaction, toHash, toNumber } from '../../chain/format.ts'
import { fetchLogs, rangeLimit, toQuantity } from '../../chain/logs.ts'
import { probePending } from '../../chain/pending/probe.ts'
import { withoutSecrets } from '../../chain/rpc.ts'
import { subscribe } from '../../chain/webSocket.ts'
import { testClock } from '../../derive/clock.ts'
import type { Hex } from '../../types/block.ts'
import { type Check, type Patient, served, shorten } from './finding.ts'

/** No event has it, so a range is refused for its length alone. */
const NO_TOPIC: Hex = `0x${'0'.repeat(63)}1`
/** As backfill asks for, the widest that can be of use, and one whose logs are all asked for. */
const USUAL_RANGE_BLOCKS = 2_000
const WIDE_RANGE_BLOCKS = 1_000_000
const FULL_RANGE_BLOCKS = 5_000
const CALLS_MAX = 100
const LATENCY_LOOKS = 7
const ARRIVAL_BLOCKS = 100
const PENDING_SECONDS = 3
const SUBSCRIPTION_MS = 4_000

/** Everything that is looked at, in the order of the table. */
export const checks: readonly Check[] = [
  { name: 'chain', look: lookAtChain },
  { name: 'client', look: lookAtClient },
  { name: 'head', look: lookAtHead },
  { name: 'latency', look: lookAtLatency },
  { name: 'block bodies', look: lookAtBodies },
  { name: 'receipts by block', look: lookAtReceipts },
  { name: 'logs', look: lookAtLogs },
  { name: 'batches of calls', look: lookAtCalls },
  { name: 'state of old blocks', look: lookAtOldState },
  { name: 'tags', look: lookAtTags },
  { name: 'arrival times', look: lookAtArrivals },
  { name: 'L1 batches', look: lookAtBatches },
  { name: 'announced blocks', look: (patient) => lookAtSubscription(patient, 'newHeads') },
  { name: 'announced logs', look: (patient) => lookAtSubscription(patient, 'logs') },
  { name: 'pending transactions', look: lookAtPending },
  { name: 'traces', look: lookAtTraces },
]

async function lookAtChain({ chainId, profile, stack }: Patient) {
  const isKnown = profile.factories.length > 0
  return {
    result: `${chainId} (${profile.name}), ${stack}`,
    consequence: `${isKnown ? 'its factories are known' : 'pools are found by their events and asked what they are'}${stack === profile.stack ? '' : `; the profile says ${profile.stack}, the endpoint is believed`}`,
    good: isKnown,
  }
}

async function lookAtClient({ rpc }: Patient) {
  const version = await rpc.request('web3_clientVersion', [])
  return { result: shorten(String(version)), consequence: 'none', good: true }
}

async function lookAtHead({ head }: Patient) {
  const ageSeconds = Math.max(0, Math.round(Date.now() / 1000 - head.timestamp))
  return {
    result: `block ${head.number}, ${ageSeconds} s old`,
    consequence: ageSeconds < 300 ? 'none' : 'the chain is quiet, or the node is behind',
    good: ageSeconds < 300,
  }
}

async function lookAtLatency({ rpc }: Patient) {
  const times: number[] = []
  for (let look = 0; look < LATENCY_LOOKS; look++) {
    const startMs = performance.now()
    await rpc.request('eth_chainId', [])
    times.push(performance.now() - startMs)
  }
  times.sort((a, b) => a - b)
  const median = times[LATENCY_LOOKS >> 1]!
  return {
    result: `${median.toFixed(1)} ms (median of ${LATENCY_LOOKS}), at most ${times.at(-1)!.toFixed(1)} ms`,
    consequence: 'a block at the head takes one such round trip to read',
    good: median < 250,
  }
}

async function lookAtBodies({ rpc, head }: Patient) {
  const answer = await rpc.request('eth_getBlockByNumber', [toQuantity(head.number), true])
  return { result: served(answer), consequence: 'senders are read from them', good: answer !== null }
}

async function lookAtReceipts({ rpc, head }: Patient) {
  const [answer] = await rpc.batch([{ method: 'eth_getBlockReceipts', params: [toQuantity(head.number)] }])
  const good = Array.isArray(answer)
  return {
    result: served(answer),
    consequence: good
      ? 'blocks at the head are read whole, and proven complete'
      : 'at the head logs are asked for twice, beside the blocks',
    good,
  }
}

async function lookAtLogs({ rpc, head }: Patient) {
  const firstOf = (blocks: number) => Math.max(0, head.number - blocks + 1)
  const ask = async (blocks: number, filter: object) => {
    const params = [{ fromBlock: toQuantity(firstOf(blocks)), toBlock: toQuantity(head.number), ...filter }]
    const [answer] = await rpc.batch([{ method: 'eth_getLogs', params }])
    return `${(head.number + 1 - firstOf(blocks)).toLocaleString('en')} blocks: ${served(answer)}`
  }
  await fetchLogs(rpc, { topics: [NO_TOPIC] }, firstOf(USUAL_RANGE_BLOCKS), head.number)
  const limit = rangeLimit(rpc)
  const words = [
    ...(limit === null ? [] : [`at most ${limit} blocks at once`]),
    `one topic over ${await ask(WIDE_RANGE_BLOCKS, { topics: [NO_TOPIC] })}`,
    `all logs of ${await ask(FULL_RANGE_BLOCKS, {})}`,
  ]
  return {
    result: words.join('; '),
    consequence: 'ranges are cut where the server says, or in halves, and what it bears is remembered',
    good: limit === null,
  }
}

async function lookAtCalls({ rpc }: Patient) {
  await rpc.batch(Array.from({ length: CALLS_MAX }, () => ({ method: 'eth_chainId', params: [] })))
  const { batchCalls } = rpc.limits()
  return {
    result: batchCalls >= CALLS_MAX ? `${CALLS_MAX} calls in one request` : `at most ${batchCalls} in one request`,
    consequence: batchCalls > 1 ? 'as many are sent at once' : 'calls are sent one by one',
    good: batchCalls > 1,
  }
}

async function lookAtOldState({ rpc }: Patient) {
  const params = ['0x0000000000000000000000000000000000000001', '0x1']
  const [answer] = await rpc.batch([{ method: 'eth_getBalance', params }])
  const good = !(answer instanceof RpcError)
  return {
    result: good ? 'served from block 1 on' : served(answer),
    consequence: good
      ? 'pools and tokens are asked as they were when they were first seen'
      : 'pools and tokens are asked as they are now; tick maps of pools older than the index stay unknown',
    good,
  }
}

async function lookAtTags({ rpc }: Patient) {
  const tags = ['safe', 'finalized']
  const answers = await rpc.batch(tags.map((tag) => ({ method: 'eth_getBlockByNumber', params: [tag, false] })))
  const blocks = answers.map((answer, index) => {
    const isServed = !(answer instanceof RpcError) && answer !== null
    return `${tags[index]} ${isServed ? toNumber((answer as RawBlock).number) : served(answer)}`
  })
  const good = !(answers[1] instanceof RpcError) && answers[1] !== null
  return {
    result: blocks.join(', '),
    consequence: good
      ? 'what is stored and final is never removed; a chain that contradicts it stops the indexer'
      : 'reorganisations of any depth are followed',
    good,
  }
}

async function lookAtArrivals({ rpc, stack, head }: Patient) {
  if (stack !== 'era') {
    return {
      result: `no method of ${stack} tells them`,
      consequence: 'the clock of every block is its timestamp',
      good: false,
    }
  }
  const numbers = Array.from({ length: Math.min(ARRIVAL_BLOCKS, head.number + 1) }, (_, back) => head.number - back)
  const answers = await rpc.batch(
    numbers.map((number) => ({ method: 'eth_getBlockByNumber', params: [toQuantity(number), true] })),
  )
  const blocks = answers.flatMap(toTimedBlock)
  if (blocks.length === 0) {
    return {
      result: `not known: no transactions can be read in the last ${numbers.length} blocks`,
      consequence: 'looked at with each block that has any',
      good: false,
    }
  }
  const reader = createArrivalReader()
  const arrivals = await reader.fetch(rpc, blocks)
  const method = reader.methodOf(rpc) ?? null
  const timed = blocks.filter(({ number }) => (arrivals.get(number) ?? null) !== null)
  if (timed.length === 0) {
    return {
      result: method === null ? 'not served' : `${method} is refused`,
      consequence: 'the clock of every block is its timestamp',
      good: false,
    }
  }
  const clocks = timed.map(({ number, timestamp }) =>
    testClock({ number, timestamp, arrivals: arrivals.get(number) ?? null }),
  )
  const tested = clocks.filter((clock) => clock !== null)
  const bySequencer = tested.filter((clock) => clock === 'sequencer').length
  const isSequencer = tested.length > 0 && bySequencer > tested.length / 2
  return {
    result: `${method}; ${bySequencer} of ${tested.length} blocks with two or more transactions show the sequencer's clock`,
    consequence: isSequencer
      ? 'times of arrival are measured to the millisecond or better'
      : 'the times are those of this node: timing rests on block timestamps',
    good: isSequencer,
  }
}

/** A block with transactions; nothing for one that is refused, missing, or has none. */
function toTimedBlock(answer: unknown) {
  if (answer instanceof RpcError || answer === null) return []
  const { number, hash, timestamp, transactions } = answer as RawBlock
  if (!Array.isArray(transactions) || transactions.length === 0) return []
  return [
    {
      number: toNumber(number, 'block.number'),
      hash: toHash(hash, 'block.hash'),
      timestamp: toNumber(timestamp, 'block.timestamp'),
      transactionHashes: (transactions as RawTransaction[]).map((each) => toHash(each?.hash, 'transaction.hash')),
    },
  ]
}

async function lookAtBatches({ rpc, stack }: Patient) {
  if (stack === 'evm') return { result: 'none: no ZKsync chain', consequence: 'none', good: true }
  if (stack === 'zksync-os') {
    return {
      result: 'the server tells nothing of them',
      consequence: 'they are read from L1: give --l1-rpc',
      good: false,
    }
  }
  const sealed = await fetchSealedBatch(rpc)
  return {
    result: sealed === null ? 'not served' : `sealed up to ${sealed}`,
    consequence: 'followed until final; with --l1-rpc the times are those of L1, and its priority queue is read',
    good: sealed !== null,
  }
}

async function lookAtSubscription({ webSocketUrls }: Patient, kind: 'newHeads' | 'logs') {
  const params = kind === 'logs' ? ['logs', { topics: [NO_TOPIC] }] : ['newHeads']
  let reason = 'no WebSocket is known'
  for (const url of webSocketUrls) {
    const outcome = await trySubscription(url, params)
    if (outcome === null) {
      const consequence =
        kind === 'newHeads'
          ? 'name it in --rpc, and new blocks are read as they are announced'
          : 'not needed: whole blocks are read'
      return {
        result: `served at ${withoutSecrets(url)}`,
        consequence,
        good: true,
      }
    }
    reason = outcome
  }
  return {
    result: `not served (${shorten(reason)})`,
    consequence:
      kind === 'newHeads' ? 'the head is asked for, four times a block' : 'not needed: whole blocks are read',
    good: kind !== 'newHeads',
  }
}

/** Null when the subscription is accepted, else why not. */
function trySubscription(url: string, params: readonly unknown[]): Promise<string | null> {
  return new Promise((resolve) => {
    const finish = (outcome: string | null) => {
      clearTimeout(timer)
      subscription.close()
      // A URL that cannot be read is named by the error that says so.
      resolve(outcome?.replaceAll(url, withoutSecrets(url)) ?? null)
    }
    const timer = setTimeout(() => finish('no answer'), SUBSCRIPTION_MS)
    const subscription = subscribe(url, params, { onOpen: () => finish(null), onMessage: () => {}, onClose: finish })
  })
}

async function lookAtPending({ rpc, webSocketUrls }: Patient) {
  let webSocketUrl: string | null = null
  for (const url of webSocketUrls) {
    if ((await trySubscription(url, ['newPendingTransactions'])) !== null) continue
    webSocketUrl = url
    break
  }
  const probe = await probePending({ rpc, webSocketUrl }, PENDING_SECONDS)
  return {
    result: shorten(probe.words),
    consequence:
      probe.stream === null ? 'pending_transactions stays empty' : 'stored with the time each was first seen',
    good: probe.stream !== null,
  }
}

async function lookAtTraces({ rpc, head }: Patient) {
  const params = [toQuantity(head.number), { tracer: 'callTracer' }]
  const [answer] = await rpc.batch([{ method: 'debug_traceBlockByNumber', params }])
  return { result: served(answer), consequence: 'not needed by this version', good: true }
}
