import { readdirSync, readFileSync } from 'node:fs'
import { type AbiEvent, type AbiParameter, encodeAbiParameters, keccak256, parseAbiItem } from 'viem'
import { decodeLog } from '../../indexer/decode/index.ts'
import type { Address, Hex } from '../../indexer/types/block.ts'
import type { ChainEvent } from '../../indexer/types/event.ts'
import { encodeEvent } from './events.ts'
import { address } from './logs.ts'

const EVENT_TEXT = /\/\/ (\w+\(.*\))\n/g
/** Values of an event begin with this number; where the first does not decode, the next is tried. */
const BEGINNINGS = [0, 1, -1, 2, -2]
const [A, B, C, EMITTER] = [address(0x01), address(0x02), address(0x03), address(0xee)]

/** The texts of all decoded events, from the comments beside their topic0. */
export function readEventTexts(): string[] {
  const folder = new URL('../../indexer/decode/', import.meta.url)
  const names = [...readdirSync(folder), ...readdirSync(new URL('lending/', folder)).map((name) => `lending/${name}`)]
  const texts = names
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [...readFileSync(new URL(name, folder), 'utf8').matchAll(EVENT_TEXT)].map(([, text]) => text!))
  return [...new Set(texts)]
}

/** What is read of an event with this text; empty when no made-up values are possible ones. */
export function probeEvent(text: string): ChainEvent[] {
  const { name, inputs } = parseAbiItem(`event ${text}`) as AbiEvent
  const made = madeByHand[`${name}:${inputs.length}`]
  if (made !== undefined) return made.flatMap((values) => decodeLog(encodeEvent(text, EMITTER, values)) ?? [])
  for (const beginning of BEGINNINGS) {
    const values = inputs.map((input, index) => makeValue(input, beginning + index))
    const event = decodeLog(encodeEvent(text, EMITTER, values))
    if (event !== null) return [event]
  }
  return []
}

const POOL_KEY = [A, B, 500, 10, address(0)]
const poolId = keccak256(
  encodeAbiParameters(
    ['address', 'address', 'uint24', 'int24', 'address'].map((type) => ({ type })),
    POOL_KEY,
  ),
)
const twoTokens = encodeAbiParameters([{ type: 'address' }, { type: 'address' }], [A, B])
const word = (token: Address): Hex => `0x${token.slice(2).padStart(64, '0')}`

/** Events whose arguments depend on each other, or are read in more than one way, by name and number of arguments. */
const madeByHand: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  'Initialize:8': [[poolId, ...POOL_KEY, 2n ** 96n, 0]],
  'RegisterPool:4': [1, 2, 3].map((type) => [C, A, type, twoTokens]),
  'Swap:4': [
    [C, A, [word(A), word(B)], [5n, -6n]],
    [C, A, [word(A), word(B), word(C)], [5n, 6n, -9n]],
  ],
}

function makeValue(input: AbiParameter, number: number): unknown {
  const { type } = input
  const [, of, length] = /^(.*)\[(\d*)\]$/.exec(type) ?? []
  if (of !== undefined) {
    const item = { ...input, type: of } as AbiParameter
    return Array.from({ length: length === '' ? 2 : Number(length) }, (_, index) => makeValue(item, number + index))
  }
  if ('components' in input) {
    return Object.fromEntries(input.components.map((part, index) => [part.name, makeValue(part, number + index)]))
  }
  if (type === 'bool') return true
  if (type === 'address') return toHex(number + 1, 40)
  if (type === 'bytes' || type === 'string') return '0x'
  if (type.startsWith('bytes')) return toHex(number + 1, 64)
  const whole = type.startsWith('uint') ? Math.abs(number) : number
  return /int(8|16|24|32)$/.test(type) ? whole : BigInt(whole)
}

function toHex(number: number, digits: number): Hex {
  return `0x${Math.abs(number).toString(16).padStart(digits, '0')}`
}
