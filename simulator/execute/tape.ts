import type { Address, Hex } from '../../indexer/types/block.ts'
import { topic, word } from '../hex.ts'
import { topics } from '../topics.ts'

/** A log before its place on the chain is known. */
export type LogDraft = { address: Address; topics: Hex[]; data: Hex }

/** The logs of a transaction as they come, with who got what. */
export type Tape = {
  logs: LogDraft[]
  emit(address: Address, topics: Hex[], data: string): void
  /** Moves tokens from one account to another, as ERC-20 tells it. */
  transfer(token: Address, from: Address, to: Address, amount: bigint): void
  /** What an account has got less what it has given of a token. */
  balance(token: Address, account: Address): bigint
  /** Counts what an account got (positive) or gave without a transfer of the token. */
  credit(token: Address, account: Address, amount: bigint): void
}

/** Amounts by `token account`. */
export type Balances = Map<string, bigint>

/** The key of an account's balance of a token. */
export function balanceKey(token: Address, account: Address): string {
  return `${token} ${account}`
}

/** An empty tape. */
export function createTape(balances: Balances): Tape {
  const logs: LogDraft[] = []
  const credit = (token: Address, account: Address, amount: bigint) => {
    const key = balanceKey(token, account)
    balances.set(key, (balances.get(key) ?? 0n) + amount)
  }
  return {
    logs,
    emit: (address, topicList, data) => logs.push({ address, topics: topicList, data: `0x${data}` }),
    transfer: (token, from, to, amount) => {
      logs.push({ address: token, topics: [topics.transfer, topic(from), topic(to)], data: `0x${word(amount)}` })
      credit(token, from, -amount)
      credit(token, to, amount)
    },
    balance: (token, account) => balances.get(balanceKey(token, account)) ?? 0n,
    credit,
  }
}
