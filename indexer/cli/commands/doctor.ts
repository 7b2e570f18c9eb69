import { findProfile } from '../../../contracts/chains/index.ts'
import { ChainError } from '../../chain/errors.ts'
import { likelyWebSocketUrls } from '../../chain/heads.ts'
import { openL1 } from '../../chain/l1/source.ts'
import { type ChainSource, openSource } from '../../chain/source.ts'
import { knownTopics } from '../../decode/index.ts'
import type { Config } from '../config.ts'
import { checks } from '../doctor/checks.ts'
import { type Finding, runCheck } from '../doctor/finding.ts'
import { UsageError } from '../errors.ts'

/** `flowprint doctor`: what each endpoint can do, and what that means for indexing, as a table on standard output. */
export async function runDoctor(config: Config): Promise<void> {
  if (config.rpc.length === 0) throw new UsageError('no RPC endpoint is given; set --rpc or RPC_URL')
  const sockets = config.rpc.filter(isWebSocketUrl)
  const urls = config.rpc.filter((url) => !isWebSocketUrl(url))
  for (const [index, url] of (urls.length > 0 ? urls : config.rpc).entries()) {
    const source = await openSource([url], knownTopics)
    try {
      const given = sockets[index]
      const findings = await examine(source, given === undefined ? likelyWebSocketUrls(url) : [given])
      if (config.l1Rpc.length > 0) findings.push(await examineL1(config.l1Rpc, source))
      print(source.endpoints.name, findings, config.json)
    } finally {
      await source.close()
    }
  }
}

async function examine(source: ChainSource, webSocketUrls: readonly string[]): Promise<Finding[]> {
  const { endpoints, chainId, stack } = source
  const head = await source.fetchHead()
  const profile = findProfile(chainId)
  const findings: Finding[] = []
  for (const check of checks) {
    // One after the other: they would measure each other.
    findings.push(await runCheck(check, { rpc: endpoints.all[0]!, chainId, stack, profile, head, webSocketUrls }))
  }
  return findings
}

async function examineL1(urls: readonly string[], { chainId, endpoints }: ChainSource): Promise<Finding> {
  try {
    const l1 = await openL1(urls, findProfile(chainId), endpoints)
    if (l1 === null) {
      const result = 'the contract of the chain is not known'
      return { check: 'L1', result, consequence: 'its L1 is not read', good: false }
    }
    const { latest, final } = await l1.fetchTip()
    await l1.close()
    const result = `chain ${l1.chainId}, contract ${l1.diamond}, block ${latest.number}, final ${final.number}`
    return { check: 'L1', result, consequence: 'batches and the priority queue are read from it', good: true }
  } catch (error) {
    if (!(error instanceof ChainError)) throw error
    return { check: 'L1', result: `failed: ${error.message}`, consequence: 'its L1 cannot be read', good: false }
  }
}

function isWebSocketUrl(url: string): boolean {
  return /^wss?:/.test(url)
}

function print(endpoint: string, findings: readonly Finding[], json: boolean): void {
  if (json) process.stdout.write(`${JSON.stringify({ endpoint, findings })}\n`)
  else process.stdout.write(`${endpoint}\n${toTable(findings)}\n`)
}

function toTable(findings: readonly Finding[]): string {
  const width = (key: 'check' | 'result') => Math.max(...findings.map((row) => row[key].length))
  const [check, result] = [width('check'), width('result')]
  return findings
    .map(
      (row) => `  ${row.good ? '+' : '-'} ${row.check.padEnd(check)}  ${row.result.padEnd(result)}  ${row.consequence}`,
    )
    .join('\n')
}
