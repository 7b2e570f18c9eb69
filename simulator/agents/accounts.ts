import type { Address } from '../../indexer/types/block.ts'
import { addressOf } from '../hex.ts'

const known = new Map<string, Address>()

/** The account of an agent with a number from 0: a person, or a bot's sender. */
export function accountOf(agent: string, index: number): Address {
  const name = `account ${agent} ${index}`
  const address = known.get(name) ?? addressOf(name)
  known.set(name, address)
  return address
}

/** The contract of a bot, which holds what it trades and which only the bot's accounts call. */
export function executorOf(agent: string, index: number): Address {
  return accountOf(`${agent} contract`, index)
}
