import type { Method, ProxyContext } from './context.ts'
import { type Json, toQuantity } from './json.ts'
import type { PendingTransaction } from './sequencer.ts'

/** geth's `txpool_` methods, for the servers that expose their pool. */
export const txpoolMethods: Readonly<Record<string, Method>> = {
  txpool_content: (context) => JSON.stringify(content(context)),
  txpool_status(context) {
    const { pending, queued } = split(context)
    return JSON.stringify({ pending: toQuantity(pending.length), queued: toQuantity(queued.length) })
  },
}

function content(context: ProxyContext): Json {
  const { pending, queued } = split(context)
  return { pending: bySenderAndNonce(pending), queued: bySenderAndNonce(queued) }
}

/** A transaction behind a missing nonce is queued, any other pending. */
function split({ sequencer, chain }: ProxyContext): { pending: PendingTransaction[]; queued: PendingTransaction[] } {
  const all = sequencer.all().filter((transaction) => transaction.rpc !== null)
  const isReady = ({ from, nonce }: PendingTransaction) => nonce < sequencer.nextNonce(from, chain.nonce(from))
  return { pending: all.filter(isReady), queued: all.filter((transaction) => !isReady(transaction)) }
}

function bySenderAndNonce(transactions: readonly PendingTransaction[]): Json {
  const senders: Record<string, Json> = {}
  for (const { from, nonce, rpc } of transactions) senders[from] = { ...senders[from], [nonce]: rpc }
  return senders
}
