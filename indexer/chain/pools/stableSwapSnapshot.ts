import type { Address, Hex } from '../../types/block.ts'
import type { InnerState, PoolClaim } from '../../types/pool.ts'
import { fetchCalls } from '../calls.ts'
import type { Rpc } from '../rpc.ts'
import { callData, type Described, selector, toSmall, wordAt, wordCount } from './probe.ts'

const GETTERS = {
  amp: selector('A()'),
  preciseAmp: selector('A_precise()'),
  initialA: selector('initial_A()'),
  futureA: selector('future_A()'),
  initialTime: selector('initial_A_time()'),
  futureTime: selector('future_A_time()'),
  fee: selector('fee()'),
  adminFee: selector('admin_fee()'),
  multiplier: selector('offpeg_fee_multiplier()'),
  storedRates: selector('stored_rates()'),
  basePool: selector('BASE_POOL()'),
  oldBasePool: selector('base_pool()'),
  totalSupply: selector('totalSupply()'),
  token: selector('token()'),
  lpToken: selector('lp_token()'),
} as const
const BALANCES = [selector('balances(uint256)'), selector('balances(int128)')]
const UNDERLYING = [selector('underlying_coins(uint256)'), selector('underlying_coins(int128)')]
const DECIMALS = selector('decimals()')
const VIRTUAL_PRICE = selector('get_virtual_price()')
const FEE_WHOLE = 10n ** 10n
const MAX_DECIMALS = 18
/** Source: A_PRECISION of the pools that have A_precise(). */
const AMP_PRECISION = 100n

type Getters = { readonly [name in keyof typeof GETTERS]: bigint | null }

/**
 * Reads parameters and balances of a StableSwap pool before the block of a claim; of one that is made in this block, its
 * parameters at the end of it and empty balances.
 * @returns null when the node does not serve all of it, or the rates of its coins cannot be told (lending).
 */
export async function fetchStableSwapSnapshot(
  rpc: Rpc,
  { address, blockNumber, creation }: PoolClaim,
  { tokens }: Described,
  signal?: AbortSignal,
): Promise<InnerState | null> {
  const isNew = creation !== null || !(await isThere(rpc, address, blockNumber - 1, signal))
  const at = isNew ? blockNumber : blockNumber - 1
  const read = (calls: readonly { to: Address; data: Hex }[]) =>
    fetchCalls(
      rpc,
      calls.map((call) => ({ ...call, blockNumber: at })),
      'null',
      signal,
    )
  const names = Object.keys(GETTERS) as (keyof typeof GETTERS)[]
  const answers = await read([
    ...names.map((name) => ({ to: address, data: GETTERS[name] })),
    ...UNDERLYING.map((data) => ({ to: address, data: callData(data, 0) })),
    ...BALANCES.flatMap((data) => tokens.map((_, position) => ({ to: address, data: callData(data, position) }))),
    ...tokens.map((to) => ({ to, data: DECIMALS })),
  ])
  const getters = Object.fromEntries(names.map((name, index) => [name, wordAt(answers[index], 0)])) as Getters
  const storedRates = answers[names.indexOf('storedRates')]
  const [underlying, oldUnderlying, ...rest] = answers.slice(names.length)
  const base = getters.basePool ?? getters.oldBasePool
  // Coins that earn interest have rates of their own, which each lender tells in another way.
  if (base === null && (wordCount(underlying) > 0 || wordCount(oldUnderlying) > 0)) return null
  const count = tokens.length
  const [newer, older, places] = [rest.slice(0, count), rest.slice(count, 2 * count), rest.slice(2 * count)]
  const plain = plainRates(places)
  const told = toRates(storedRates, count)
  const virtualPrice = base === null ? null : wordAt((await read([{ to: toAddress(base), data: VIRTUAL_PRICE }]))[0], 0)
  if (base !== null && (virtualPrice === null || virtualPrice === 0n)) return null
  const rates = told ?? (base === null ? plain : (plain?.with(-1, virtualPrice!) ?? null))
  const balances = isNew ? tokens.map(() => 0n) : (toBalances(newer) ?? toBalances(older))
  const terms = toTerms(getters)
  if (rates === null || balances === null || terms === null) return null
  const isPlain = base === null && rates.every((rate, position) => rate === plain?.[position])
  const supply = isNew ? 0n : (getters.totalSupply ?? (await readSupply(read, getters.token ?? getters.lpToken)))
  return { kind: 'inner', inner: { ...terms, balances, rates, supply, isPlain }, doubts: 0 }
}

/** True when a pool of Curve answered at a block. */
export async function isThere(rpc: Rpc, to: Address, blockNumber: number, signal?: AbortSignal): Promise<boolean> {
  if (blockNumber < 0) return false
  const [answer] = await fetchCalls(rpc, [{ to, data: GETTERS.amp, blockNumber }], 'null', signal)
  return wordCount(answer) > 0
}

type Read = (calls: readonly { to: Address; data: Hex }[]) => Promise<(Hex | null)[]>

async function readSupply(read: Read, token: bigint | null): Promise<bigint | null> {
  if (token === null) return null
  const [answer] = await read([{ to: toAddress(token), data: GETTERS.totalSupply }])
  return wordCount(answer) === 1 ? wordAt(answer, 0) : null
}

function toAddress(word: bigint): Address {
  return `0x${BigInt.asUintN(160, word).toString(16).padStart(40, '0')}`
}

/** What brings a balance to 18 decimals, times 1e18; null when a token does not tell. */
function plainRates(answers: readonly (Hex | null)[]): bigint[] | null {
  const places = answers.map(toSmall)
  if (places.some((place) => place === null || place > MAX_DECIMALS)) return null
  return places.map((place) => 10n ** BigInt(36 - place!))
}

/** The rates of stored_rates(), a list of fixed length or of any; null for others. */
function toRates(answer: Hex | null | undefined, count: number): bigint[] | null {
  const words = wordCount(answer)
  const isList = words === count + 2 && wordAt(answer, 0) === 32n && wordAt(answer, 1) === BigInt(count)
  if (!isList && words !== count) return null
  const rates = Array.from({ length: count }, (_, index) => wordAt(answer, (isList ? 2 : 0) + index)!)
  return rates.every((rate) => rate > 0n && rate < 1n << 128n) ? rates : null
}

function toBalances(answers: readonly (Hex | null)[]): bigint[] | null {
  const balances = answers.map((answer) => (wordCount(answer) === 1 ? wordAt(answer, 0) : null))
  return balances.every((balance) => balance !== null) ? balances : null
}

/** Curve and fees; null when one is missing or impossible. Pools that cannot ramp have one amplification for good. */
function toTerms(getters: Getters) {
  const { amp, preciseAmp, fee, adminFee, multiplier } = getters
  const current = preciseAmp ?? amp
  if (current === null || current === 0n || fee === null || adminFee === null) return null
  if (fee >= FEE_WHOLE || adminFee > FEE_WHOLE) return null
  const { initialA, futureA, initialTime, futureTime } = getters
  const isRamped = initialA !== null && futureA !== null && initialTime !== null && futureTime !== null
  const ramp = isRamped
    ? { initialA, futureA, initialTime, futureTime }
    : { initialA: current, futureA: current, initialTime: 0n, futureTime: 0n }
  const ampPrecision = preciseAmp === null ? 1n : AMP_PRECISION
  const variant = multiplier === null ? 'legacy' : 'ng'
  return { variant, ramp, ampPrecision, fee, adminFee, offpegFeeMultiplier: multiplier }
}
