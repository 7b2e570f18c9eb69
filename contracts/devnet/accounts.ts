import { bytesToHex } from 'viem'
import { mnemonicToAccount, privateKeyToAddress } from 'viem/accounts'
import type { Address } from '../address.ts'
import type { DevAccount } from './types.ts'

/** Foundry's public development mnemonic; its keys are worth nothing on any real chain. */
export const devMnemonic = 'test test test test test test test test test test test junk'

/** How many accounts of the mnemonic anvil funds. */
export const accountCount = 48

/** Index ranges of the accounts by the part they play. */
const parts = {
  deployer: [0, 1],
  liquidityProvider: [1, 2],
  retail: [2, 14],
  aggregatorRetail: [14, 22],
  twap: [22, 25],
  burst: [25, 27],
  arbitrageur: [27, 29],
  marketMaker: [29, 31],
  sandwicher: [31, 32],
  jit: [32, 33],
  noise: [33, 37],
  whale: [37, 40],
} as const

/** Name of the part an account plays. */
export type AccountPart = keyof typeof parts

/** The devnet's accounts by part; the rest of the `accountCount` accounts is `spare`, free for tests. */
export type Accounts = Record<AccountPart | 'spare', readonly DevAccount[]> & {
  all: readonly DevAccount[]
}

let cached: Accounts | undefined

/** Derives all accounts from the development mnemonic. */
export function devAccounts(): Accounts {
  cached ??= deriveAccounts()
  return cached
}

function deriveAccounts(): Accounts {
  const root = mnemonicToAccount(devMnemonic, { path: "m/44'/60'/0'/0" }).getHdKey()
  const all = Array.from({ length: accountCount }, (_, index): DevAccount => {
    const key = root.deriveChild(index).privateKey
    if (!key) throw new TypeError(`no private key at index ${index} of the development mnemonic`)
    const privateKey = bytesToHex(key)
    return { index, privateKey, address: privateKeyToAddress(privateKey).toLowerCase() as Address }
  })
  const byPart = Object.fromEntries(
    Object.entries(parts).map(([part, [from, to]]) => [part, all.slice(from, to)]),
  ) as Record<AccountPart, DevAccount[]>
  return { ...byPart, spare: all.slice(parts.whale[1]), all }
}

/**
 * Returns the first account of a list.
 * @throws RangeError on an empty list
 */
export function firstAccount(accounts: readonly DevAccount[]): DevAccount {
  const account = accounts[0]
  if (!account) throw new RangeError('no account in the list')
  return account
}
