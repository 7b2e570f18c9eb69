import type { ChainStatus, IndexerStatus } from './status.ts'

/** Query that GraphiQL opens with: the newest swaps with their pool and tokens. */
export const EXAMPLE_QUERY = `{
  _meta { block { number timestamp } lagSeconds }
  swaps(first: 10) {
    nodes {
      blockNumber
      transactionHash
      traderAddress
      amount0
      amount1
      pool { protocol token0 { symbol decimals } token1 { symbol decimals } }
    }
    pageInfo { hasNextPage endCursor }
  }
}`

/** The page at `/`: what this is, how far it is, and where to go. Loads nothing from elsewhere. */
export function renderHomePage(status: IndexerStatus): string {
  const query = encodeURIComponent(EXAMPLE_QUERY)
  const chains = status.chains.map(renderChain).join('\n') || '<tr><td colspan="4">No chain is indexed yet.</td></tr>'
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Flowprint</title>
<link rel="icon" href="data:,">
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; color-scheme: light dark }
th, td { text-align: left; padding: 0.2rem 1.2rem 0.2rem 0 }
</style>
</head>
<body>
<h1>Flowprint</h1>
<p>Order flow of ZKsync and other EVM chains: swaps, pool states and liquidity, decoded from the chain and served over GraphQL.</p>
<table>
<thead><tr><th>Chain</th><th>State</th><th>Indexed block</th><th>Head</th></tr></thead>
<tbody>
${chains}
</tbody>
</table>
<ul>
<li><a href="/graphql?query=${query}">GraphiQL</a> with an example query; programs send theirs to <code>/graphql</code></li>
<li><a href="/status">/status</a>: progress of each chain as JSON</li>
<li><a href="/healthz">/healthz</a>, <a href="/readyz">/readyz</a>: alive, and caught up with the chain</li>
<li><a href="/metrics">/metrics</a>: Prometheus metrics</li>
</ul>
<p>Version ${escapeHtml(status.version)}</p>
</body>
</html>
`
}

function renderChain(chain: ChainStatus): string {
  const state = chain.lastError === null ? chain.state : `${chain.state}: ${chain.lastError}`
  const indexed = chain.indexedBlock < chain.startBlock ? 'none yet' : String(chain.indexedBlock)
  const cells = [`${chain.name} (${chain.chainId})`, state, indexed, String(chain.headBlock ?? 'not known')]
  return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
