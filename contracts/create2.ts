import { type Hex, keccak256 } from 'viem'
import type { Address } from './address.ts'
import type { Create2Profile } from './chains/profile.ts'

/** keccak-256 of `zksyncCreate2`, which every derivation on EraVM begins with. Source: era-contracts L2ContractHelper. */
const ERA_PREFIX: Hex = '0x2020dba91b30cc0006188af794c2fb30dd8520db7e2c088b7fc7c103c00ca494'
/** keccak-256 of nothing: the constructors of these pools take no arguments. */
const NO_ARGUMENTS: Hex = '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'

/** The address that `deployer` gives a contract with CREATE2 on EraVM, whose constructor takes no arguments. */
export function deriveEraVmAddress(deployer: Address, salt: Hex, bytecodeHash: Hex): Address {
  return lastBytes(
    keccak256(`${ERA_PREFIX}${word(deployer)}${salt.slice(2)}${bytecodeHash.slice(2)}${NO_ARGUMENTS.slice(2)}`),
  )
}

/** The address that `deployer` gives a contract with CREATE2 on the EVM (EIP-1014). */
export function deriveEvmAddress(deployer: Address, salt: Hex, initCodeHash: Hex): Address {
  return lastBytes(keccak256(`0xff${deployer.slice(2)}${salt.slice(2)}${initCodeHash.slice(2)}`))
}

/** The address of a factory's pool for two ordered tokens; `feePips` is part of it where pools are made for each fee. */
export function derivePoolAddress(profile: Create2Profile, token0: Address, token1: Address, feePips: number): Address {
  const { deployer, bytecodeHash, salt, vm } = profile
  const value = keccak256(
    salt === 'pair'
      ? `0x${token0.slice(2)}${token1.slice(2)}`
      : `0x${word(token0)}${word(token1)}${feePips.toString(16).padStart(64, '0')}`,
  )
  return (vm === 'era' ? deriveEraVmAddress : deriveEvmAddress)(deployer, value, bytecodeHash)
}

function word(address: Address): string {
  return address.slice(2).padStart(64, '0')
}

function lastBytes(hash: Hex): Address {
  return `0x${hash.slice(26)}`
}
