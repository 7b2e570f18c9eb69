// npm run bench:simulate [-- --swaps 1000000 --scenario market]: how long a history takes, and what memory. Blocks are made, timed
// and scored, then let go.
import os from 'node:os'
import { parseArgs } from 'node:util'
import { withClock } from '../simulator/clocks.ts'
import { createRandom } from '../simulator/random.ts'
import { optionsOf, type ScenarioName } from '../simulator/scenarios.ts'
import { createScorecard } from '../simulator/scorecard/index.ts'
import { simulate } from '../simulator/simulate.ts'

const { values } = parseArgs({
  options: { swaps: { type: 'string', default: '1000000' }, scenario: { type: 'string', default: 'market' } },
})
const swaps = Number(values.swaps)
const PROGRESS_SWAPS = 10_000

const options = optionsOf(values.scenario as ScenarioName, {
  seed: 1,
  blocks: Number.POSITIVE_INFINITY,
  ordering: 'fifo',
})
const scorecard = createScorecard(options.tokens)
const startedMs = performance.now()
const seconds = () => (performance.now() - startedMs) / 1_000
let told = 0
for (const block of withClock(simulate(options), 'sequencer', createRandom('1/clock'))) {
  scorecard.add(block)
  const count = scorecard.swaps()
  if (count >= told + PROGRESS_SWAPS) {
    told += PROGRESS_SWAPS
    const { rss, heapUsed } = process.memoryUsage()
    console.error(
      `${told} swaps, ${seconds().toFixed(1)} s, ${Math.round(rss / 1e6)} MB, heap ${Math.round(heapUsed / 1e6)} MB`,
    )
  }
  if (count >= swaps) break
}
const simulated = seconds()
const result = scorecard.result()
console.log(`${values.scenario} on ${os.cpus()[0]?.model}, Node ${process.version}`)
console.log(`${result.blocks} blocks, ${result.transactions} transactions, ${result.swaps} swaps`)
console.log(
  `${simulated.toFixed(1)} s, ${Math.round(result.swaps / simulated)} swaps/s; scored in ${(seconds() - simulated).toFixed(1)} s`,
)
console.log(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1e3)} MB`)
for (const { title, value, n, low, high, verdict } of result.facts)
  console.log(`${title}: ${value?.toFixed(3) ?? '-'} (${low} to ${high}, n ${n}): ${verdict}`)
console.log(JSON.stringify(result.behaviours))
