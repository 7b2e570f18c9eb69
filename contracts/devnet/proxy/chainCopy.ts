import type { Address } from '../../address.ts'
import type { Hex } from '../types.ts'
import { type BatchPlan, batchOfBlock, blocksOfBatch, lastSealedBatch } from './batches.ts'
import type { BlockView, MinedBlock, ViewBlock } from './block.ts'
import type { BlockList } from './blockList.ts'
import { isFromL1 } from './l1Operation.ts'
import { type RenderedBlock, renderBlock } from './render.ts'

/** A block does not follow on the last one of the copy. */
export class DiscontinuityError extends Error {
  override name = 'DiscontinuityError'
}

/** The proxy's own copy of the chain, as the played server shows it. */
export type ChainCopy = {
  /** Number of the last block that is shown: the last one mined, or less while it is held back. */
  head(): number
  /** Number of the last block mined. */
  tip(): number
  /** Block by number, shown or not; undefined beyond the tip. */
  minedBlock(number: number): ViewBlock | undefined
  /** Block by number; undefined beyond the head. */
  block(number: number): ViewBlock | undefined
  blockByHash(hash: Hex): ViewBlock | undefined
  /** Where a transaction stands; undefined when unknown or beyond the head. */
  transaction(hash: Hex): { view: ViewBlock; index: number } | undefined
  /** JSON texts of a block with its L1 batch fields as they are at the head. */
  render(view: ViewBlock): RenderedBlock
  /** Next nonce of an account at the tip. */
  nonce(address: Address): number
  /** @throws DiscontinuityError when the block is not the child of the tip */
  append(mined: MinedBlock): ViewBlock
  /** Forgets all blocks above `number`. */
  truncate(number: number): void
  /** Shows blocks up to `number` only; null shows all. */
  reveal(number: number | null): void
  /** Calls back with the new head when it moves up; returns how to stop. */
  onHead(listener: (view: ViewBlock) => void): () => void
}

/** Creates an empty copy over an empty list; the first block to append is block 0. */
export function createChainCopy(view: BlockView, plan: BatchPlan, blocks: BlockList): ChainCopy {
  const numberByHash = new Map<Hex, number>()
  const places = new Map<Hex, { number: number; index: number }>()
  const nonces = new Map<Address, number>()
  const rendered = new WeakMap<ViewBlock, { isSealed: boolean; texts: RenderedBlock }>()
  const listeners = new Set<(view: ViewBlock) => void>()
  let revealed: number | null = null

  const tip = () => blocks.length() - 1
  const head = () => (revealed === null ? tip() : Math.min(revealed, tip()))
  const block = (number: number) => (number <= head() ? blocks.at(number) : undefined)

  function announce(from: number): void {
    for (let number = from; number <= head(); number++) {
      const view = blocks.at(number)
      if (view) for (const listener of listeners) listener(view)
    }
  }

  function append(mined: MinedBlock): ViewBlock {
    const number = Number(mined.block.number)
    const parent = blocks.at(number - 1)
    if (number !== blocks.length() || (parent && parent.hash !== mined.block.parentHash))
      throw new DiscontinuityError(`block ${number} ${mined.block.hash} does not follow block ${tip()}`)
    const before = head()
    const added = view(mined, parent ? nextBatchTxOffset(parent, number) : 0)
    blocks.push(added)
    numberByHash.set(added.hash, number)
    added.transactions.forEach((transaction, index) => {
      places.set(transaction.hash, { number, index })
      // What comes from L1 uses no nonce of L2.
      if (!isFromL1(transaction.type)) nonces.set(transaction.from, Number(transaction.nonce) + 1)
    })
    announce(before + 1)
    return added
  }

  function nextBatchTxOffset(parent: ViewBlock, number: number): number {
    const isSameBatch = batchOfBlock(plan, parent.number) === batchOfBlock(plan, number)
    return isSameBatch ? parent.batchTxOffset + parent.transactions.length : 0
  }

  function truncate(number: number): void {
    for (const view of blocks.truncate(number)) {
      numberByHash.delete(view.hash)
      for (const transaction of view.transactions.toReversed()) {
        places.delete(transaction.hash)
        if (!isFromL1(transaction.type)) nonces.set(transaction.from, Number(transaction.nonce))
      }
    }
  }

  function render(view: ViewBlock): RenderedBlock {
    const batch = batchOfBlock(plan, view.number)
    // Only the era server writes batch fields, and only its batches end in a closing block.
    const isSealed = plan.hasClosingBlock && batch <= lastSealedBatch(plan, head())
    const known = rendered.get(view)
    if (known?.isSealed === isSealed) return known.texts
    const batchTimestamp = blocks.at(blocksOfBatch(plan, batch).first)?.timestamp ?? 0
    const texts = renderBlock(view, isSealed ? { batchNumber: batch, batchTimestamp } : null)
    rendered.set(view, { isSealed, texts })
    return texts
  }

  return {
    ...{ head, tip, block, append, truncate, render },
    minedBlock: (number) => blocks.at(number),
    blockByHash(hash) {
      const number = numberByHash.get(hash)
      return number === undefined ? undefined : block(number)
    },
    transaction(hash) {
      const place = places.get(hash)
      const found = place && block(place.number)
      return found && { view: found, index: place.index }
    },
    nonce: (address) => nonces.get(address) ?? 0,
    reveal(number) {
      const before = head()
      revealed = number
      announce(before + 1)
    },
    onHead(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
