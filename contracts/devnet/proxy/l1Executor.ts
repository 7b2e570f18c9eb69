import type { Address } from '../../address.ts'
import { batchAll, type Rpc } from '../rpc.ts'
import type { Hex } from '../types.ts'
import { toQuantity } from './json.ts'
import type { L1Operation } from './l1Operation.ts'

/** Runs L1 operations in anvil, which knows ordinary transactions only. */
export type L1Executor = {
  /** Mints what L1 took in and submits the operations for block `blockNumber`, in their order. */
  submit(operations: readonly L1Operation[], blockNumber: number, feePerGas: bigint): Promise<void>
  /** Sets the senders right once the block is mined: an operation from L1 uses no nonce of L2. */
  finish(blockNumber: number): Promise<void>
  /** Takes back what was minted for `blockNumber`, the first block that a rollback removed, and forgets the rest. */
  undo(blockNumber: number): Promise<void>
}

type Account = { address: Address; balance: bigint; nonce: number }

/** A sender before its block, and the coins lent to it because anvil checks against the highest fee. */
type Sender = Account & { lent: bigint }

/** Creates the executor of one anvil node. */
export function createL1Executor(anvil: Rpc): L1Executor {
  // Coins minted for a block belong to the state of the block before, so a rollback to it keeps them.
  const sendersOfBlock = new Map<number, Sender[]>()

  async function read(addresses: readonly Address[]): Promise<Account[]> {
    const requests = addresses.flatMap((address) => [
      { method: 'eth_getBalance', params: [address, 'latest'] },
      { method: 'eth_getTransactionCount', params: [address, 'latest'] },
    ])
    const answers = (await batchAll(anvil, requests)) as Hex[]
    return addresses.map((address, index) => ({
      address,
      balance: BigInt(answers[2 * index] ?? 0),
      nonce: Number(answers[2 * index + 1] ?? 0),
    }))
  }

  function set(
    method: 'anvil_setBalance' | 'anvil_setNonce',
    values: readonly (readonly [Address, bigint | number])[],
  ) {
    const requests = values.map(([address, value]) => ({ method, params: [address, toQuantity(value)] }))
    return batchAll(anvil, requests)
  }

  return {
    async submit(operations, blockNumber, feePerGas) {
      if (operations.length === 0) return
      const accounts = await read([...new Set(operations.map(({ from }) => from))])
      const senders = accounts.map((account) => {
        const own = operations.filter(({ from }) => from === account.address)
        return { ...account, lent: sum(own.map((operation) => loanOf(operation, feePerGas))), own }
      })
      sendersOfBlock.set(blockNumber, senders)
      await set(
        'anvil_setBalance',
        senders.map((s) => [s.address, s.balance + s.lent + sum(s.own.map(({ toMintWei }) => toMintWei))]),
      )
      const nonces = new Map(accounts.map(({ address, nonce }) => [address, nonce]))
      for (const operation of operations) {
        const nonce = nonces.get(operation.from) ?? 0
        nonces.set(operation.from, nonce + 1)
        const request = { ...innerTransaction(operation, feePerGas), nonce: toQuantity(nonce) }
        operation.innerHash = await anvil.call<Hex>('eth_sendTransaction', [request])
      }
    },
    async finish(blockNumber) {
      const senders = sendersOfBlock.get(blockNumber) ?? []
      const now = await read(senders.map(({ address }) => address))
      await set(
        'anvil_setNonce',
        senders.map(({ address, nonce }) => [address, nonce]),
      )
      await set(
        'anvil_setBalance',
        // Less than the loan is left only where anvil charged an upgrade, which is free.
        senders.map(({ address, lent }, index) => [address, atLeastZero((now[index]?.balance ?? 0n) - lent)]),
      )
    },
    async undo(blockNumber) {
      const senders = sendersOfBlock.get(blockNumber) ?? []
      await set(
        'anvil_setBalance',
        senders.map(({ address, balance }) => [address, balance]),
      )
      for (const number of sendersOfBlock.keys()) if (number >= blockNumber) sendersOfBlock.delete(number)
    },
  }
}

/** The highest fee differs from operation to operation, or two equal requests would share one hash in anvil. */
function highestFee({ serialId }: L1Operation, feePerGas: bigint): bigint {
  return feePerGas + BigInt(serialId + 1)
}

function loanOf(operation: L1Operation, feePerGas: bigint): bigint {
  const { kind, gasLimit } = operation
  const paid = kind === 'upgrade' ? 0n : feePerGas
  return gasLimit * (highestFee(operation, feePerGas) - paid)
}

function innerTransaction(operation: L1Operation, feePerGas: bigint) {
  const { from, to, data, valueWei, gasLimit } = operation
  return {
    ...{ from, to, data, value: toQuantity(valueWei), gas: toQuantity(gasLimit) },
    ...{ maxFeePerGas: toQuantity(highestFee(operation, feePerGas)), maxPriorityFeePerGas: '0x0' },
  }
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n)
}

function atLeastZero(value: bigint): bigint {
  return value > 0n ? value : 0n
}
