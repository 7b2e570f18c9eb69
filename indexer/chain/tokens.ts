import type { ChainProfile } from '../../contracts/chains/profile.ts'
import type { Address, Hex } from '../types/block.ts'
import type { Token } from '../types/pool.ts'
import { fetchMulticall } from './multicall.ts'
import type { Rpc } from './rpc.ts'

// Selectors of ERC-20 (EIP-20): symbol(), name(), decimals().
const SELECTORS: readonly Hex[] = ['0x95d89b41', '0x06fdde03', '0x313ce567']
const WORD_DIGITS = 64
const TEXT_LENGTH_MAX = 128

/**
 * Asks token contracts for symbol, name and decimals.
 * @param questions the tokens, each at the end of the block that first shows it.
 * @returns one token each, in the order given; null fields where the contract gives no usable answer. The base token is
 * not asked for: its symbol is the profile's.
 * @throws EndpointError when the endpoint fails.
 */
export async function fetchTokens(
  rpc: Rpc,
  questions: readonly { address: Address; blockNumber: number }[],
  profile: ChainProfile,
  signal?: AbortSignal,
): Promise<Token[]> {
  const contracts = questions.filter(({ address }) => !BASE_TOKENS.has(address))
  const answered = new Map(
    (await askContracts(rpc, contracts, profile.multicall3, signal)).map((token) => [
      `${token.address} ${token.firstSeenBlock}`,
      token,
    ]),
  )
  return questions.map(
    ({ address, blockNumber }) =>
      answered.get(`${address} ${blockNumber}`) ?? baseToken(address, profile.nativeSymbol, blockNumber),
  )
}

/** The base token has no contract to be asked, or one that stands for it (L2BaseToken of ZKsync). */
const BASE_TOKENS: ReadonlySet<Address> = new Set([
  '0x0000000000000000000000000000000000000000',
  '0x000000000000000000000000000000000000800a',
  '0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',
])
const BASE_TOKEN_DECIMALS = 18

function baseToken(address: Address, symbol: string, firstSeenBlock: number): Token {
  return { address, symbol, name: symbol, decimals: BASE_TOKEN_DECIMALS, firstSeenBlock }
}

async function askContracts(
  rpc: Rpc,
  questions: readonly { address: Address; blockNumber: number }[],
  multicall3: Address | null,
  signal: AbortSignal | undefined,
): Promise<Token[]> {
  const tokens = await askTokens(rpc, questions, multicall3, signal)
  // What a token does not say now stays null for good, so it has to be silent twice, the second time asked alone.
  const silent = tokens.flatMap((token, index) => (token.symbol === null || token.decimals === null ? [index] : []))
  const again = await askTokens(
    rpc,
    silent.map((index) => questions[index]!),
    null,
    signal,
  )
  for (const [position, index] of silent.entries()) {
    const [first, second] = [tokens[index]!, again[position]!]
    const { symbol, name, decimals } = first
    tokens[index] = {
      ...first,
      symbol: symbol ?? second.symbol,
      name: name ?? second.name,
      decimals: decimals ?? second.decimals,
    }
  }
  return tokens
}

async function askTokens(
  rpc: Rpc,
  questions: readonly { address: Address; blockNumber: number }[],
  multicall3: Address | null,
  signal: AbortSignal | undefined,
): Promise<Token[]> {
  const calls = questions.flatMap(({ address: to, blockNumber }) =>
    SELECTORS.map((data) => ({ to, data, blockNumber })),
  )
  const answers = await fetchMulticall(rpc, multicall3, calls, signal)
  return questions.map(({ address, blockNumber }, index) => {
    const [symbol, name, decimals] = answers.slice(index * SELECTORS.length)
    return {
      address,
      symbol: symbol ? decodeText(symbol) : null,
      name: name ? decodeText(name) : null,
      decimals: decimals ? decodeDecimals(decimals) : null,
      firstSeenBlock: blockNumber,
    }
  })
}

/** A `string` or, as older tokens return it, a `bytes32`; control characters removed; null when empty or neither. */
export function decodeText(data: Hex): string | null {
  const digits = data.slice(2)
  const bytes = digits.length === WORD_DIGITS ? Buffer.from(digits, 'hex') : stringBytes(digits)
  if (bytes === null) return null
  const text = bytes
    .toString('utf8')
    // Postgres refuses NUL; the others would let a token forge the lines of a log.
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFD]/gu, '')
    .trim()
  return text === '' ? null : [...text].slice(0, TEXT_LENGTH_MAX).join('')
}

/** A uint8; null when the word is larger. */
export function decodeDecimals(data: Hex): number | null {
  if (data.length < 2 + WORD_DIGITS) return null
  const value = BigInt(data.slice(0, 2 + WORD_DIGITS))
  return value <= 255n ? Number(value) : null
}

/** The bytes of an ABI-encoded string that is the only return value; null when offset or length point outside. */
function stringBytes(digits: string): Buffer | null {
  const offset = wordAsNumber(digits, 0)
  const length = offset === null ? null : wordAsNumber(digits, offset)
  if (offset === null || length === null) return null
  const start = (offset + 32) * 2
  return start + length * 2 <= digits.length ? Buffer.from(digits.slice(start, start + length * 2), 'hex') : null
}

function wordAsNumber(digits: string, byteOffset: number): number | null {
  const word = digits.slice(byteOffset * 2, byteOffset * 2 + WORD_DIGITS)
  if (word.length < WORD_DIGITS) return null
  const value = BigInt(`0x${word}`)
  return value < BigInt(digits.length) ? Number(value) : null
}
