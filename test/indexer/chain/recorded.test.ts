import { describe, expect, test } from 'vitest'
import { toArrivalOfDetails, toArrivalOfRaw } from '../../../indexer/chain/arrivals.ts'
import { addLog, emptyBloom, equalsBloom, isWithinBloom, saysAnything } from '../../../indexer/chain/bloom.ts'
import { ContradictionError } from '../../../indexer/chain/errors.ts'
import { type RawLog, type RawReceipt, toLog } from '../../../indexer/chain/format.ts'
import { isSystemHash } from '../../../indexer/chain/verify.ts'
import type { Hex } from '../../../indexer/types/block.ts'
import { type DecodedKind, decodeHere, decodeWithEthers, decodeWithViem } from '../../support/otherDecoders.ts'
import { hasRecordings, type Recorded, readRecordings, toWire } from '../../support/recorded.ts'

const recordings = readRecordings()
if (!hasRecordings) console.info('the recorded answers of ZKsync are not at hand: their tests are skipped')

const placeOf = ({ file, path }: Recorded) => `${file} ${path}`.trim()
const ofKind = (...kinds: Recorded['kind'][]) => recordings.filter(({ kind }) => kinds.includes(kind))
const at = (place: string) => toWire(recordings.find((each) => placeOf(each) === place)!)
const decodable = () => ofKind('block', 'transaction', 'receipt').filter((each) => !(placeOf(each) in REFUSED))

/** How often each value occurs. */
function tally(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}

/** Recorded objects that are not whole, with what is said of them. */
const REFUSED: Record<string, string> = {
  // Made by hand: its second topic is empty.
  'block-explorer/transactionReceipts/log-parsing-error.json': 'log.topics:  is no hash',
  // A header of another chain, as a subscription sends it.
  'blockpi-docs/examples.json eth_subscribe.response.params.result': 'block.transactions: undefined is no list',
  // The answer of eth_getHeaderByNumber, which has no transactions; its bloom is cut off, too.
  'docs-examples/zksync-docs.json _unsectioned_partials(header(ZKsyncOS),raw-txn,tx-hash,txn).0.result':
    'block.transactions: undefined is no list',
  // The documentation cuts the calldata off with three dots.
  'docs-examples/zksync-docs.json _unsectioned_partials(header(ZKsyncOS),raw-txn,tx-hash,txn).3.result':
    'transaction.input: 0xd7570e45',
  // Logs of a transaction that is not in a block yet.
  'docs-examples/zksync-docs.json unstable_sendRawTransactionWithDetailedOutput.0.result.events.0':
    'log.logIndex: null is no JSON-RPC quantity',
  'docs-examples/zksync-docs.json unstable_sendRawTransactionWithDetailedOutput.0.result.events.1':
    'log.logIndex: null is no JSON-RPC quantity',
  // The test it is from leaves the transactions out.
  'viem/recorded.json 6.value': 'block.transactions: undefined is no list',
}

describe.skipIf(!hasRecordings)('recorded answers', () => {
  test('are all found', () => {
    expect(tally(recordings.map(({ kind, shape }) => `${kind} ${shape}`))).toEqual({
      'block raw': 13,
      'block viem': 2,
      'transaction raw': 15,
      'transaction viem': 11,
      'receipt raw': 6,
      'receipt ethers': 36,
      'receipt viem': 6,
      'log raw': 2,
      'log ethers': 1,
      'rawTransaction raw': 3,
      'transactionDetails raw': 4,
    })
  })

  test.each(ofKind('block', 'transaction', 'receipt', 'log').map((each) => [placeOf(each), each.kind, each] as const))(
    '%s: a %s decodes, or is refused for what it lacks',
    (place, kind, recorded) => {
      const wire = toWire(recorded)
      const decode = () => (kind === 'log' ? toLog(wire as RawLog) : decodeHere(kind as DecodedKind, wire))
      const reason = REFUSED[place]
      if (reason === undefined) return expect(decode()).toBeTypeOf('object')
      expect(decode).toThrow(ContradictionError)
      expect(decode).toThrow(reason)
    },
  )

  test('have the types of Era and ZKsync OS', () => {
    const types = decodable().flatMap((each) =>
      each.kind === 'block' ? [] : [decodeHere(each.kind as DecodedKind, toWire(each)).type!],
    )
    expect(Object.keys(tally(types)).sort()).toEqual(['0', '113', '127', '2', '254', '255'])
  })

  test('a log of a block without transactions belongs to the system', () => {
    const [recorded] = ofKind('log').filter(({ shape }) => shape === 'ethers')
    const log = toLog(toWire(recorded!) as RawLog)
    expect(isSystemHash(log.transactionHash)).toBe(true)
    expect(log).toMatchObject({ address: '0x000000000000000000000000000000000000800a', logIndex: 0 })
  })

  test('batch fields that are null are no fault', () => {
    expect(decodeHere('block', at('blockpi-docs/examples.json eth_getblockbynumber.response.result'))).toMatchObject({
      ...{ number: '9627753', transactionCount: '2', l1BatchNumber: 'null' },
    })
  })
})

describe.skipIf(!hasRecordings)('recorded arrival times', () => {
  test('of raw block transactions', () => {
    const arrivals = ofKind('rawTransaction').map((each) => toArrivalOfRaw(each.value))
    const priority = {
      transactionHash: '0x22de7debaa98758afdaee89f447ff43bab5da3de6acca7528b281cc2f1be2ee9',
      ...{ receivedAt: 1_677_887_544_169_000, isFromL1: true, from: '0x87869cb87c4fa78ca278df358e890ff73b42a39e' },
    }
    expect(arrivals).toEqual([
      priority,
      priority,
      {
        transactionHash: '0x16d5e37b848eed8b33d927b7c3b9d974cc48e164af5f7a6d172334a1330a5e76',
        ...{ receivedAt: 1_706_539_720_746_000, isFromL1: false, from: '0x202bd724d72fd5a169c8930203e1b60870e4df95' },
      },
    ])
  })

  test('are the same in the details of the transactions', () => {
    const raw = ofKind('rawTransaction').map((each) => toArrivalOfRaw(each.value))
    const hashOf = new Map(raw.map((each) => [each.from, each.transactionHash]))
    const details = ofKind('transactionDetails').map(({ value }) =>
      toArrivalOfDetails(hashOf.get(value.initiatorAddress as Hex)!, value),
    )
    expect(details).toEqual([raw[0], raw[0], raw[0], raw[2]])
  })
})

describe.skipIf(!hasRecordings)('recorded blooms', () => {
  const bloomOf = (logs: readonly RawLog[]) => {
    const bloom = emptyBloom()
    for (const log of logs) addLog(bloom, log)
    return bloom
  }

  test('are those of the logs, where there are any and the logs are whole', () => {
    const spoken = ofKind('receipt').filter(({ value }) => saysAnything(value.logsBloom as Hex))
    const said = spoken.map((each) => {
      const { logs, logsBloom } = toWire(each) as RawReceipt
      return [placeOf(each), equalsBloom(bloomOf(logs), logsBloom!)]
    })
    expect(Object.fromEntries(said)).toEqual({
      // Cut down to two of its logs for a test.
      'alloy-zksync/receipt_0xb2adc4d2.json': false,
      'block-explorer/transactionReceipts/system-contracts-upgrade.json': true,
      'viem/recorded.json 0.value': true,
      'viem/recorded.json 17.value': true,
      'viem/recorded.json 18.value': true,
    })
  })

  test('of a block holds the logs of its receipts', () => {
    const block = recordings.find((each) => placeOf(each) === 'viem/recorded.json 6.value')!.value
    const receipt = at('viem/recorded.json 17.value') as RawReceipt
    expect(receipt.blockHash).toBe(block.hash)
    expect(isWithinBloom(bloomOf(receipt.logs), block.logsBloom as Hex)).toBe(true)
    const other = at('viem/recorded.json 14.value') as RawReceipt
    expect(isWithinBloom(bloomOf(other.logs), block.logsBloom as Hex)).toBe(false)
  })
})

/** Every field that a library decodes otherwise than we do, on how many recorded objects, and why ours is right. */
const DIFFERENCES: [library: string, what: string, count: number, reason: string][] = [
  ['viem', 'receipt l2ToL1Logs.blockNumber', 6, 'it is read from the block hash'],
  [
    'viem',
    'receipt throws',
    34,
    'it needs transactionLogIndex, which ethers had dropped here and ZKsync OS does not serve',
  ],
  ['viem', 'transaction type', 2, 'it has no name for 0xfe and 0x7f and gives none, only typeHex'],
]

const LIBRARIES = [
  ['viem', decodeWithViem],
  ['zksync-ethers', decodeWithEthers],
] as const

/** What a library decodes otherwise than we do: fields, or `throws`. */
function differences(decode: typeof decodeWithViem, kind: DecodedKind, wire: Record<string, unknown>): string[] {
  const [ours, theirs] = [decodeHere(kind, wire), decode(kind, wire)]
  if (theirs.throws !== undefined) return ['throws']
  return Object.keys(ours).filter((field) => ours[field] !== theirs[field])
}

describe.skipIf(!hasRecordings)('against viem and zksync-ethers', () => {
  test.each(LIBRARIES)('the differences from %s are those listed', (library, decode) => {
    const found = decodable().flatMap((each) => {
      const kind = each.kind as DecodedKind
      return differences(decode, kind, toWire(each)).map((what) => `${kind} ${what}`)
    })
    const listed = DIFFERENCES.filter(([of]) => of === library).map(([, what, count]) => [what, count])
    expect(tally(found)).toEqual(Object.fromEntries(listed))
  })

  const upgrade = 'block-explorer/transactionResponses/system-contracts-upgrade.json'
  const removal = 'viem/recorded.json 14.value'

  /** What the servers send besides what was recorded: a recorded answer with a change, and who differs in what. */
  test.each<[string, DecodedKind, string, (wire: Record<string, unknown>) => object, string[], string[]]>([
    ['a receipt as recorded', 'receipt', removal, (wire) => wire, [], []],
    ['a receipt of ZKsync OS: logs without transactionLogIndex', 'receipt', removal, plainLogs, ['throws'], []],
    ['a receipt of a plain node: no l2ToL1Logs', 'receipt', removal, without('l2ToL1Logs'), ['throws'], []],
    ['a ZKsync OS upgrade', 'transaction', upgrade, withField('type', '0x7e'), ['type'], []],
    ['a system transaction of ZKsync OS', 'transaction', upgrade, withField('type', '0x7d'), ['type'], []],
    ['an operation from L1 on Era', 'transaction', upgrade, withField('type', '0xff'), [], []],
    ['a transaction without type', 'transaction', upgrade, without('type'), ['type'], []],
    ['a nonce of 64 bits', 'transaction', upgrade, withField('nonce', '0xffffffffffffffff'), ['throws'], ['throws']],
  ])('%s', (_, kind, place, change, viem, ethers) => {
    const wire = change(at(place)) as Record<string, unknown>
    expect(differences(decodeWithViem, kind, wire)).toEqual(viem)
    expect(differences(decodeWithEthers, kind, wire)).toEqual(ethers)
  })

  test.each<[string, DecodedKind, string, string]>([
    ['gasLimit', 'block', 'viem/recorded.json 2.value', 'gasLimit'],
    ['value', 'transaction', 'viem/recorded.json 7.value', 'valueWei'],
    ['from', 'transaction', 'viem/recorded.json 7.value', 'from'],
    ['gasUsed', 'receipt', removal, 'gasUsed'],
  ])('without %s a %s is refused here, where viem goes on', (field, kind, place, ours) => {
    const wire = without(field)(at(place)) as Record<string, unknown>
    expect(() => decodeHere(kind, wire)).toThrow(ContradictionError)
    expect(decodeWithViem(kind, wire)[ours] ?? 'null').toBe('null')
  })

  test('without status a receipt is from before EIP-658, where viem takes it for failed', () => {
    const wire = without('status')(at(removal)) as Record<string, unknown>
    expect(decodeHere('receipt', wire).succeeded).toBe('null')
    expect(decodeWithViem('receipt', wire).succeeded).toBe('false')
  })
})

function withField(field: string, value: unknown) {
  return (wire: Record<string, unknown>) => ({ ...wire, [field]: value })
}

function without(field: string) {
  return (wire: Record<string, unknown>) => Object.fromEntries(Object.entries(wire).filter(([key]) => key !== field))
}

function plainLogs(wire: Record<string, unknown>): object {
  return { ...wire, logs: (wire.logs as Record<string, unknown>[]).map(without('transactionLogIndex')) }
}
