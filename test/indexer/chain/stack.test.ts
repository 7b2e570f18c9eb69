import { afterEach, describe, expect, test } from 'vitest'
import { startDevnet } from '../../../contracts/devnet/index.ts'
import { ContradictionError, EndpointError, RpcError } from '../../../indexer/chain/errors.ts'
import { createRpc, type Rpc } from '../../../indexer/chain/rpc.ts'
import { isMethodMissing, probeStack } from '../../../indexer/chain/stack.ts'
import { type FakeMethods, FakeRefusal, type FakeRpc, startFakeRpc } from '../../support/fakeRpc.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close()
})

async function connect(methods: FakeMethods): Promise<{ server: FakeRpc; rpc: Rpc }> {
  const server = await startFakeRpc(methods)
  const rpc = createRpc(server.url, { attempts: 1 })
  open.push(server, rpc)
  return { server, rpc }
}

const refuse = (code: number, message: string) => () => {
  throw new FakeRefusal(code, message)
}

describe('probeStack', () => {
  test.each<[string, FakeMethods, string, string[]]>([
    ['L1 batches', { zks_L1BatchNumber: () => '0x72af2' }, 'era', ['zks_L1BatchNumber']],
    ['no L1 batch yet', { zks_L1BatchNumber: () => '0x0' }, 'era', ['zks_L1BatchNumber']],
    [
      'both: an Era server is one',
      { zks_L1BatchNumber: () => '0x1', zks_getGenesis: () => ({}) },
      'era',
      ['zks_L1BatchNumber'],
    ],
    [
      'the metadata of blocks',
      { zks_getBlockMetadataByNumber: () => ({ execution_version: 5 }) },
      'zksync-os',
      ['zks_L1BatchNumber', 'zks_getBlockMetadataByNumber'],
    ],
    [
      'the metadata of blocks, but none of the first',
      { zks_getBlockMetadataByNumber: () => null },
      'zksync-os',
      ['zks_L1BatchNumber', 'zks_getBlockMetadataByNumber'],
    ],
    [
      'its genesis only',
      { zks_getGenesis: () => ({ execution_version: 3 }) },
      'zksync-os',
      ['zks_L1BatchNumber', 'zks_getBlockMetadataByNumber', 'zks_getGenesis'],
    ],
    ['nothing of all this', {}, 'evm', ['zks_L1BatchNumber', 'zks_getBlockMetadataByNumber', 'zks_getGenesis']],
    [
      'nothing, in the words of a provider',
      {
        zks_L1BatchNumber: refuse(-32600, 'Unsupported method: zks_L1BatchNumber on ETH_MAINNET'),
        zks_getBlockMetadataByNumber: refuse(-32004, 'not supported'),
        zks_getGenesis: refuse(-32000, 'the method zks_getGenesis is not available'),
      },
      'evm',
      ['zks_L1BatchNumber', 'zks_getBlockMetadataByNumber', 'zks_getGenesis'],
    ],
  ])('a server that knows %s', async (_, methods, expected, asked) => {
    const { server, rpc } = await connect(methods)
    expect(await probeStack(rpc)).toBe(expected)
    expect(server.calls.map(({ method }) => method)).toEqual(asked)
  })

  test.each<[string, FakeMethods]>([
    ['an internal error', { zks_L1BatchNumber: refuse(-32603, 'Internal error') }],
    ['a header that is not there', { zks_L1BatchNumber: refuse(-32000, 'header not found') }],
    ['a failing method', { zks_L1BatchNumber: refuse(-32000, 'method handler crashed, block not found') }],
    ['an internal error later', { zks_getBlockMetadataByNumber: refuse(-32603, 'Internal error') }],
    ['an internal error at last', { zks_getGenesis: refuse(-32603, 'Internal error') }],
  ])('%s is no answer', async (_, methods) => {
    const { rpc } = await connect(methods)
    await expect(probeStack(rpc)).rejects.toBeInstanceOf(EndpointError)
  })

  test('a batch number that is none is a contradiction', async () => {
    const { rpc } = await connect({ zks_L1BatchNumber: () => null })
    await expect(probeStack(rpc)).rejects.toBeInstanceOf(ContradictionError)
  })

  test.each(['era', 'zksync-os', 'evm'] as const)('the local chain as %s', async (mode) => {
    const devnet = await startDevnet({ mode })
    const rpc = createRpc(devnet.url)
    open.push(devnet, rpc)
    expect(await probeStack(rpc)).toBe(mode)
  })
})

describe('isMethodMissing', () => {
  test.each<[number, string, boolean]>([
    [-32601, 'Method not found', true],
    [-32601, '', true],
    [-32004, 'anything', true],
    [-32600, 'Unsupported method: zks_x', true],
    [-32000, 'the method zks_x does not exist/is not available', true],
    [-32000, 'method zks_x is not supported', true],
    [-32603, 'Internal error', false],
    [-32000, 'header not found', false],
    [-32602, 'Invalid params', false],
  ])('%i %s: %s', (code, message, expected) => {
    expect(isMethodMissing(new RpcError('zks_x', code, message))).toBe(expected)
  })

  test('an answer is none', () => {
    expect(isMethodMissing({ code: -32601 })).toBe(false)
  })
})
