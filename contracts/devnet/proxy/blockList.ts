import type { ViewBlock } from './block.ts'
import { type ColdBlock, type ColdStore, createColdStore } from './coldStore.ts'

/** The blocks of a chain by number: the last ones in memory, older ones in a file. */
export type BlockList = {
  length(): number
  push(view: ViewBlock): void
  at(number: number): ViewBlock | undefined
  /** Removes all blocks above `number` and returns them, newest first. */
  truncate(number: number): ViewBlock[]
  close(): void
}

/**
 * Creates an empty list.
 * @param path file for old blocks; made when the first block turns old
 * @param hotBlocks blocks kept in memory
 */
export function createBlockList(path: string, hotBlocks: number): BlockList {
  const entries: (ViewBlock | ColdBlock)[] = []
  let cold: ColdStore | undefined
  const load = (entry: ViewBlock | ColdBlock) => ('position' in entry ? cold?.read(entry) : entry)

  function coolDown(number: number): void {
    const entry = entries[number]
    if (!entry || 'position' in entry) return
    cold ??= createColdStore(path)
    entries[number] = cold.write(entry)
  }

  return {
    length: () => entries.length,
    push(view) {
      entries.push(view)
      coolDown(entries.length - 1 - hotBlocks)
    },
    at(number) {
      const entry = entries[number]
      return entry && load(entry)
    },
    truncate(number) {
      const removed = entries.splice(number + 1).reverse()
      return removed.flatMap((entry) => load(entry) ?? [])
    },
    close: () => cold?.close(),
  }
}
