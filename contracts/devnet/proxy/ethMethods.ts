import type { Address } from '../../address.ts'
import type { Hex } from '../types.ts'
import type { ViewBlock } from './block.ts'
import { pendingOperation } from './canonical.ts'
import type { Method, ProxyContext } from './context.ts'
import { invalidParams } from './errors.ts'
import { findLogs } from './getLogs.ts'
import { type Json, toQuantity } from './json.ts'
import { sendRawTransaction } from './sendRawTransaction.ts'
import { pinBlock, resolveBlockNumber } from './tags.ts'

/** `eth_` methods answered from the copy of the chain, in every mode. */
export const ethMethods: Readonly<Record<string, Method>> = {
  eth_chainId: ({ chainId }) => quote(toQuantity(chainId)),
  net_version: ({ chainId }) => quote(`${chainId}`),
  eth_blockNumber: ({ chain }) => quote(toQuantity(chain.head())),
  eth_syncing: () => 'false',
  eth_accounts: () => '[]',
  eth_getBlockByNumber: (context, [tag, full]) => blockText(context, blockAt(context, tag), full),
  eth_getBlockByHash: (context, [hash, full]) => blockText(context, context.chain.blockByHash(lower(hash)), full),
  eth_getBlockTransactionCountByNumber: (context, [tag]) => transactionCount(blockAt(context, tag)),
  eth_getBlockTransactionCountByHash: ({ chain }, [hash]) => transactionCount(chain.blockByHash(lower(hash))),
  eth_getBlockReceipts: blockReceipts,
  eth_getTransactionByHash: transactionByHash,
  eth_getTransactionByBlockNumberAndIndex: (context, [tag, index]) =>
    transactionAt(context, blockAt(context, tag), index),
  eth_getTransactionByBlockHashAndIndex: (context, [hash, index]) =>
    transactionAt(context, context.chain.blockByHash(lower(hash)), index),
  eth_getTransactionReceipt({ chain }, [hash]) {
    const place = chain.transaction(lower(hash))
    return (place && chain.render(place.view).receipts[place.index]) ?? 'null'
  },
  eth_getLogs: logs,
  eth_getTransactionCount: accountNonce,
  eth_sendRawTransaction: sendRawTransaction,
}

function quote(text: string): string {
  return `"${text}"`
}

function lower(value: unknown): Hex {
  if (typeof value !== 'string') throw invalidParams('invalid hash')
  return value.toLowerCase() as Hex
}

/** The era server has no pending block; the others show the latest one in its place. */
function blockAt(context: ProxyContext, tag: unknown): ViewBlock | undefined {
  if (tag === 'pending' && context.mode === 'era') return undefined
  return context.chain.block(resolveBlockNumber(context, tag))
}

function blockText({ chain }: ProxyContext, view: ViewBlock | undefined, full: unknown): string {
  if (!view) return 'null'
  const texts = chain.render(view)
  return full ? texts.blockWithTransactions : texts.blockWithHashes
}

function transactionCount(view: ViewBlock | undefined): string {
  return view ? quote(toQuantity(view.transactions.length)) : 'null'
}

function blockReceipts(context: ProxyContext, [reference]: readonly unknown[]): string {
  const { chain } = context
  const isHash = typeof reference === 'string' && reference.length === 66
  const hash = isHash ? reference : (reference as { blockHash?: string } | null)?.blockHash
  const view = hash ? chain.blockByHash(lower(hash)) : blockAt(context, reference)
  return view ? `[${chain.render(view).receipts.join(',')}]` : 'null'
}

function transactionByHash(context: ProxyContext, [hash]: readonly unknown[]): string {
  const { chain, sequencer, l1, mode, chainId } = context
  const place = chain.transaction(lower(hash))
  if (place) return chain.render(place.view).transactions[place.index] ?? 'null'
  const operation = l1?.operation(lower(hash))
  if (operation) return JSON.stringify(pendingOperation(operation, mode, chainId))
  return JSON.stringify(sequencer.byHash(lower(hash))?.rpc ?? null)
}

function transactionAt({ chain }: ProxyContext, view: ViewBlock | undefined, index: unknown): string {
  return (view && chain.render(view).transactions[Number(index)]) ?? 'null'
}

function logs(context: ProxyContext, [filter]: readonly unknown[]): string {
  const { fromBlock, toBlock, blockHash, ...rest } = (filter ?? {}) as Json
  if (blockHash !== undefined) {
    if (fromBlock !== undefined || toBlock !== undefined)
      throw invalidParams('invalid filter: if blockHash is supplied fromBlock and toBlock must not be')
    const view = context.chain.blockByHash(lower(blockHash))
    if (!view) throw invalidParams("Block with such an ID doesn't exist yet")
    return findLogs(context.chain, rest, { from: view.number, to: view.number }, context.mode, context.logLimits)
  }
  const range = { from: resolveBlockNumber(context, fromBlock), to: resolveBlockNumber(context, toBlock) }
  return findLogs(context.chain, rest, range, context.mode, context.logLimits)
}

async function accountNonce(context: ProxyContext, params: readonly unknown[]): Promise<string> {
  const [address, tag] = params
  const account = lower(address) as Address
  if (tag === 'pending') {
    const { chain, sequencer } = context
    return quote(toQuantity(sequencer.nextNonce(account, chain.nonce(account))))
  }
  const pinned = pinBlock(context, 'eth_getTransactionCount', params)
  return JSON.stringify(await context.anvil.call('eth_getTransactionCount', pinned))
}
