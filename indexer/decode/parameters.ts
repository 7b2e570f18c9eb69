import type { Log } from '../types/block.ts'
import type { Family, ParametersEvent } from '../types/event.ts'
import type { Decoder } from './family.ts'
import { hasShape, uintAt } from './words.ts'

/**
 * A decoder for an event whose words are kept as they are, under a name.
 * @param topics number of topics; those after topic0 come before the words of the data.
 */
export function parametersOf(name: string, topics: number, words: number): Decoder {
  return (log, families) => {
    if (!hasShape(log, topics, words)) return null
    const indexed = log.topics.slice(1).map((topic) => BigInt(topic))
    return parametersEvent(log, families, name, [
      ...indexed,
      ...Array.from({ length: words }, (_, index) => uintAt(log.data, index)),
    ])
  }
}

/** An event of the emitter about itself, with values of the family's own. */
export function parametersEvent(
  log: Log,
  families: readonly Family[],
  name: string,
  values: readonly bigint[],
): ParametersEvent {
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  const position = { logIndex, transactionIndex, transactionHash, emitter }
  return { kind: 'parameters', families, pool: emitter, name, values, ...position }
}
