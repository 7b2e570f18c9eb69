import {
  decodeEventLog,
  encodeAbiParameters,
  encodeDeployData,
  encodeFunctionData,
  getContractAddress,
  pad,
  parseAbiParameters,
  toHex,
  zeroAddress,
} from 'viem'
import type { Address } from '../../address.ts'
import { devnetDiamond } from '../artifacts/DevnetDiamond.ts'
import { l1Forwarder } from '../artifacts/L1Forwarder.ts'
import type { BatchStage } from '../proxy/batches.ts'
import type { RpcLog } from '../proxy/block.ts'
import { operator } from '../proxy/eraView.ts'
import { type L1Operation, l1GasPerPubdata } from '../proxy/l1Operation.ts'
import type { Hex } from '../types.ts'

/** The chain's contract on L1; the operator deploys it first. */
export const diamondAddress = created(0n)

/** A contract that passes requests on, for senders whose address is aliased on L2. */
export const forwarderAddress = created(1n)

/** Added to the address of an L1 contract to form its sender address on L2. */
export const aliasOffset = 0x1111000000000000000000000000000000001111n

/** topic0 of `NewPriorityRequest`. */
export const newPriorityRequestTopic = '0x4531cd5795773d7101c17bdeb9f5ab7f47d7056017506f937083be5d6e77a382'

/** A sealed batch as it is committed. */
export type CommittedBatch = {
  batchHash: Hex
  commitment: Hex
  firstBlock: bigint
  lastBlock: bigint
  priorityOperations: bigint
}

/** A transaction for L2 as it is asked for on L1. */
export type L2Call = { to: Address; valueWei: bigint; data: Hex; gasLimit: bigint }

/** Returns the address under which an L1 contract sends on L2. */
export function aliasOf(address: Address): Address {
  return toAddress((BigInt(address) + aliasOffset) % 2n ** 160n)
}

/** Returns the creation codes of the L1 contracts, in the order of their addresses. */
export function l1CreationCodes(isZksyncOs: boolean, l2GasPriceWei: bigint): Hex[] {
  return [encodeDeployData({ ...devnetDiamond, args: [isZksyncOs, l2GasPriceWei] }), l1Forwarder.bytecode]
}

const batchParameters = parseAbiParameters(
  '(bytes32 batchHash, bytes32 commitment, uint64 firstBlock, uint64 lastBlock, uint64 priorityOperations)[]',
)

const stageFunctions = {
  commit: 'commitBatchesSharedBridge',
  prove: 'proveBatchesSharedBridge',
  execute: 'executeBatchesSharedBridge',
} as const

/** Returns the call that takes batches `from` to `to` to a stage; `batches` matter for the commit only. */
export function encodeStage(stage: BatchStage, from: number, to: number, batches: readonly CommittedBatch[]): Hex {
  const data = stage === 'commit' ? encodeAbiParameters(batchParameters, [batches]) : '0x'
  return encodeFunctionData({
    abi: devnetDiamond.abi,
    functionName: stageFunctions[stage],
    args: [zeroAddress, BigInt(from), BigInt(to), data],
  })
}

/** Returns the call that takes back every batch above `keepBatch`. */
export function encodeRevert(keepBatch: number): Hex {
  const args = [zeroAddress, BigInt(keepBatch)] as const
  return encodeFunctionData({ abi: devnetDiamond.abi, functionName: 'revertBatchesSharedBridge', args })
}

/** Returns the call that asks for a transaction on L2; what is left of the fee goes back to its sender there. */
export function encodeRequest({ to, valueWei, data, gasLimit }: L2Call): Hex {
  const args = [to, valueWei, data, gasLimit, l1GasPerPubdata, [], zeroAddress] as const
  return encodeFunctionData({ abi: devnetDiamond.abi, functionName: 'requestL2Transaction', args })
}

/** Returns the call of the forwarder that passes `data` on to the diamond. */
export function encodeForward(data: Hex): Hex {
  return encodeFunctionData({ abi: l1Forwarder.abi, functionName: 'forward', args: [diamondAddress, data] })
}

/** Returns the operation that a `NewPriorityRequest` log announces. */
export function decodeRequest(log: RpcLog): L1Operation {
  const topics = log.topics as [Hex, ...Hex[]]
  const event = decodeEventLog({ abi: devnetDiamond.abi, eventName: 'NewPriorityRequest', topics, data: log.data })
  const { txId, txHash, transaction: t } = event.args
  return {
    ...{ kind: 'priority', hash: txHash, serialId: Number(txId), from: toAddress(t.from), to: toAddress(t.to) },
    ...{ data: t.data, valueWei: t.value, gasLimit: t.gasLimit, maxFeePerGas: t.maxFeePerGas },
    ...{ gasPerPubdataLimit: t.gasPerPubdataByteLimit, toMintWei: t.reserved[0] },
    refundRecipient: toAddress(t.reserved[1]),
    l1BlockNumber: Number(log.blockNumber),
    l1TransactionHash: log.transactionHash as Hex,
    ...{ receivedAtUs: 0n, innerHash: null },
  }
}

function toAddress(value: bigint): Address {
  return pad(toHex(value), { size: 20 })
}

function created(nonce: bigint): Address {
  return getContractAddress({ from: operator, nonce }).toLowerCase() as Address
}
