import { findProfile } from '../../../contracts/chains/index.ts'
import { ChainError, ContradictionError } from '../../chain/errors.ts'
import { type RawBlock, toHash, toNumber } from '../../chain/format.ts'
import { type Head, likelyWebSocketUrls } from '../../chain/heads.ts'
import { openL1 } from '../../chain/l1/source.ts'
import { type Rpc, withoutSecrets } from '../../chain/rpc.ts'
import { type ChainSource, openSource } from '../../chain/source.ts'
import { isWebSocketUrl } from '../../chain/webSocket.ts'
import { knownTopics } from '../../decode/index.ts'
import type { Config } from '../config.ts'
import { checks } from '../doctor/checks.ts'
import { type Finding, reasonOf, runCheck } from '../doctor/finding.ts'
import { toTable } from '../doctor/table.ts'
import { UsageError } from '../errors.ts'
import { pairSockets } from '../sockets.ts'

/**
 * `flowprint doctor`: what each endpoint can do, and what that means for indexing, as a table on standard output. The table
 * of one that cannot be examined says why.
 * @throws UsageError without an endpoint; ChainError, the first one, when none of them could be examined.
 */
export async function runDoctor(config: Config): Promise<void> {
  if (config.rpc.length === 0) throw new UsageError('no RPC endpoint is given; set --rpc or RPC_URL')
  const httpUrls = config.rpc.filter((url) => !isWebSocketUrl(url))
  const urls = httpUrls.length > 0 ? httpUrls : config.rpc
  const sockets = pairSockets(urls, config.rpc.filter(isWebSocketUrl))
  const failures: ChainError[] = []
  for (const [index, url] of urls.entries()) {
    try {
      const socket = sockets[index] ?? null
      print(url, await examine(url, socket === null ? likelyWebSocketUrls(url) : [socket], config.l1Rpc), config.json)
    } catch (error) {
      if (!(error instanceof ChainError)) throw error
      failures.push(error)
      if (urls.length > 1) print(url, [toFinding(error)], config.json)
    }
  }
  if (failures.length === urls.length) throw failures[0]
}

async function examine(
  url: string,
  webSocketUrls: readonly string[],
  l1Urls: readonly string[],
): Promise<readonly Finding[]> {
  const source = await openSource([url], knownTopics)
  try {
    const { endpoints, chainId, stack } = source
    const head = await endpoints.use(fetchHead)
    const profile = findProfile(chainId)
    const findings: Finding[] = []
    for (const check of checks) {
      // One after the other: they would measure each other.
      findings.push(await runCheck(check, { rpc: endpoints.all[0]!, chainId, stack, profile, head, webSocketUrls }))
    }
    return l1Urls.length === 0 ? findings : [...findings, await examineL1(l1Urls, source)]
  } finally {
    await source.close()
  }
}

/** The newest block, and nothing else: what else is missing gets a line of its own. */
async function fetchHead(rpc: Rpc): Promise<Head> {
  const latest = (await rpc.request('eth_getBlockByNumber', ['latest', false])) as RawBlock | null
  if (latest === null) throw new ContradictionError('the chain has no latest block', 'missingBlock')
  const { number, hash, timestamp } = latest
  return {
    number: toNumber(number, 'block.number'),
    hash: toHash(hash, 'block.hash'),
    timestamp: toNumber(timestamp, 'block.timestamp'),
  }
}

async function examineL1(urls: readonly string[], { chainId, endpoints }: ChainSource): Promise<Finding> {
  try {
    const l1 = await openL1(urls, findProfile(chainId), endpoints)
    if (l1 === null) {
      const result = 'the contract of the chain is not known'
      return { check: 'L1', result, consequence: 'its L1 is not read', good: false }
    }
    try {
      const { latest, final } = await l1.fetchTip()
      const result = `chain ${l1.chainId}, contract ${l1.diamond}, block ${latest.number}, final ${final.number}`
      return { check: 'L1', result, consequence: 'batches and the priority queue are read from it', good: true }
    } finally {
      await l1.close()
    }
  } catch (error) {
    if (!(error instanceof ChainError)) throw error
    return { check: 'L1', result: `failed: ${reasonOf(error)}`, consequence: 'its L1 cannot be read', good: false }
  }
}

function toFinding(error: ChainError): Finding {
  return {
    check: 'connection',
    result: `failed: ${reasonOf(error)}`,
    consequence: 'it is not used until it answers',
    good: false,
  }
}

function print(url: string, findings: readonly Finding[], json: boolean): void {
  const endpoint = withoutSecrets(url)
  if (json) process.stdout.write(`${JSON.stringify({ endpoint, findings })}\n`)
  else process.stdout.write(`${endpoint}\n${toTable(findings)}\n`)
}
