import { describe, expect, test } from 'vitest'
import { decodeLog } from '../../../indexer/decode/index.ts'
import type { Hex } from '../../../indexer/types/block.ts'
import { encodeEvent } from '../../support/events.ts'
import { address } from '../../support/logs.ts'

const VAULT = address(0xee)
const POOL = address(0xa1)
const OWNER = address(0x51)
const [A, B, C] = [address(0x01), address(0x02), address(0x03)]
const POOL_ID: Hex = `${POOL}00020000000000000000007b`
const CHANGED =
  'PoolBalanceChanged(bytes32 indexed poolId, address indexed liquidityProvider, address[] tokens, int256[] deltas, uint256[] protocolFeeAmounts)'
const REGISTERED = 'TokensRegistered(bytes32 indexed poolId, address[] tokens, address[] assetManagers)'
const zeros = (count: number) => Array.from({ length: count }, () => 0n)

describe('PoolBalanceChanged of Balancer', () => {
  test.each<[string, Hex[], bigint[], string]>([
    ['all tokens added', [A, B, C], [5n, 6n, 7n], 'mint'],
    ['one token added', [A, B, C], [0n, 6n, 0n], 'mint'],
    ['all tokens taken', [A, B, C], [-5n, -6n, -7n], 'burn'],
    ['one token taken', [A, B], [0n, -6n], 'burn'],
    ['one token added and one taken', [A, B], [5n, -6n], 'mint'],
    ['nothing moved', [A, B], [0n, 0n], 'mint'],
  ])('%s', (_, tokens, deltas, kind) => {
    const log = encodeEvent(CHANGED, VAULT, [POOL_ID, OWNER, tokens, deltas, zeros(tokens.length)])
    expect(decodeLog(log)).toMatchObject({
      ...{ kind, pool: POOL, emitter: VAULT, owner: OWNER, range: null, amount0: deltas[0], amount1: deltas[1] },
      changes: tokens.map((token, index) => ({ token, amount: deltas[index] })),
    })
  })

  test.each<[string, Hex[], bigint[], bigint[]]>([
    ['one token', [A], [5n], [0n]],
    ['a token twice', [A, A], [5n, 6n], [0n, 0n]],
    ['fewer deltas than tokens', [A, B], [5n], [0n, 0n]],
    ['more deltas than tokens', [A, B], [5n, 6n, 7n], [0n, 0n]],
    ['fewer fees than tokens', [A, B], [5n, 6n], [0n]],
  ])('of %s is refused', (_, tokens, deltas, fees) => {
    expect(decodeLog(encodeEvent(CHANGED, VAULT, [POOL_ID, OWNER, tokens, deltas, fees]))).toBeNull()
  })
})

describe('TokensRegistered of Balancer', () => {
  const many = Array.from({ length: 51 }, (_, index) => address(index + 1))

  test.each([2, 50])('%i tokens', (count) => {
    const tokens = many.slice(0, count)
    expect(decodeLog(encodeEvent(REGISTERED, VAULT, [POOL_ID, tokens, tokens]))).toMatchObject({
      ...{ kind: 'pool-created', pool: POOL, emitter: VAULT, tokens, fee: null },
    })
  })

  test.each<[string, Hex[], Hex[]]>([
    ['one token', [A], [A]],
    ['more tokens than a pool has', many, many],
    ['a token twice', [A, A], [A, A]],
    ['a token without a manager', [A, B], [A]],
  ])('of %s is refused', (_, tokens, managers) => {
    expect(decodeLog(encodeEvent(REGISTERED, VAULT, [POOL_ID, tokens, managers]))).toBeNull()
  })
})
