import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { keccak256 } from 'viem'
import { describe, expect, test } from 'vitest'
import { creationBytecodes } from '../../../contracts/devnet/bytecode.ts'
import { artifactPath, compileContracts, formatArtifact } from '../../../contracts/devnet/compile.ts'
import { v2PairInitCodeHash, v3PoolInitCodeHash } from '../../../contracts/devnet/pools.ts'

const require = createRequire(import.meta.url)

describe('compileContracts', () => {
  test('a fresh compile equals the committed artifacts', () => {
    for (const artifact of compileContracts())
      expect(readFileSync(artifactPath(artifact.name), 'utf8')).toBe(formatArtifact(artifact))
  })
})

describe('creationBytecodes', () => {
  const bytecodes = creationBytecodes()

  test('the V2 router holds the init code hash of the pair that the factory deploys', () => {
    const { bytecode } = require('@uniswap/v2-core/build/UniswapV2Pair.json') as { bytecode: string }
    expect(bytecodes.v2Factory).toContain(bytecode)
    expect(keccak256(`0x${bytecode}`)).toBe(v2PairInitCodeHash)
    expect(bytecodes.v2Router).toContain(v2PairInitCodeHash.slice(2))
  })

  test('the V3 periphery holds the init code hash of the pool that the factory deploys', () => {
    expect(bytecodes.swapRouter).toContain(v3PoolInitCodeHash.slice(2))
    expect(bytecodes.positionManager).toContain(v3PoolInitCodeHash.slice(2))
  })
})
