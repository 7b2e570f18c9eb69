import type { BlockBundle, Hex, Log } from '../types/block.ts'
import type { PoolEvent } from '../types/event.ts'
import type { UndecodedRow } from '../types/rows.ts'
import type { Decoder, FamilyDecoders } from './family.ts'
import { uniswapV2 } from './uniswapV2.ts'
import { uniswapV3 } from './uniswapV3.ts'

/** Every protocol family that is decoded. A new one is a file beside this and a line here. */
const families: readonly FamilyDecoders[] = [uniswapV2, uniswapV3]

const decoders = collectDecoders()

/** The topic0 of every event that is decoded: the filter for eth_getLogs. */
export const knownTopics: readonly Hex[] = [...decoders.keys()]

/** A block with its logs decoded, events by logIndex ascending. */
export type DecodedBlock = { bundle: BlockBundle; events: PoolEvent[]; undecoded: UndecodedRow[] }

/** Decodes the logs of one block; those that have no shape we know come back with the reason. */
export function decodeBlock(bundle: BlockBundle): DecodedBlock {
  const events: PoolEvent[] = []
  const undecoded: UndecodedRow[] = []
  for (const log of bundle.logs) {
    // A system log may carry the index of a transaction it does not belong to.
    const belongs = bundle.transactions.get(log.transactionIndex)?.hash === log.transactionHash
    const event = belongs ? decodeLog(log) : 'no-transaction'
    if (event === null) undecoded.push(toUndecoded(bundle.block.number, log, 'malformed'))
    else if (event === 'no-transaction') undecoded.push(toUndecoded(bundle.block.number, log, 'no-transaction'))
    else events.push(event)
  }
  return { bundle, events, undecoded }
}

/** The event a log holds; null when topic0 is not known or the log does not have the shape of that event. */
export function decodeLog(log: Log): PoolEvent | null {
  const decode = log.topics[0] === undefined ? undefined : decoders.get(log.topics[0])
  return decode === undefined ? null : decode(log)
}

/** A log as it is kept when it cannot be used. */
export function toUndecoded(blockNumber: number, log: Log, reason: UndecodedRow['reason']): UndecodedRow {
  const { logIndex, transactionHash, address, topics, data } = log
  return { blockNumber, logIndex, transactionHash, address, topics, data, reason }
}

function collectDecoders(): Map<Hex, Decoder> {
  const all = new Map<Hex, Decoder>()
  for (const { family, decoders } of families) {
    for (const [topic0, decode] of Object.entries(decoders) as [Hex, Decoder][]) {
      if (all.has(topic0)) throw new Error(`two families claim topic0 ${topic0}, the second is ${family}`)
      all.set(topic0, decode)
    }
  }
  return all
}
