import { createRequire } from 'node:module'
import { type AbiParameter, concatHex, encodeAbiParameters } from 'viem'
import { aggregator } from './artifacts/Aggregator.ts'
import { bytes32Token } from './artifacts/Bytes32Token.ts'
import { feeToken } from './artifacts/FeeToken.ts'
import { flashBorrower } from './artifacts/FlashBorrower.ts'
import { jitMaker } from './artifacts/JitMaker.ts'
import { junkEmitter } from './artifacts/JunkEmitter.ts'
import { multicall3 } from './artifacts/Multicall3.ts'
import { searcher } from './artifacts/Searcher.ts'
import { token } from './artifacts/Token.ts'
import type { ContractName } from './contracts.ts'
import type { Hex } from './types.ts'

const require = createRequire(import.meta.url)

/** Reads a creation bytecode from a Uniswap package: Truffle builds omit the `0x`, Hardhat's have it. */
function packaged(path: string): Hex {
  const { bytecode } = require(path) as { bytecode: string }
  return bytecode.startsWith('0x') ? (bytecode as Hex) : `0x${bytecode}`
}

/**
 * Returns each contract's creation bytecode, without constructor arguments: Uniswap's as its npm
 * packages publish it, ours as compiled from `contracts/src`.
 */
export function creationBytecodes(): Record<ContractName, Hex> {
  const v2Factory = packaged('@uniswap/v2-core/build/UniswapV2Factory.json')
  const v2Router = packaged('@uniswap/v2-periphery/build/UniswapV2Router02.json')
  const v3Factory = packaged('@uniswap/v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json')
  const v3Periphery = (name: string) => packaged(`@uniswap/v3-periphery/artifacts/contracts/${name}.sol/${name}.json`)
  return {
    weth: packaged('@uniswap/v2-periphery/build/WETH9.json'),
    multicall3: multicall3.bytecode,
    v2Factory,
    v2Router,
    v2ForkFactory: v2Factory,
    v2ForkRouter: v2Router,
    v3Factory,
    swapRouter: v3Periphery('SwapRouter'),
    positionManager: v3Periphery('NonfungiblePositionManager'),
    v3ForkFactory: v3Factory,
    aggregator: aggregator.bytecode,
    searcher: searcher.bytecode,
    searcherRival: searcher.bytecode,
    sandwicher: searcher.bytecode,
    jitMaker: jitMaker.bytecode,
    flashBorrower: flashBorrower.bytecode,
    junkEmitter: junkEmitter.bytecode,
    usdc: token.bytecode,
    wbtc: token.bytecode,
    zap: token.bytecode,
    mkr: bytes32Token.bytecode,
    fot: feeToken.bytecode,
    nul: token.bytecode,
  }
}

/** Returns creation bytecode followed by its ABI-encoded constructor arguments. */
export function withArguments(bytecode: Hex, types: readonly AbiParameter[], values: readonly unknown[]): Hex {
  return concatHex([bytecode, encodeAbiParameters(types as AbiParameter[], values as unknown[])])
}
