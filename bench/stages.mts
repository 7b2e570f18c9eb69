// npm run bench:stages -- --stage detect|flow [--database-url URL --blocks 300 --rounds 7 --scene people]: what detection, or the measuring
// of flow, adds to the CPU time of indexing. The same simulated blocks are indexed with and without it in turns: from the text of the RPC answers over decoding and deriving to the
// rows in a database (an embedded one unless given). What waits for the network or a server's own process is not counted.
import os from 'node:os'
import { parseArgs } from 'node:util'
import { migrate } from '../db/migrate.ts'
import { openDatabase } from '../db/open.ts'
import { toBundle as toMevBundle } from '../indexer/detect/bundles.ts'
import type { Detector } from '../indexer/detect/index.ts'
import { analyzeRange, createMemory, decodeRange, type Memory, measureRange } from '../indexer/pipeline.ts'
import { openStore } from '../indexer/store/index.ts'
import type { Hex } from '../indexer/types/block.ts'
import { profileFor, type SimulatedBlock, type SimulateOptions, simulate } from '../simulator/simulate.ts'
import { defaultTokens } from '../simulator/tokens.ts'
import { createTestDatabase } from '../test/support/databases.ts'
import { toBundle, toTokens } from '../test/support/simulated.ts'

const { values } = parseArgs({
  options: {
    'database-url': { type: 'string' },
    blocks: { type: 'string', default: '300' },
    rounds: { type: 'string', default: '7' },
    scene: { type: 'string', default: '' },
    stage: { type: 'string', default: 'flow' },
  },
})
const STEP_BLOCKS = 50
const NO_DETECTOR: Detector = { remember: () => {}, detect: () => ({ findings: [], controls: [], probes: [] }) }
const leaveOut: Readonly<Record<string, (memory: Memory) => void>> = {
  // Without bundles the flow is measured as well, so that only detection differs.
  detect: (memory) => {
    memory.detector = NO_DETECTOR
  },
  flow: (memory) => {
    memory.flow = { ...memory.flow, measure: () => {} }
  },
}

const scenes: readonly (readonly [string, Omit<SimulateOptions, 'seed' | 'blocks'>])[] = [
  [
    'people, 1 swap a pool and block, by arrival',
    { ordering: 'fifo', agents: { noise: { swapsPerPoolBlock: 1 }, retail: {}, aggregator: {} } },
  ],
  ['people, 6 swaps a pool and block, by arrival', { ordering: 'fifo', agents: { noise: { swapsPerPoolBlock: 6 } } }],
  [
    'attackers and everybody, by arrival',
    {
      ordering: 'fifo',
      agents: {
        ...{ retail: {}, aggregator: {}, noise: { swapsPerPoolBlock: 1 }, marketMaker: {}, passiveLp: {} },
        ...{ sandwich: {}, jit: {}, decoys: {}, arbitrageur: {} },
      },
    },
  ],
  [
    'attackers and everybody, by tip',
    {
      ordering: 'tip',
      agents: {
        ...{ retail: {}, aggregator: {}, noise: { swapsPerPoolBlock: 1 }, marketMaker: {}, passiveLp: {} },
        ...{ sandwich: {}, jit: {}, decoys: {}, arbitrageur: {} },
      },
    },
  ],
]

/** CPU milliseconds to index the blocks into an empty database. */
async function index(texts: readonly string[], options: SimulateOptions, isWhole: boolean): Promise<[number, number]> {
  const given = values['database-url']
  const own = given === undefined ? await createTestDatabase('pglite') : null
  const database = await openDatabase(given ?? own!.url)
  await migrate(database)
  const profile = profileFor(options)
  const store = await openStore(database, profile, null)
  await store.clear()
  const memory = createMemory(await store.readState(), profile, [], [], [], [], [])
  if (!isWhole) leaveOut[values.stage]!(memory)
  let swaps = 0
  const began = process.cpuUsage()
  for (let first = 0; first < texts.length; first += STEP_BLOCKS) {
    const simulated = texts.slice(first, first + STEP_BLOCKS).map((text) => JSON.parse(text) as SimulatedBlock)
    const bundles = simulated.map(toBundle)
    const decoded = decodeRange(bundles, memory.state, profile)
    const tokens = bundles.flatMap(({ block }) => toTokens(defaultTokens, block.number))
    const answers = { pools: new Map(), liquidations: new Map(), tokens }
    const analyzed = analyzeRange(decoded, answers, memory, profile)
    const { rows, findings } = analyzed
    const fees = new Map<Hex, bigint>()
    for (const finding of findings) rows.mevBundles.push(toMevBundle(finding, fees))
    measureRange(analyzed, memory)
    swaps += rows.swaps.length
    await store.writeStep((await store.readCursor()).number, rows)
  }
  const { user, system } = process.cpuUsage(began)
  await store.clear()
  await database.close()
  await own?.remove()
  return [(user + system) / 1_000, swaps]
}

const median = (numbers: number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!

console.log(`${os.cpus()[0]?.model}, ${os.cpus().length} cores, Node ${process.version}`)
for (const [name, scene] of scenes) {
  if (!name.includes(values.scene)) continue
  const options = { ...scene, seed: 'bench', blocks: Number(values.blocks) }
  const texts = [...simulate(options)].map(({ block, receipts, arrivals }) =>
    JSON.stringify({ block, receipts, arrivals }),
  )
  const ratios: number[] = []
  const [withIt, without]: [number[], number[]] = [[], []]
  let swaps = 0
  for (let round = 0; round <= Number(values.rounds); round++) {
    const order = round % 2 === 0 ? [true, false] : [false, true]
    const took = new Map<boolean, number>()
    for (const isWhole of order) {
      const [ms, count] = await index(texts, options, isWhole)
      took.set(isWhole, ms)
      swaps = count
    }
    // The first round warms up.
    if (round === 0) continue
    withIt.push(took.get(true)!)
    without.push(took.get(false)!)
    ratios.push(took.get(true)! / took.get(false)!)
  }
  const each = (all: number[]) => ((median(all) * 1_000) / swaps).toFixed(0)
  const spread = `${((Math.min(...ratios) - 1) * 100).toFixed(1)} to ${((Math.max(...ratios) - 1) * 100).toFixed(1)}`
  console.log(
    `${name}: ${swaps} swaps; ${each(without)} us a swap without, ${each(withIt)} with; adds ${((median(ratios) - 1) * 100).toFixed(1)} % (${spread})`,
  )
}
