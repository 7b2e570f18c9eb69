import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { keccak256 } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Address } from '../../contracts/address.ts'
import { chainProfiles } from '../../contracts/chains/index.ts'
import { deriveEvmAddress, derivePoolAddress } from '../../contracts/create2.ts'

const USDC = '0x1d17cbcf0d6d143135ae902365d2e5e2a16538d4'
const USDC_E = '0x3355df6d4c9c3035724fd0e3914de96a5a83aaf4'
const USDT = '0x493257fd37edb34451f62edf8d2a0c418852ba4c'
const WETH = '0x5aea5775959fbc2557cc8789bc1bf90a239d9a91'
const ZK = '0x5a7d6b2f92c77fad6ccabd7ee0624e64907eaf3e'
const WSTETH = '0x703b52f2b28febcb60e1372858af5b18849fe867'
const UNISWAP = '0x8fda5a7a8dca67bbcdd10f02fa0649a937215422'
const PANCAKE = '0x1bb72e0cbbea93c08f535fc7856e0338d7f7a8ab'
const KOI = '0x488a92576da475f7429bc9dec9247045156144d3'

const derive = (chainId: number, factory: Address, tokenA: Address, tokenB: Address, feePips: number): Address => {
  const { create2 } = chainProfiles.find(({ id }) => id === chainId)!
  const [token0, token1] = tokenA < tokenB ? [tokenA, tokenB] : [tokenB, tokenA]
  return derivePoolAddress(create2.find((known) => known.factory === factory)!, token0, token1, feePips)
}

describe('addresses of pools on EraVM', () => {
  test.each<[string, number, Address, Address, Address, number, Address]>([
    ['Uniswap', 324, UNISWAP, USDC, USDC_E, 100, '0x23c77a553aac0ad009441c856c05d117c1131e3d'],
    ['Uniswap', 324, UNISWAP, USDC, WETH, 3000, '0xeecb86c38c4667b46487255f41c6904df3d76f8f'],
    ['Uniswap', 324, UNISWAP, USDC_E, WETH, 500, '0x3e3dd517fec2e70eddba2a626422a4ba286e8c38'],
    ['Uniswap', 324, UNISWAP, USDC_E, ZK, 3000, '0xa0769a3c6af68812bb3a5cbd511f7879033440eb'],
    ['Uniswap', 324, UNISWAP, ZK, WETH, 3000, '0x3d7264539e6e3f596bb485e3091f3ae02ad01ef8'],
    ['PancakeSwap', 324, PANCAKE, USDC, USDT, 100, '0xd05eef3792276e92bb051029dadfc2bf81121692'],
    ['PancakeSwap', 324, PANCAKE, USDC_E, WETH, 500, '0x291d9f9764c72c9ba6ff47b451a9f7885ebf9977'],
    ['PancakeSwap', 324, PANCAKE, USDC_E, ZK, 10000, '0x3bf35ac7bf2e4aaf98e007c9c3e0d214562a3dbb'],
    ['PancakeSwap', 324, PANCAKE, USDC, USDC_E, 100, '0x3aef05a8e7d7a83f5527eded214e0b24a87d0991'],
    ['PancakeSwap', 324, PANCAKE, WETH, WSTETH, 500, '0x5631fe6d29e3cb717517da05a9970e499def5e31'],
    ['PancakeSwap', 324, PANCAKE, ZK, WETH, 2500, '0xc081eacc77c75ce1f39a43c04b53d90adad35ffd'],
    ['Koi', 324, KOI, USDC_E, WETH, 5000, '0x9c40de601340650bac1813f925f7cff9178c4c2c'],
    ['Koi', 324, KOI, ZK, WETH, 5000, '0x95138f634fa2309ede488fe382ad3a9e5d8aa131'],
    ['Koi', 324, KOI, USDC_E, USDT, 100, '0x57cc53def9f5ca7ef4da51082dd874867e56ba14'],
    ['Koi', 324, KOI, WETH, WSTETH, 100, '0x66e050b921ba87259bb6627acedd2d1faef85cf5'],
    ['Koi', 324, KOI, USDC, USDT, 100, '0x64972fddf1ddda49c6d5979dcd43cec19f47ddf6'],
    [
      'Lens',
      232,
      '0xe0704db90bcaa1eafc00e958ff815ab7aa11ef47',
      '0x6bdc36e20d267ff0dd6097799f82e78907105e2f',
      '0x88f08e304ec4f90d644cec3fb69b8ad414acf884',
      100,
      '0x5eb6b146d7a5322b763c8f8b0eb2fdd5d15e49de',
    ],
  ])('%s on chain %i', (_, chainId, factory, tokenA, tokenB, feePips, pool) => {
    expect(derive(chainId, factory, tokenA, tokenB, feePips)).toBe(pool)
  })

  test('another fee is another pool', () => {
    expect(derive(324, UNISWAP, USDC, WETH, 500)).not.toBe('0xeecb86c38c4667b46487255f41c6904df3d76f8f')
  })
})

describe('addresses on the EVM', () => {
  // EIP-1014, example 1.
  test('as the standard says', () => {
    const zero = `0x${'00'.repeat(32)}` as const
    expect(deriveEvmAddress(`0x${'00'.repeat(20)}`, zero, keccak256('0x00'))).toBe(
      '0x4d1a2e2bb4f88f0250f26ffff098b0b30b26bf38',
    )
  })

  test('the pair of Uniswap V2, which has no fee in its salt', () => {
    const factory = '0x5c69bee701ef814a2b6a3edd4b1652cb9cc5aa6f'
    const [usdc, weth] = [
      '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48',
      '0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2',
    ] as const
    for (const feePips of [0, 3000])
      expect(derive(1, factory, usdc, weth, feePips)).toBe('0xb4e16d0168e52d35cacd2c6185b44281ec28c9dc')
  })

  test('PancakeSwap V3: the hash is that of the published pool, which another contract than the factory deploys', () => {
    const factory = '0x0bfbcf9fa4f9c56b0f40a671ad40e0805a091865'
    const { bytecode } = createRequire(import.meta.url)(
      '@pancakeswap/v3-core/artifacts/contracts/PancakeV3Pool.sol/PancakeV3Pool.json',
    ) as { bytecode: Address }
    const known = chainProfiles.find(({ id }) => id === 1)!.create2.find((create2) => create2.factory === factory)!
    expect(known.bytecodeHash).toBe(keccak256(bytecode))
    const [usdc, weth] = [
      '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48',
      '0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2',
    ] as const
    expect(derive(1, factory, usdc, weth, 500)).toBe('0x1ac1a8feaaea1900c4166deeed0c11cc10669d36')
  })

  const file = new URL('../../../shared/fixtures/mev-inspect/pools.json', import.meta.url)
  test.runIf(existsSync(file))('every recorded pool of a factory in the profile (skipped without ../shared)', () => {
    type Recorded = {
      token0: Address
      token1: Address
      factory: Address | null
      fee?: number
      verifiedByCreate2: boolean
    }
    const pools = Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<Address, Recorded>)
    const known = chainProfiles.find(({ id }) => id === 1)!.create2.map(({ factory }) => factory)
    const checked = pools.filter(([, { factory, verifiedByCreate2 }]) => verifiedByCreate2 && known.includes(factory!))
    expect(checked.length).toBeGreaterThan(100)
    for (const [address, { token0, token1, factory, fee }] of checked) {
      expect(derive(1, factory!, token0, token1, fee ?? 0), address).toBe(address)
    }
  })
})
