import type { Hex, Log } from '../types/block.ts'
import type { Family, ParametersEvent, PoolCreated } from '../types/event.ts'
import type { Decoder, FamilyDecoders } from './family.ts'
import { parametersEvent, parametersOf } from './parameters.ts'
import { addressAt, hasShape, int24At, isUintAt, topicAddress, uintAt } from './words.ts'

const UINT192_MAX = (1n << 192n) - 1n

/**
 * Clober V2: an order book for each id in one BookManager. What is made and taken is counted in units of the book's own
 * size at a tick, so no amounts stand in the logs; they are kept as they are. Cancel and Claim name the order, not its book.
 * Source: clober-dex v2-core IBookManager.
 */
export const cloberV2: FamilyDecoders = {
  family: 'clober-v2',
  decoders: {
    // Open(uint192 indexed id, address indexed base, address indexed quote, uint64 unitSize, uint24 makerPolicy, uint24 takerPolicy, address hooks)
    '0x803427d75ce3214f82dc7aa4910635170a6655e2c1663dc03429dd04100cba5a': decodeOpen,
    // Make(uint192 indexed bookId, address indexed user, int24 tick, uint256 orderIndex, uint64 unit, address provider)
    '0x251db4df45fa692f68b4e3f072919384c5b71995c71bf22888385168930fd22a': decodeMake,
    // Take(uint192 indexed bookId, address indexed user, int24 tick, uint64 unit)
    '0xc4c20b9c4a5ada3b01b7a391a08dd81a1be01dd8ef63170dd9da44ecee3db11b': decodeTake,
    // Cancel(uint256 indexed orderId, uint64 unit)
    '0x0c6ba7ef5064094c17cce013aa4c617a23e2582f867774d07a5931de43b85d72': ofOrder('cancel'),
    // Claim(uint256 indexed orderId, uint64 unit)
    '0xfc7df80a30ee916cc040221cf6fcfb3c6dc994b3fa4c4ab23e8a0f134de5c0c0': ofOrder('claim'),
  },
}

function decodeOpen(log: Log, families: readonly Family[]): PoolCreated | null {
  if (!hasShape(log, 4, 4) || !isBook(log.topics[1]!) || !isUintAt(log.data, 0, 64)) return null
  if (!isUintAt(log.data, 1, 24) || !isUintAt(log.data, 2, 24)) return null
  const base = topicAddress(log.topics[2]!)
  const quote = topicAddress(log.topics[3]!)
  const hooks = addressAt(log.data, 3)
  if (base === null || quote === null || base === quote || hooks === null) return null
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  return {
    ...{ kind: 'pool-created', families, emitter, pool: log.topics[1]!, tokens: [base, quote], fee: null },
    ...{ tickSpacing: null, stable: null, hooks: BigInt(hooks) === 0n ? null : hooks, price: null },
    ...{ logIndex, transactionIndex, transactionHash },
  }
}

/** Values: tick, index of the order, units, provider. */
function decodeMake(log: Log, families: readonly Family[]): ParametersEvent | null {
  if (!hasShape(log, 3, 4) || !isUintAt(log.data, 2, 64)) return null
  const provider = addressAt(log.data, 3)
  if (provider === null) return null
  return ofBook(log, families, 'make', [uintAt(log.data, 1), uintAt(log.data, 2), BigInt(provider)])
}

/** Values: tick, units. */
function decodeTake(log: Log, families: readonly Family[]): ParametersEvent | null {
  if (!hasShape(log, 3, 2) || !isUintAt(log.data, 1, 64)) return null
  return ofBook(log, families, 'take', [uintAt(log.data, 1)])
}

/** An event of the book in topic 1 and the user in topic 2, with the tick of word 0 before its other values. */
function ofBook(
  log: Log,
  families: readonly Family[],
  name: string,
  values: readonly bigint[],
): ParametersEvent | null {
  const book = log.topics[1]!
  const tick = int24At(log.data, 0)
  if (tick === null || !isBook(book) || topicAddress(log.topics[2]!) === null) return null
  return { ...parametersEvent(log, families, name, [BigInt(tick), ...values]), pool: book }
}

/** Values: id of the order, units. */
function ofOrder(name: string): Decoder {
  const read = parametersOf(name, 2, 1)
  return (log, families) => {
    const event = read(log, families)
    return event === null || !isUintAt(log.data, 0, 64) ? null : event
  }
}

function isBook(id: Hex): boolean {
  return BigInt(id) <= UINT192_MAX
}
