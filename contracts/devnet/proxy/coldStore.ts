import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { ViewBlock } from './block.ts'

/** Where an old block lies in the file. */
export type ColdBlock = { position: number; length: number }

/** Blocks too old to keep in memory, compressed in a file: a live chain never ends. */
export type ColdStore = {
  write(view: ViewBlock): ColdBlock
  read(cold: ColdBlock): ViewBlock
  close(): void
}

/** Blocks read back last; a scan over old blocks comes in order, so few are enough. */
const cachedBlocks = 256

/** Creates an empty store in a new file at `path`. */
export function createColdStore(path: string): ColdStore {
  const file = openSync(path, 'w+')
  const cache = new Map<number, ViewBlock>()
  let end = 0

  function load({ position, length }: ColdBlock): ViewBlock {
    const bytes = Buffer.alloc(length)
    readSync(file, bytes, 0, length, position)
    const stored = JSON.parse(inflateRawSync(bytes).toString('utf8')) as Stored
    return { ...stored, receivedAtUs: stored.receivedAtUs.map(BigInt) }
  }

  return {
    write(view) {
      const stored: Stored = { ...view, receivedAtUs: view.receivedAtUs.map(String) }
      const bytes = deflateRawSync(JSON.stringify(stored), { level: 1 })
      const cold = { position: end, length: bytes.length }
      writeSync(file, bytes, 0, bytes.length, end)
      end += bytes.length
      return cold
    },
    read(cold) {
      const view = cache.get(cold.position) ?? load(cold)
      // Deleting first moves the block to the young end of the map.
      cache.delete(cold.position)
      cache.set(cold.position, view)
      const [oldest] = cache.keys()
      if (cache.size > cachedBlocks && oldest !== undefined) cache.delete(oldest)
      return view
    },
    close: () => closeSync(file),
  }
}

type Stored = Omit<ViewBlock, 'receivedAtUs'> & { receivedAtUs: string[] }
