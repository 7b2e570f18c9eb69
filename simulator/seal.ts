import type { Ordering } from '../contracts/chains/profile.ts'
import type { Hex } from '../indexer/types/block.ts'
import type { Executed } from './agents/agent.ts'
import { addToBlooms, createBloom, toHex } from './bloom.ts'
import { addressOf, hashOf, quantity } from './hex.ts'
import type { RpcBlock, RpcLog, RpcReceipt, RpcTransaction } from './rpcTypes.ts'

/** What is known of a block before its transactions are put together. */
export type Header = {
  number: number
  parentHash: Hex
  /** Unix seconds. */
  timestamp: number
  baseFeeWei: bigint
  chainId: number
  ordering: Ordering
}

/** A transaction that has run, with its place among those of its sender. */
export type Included = Executed & { nonce: number }

const GAS_LIMIT = 1n << 50n
/** Priority operation of ZKsync, and a transaction of EIP-1559. */
const PRIORITY_TYPE = 255
const PLAIN_TYPE = 2
/** Senders ask for this much more gas than is used, in percent. */
const GAS_MARGIN_PERCENT = 30n

/** The hash of a transaction: its sender, place and content decide it. */
export function transactionHashOf(
  chainId: number,
  { planned, call, nonce }: Pick<Included, 'planned' | 'call' | 'nonce'>,
): Hex {
  return hashOf(`transaction ${chainId} ${planned.from} ${nonce} ${call.to} ${call.valueWei} ${call.input}`)
}

/** Puts a block together as JSON-RPC gives it, with its receipts. */
export function sealBlock(header: Header, included: readonly Included[]): { block: RpcBlock; receipts: RpcReceipt[] } {
  const hash = hashOf(`block ${header.number} ${header.parentHash} ${included.map((each) => each.hash).join()}`)
  const bloom = createBloom()
  const receipts: RpcReceipt[] = []
  let gasUsed = 0n
  let logIndex = 0
  const blockNumber = quantity(header.number)
  for (const each of included) {
    const own = createBloom()
    const { logs, gasUsed: gas, isReverted } = each.execution
    addToBlooms([own, bloom], logs)
    gasUsed += gas
    const transactionIndex = quantity(each.transactionIndex)
    receipts.push({
      transactionHash: each.hash,
      transactionIndex,
      blockHash: hash,
      blockNumber,
      from: each.planned.from,
      to: each.call.to,
      contractAddress: null,
      status: isReverted ? '0x0' : '0x1',
      gasUsed: quantity(gas),
      // On ZKsync Era this is always zero.
      cumulativeGasUsed: header.ordering === 'fifo' ? '0x0' : quantity(gasUsed),
      effectiveGasPrice: quantity(gasPriceOf(header, each)),
      type: quantity(typeOf(each)),
      logs: logs.map(
        ({ address, topics, data }): RpcLog => ({
          address,
          topics,
          data,
          blockNumber,
          blockHash: hash,
          transactionHash: each.hash,
          transactionIndex,
          logIndex: quantity(logIndex++),
          removed: false,
        }),
      ),
      logsBloom: toHex(own),
    })
  }
  const block: RpcBlock = {
    number: quantity(header.number),
    hash,
    parentHash: header.parentHash,
    timestamp: quantity(header.timestamp),
    gasUsed: quantity(gasUsed),
    gasLimit: quantity(GAS_LIMIT),
    baseFeePerGas: quantity(header.baseFeeWei),
    miner: addressOf('operator'),
    logsBloom: toHex(bloom),
    transactions: included.map((each) => toTransaction(header, hash, each)),
  }
  return { block, receipts }
}

function typeOf({ planned }: Included): number {
  return planned.isFromL1 ? PRIORITY_TYPE : PLAIN_TYPE
}

/** Where the order is that of arrival, nobody pays a tip. */
function gasPriceOf({ baseFeeWei, ordering }: Header, { planned }: Included): bigint {
  return ordering === 'fifo' || planned.isFromL1 ? baseFeeWei : baseFeeWei + planned.tipWei
}

function toTransaction(header: Header, blockHash: Hex, each: Included): RpcTransaction {
  const { planned, call, execution } = each
  const gasPrice = gasPriceOf(header, each)
  return {
    hash: each.hash,
    blockHash,
    blockNumber: quantity(header.number),
    transactionIndex: quantity(each.transactionIndex),
    from: planned.from,
    to: call.to,
    nonce: quantity(each.nonce),
    value: quantity(call.valueWei),
    gas: quantity((execution.gasUsed * (100n + GAS_MARGIN_PERCENT)) / 100n),
    gasPrice: quantity(gasPrice),
    maxFeePerGas: quantity(gasPrice * 2n),
    maxPriorityFeePerGas: quantity(gasPrice - header.baseFeeWei),
    input: call.input,
    type: quantity(typeOf(each)),
    chainId: quantity(header.chainId),
  }
}
