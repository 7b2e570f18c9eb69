import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Abi, type Address, decodeFunctionResult, encodeDeployData, encodeFunctionData, type Hex } from 'viem'
import { type Anvil, startAnvil } from '../../contracts/devnet/anvil.ts'

/** A contract on an anvil node of its own test. */
export type Contract = {
  address: Address
  abi: Abi
  /** Result of a view; throws when it reverts. */
  read(name: string, args?: readonly unknown[]): Promise<unknown>
  /** Sends a transaction and waits for it; throws when it reverts. */
  write(name: string, args?: readonly unknown[], valueWei?: bigint): Promise<void>
}

/** An anvil node with the contracts of a test. */
export type Bench = {
  anvil: Anvil
  account: Address
  deploy(abi: Abi, bytecode: Hex, args?: readonly unknown[]): Promise<Contract>
  at(address: Address, abi: Abi): Contract
  /** Sends raw calldata; returns the receipt; throws when it reverts. */
  send(to: Address | null, data: Hex, valueWei?: bigint): Promise<{ contractAddress: Address; logs: unknown[] }>
  stop(): Promise<void>
}

const GAS = 1_000_000_000n

/** Starts an anvil node on which gas is plenty and costs nothing. */
export async function startBench(): Promise<Bench> {
  const anvil = await startAnvil({
    chainId: 31_337,
    genesisTimestamp: 1_700_000_000,
    baseFeePerGas: 0n,
    gasLimit: Number(GAS),
    keptStates: 8,
  })
  const [account] = (await anvil.rpc.call<Address[]>('eth_accounts')) as [Address]
  const send: Bench['send'] = async (to, data, valueWei = 0n) => {
    const request = {
      from: account,
      ...(to === null ? {} : { to }),
      data,
      value: hex(valueWei),
      gas: hex(GAS),
      gasPrice: '0x0',
    }
    const hash = await anvil.rpc.call<Hex>('eth_sendTransaction', [request])
    await anvil.rpc.call('evm_mine')
    const receipt = await anvil.rpc.call<{ status: Hex; contractAddress: Address; logs: unknown[] }>(
      'eth_getTransactionReceipt',
      [hash],
    )
    if (receipt.status !== '0x1') {
      const why = await anvil.rpc.call('eth_call', [request, 'latest']).catch((error: Error) => error.message)
      throw new Error(`the transaction to ${to ?? 'a new contract'} reverted: ${why}`)
    }
    return receipt
  }
  const at = (address: Address, abi: Abi): Contract => ({
    address,
    abi,
    read: async (functionName, args = []) => {
      const data = encodeFunctionData({ abi, functionName, args } as never)
      const call = { from: account, to: address, data, gas: hex(GAS), gasPrice: '0x0' }
      const result = await anvil.rpc.call<Hex>('eth_call', [call, 'latest'])
      return decodeFunctionResult({ abi, functionName, data: result } as never)
    },
    write: async (functionName, args = [], valueWei = 0n) => {
      await send(address, encodeFunctionData({ abi, functionName, args } as never), valueWei)
    },
  })
  return {
    anvil,
    account,
    send,
    at,
    deploy: async (abi, bytecode, args = []) => {
      const data = encodeDeployData({ abi, bytecode, args } as never)
      const { contractAddress } = await send(null, data)
      return at(contractAddress, abi)
    },
    stop: () => anvil.stop(),
  }
}

/** A compiled contract. */
export type Compiled = { abi: Abi; bytecode: Hex }

const folder = new URL('../solidity/', import.meta.url)

/**
 * Compiles one source of `test/solidity/` with the sources it imports.
 * @returns its deployable contracts by name
 * @throws Error with the compiler's report
 */
export function compileSolidity(file: string): Record<string, Compiled> {
  const known = compiled.get(file)
  if (known !== undefined) return known
  const contracts = compileNow(file)
  compiled.set(file, contracts)
  return contracts
}

const compiled = new Map<string, Record<string, Compiled>>()

function compileNow(file: string): Record<string, Compiled> {
  const solc = createRequire(import.meta.url)('solc') as {
    compile(input: string, callbacks: { import: (path: string) => { contents: string } | { error: string } }): string
  }
  const read = (name: string) => readFileSync(new URL(name, folder), 'utf8')
  const input = {
    language: 'Solidity',
    sources: { [file]: { content: read(file) } },
    settings: {
      optimizer: { enabled: true, runs: 200 },
      viaIR: true,
      evmVersion: 'cancun',
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
    },
  }
  const known = new Set(readdirSync(folder))
  const find = (path: string) => (known.has(path) ? { contents: read(path) } : { error: `${path} is not there` })
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: find })) as {
    errors?: { severity: string; formattedMessage: string }[]
    contracts: Record<string, Record<string, { abi: Abi; evm: { bytecode: { object: string } } }>>
  }
  const failures = (output.errors ?? []).filter(({ severity }) => severity === 'error')
  if (failures.length > 0) throw new Error(failures.map(({ formattedMessage }) => formattedMessage).join('\n'))
  return Object.fromEntries(
    Object.entries(output.contracts[file] ?? {}).map(([name, { abi, evm }]) => [
      name,
      { abi, bytecode: `0x${evm.bytecode.object}` as const },
    ]),
  )
}

function hex(value: bigint): Hex {
  return `0x${value.toString(16)}`
}
