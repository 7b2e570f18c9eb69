import { encodeAbiParameters, encodeEventTopics, parseAbiParameters } from 'viem'
import { describe, expect, test } from 'vitest'
import { devnet as profile } from '../../../../contracts/chains/devnet.ts'
import { devnetDiamond } from '../../../../contracts/devnet/artifacts/DevnetDiamond.ts'
import { aliasOf, diamondAddress } from '../../../../contracts/devnet/l1/diamond.ts'
import { l1ChainId, l1StartBlock } from '../../../../contracts/devnet/l1/node.ts'
import { ContradictionError } from '../../../../indexer/chain/errors.ts'
import type { RawLog } from '../../../../indexer/chain/format.ts'
import { DIAMOND_TOPICS, decodeDiamondLog, l1SenderOf, unaliased } from '../../../../indexer/chain/l1/diamond.ts'
import type { Address, Hex } from '../../../../indexer/types/block.ts'

const hash = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`
const account = (n: number): Address => `0x${n.toString(16).padStart(40, '0')}`

function log(topics: readonly unknown[], data: Hex = '0x'): RawLog {
  const place = { blockNumber: '0x10', blockHash: hash(1), transactionHash: hash(2), transactionIndex: '0x0' } as const
  return { ...place, address: diamondAddress, topics: topics as Hex[], data, logIndex: '0x3' }
}

const [COMMIT, PROVE, EXECUTE, REVERT, RANGE, REQUEST, REQUEST_ID] = DIAMOND_TOPICS as [
  ...[Hex, Hex, Hex, Hex, Hex, Hex, Hex],
]

describe('the events', () => {
  // As listed in the reference, and as the real contracts emit them.
  test.each([
    [COMMIT, '0x8f2916b2f2d78cc5890ead36c06c0f6d5d112c7e103589947e8e2f0d6eddb763'],
    [PROVE, '0x22c9005dd88c18b552a1cd7e8b3b937fcde9ca69213c1f658f54d572e4877a81'],
    [EXECUTE, '0x2402307311a4d6604e4e7b4c8a15a7e1213edb39c16a31efa70afb06030d3165'],
    [REVERT, '0x8bd4b15ea7d1bc41ea9abc3fc487ccb89cd678a00786584714faa9d751c84ee5'],
    [RANGE, '0xa2ac105688fc09c2584d6b2e79dd0fc14e6003a20c62ac45aa858e8ed12bb7bb'],
    [REQUEST, '0x4531cd5795773d7101c17bdeb9f5ab7f47d7056017506f937083be5d6e77a382'],
    [REQUEST_ID, '0x779f441679936c5441b671969f37400b8c3ed0071cb47444431bf985754560df'],
  ])('%s', (topic, known) => {
    expect(topic).toBe(known)
  })

  test('the profile of the devnet names its contract', () => {
    expect(profile.l1).toEqual({ chainId: l1ChainId, diamond: diamondAddress, startBlock: l1StartBlock })
  })
})

const totals = (...values: bigint[]) =>
  encodeAbiParameters(parseAbiParameters('uint256, uint256, uint256'), values as [bigint, bigint, bigint])

describe('what a log says', () => {
  test.each([
    [
      'a commit',
      log([COMMIT, hash(7), hash(8), hash(9)]),
      { kind: 'commit', batch: 7, batchHash: hash(8), commitment: hash(9) },
    ],
    [
      'an execution',
      log([EXECUTE, hash(7), hash(8), hash(9)]),
      { kind: 'execute', batch: 7, batchHash: hash(8), commitment: hash(9) },
    ],
    ['a proof', log([PROVE, hash(3), hash(7)]), { kind: 'prove', previous: 3, last: 7 }],
    ['a range', log([RANGE, hash(7), hash(20), hash(29)]), { kind: 'range', batch: 7, firstBlock: 20, lastBlock: 29 }],
    [
      'a range of one block',
      log([RANGE, hash(7), hash(20), hash(20)]),
      { kind: 'range', batch: 7, firstBlock: 20, lastBlock: 20 },
    ],
    ['a revert', log([REVERT], totals(9n, 8n, 7n)), { kind: 'revert', committed: 9, proven: 8, executed: 7 }],
    [
      'a revert to the executed',
      log([REVERT], totals(7n, 7n, 7n)),
      { kind: 'revert', committed: 7, proven: 7, executed: 7 },
    ],
    ['an id', log([REQUEST_ID, hash(5), hash(6)]), { kind: 'request-id', serialId: 5, transactionHash: hash(6) }],
  ])('%s', (_, given, expected) => {
    expect(decodeDiamondLog(given)).toEqual(expected)
  })

  test.each([
    ['an unknown event', log([hash(1)]), /no event of a diamond/],
    ['a topic too few', log([COMMIT, hash(7), hash(8)]), /log 0x3 of L1 block 0x10/],
    ['data cut short', log([REVERT], totals(9n, 8n, 7n).slice(0, -64) as Hex), /no event of a diamond/],
    ['a batch number beyond 2^53', log([COMMIT, `0x${'f'.repeat(64)}`, hash(8), hash(9)]), /no counter/],
    ['a range that ends before it begins', log([RANGE, hash(7), hash(20), hash(19)]), /ends before it begins/],
    ['a revert with more proven than committed', log([REVERT], totals(7n, 8n, 7n)), /leaves 7 batches committed/],
    ['a revert with more executed than proven', log([REVERT], totals(9n, 6n, 7n)), /6 proven and 7 executed/],
    ['no topics', { ...log([COMMIT]), topics: undefined } as never, /no event of a diamond/],
    ['topics that are no list', { ...log([COMMIT]), topics: 5 } as never, /no event of a diamond/],
    ['an empty list of topics', log([]), /no event of a diamond/],
    ['topics of no text', log([null]), /no event of a diamond/],
    ['no data', { ...log([REVERT]), data: undefined } as never, /no event of a diamond/],
    ['data that is no text', { ...log([REVERT]), data: 7 } as never, /no event of a diamond/],
    ['data that is no hexadecimal', log([REVERT], `0x${'zz'.repeat(96)}`), /no event of a diamond/],
  ])('%s is refused', (_, given, message) => {
    expect(() => decodeDiamondLog(given)).toThrow(ContradictionError)
    expect(() => decodeDiamondLog(given)).toThrow(message)
  })
})

describe('a request', () => {
  const transaction = {
    ...{
      txType: 255n,
      from: BigInt(account(0xa)),
      to: BigInt(account(0xb)),
      gasLimit: 72n,
      gasPerPubdataByteLimit: 800n,
    },
    ...{ maxFeePerGas: 25n, maxPriorityFeePerGas: 0n, paymaster: 0n, nonce: 4n, value: 10n ** 18n },
    ...{
      reserved: [2n ** 200n, BigInt(account(0xc)), 0n, 0n] as const,
      data: '0xdeadbeef' as Hex,
      signature: '0x' as Hex,
    },
    ...{ factoryDeps: [1n], paymasterInput: '0x' as Hex, reservedDynamic: '0x' as Hex },
  }
  const encode = (changes: Partial<typeof transaction> = {}) => {
    const { abi } = devnetDiamond
    const [topic] = encodeEventTopics({ abi, eventName: 'NewPriorityRequest' })
    const { inputs } = abi.find((item) => item.type === 'event' && item.name === 'NewPriorityRequest')! as never as {
      inputs: readonly []
    }
    const args = [4n, hash(6), 1_700_000_000n, { ...transaction, ...changes }, ['0x1234', '0x']]
    return log([topic], encodeAbiParameters(inputs, args as never))
  }

  test('with everything that is kept of it', () => {
    expect(decodeDiamondLog(encode())).toEqual({
      kind: 'request',
      request: {
        ...{ serialId: 4, transactionHash: hash(6), from: account(0xa), to: account(0xb), valueWei: 10n ** 18n },
        ...{ gasLimit: 72n, gasPerPubdata: 800n, maxFeePerGasWei: 25n, toMintWei: 2n ** 200n },
        ...{ refundRecipient: account(0xc), expirationTimestamp: 1_700_000_000, factoryDependencyCount: 2 },
        calldata: '0xdeadbeef',
      },
    })
  })

  test.each([
    ['sender', { from: 2n ** 160n }],
    ['recipient', { to: 2n ** 200n }],
    ['refund recipient', { reserved: [0n, 2n ** 160n, 0n, 0n] as const }],
  ])('whose %s is no address is refused', (_, changes) => {
    expect(() => decodeDiamondLog(encode(changes as never))).toThrow(/is no address/)
  })
})

describe('who asked on L1', () => {
  const contract = account(0xc0ffee)
  test.each([
    ['an account asks for itself', account(0xa), account(0xa), account(0xa)],
    ['a contract asks', aliasOf(contract), account(0xa), contract],
    ['a contract just below the end of the addresses', aliasOf(account(2 ** 52)), account(0xa), account(2 ** 52)],
    [
      'the alias wraps around',
      aliasOf('0xffffffffffffffffffffffffffffffffffffffff'),
      account(0xa),
      `0x${'f'.repeat(40)}`,
    ],
  ])('%s', (_, from, transactionFrom, expected) => {
    expect(l1SenderOf(from, transactionFrom as Address)).toBe(expected)
  })

  test('the offset is that of AddressAliasHelper', () => {
    expect(unaliased('0x1111000000000000000000000000000000001112')).toBe(account(1))
  })
})
