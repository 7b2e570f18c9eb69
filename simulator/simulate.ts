import type { ChainProfile, Ordering } from '../contracts/chains/profile.ts'
import type { Address, Hex } from '../indexer/types/block.ts'
import type { Agent, Slot } from './agents/agent.ts'
import { flowLabelOf } from './agents/behaviour.ts'
import { type AgentOptions, createAgents, type NamedAgent } from './agents/index.ts'
import { createSetup } from './agents/setup.ts'
import { commit, execute } from './execute/index.ts'
import { hashOf } from './hex.ts'
import type { BlockLabels, TransactionLabel } from './labels.ts'
import { createMarket, type Market } from './market.ts'
import { defaultPools, type PoolSpec } from './pools/specs.ts'
import type { World } from './pools/world.ts'
import { CHAIN_ID, profileOf } from './profile.ts'
import { createRandom } from './random.ts'
import type { RpcBlock, RpcReceipt } from './rpcTypes.ts'
import { type Included, sealBlock, transactionHashOf } from './seal.ts'
import { createQueue, type Waiting } from './sequencer.ts'
import { defaultTokens, type SimulatedToken } from './tokens.ts'
import { createHistory, type History } from './truth/history.ts'
import { createTracker, type Tracker } from './truth/tracker.ts'

/** What a history is made of; all but the first four have defaults. */
export type SimulateOptions = {
  /** The same seed and options give the same bytes. */
  seed: string | number
  /** Blocks after the first, which makes the pools. */
  blocks: number
  ordering: Ordering
  /** Who trades, by the names of the registry; agents that are not named do not exist. */
  agents: AgentOptions
  /** 1000 unless given. */
  blockTimeMs?: number
  pools?: readonly PoolSpec[]
  tokens?: readonly SimulatedToken[]
  /** 1 unless given. */
  firstBlock?: number
  /** When the first block begins, in Unix milliseconds. */
  startMs?: number
}

/** A block of a simulated history. */
export type SimulatedBlock = {
  /** As eth_getBlockByNumber gives it with full transactions. */
  block: RpcBlock
  /** As eth_getBlockReceipts gives them. */
  receipts: RpcReceipt[]
  /** When the sequencer took each transaction in, by transaction index, in Unix microseconds. */
  arrivals: number[]
  /** The truth, which nothing but tests may see. */
  labels: BlockLabels
}

const START_MS = Date.UTC(2025, 0, 6)
const MICROSECONDS = 1_000
const BASE_FEE_WEI: Readonly<Record<Ordering, bigint>> = { fifo: 45_250_000n, tip: 120_000_000n }
/** Blocks in which an arbitrage may look for its trigger, at least. */
const REMEMBERED_BLOCKS = 12

/** What the indexer is told of the chain that these options make. */
export function profileFor({ ordering, blockTimeMs }: Pick<SimulateOptions, 'ordering' | 'blockTimeMs'>): ChainProfile {
  return profileOf(ordering, blockTimeMs ?? 1_000)
}

/**
 * A history of labelled order flow, block by block: first one that makes the pools, then `blocks` more. Blocks may be empty.
 * @yields consecutive blocks, each following the one before by its parent hash.
 */
export function* simulate(options: SimulateOptions): Generator<SimulatedBlock, void, undefined> {
  const chain = beginChain(options)
  yield makeBlock(chain, 0)
  chain.agents = createAgents(options.agents)
  for (let index = 1; index <= options.blocks; index++) yield makeBlock(chain, index)
}

type Chain = {
  options: Required<SimulateOptions>
  world: World
  market: Market
  agents: NamedAgent[]
  randoms: Map<string, Slot['random']>
  pools: Address[]
  history: History
  tracker: Tracker
  nonces: Map<Address, number>
  waiting: Waiting[]
  claims: Map<Address, number>
  parentHash: Hex
}

function beginChain(given: SimulateOptions): Chain {
  const defaults = { blockTimeMs: 1_000, pools: defaultPools, tokens: defaultTokens, firstBlock: 1, startMs: START_MS }
  const options = { ...defaults, ...given }
  const history = createHistory()
  const setup: Agent = createSetup(options.pools, options.tokens)
  return {
    ...{ options, history, tracker: createTracker(history), world: new Map(), nonces: new Map(), claims: new Map() },
    market: createMarket(options.tokens, createRandom(`${options.seed}/market`)),
    agents: [{ name: 'setup', agent: setup }],
    randoms: new Map(),
    ...{ pools: [], waiting: [], parentHash: hashOf(`genesis ${options.seed}`) },
  }
}

function makeBlock(chain: Chain, index: number): SimulatedBlock {
  const { options, world, history, tracker, market } = chain
  market.advance(options.blockTimeMs)
  const slot = openSlot(chain, index)
  const queue = createQueue(options.ordering)
  const enqueue = (item: Waiting) => {
    if (item.planned.arrivalUs < slot.endUs) queue.add(item)
    else chain.waiting.push(item)
  }
  for (const item of chain.waiting.splice(0)) enqueue(item)
  const agents = chain.agents.map(({ name, agent }) => ({ name, agent, its: slotOf(chain, slot, name) }))
  for (const { name, agent, its } of agents) {
    for (const planned of agent.plan(its)) enqueue({ planned, agent: name })
  }
  const included: Included[] = []
  for (let item = queue.take(); item !== null; item = queue.take()) {
    const done = runNext(chain, slot, item, included.length)
    if (done === null) continue
    included.push(done)
    for (const { name, agent, its } of agents) {
      for (const planned of agent.react?.(done, its) ?? []) enqueue({ planned, agent: name })
    }
  }
  chain.pools = [...world.keys()]
  history.forget(Math.min(slot.blockNumber - REMEMBERED_BLOCKS, tracker.oldestBlock() ?? slot.blockNumber))
  return sealSlot(chain, slot, included)
}

function openSlot({ options, world, pools, market, claims }: Chain, index: number): Slot {
  const { startMs, blockTimeMs, ordering, firstBlock, seed } = options
  const beginMs = startMs + index * blockTimeMs
  // A block that is opened when it begins is stamped then, one that is built at its end is stamped after it.
  const timestamp = Math.floor((ordering === 'fifo' ? beginMs : beginMs + blockTimeMs) / 1_000)
  const startUs = beginMs * MICROSECONDS
  let groups = 0
  let tokenIds = 0n
  return {
    ...{ index, blockNumber: firstBlock + index, timestamp, ordering, world, pools, market },
    ...{ startUs, endUs: startUs + blockTimeMs * MICROSECONDS, random: createRandom(`${seed}/slot`) },
    claim: (wanted, untilUs) => {
      if (wanted.some((pool) => (claims.get(pool) ?? 0) > startUs)) return false
      for (const pool of wanted) claims.set(pool, untilUs)
      return true
    },
    isClaimed: (wanted) => wanted.some((pool) => (claims.get(pool) ?? 0) > startUs),
    newGroup: (group) => ({ ...group, id: `${firstBlock + index}-${groups++}` }),
    newTokenId: () => BigInt(index) * 1_000n + ++tokenIds,
  }
}

function slotOf({ randoms, options }: Chain, slot: Slot, name: string): Slot {
  const random = randoms.get(name) ?? createRandom(`${options.seed}/agent ${name}`)
  randoms.set(name, random)
  return { ...slot, random }
}

/** Runs a transaction; null when its sender never sent it. */
function runNext(chain: Chain, slot: Slot, { planned, agent }: Waiting, transactionIndex: number): Included | null {
  const { world, nonces, history, tracker } = chain
  const { blockNumber, timestamp } = slot
  const call = planned.decide({ world, timestamp, blockNumber })
  if (call === null) {
    tracker.gaveUp(planned, world)
    return null
  }
  const execution = execute(world, call)
  const before = new Map([...execution.changes.keys()].map((address) => [address, world.get(address)]))
  commit(world, execution)
  const nonce = nonces.get(planned.from) ?? 0
  nonces.set(planned.from, nonce + 1)
  const hash = transactionHashOf(CHAIN_ID, { planned, call, nonce })
  const executed: Included = { planned, agent, call, execution, hash, blockNumber, transactionIndex, before, nonce }
  history.add(executed)
  tracker.ran(executed, world)
  planned.onExecuted?.(execution)
  return executed
}

function sealSlot(chain: Chain, { blockNumber, timestamp, ordering }: Slot, included: Included[]): SimulatedBlock {
  const { parentHash } = chain
  const header = {
    number: blockNumber,
    parentHash,
    timestamp,
    baseFeeWei: BASE_FEE_WEI[ordering],
    chainId: CHAIN_ID,
    ordering,
  }
  const { block, receipts } = sealBlock(header, included)
  chain.parentHash = block.hash
  const transactions = included.map(
    ({ hash, agent, planned, execution }): TransactionLabel => ({
      ...{ transactionHash: hash, agent, groupId: planned.group?.id ?? null },
      role: (execution.isReverted ? planned.revertedRole : undefined) ?? planned.role,
      flow: flowLabelOf(agent, planned),
    }),
  )
  const arrivals = included.map(({ planned }) => planned.arrivalUs)
  return { block, receipts, arrivals, labels: { transactions, ...chain.tracker.settle() } }
}
