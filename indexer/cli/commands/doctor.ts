import { findProfile } from '../../../contracts/chains/index.ts'
import { RpcError } from '../../chain/errors.ts'
import type { RawBlock } from '../../chain/format.ts'
import { type ChainSource, openSource } from '../../chain/source.ts'
import { knownTopics } from '../../decode/index.ts'
import type { Config } from '../config.ts'
import { UsageError } from '../errors.ts'

/** One line of the table: what was looked at, what was found, and what follows for indexing. */
export type Finding = { check: string; result: string; consequence: string }

/** `flowprint doctor`: what each endpoint can do, as a table on standard output. */
export async function runDoctor(config: Config): Promise<void> {
  if (config.rpc.length === 0) throw new UsageError('no RPC endpoint is given; set --rpc or RPC_URL')
  for (const url of config.rpc) {
    const source = await openSource([url], knownTopics)
    try {
      const findings = await examine(source)
      if (config.json) process.stdout.write(`${JSON.stringify({ endpoint: source.endpoints.name, findings })}\n`)
      else process.stdout.write(`${source.endpoints.name}\n${toTable(findings)}\n`)
    } finally {
      await source.close()
    }
  }
}

async function examine(source: ChainSource): Promise<Finding[]> {
  const { endpoints, chainId } = source
  const startMs = performance.now()
  const head = await source.fetchHead()
  const latencyMs = Math.round(performance.now() - startMs)
  const profile = findProfile(chainId)
  const [version, receipts, batchNumber, finalized, block] = await endpoints.use((rpc) =>
    rpc.batch([
      { method: 'web3_clientVersion', params: [] },
      { method: 'eth_getBlockReceipts', params: [`0x${head.number.toString(16)}`] },
      { method: 'zks_L1BatchNumber', params: [] },
      { method: 'eth_getBlockByNumber', params: ['finalized', false] },
      { method: 'eth_getBlockByNumber', params: ['latest', true] },
    ]),
  )
  const ageSeconds = Math.max(0, Math.round(Date.now() / 1000 - head.timestamp))
  return [
    finding(
      'chain',
      `${chainId} (${profile.name})`,
      profile.factories.length > 0 ? 'profile known' : 'pools are found by their events',
    ),
    finding('client', show(version), 'none'),
    finding('head', `block ${head.number}, ${ageSeconds} s old`, 'none'),
    finding('latency', `${latencyMs} ms`, 'none'),
    finding('batches of calls', 'answered', 'blocks are read in batches'),
    finding('receipts by block', served(receipts), 'not needed by this version'),
    finding(
      'zks_ methods',
      served(batchNumber),
      batchNumber instanceof RpcError ? 'read as a plain EVM chain' : 'ZKsync Era server',
    ),
    finding(
      'finalized tag',
      finalized instanceof RpcError || !finalized ? 'not served' : `block ${Number((finalized as RawBlock).number)}`,
      finalized instanceof RpcError || !finalized
        ? 'reorganisations of any depth are followed'
        : 'final blocks are never removed',
    ),
    finding(
      'block bodies',
      served(block),
      block instanceof RpcError ? 'indexing is not possible' : 'senders are read from blocks',
    ),
  ]
}

function finding(check: string, result: string, consequence: string): Finding {
  return { check, result, consequence }
}

function served(answer: unknown): string {
  return answer instanceof RpcError ? `refused (${answer.code})` : answer === null ? 'null' : 'served'
}

function show(answer: unknown): string {
  return answer instanceof RpcError ? `not told (${answer.code})` : String(answer)
}

function toTable(findings: readonly Finding[]): string {
  const width = (key: keyof Finding) => Math.max(...findings.map((row) => row[key].length))
  const [check, result] = [width('check'), width('result')]
  return findings
    .map((row) => `  ${row.check.padEnd(check)}  ${row.result.padEnd(result)}  ${row.consequence}`)
    .join('\n')
}
