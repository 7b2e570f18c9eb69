import type { Address } from '../../types/block.ts'
import type { SwapIntent } from '../../types/intent.ts'
import { CalldataError } from './calldata.ts'
import type { Account, Leg, Step } from './family.ts'
import { BASE_TOKEN } from './path.ts'

const UINT256_MAX = (1n << 256n) - 1n

/** The transaction around the calldata. */
export type Call = { to: Address; valueWei: bigint; sender: Address; wrappedNative: Address | null }

/** Legs of which each takes what the one before gave, and where the output is now. */
type Chain = Omit<Leg, 'source' | 'recipient'> & { holder: Account }

/** What is known of the router's pockets between two steps. */
type Ledger = {
  call: Call
  chains: Chain[]
  valueLeftWei: bigint
  /** True once base token was wrapped for a swap. */
  wrapped: boolean
  /** Tokens that the sender moved to the router. */
  funded: Set<Address>
  /** What the PoolManager was given from outside of the swaps; amount 0 is what is owed. */
  settled: Map<Address, { from: 'SENDER' | 'ROUTER'; amount: bigint | null }>
  deadline: bigint | null
}

/**
 * The one swap that the steps come to, null when they hold none.
 *
 * Legs in a row are one path when each takes, out of the router or the PoolManager, what the one before left there.
 * Paths with the same kind, tokens and recipient are parts of one split. Whatever is neither is refused: swaps of
 * different tokens or of tokens that are not known, exact outputs in a row, a split in the middle of a path, an input
 * that may be base token or not.
 * @throws CalldataError when it is refused
 */
export function planIntent(steps: readonly Step[], call: Call): SwapIntent | null {
  const ledger: Ledger = {
    ...{ call, chains: [], valueLeftWei: call.valueWei, wrapped: false },
    ...{ funded: new Set<Address>(), settled: new Map(), deadline: null },
  }
  for (const step of steps) take(ledger, resolved(step, call))
  const [first, ...others] = ledger.chains
  if (first === undefined) return null
  for (const other of others) {
    const isPart = (['kind', 'tokenIn', 'tokenOut', 'holder'] as const).every((field) => other[field] === first[field])
    // What is not known of two may differ.
    if (!isPart || first.tokenOut === null) throw new CalldataError('swaps that are no parts of one')
  }
  const { kind, tokenIn, tokenOut, holder } = first
  return {
    ...{ kind, tokenIn, tokenOut },
    amountIn: sum(ledger.chains.map(({ amountIn }) => amountIn)),
    amountOut: sum(ledger.chains.map(({ amountOut }) => amountOut)),
    recipient: addressOf(holder, call),
    deadline: ledger.deadline === null || ledger.deadline > Number.MAX_SAFE_INTEGER ? null : Number(ledger.deadline),
    path: ledger.chains.map(({ path }) => path).join(' + '),
  }
}

function take(ledger: Ledger, step: Step): void {
  if (step.step === 'swap') swap(ledger, step.leg)
  else if (step.step === 'wrap') wrap(ledger, step.amount, step.recipient)
  else if (step.step === 'fund') ledger.funded.add(step.token)
  else if (step.step === 'unwrap') unwrap(ledger, step.minimum, step.recipient)
  else if (step.step === 'send') send(chainsAt(ledger, step.from, step.token), step.minimum, step.recipient)
  else if (step.step === 'pay') pay(chainsAt(ledger, step.from, step.token), step.amount, step.recipient)
  else if (step.step === 'settle') settle(ledger, step.from, step.token, step.amount)
  else if (ledger.deadline === null || step.deadline < ledger.deadline) ledger.deadline = step.deadline
}

function swap(ledger: Ledger, leg: Leg): void {
  const [before, another] = ledger.chains.filter((chain) => feeds(chain, leg))
  if (another !== undefined) throw new CalldataError('a swap of what two swaps gave')
  if (before === undefined) {
    const { source: _, recipient: holder, ...opened } = { ...leg, ...inputOf(ledger, leg) }
    ledger.chains.push({ ...opened, holder })
    return
  }
  if (before.kind !== 'EXACT_IN' || leg.kind !== 'EXACT_IN') throw new CalldataError('exact outputs in a row')
  if (leg.amountIn !== null && leg.amountIn !== before.amountOut) throw new CalldataError('a swap of a part of another')
  before.path = joined(before.path, leg)
  Object.assign(before, { tokenOut: leg.tokenOut, amountOut: leg.amountOut, holder: leg.recipient })
}

function feeds(chain: Chain, leg: Leg): boolean {
  if (chain.tokenOut !== leg.tokenIn) return false
  if (leg.source === 'ROUTER' || leg.source === 'POOL_MANAGER') return chain.holder === leg.source
  return leg.source === 'POOL' && chain.holder.startsWith('0x')
}

/** The token and the amount that a swap begins with when no other gave it. */
function inputOf(ledger: Ledger, leg: Leg): Pick<Leg, 'tokenIn' | 'amountIn'> {
  const { tokenIn, amountIn } = leg
  switch (leg.source) {
    case 'SENDER':
      return { tokenIn, amountIn }
    case 'VALUE':
      return { tokenIn, amountIn: ledger.call.valueWei }
    case 'VALUE_OR_SENDER':
      return { tokenIn: payableInput(ledger, leg), amountIn }
    case 'ROUTER':
    case 'POOL':
      return { tokenIn: routerInput(ledger, tokenIn), amountIn }
    case 'POOL_MANAGER': {
      const settled = ledger.settled.get(tokenIn)
      if (settled === undefined) throw new CalldataError('a V4 swap that nobody pays')
      const amount = amountIn ?? settled.amount
      // What was given can be taken once.
      if (amountIn === null) settled.amount = null
      return {
        tokenIn: settled.from === 'ROUTER' ? routerInput(ledger, tokenIn) : tokenIn,
        amountIn: amount === 0n ? null : amount,
      }
    }
  }
}

/** The router pays with the ether it was sent when that covers the whole swap. */
function payableInput(ledger: Ledger, { kind, tokenIn, amountIn }: Leg): Address {
  if (amountIn === null || amountIn === 0n || ledger.valueLeftWei === 0n || !isWrapped(ledger, tokenIn)) return tokenIn
  if (amountIn <= ledger.valueLeftWei) {
    ledger.valueLeftWei -= amountIn
    return BASE_TOKEN
  }
  if (kind === 'EXACT_OUT') throw new CalldataError('an input that may be base token or not')
  return tokenIn
}

function routerInput(ledger: Ledger, tokenIn: Address): Address {
  if (!ledger.wrapped || !isWrapped(ledger, tokenIn)) return tokenIn
  if (ledger.funded.has(tokenIn)) throw new CalldataError('an input that may be base token or not')
  return BASE_TOKEN
}

function wrap(ledger: Ledger, amount: bigint | null, recipient: Account): void {
  const { wrappedNative } = ledger.call
  const chains = chainsAt(ledger, 'ROUTER', BASE_TOKEN)
  if (chains.length > 0 && (wrappedNative === null || amount !== null))
    throw new CalldataError('a part of an output wrapped')
  for (const chain of chains) Object.assign(chain, { tokenOut: wrappedNative, holder: recipient })
  if (chains.length > 0) return
  ledger.valueLeftWei = amount !== null && amount < ledger.valueLeftWei ? ledger.valueLeftWei - amount : 0n
  // Wrapped for the sender, it is the sender's.
  if (recipient !== 'SENDER') ledger.wrapped = true
}

function unwrap(ledger: Ledger, minimum: bigint, recipient: Account): void {
  const { wrappedNative } = ledger.call
  // Without a known address, what is left of wrapped ether is told from an output by the token the swap began with.
  const chains = ledger.chains.filter(
    ({ holder, tokenIn, tokenOut }) =>
      holder === 'ROUTER' && isWrapped(ledger, tokenOut) && (wrappedNative !== null || tokenIn !== BASE_TOKEN),
  )
  if (new Set(chains.map(({ tokenOut }) => tokenOut)).size > 1) throw new CalldataError('two tokens unwrapped')
  for (const chain of chains) chain.tokenOut = BASE_TOKEN
  send(chains, minimum, recipient)
}

function send(chains: readonly Chain[], minimum: bigint, recipient: Account): void {
  const missing = minimum - sum(chains.map(({ amountOut }) => amountOut))
  for (const [index, chain] of chains.entries()) {
    chain.holder = recipient
    if (index === 0 && missing > 0n && chain.kind === 'EXACT_IN') chain.amountOut += missing
  }
}

/** An amount that is just what was bought is the output; any other is a fee. */
function pay(chains: readonly Chain[], amount: bigint, recipient: Account): void {
  const isOutput =
    chains.every(({ kind }) => kind === 'EXACT_OUT') && sum(chains.map((chain) => chain.amountOut)) === amount
  if (isOutput) for (const chain of chains) chain.holder = recipient
}

function settle(ledger: Ledger, from: 'SENDER' | 'ROUTER', token: Address, amount: bigint | null): void {
  const chains = chainsAt(ledger, from, token)
  if (chains.length > 0) {
    const isWhole = amount === null || amount === 0n || amount === sum(chains.map((chain) => chain.amountOut))
    if (!isWhole) throw new CalldataError('a swap of a part of another')
    for (const chain of chains) chain.holder = 'POOL_MANAGER'
    return
  }
  const settled = ledger.settled.get(token)
  if (settled !== undefined && settled.from !== from) throw new CalldataError('an input from two sides')
  // Of two payments a swap may take one or both.
  ledger.settled.set(token, { from, amount: settled === undefined ? amount : null })
}

/** The chains whose output is this token, and is there. */
function chainsAt(ledger: Ledger, holder: Account, token: Address): Chain[] {
  return ledger.chains.filter((chain) => chain.holder === holder && chain.tokenOut === token)
}

/** Without a known address, a token that is wrapped, unwrapped or paid with ether can only be the wrapped base token. */
function isWrapped({ call }: Ledger, token: Address | null): boolean {
  if (token === null) return false
  return call.wrappedNative === null ? token !== BASE_TOKEN : token === call.wrappedNative
}

function joined(path: string, leg: Leg): string {
  if (path.endsWith(leg.tokenIn)) return path + leg.path.slice(leg.tokenIn.length)
  return `${path} ${leg.tokenIn === BASE_TOKEN ? 'unwrap' : 'wrap'} ${leg.path}`
}

function sum<T extends bigint | null>(amounts: readonly T[]): T {
  const total = amounts.reduce<bigint | null>(
    (all, amount) => (all === null || amount === null ? null : all + amount),
    0n,
  )
  if (total !== null && total > UINT256_MAX) throw new CalldataError('amounts above uint256')
  return total as T
}

/** The step with its accounts told apart: an address may be that of the router or the sender. */
function resolved(step: Step, call: Call): Step {
  if (step.step === 'swap') {
    return { step: 'swap', leg: { ...step.leg, recipient: accountOf(step.leg.recipient, call) } }
  }
  return 'recipient' in step ? { ...step, recipient: accountOf(step.recipient, call) } : step
}

function accountOf(account: Account, { to, sender }: Call): Account {
  if (account === to) return 'ROUTER'
  return account === sender ? 'SENDER' : account
}

function addressOf(account: Account, { to, sender }: Call): Address {
  if (account === 'POOL_MANAGER') throw new CalldataError('an output that nobody takes')
  if (account === 'SENDER') return sender
  return account === 'ROUTER' ? to : account
}
