import type { ChainProfile } from '../../contracts/chains/profile.ts'
import { toBlock, toReceipt, toTransaction } from '../../indexer/chain/format.ts'
import { knownTopics } from '../../indexer/decode/index.ts'
import { createDerivation } from '../../indexer/derive/index.ts'
import { createPriceBook, type PriceBook } from '../../indexer/derive/prices/book.ts'
import { createChainState } from '../../indexer/derive/state.ts'
import { decodeRange } from '../../indexer/pipeline.ts'
import type { BlockActions } from '../../indexer/types/action.ts'
import type { BlockBundle, Transaction } from '../../indexer/types/block.ts'
import type { ChainState, Token } from '../../indexer/types/pool.ts'
import type { StepRows } from '../../indexer/types/rows.ts'
import type { SimulatedBlock } from '../../simulator/simulate.ts'
import { defaultTokens, type SimulatedToken } from '../../simulator/tokens.ts'

const PRIORITY_TYPE = 255
const topics = new Set<string>(knownTopics)

/** A simulated block as the stages read it, without its labels. */
export function toBundle({ block, receipts, arrivals }: SimulatedBlock): BlockBundle {
  const transactions = new Map<number, Transaction>()
  const logs = receipts.flatMap((receipt) =>
    toReceipt(receipt).logs.filter(({ topics: [topic] }) => topics.has(topic!)),
  )
  for (const { transactionIndex } of logs) {
    if (transactions.has(transactionIndex)) continue
    transactions.set(transactionIndex, toTransaction(block.transactions[transactionIndex]!))
  }
  return {
    block: toBlock(block),
    transactions,
    logs,
    transactionHashes: block.transactions.map(({ hash }) => hash),
    idle: block.transactions.flatMap(({ hash, from, to }, transactionIndex) =>
      transactions.has(transactionIndex) ? [] : [{ hash, transactionIndex, from, to }],
    ),
    arrivals: block.transactions.map(({ hash, from, type }, index) => ({
      transactionHash: hash,
      receivedAt: arrivals[index]!,
      isFromL1: Number(type) === PRIORITY_TYPE,
      from,
    })),
  }
}

/** A simulated block after it was derived, with what is known then. */
export type DerivedBlock = {
  simulated: SimulatedBlock
  bundle: BlockBundle
  actions: BlockActions
  /** The last blocks, this one last. Their tick maps are those of now: look at the window before the next block is derived. */
  window: readonly BlockActions[]
  /** Of this block alone. */
  rows: StepRows
  /** As of the end of this block. */
  state: ChainState
  prices: PriceBook
}

/** How simulated blocks are derived. */
export type DeriveOptions = {
  profile: ChainProfile
  tokens?: readonly SimulatedToken[]
  /** Blocks before the last one in a window; 10 unless given. */
  windowBlocks?: number
}

/**
 * Derives simulated blocks one by one, the first of which makes the pools, each with a window over the last blocks.
 * @yields in order; take what is needed of a block before the next.
 */
export function* deriveSimulated(
  blocks: Iterable<SimulatedBlock>,
  { profile, tokens = defaultTokens, windowBlocks = 10 }: DeriveOptions,
): Generator<DerivedBlock, void, undefined> {
  const state = createChainState()
  const prices = createPriceBook(profile, state)
  let window: BlockActions[] = []
  for (const simulated of blocks) {
    const bundle = toBundle(simulated)
    const { blocks: decoded, claims } = decodeRange([bundle], state, profile)
    const { rows, deriveBlock } = createDerivation(state, {
      ...{ claims, answers: new Map(), liquidations: new Map(), profile, prices },
      tokens: toTokens(tokens, bundle.block.number),
    })
    const actions = deriveBlock(decoded[0]!)
    window = [...window, actions].slice(-windowBlocks - 1)
    yield { simulated, bundle, actions, window, rows, state, prices }
  }
}

/** What the tokens would answer, if they were asked in a block. */
export function toTokens(tokens: readonly SimulatedToken[], firstSeenBlock: number): Token[] {
  return tokens.map(({ address, symbol, decimals }) => ({ address, symbol, name: symbol, decimals, firstSeenBlock }))
}
