import { decodeFunctionResult, encodeFunctionData, hexToString, parseAbi } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { devnet as profile } from '../../../contracts/chains/devnet.ts'
import { multicall3 } from '../../../contracts/devnet/artifacts/Multicall3.ts'
import { contractNames } from '../../../contracts/devnet/contracts.ts'
import { type Devnet, startDevnet } from '../../../contracts/devnet/index.ts'
import { type Caller, createCaller } from './caller.ts'

const tokenAbi = parseAbi(['function symbol() view returns (string)', 'function decimals() view returns (uint8)'])
const factoryAbi = parseAbi([
  'function getPair(address a, address b) view returns (address)',
  'function getPool(address a, address b, uint24 fee) view returns (address)',
])

let devnet: Devnet
let rpc: Caller
beforeAll(async () => {
  devnet = await startDevnet({ mode: 'evm' })
  rpc = createCaller(devnet.url)
})
afterAll(async () => {
  await rpc.close()
  await devnet.close()
})

describe('the devnet profile', () => {
  test('names the deployed contracts', () => {
    const c = devnet.contracts
    expect(profile.id).toBe(devnet.chainId)
    expect(profile.wrappedNative).toBe(c.weth)
    expect(profile.stablecoins).toEqual([c.usdc])
    expect(profile.multicall3).toBe(c.multicall3)
    expect(profile.factories.map(({ address }) => address)).toEqual([c.v2Factory, c.v3Factory])
    expect(profile.routers.map(({ address }) => address)).toEqual([
      ...[c.v2Router, c.v2ForkRouter, c.swapRouter, c.positionManager, c.aggregator],
    ])
  })

  test('leaves the second factories out', () => {
    const addresses = profile.factories.map(({ address }) => address)
    expect(addresses).not.toContain(devnet.contracts.v2ForkFactory)
    expect(addresses).not.toContain(devnet.contracts.v3ForkFactory)
  })
})

describe('the deployed contracts', () => {
  test('all have code', async () => {
    const codes = await Promise.all(
      contractNames.map((name) => rpc.call<string>('eth_getCode', devnet.contracts[name], 'latest')),
    )
    expect(codes.filter((code) => code.length < 100)).toEqual([])
  })

  test('pools stand where CREATE2 puts them', async () => {
    for (const pool of Object.values(devnet.pools).filter(({ isGenesis }) => isGenesis)) {
      const [a, b] = [devnet.contracts[pool.token0], devnet.contracts[pool.token1]]
      const data =
        pool.family === 'uniswap-v2'
          ? encodeFunctionData({ abi: factoryAbi, functionName: 'getPair', args: [a, b] })
          : encodeFunctionData({ abi: factoryAbi, functionName: 'getPool', args: [a, b, pool.feePips] })
      const found = await rpc.call<string>('eth_call', { to: pool.factory, data }, 'latest')
      expect(`0x${found.slice(26)}`).toBe(pool.address)
    }
  })

  test('Multicall3 reads symbols of every kind in one call', async () => {
    const names = ['usdc', 'mkr', 'nul'] as const
    const callData = encodeFunctionData({ abi: tokenAbi, functionName: 'symbol' })
    const calls = names.map((name) => ({ target: devnet.contracts[name], allowFailure: false, callData }))
    const data = encodeFunctionData({ abi: multicall3.abi, functionName: 'aggregate3', args: [calls] })
    const answer = await rpc.call<`0x${string}`>('eth_call', { to: devnet.contracts.multicall3, data }, 'latest')
    const [usdc, mkr, nul] = decodeFunctionResult({ abi: multicall3.abi, functionName: 'aggregate3', data: answer })
    const symbol = (hex: `0x${string}`) => decodeFunctionResult({ abi: tokenAbi, functionName: 'symbol', data: hex })
    expect(symbol(usdc!.returnData)).toBe('USDC')
    expect(hexToString(mkr!.returnData, { size: 32 })).toBe('MKR')
    expect(symbol(nul!.returnData)).toBe('NU\0L')
  })
})
