import type { ChainProfile, Stack } from '../../../contracts/chains/profile.ts'
import { ChainError, RpcError } from '../../chain/errors.ts'
import type { Head } from '../../chain/heads.ts'
import type { Rpc } from '../../chain/rpc.ts'
import { isMethodMissing } from '../../chain/stack.ts'

/** One line of the table: what was looked at, what was found, and what follows for indexing. */
export type Finding = {
  check: string
  result: string
  /** What the indexer does about it. */
  consequence: string
  /** False for a lack; those that are missing altogether make indexing impossible. */
  good: boolean
}

/** What the checks know of the endpoint. */
export type Patient = {
  rpc: Rpc
  chainId: number
  stack: Stack
  profile: ChainProfile
  head: Head
  /** Where its WebSocket is, or may be. */
  webSocketUrls: readonly string[]
}

/** Looks at one thing. Throws the errors of the chain layer. */
export type Check = { name: string; look: (patient: Patient) => Promise<Omit<Finding, 'check'>> }

/** What a check found, also when it failed. */
export async function runCheck({ name, look }: Check, patient: Patient): Promise<Finding> {
  try {
    return { check: name, ...(await look(patient)) }
  } catch (error) {
    if (!(error instanceof ChainError)) throw error
    const result = isMethodMissing(error) ? 'not served' : `failed: ${reasonOf(error)}`
    return { check: name, result, consequence: 'not known; nothing is built on it', good: false }
  }
}

/** An answer in a word: served, null, not served, or the refusal. */
export function served(answer: unknown): string {
  if (isMethodMissing(answer)) return 'not served'
  if (answer instanceof RpcError) return `refused: ${reasonOf(answer)}`
  return answer === null ? 'null' : 'served'
}

/** Servers can be wordy. */
const WORDS_MAX = 100
const MESSAGE_MAX = 250

/** Why something failed, in one line: the words of the server where it refused. */
export function reasonOf(error: Error): string {
  return error instanceof RpcError ? `"${shorten(error.words)}" (${error.code})` : shorten(error.message, MESSAGE_MAX)
}

/** The first line of a text, up to `max` characters of it. */
export function shorten(text: string, max = WORDS_MAX): string {
  const line = text.split('\n')[0]!
  return line.length <= max ? line : `${line.slice(0, max - 1)}…`
}
