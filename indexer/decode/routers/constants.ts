import type { Address } from '../../types/block.ts'
import type { Account } from './family.ts'

const MSG_SENDER: Address = `0x${'0'.repeat(39)}1`
const ADDRESS_THIS: Address = `0x${'0'.repeat(39)}2`

/** An amount of this is all that the UniversalRouter holds. Source: ActionConstants. */
export const CONTRACT_BALANCE = 1n << 255n

/** The account a recipient stands for: 1 is the sender and 2 the router. Source: Constants of SwapRouter02, ActionConstants. */
export function mappedAccount(recipient: Address): Account {
  if (recipient === MSG_SENDER) return 'SENDER'
  return recipient === ADDRESS_THIS ? 'ROUTER' : recipient
}
