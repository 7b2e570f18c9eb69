// npm run bench:decode [-- --logs 1000000 --chunks 10]: how fast logs become events, beside viem's decodeEventLog on the same
// logs in the same run, chunk by chunk in turns. One in fifty logs is malformed; viem refuses those as well.
import os from 'node:os'
import { parseArgs } from 'node:util'
import { type AbiEvent, decodeEventLog, parseAbiItem } from 'viem'
import { decodeLog } from '../indexer/decode/index.ts'
import type { Hex, Log } from '../indexer/types/block.ts'
import { encodeEvent } from '../test/support/events.ts'
import { createRandom } from '../test/support/random.ts'

const { values } = parseArgs({
  options: { logs: { type: 'string', default: '1000000' }, chunks: { type: 'string', default: '10' } },
})
const random = createRandom(7)
const integer = (bits: number): bigint =>
  BigInt(Math.floor(random() * 2 ** Math.min(bits, 50))) << BigInt(Math.floor(random() * Math.max(1, bits - 50)))
const address = (): Hex => `0x${Array.from({ length: 40 }, () => Math.floor(random() * 16).toString(16)).join('')}`
const ordered = (): [Hex, Hex] => [address(), address()].sort() as [Hex, Hex]
const tick = () => Math.floor(random() * 400_000) - 200_000
const bytes32 = (): Hex => `0x${Array.from({ length: 64 }, () => Math.floor(random() * 16).toString(16)).join('')}`

/** An event with how often it comes, as on a busy chain: mostly swaps and what pairs say of their reserves. */
const kinds: readonly [number, string, () => unknown[]][] = [
  [
    24,
    'Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)',
    () => [address(), integer(90), 0n, 0n, integer(80), address()],
  ],
  [14, 'Sync(uint112 reserve0, uint112 reserve1)', () => [integer(100), integer(100)]],
  [10, 'Sync(uint256 reserve0, uint256 reserve1)', () => [integer(100), integer(100)]],
  [
    24,
    'Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)',
    () => [address(), address(), integer(90), -integer(80), integer(150) + 1n, integer(100), tick()],
  ],
  [
    6,
    'Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick, uint128 protocolFeesToken0, uint128 protocolFeesToken1)',
    () => [address(), address(), -integer(90), integer(80), integer(150) + 1n, integer(100), tick(), integer(60), 0n],
  ],
  [
    6,
    'Swap(bytes32 indexed id, address indexed sender, int128 amount0, int128 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick, uint24 fee)',
    () => [bytes32(), address(), -integer(90), integer(80), integer(150) + 1n, integer(100), tick(), 500],
  ],
  [
    3,
    'TokenExchange(address indexed buyer, int128 sold_id, uint256 tokens_sold, int128 bought_id, uint256 tokens_bought)',
    () => [address(), 0n, integer(80), 1n, integer(80)],
  ],
  [
    3,
    'Swap(address indexed tokenX, address indexed tokenY, uint24 indexed fee, bool sellXEarnY, uint256 amountX, uint256 amountY, int24 currentPoint)',
    () => [...ordered(), 2000, random() < 0.5, integer(90), integer(90), tick()],
  ],
  [
    4,
    'Mint(address sender, address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)',
    () => [address(), address(), -6000, 6000, integer(90), integer(90), integer(90)],
  ],
  [
    4,
    'Burn(address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)',
    () => [address(), -6000, 6000, integer(90), integer(90), integer(90)],
  ],
  [2, 'Mint(address indexed sender, uint256 amount0, uint256 amount1)', () => [address(), integer(90), integer(90)]],
]

const total = kinds.reduce((sum, [weight]) => sum + weight, 0)
const abis = kinds.map(([, text]) => [parseAbiItem(`event ${text}`) as AbiEvent] as [AbiEvent])
type Sample = { log: Log; abi: [AbiEvent] }

function makeSample(): Sample {
  let pick = random() * total
  const index = kinds.findIndex(([weight]) => {
    pick -= weight
    return pick < 0
  })
  const [, text, make] = kinds[index]!
  const log = encodeEvent(text, address(), make())
  const isMalformed = random() < 0.02
  return { log: isMalformed ? { ...log, data: log.data.slice(0, -64) as Hex } : log, abi: abis[index]! }
}

// Encoding a million different logs takes longer than decoding them; the same ones come round again.
const distinct = Array.from({ length: 50_000 }, makeSample)
const logs = Number(values.logs)
const chunks = Number(values.chunks)
const perChunk = Math.floor(logs / chunks)

function time(run: (sample: Sample) => void, offset: number, count: number): number {
  const start = performance.now()
  for (let index = 0; index < count; index++) run(distinct[(offset + index) % distinct.length]!)
  return (count / (performance.now() - start)) * 1000
}

let decoded = 0
const ours = (sample: Sample) => {
  if (decodeLog(sample.log) !== null) decoded++
}
let refused = 0
const theirs = ({ log, abi }: Sample) => {
  try {
    decodeEventLog({ abi, topics: log.topics as [Hex], data: log.data })
  } catch {
    refused++
  }
}

time(ours, 0, 20_000)
time(theirs, 0, 5_000)
// Only what follows the warm-up is reported.
decoded = 0
refused = 0
const rows: [number, number][] = []
for (let chunk = 0; chunk < chunks; chunk++) {
  const rate = time(ours, chunk * perChunk, perChunk)
  // Enough for a steady rate; viem would need minutes for all of them.
  rows.push([rate, time(theirs, chunk * perChunk, Math.ceil(perChunk / 10))])
}
const median = (list: number[]) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)]!
const ratios = rows.map(([a, b]) => a / b)
console.log(`${logs} logs in ${chunks} chunks, ${decoded} decoded, ${os.cpus()[0]?.model}, Node ${process.version}`)
console.log(`decodeLog              ${Math.round(median(rows.map(([a]) => a)))} logs/s`)
console.log(`viem decodeEventLog    ${Math.round(median(rows.map(([, b]) => b)))} logs/s (${refused} refused)`)
console.log(
  `ratio, median          ${median(ratios).toFixed(1)} x (${Math.min(...ratios).toFixed(1)} to ${Math.max(...ratios).toFixed(1)})`,
)
