import type { Address, Hex } from '../../indexer/types/block.ts'
import type { ClockedBlock } from '../clocks.ts'
import type { Behaviour } from '../labels.ts'
import type { RpcLog } from '../rpcTypes.ts'
import type { SimulatedToken } from '../tokens.ts'
import { topics } from '../topics.ts'

/** A swap as the scorecard sees it, in floating point. */
export type ScoredSwap = {
  pool: Address
  trader: Address
  /** Place of its transaction in the block. */
  transactionIndex: number
  /** Unix seconds: of the arrival where it is told, else of the block. */
  seconds: number
  /** 1 when token0 leaves the pool, -1 when it comes in. */
  sign: 1 | -1
  /** At the prices with which the history begins. */
  usd: number
  /** Of token0 in token1 after the swap, in base units. */
  price: number
  /** True where one of the tokens is no stablecoin. */
  isVolatile: boolean
  /** Whose trade it is; null for what is no trade by its label. */
  behaviour: Behaviour | null
}

/** Reads the swaps of blocks one after the other, the block that makes the pools first. */
export type SwapReader = (block: ClockedBlock) => ScoredSwap[]

type Sides = readonly [SimulatedToken, SimulatedToken]

const WORD_DIGITS = 64
const ADDRESS_DIGITS = 40
const Q96 = 2 ** 96
const MICROSECONDS = 1e6

/** Creates a reader for a chain with these tokens; pools of other tokens are left out. */
export function createSwapReader(tokens: readonly SimulatedToken[]): SwapReader {
  const byAddress = new Map(tokens.map((token) => [token.address, token]))
  const pools = new Map<Address, Sides>()
  /** What a pair said of its reserves last: this stands before its swap. */
  const reserves = new Map<Address, number>()
  const learn = ({ topics: [, token0, token1] }: RpcLog, pool: Address) => {
    const sides = [token0!, token1!].map((topic) => byAddress.get(addressIn(topic)))
    if (sides.every((side) => side !== undefined)) pools.set(pool, sides as unknown as Sides)
  }
  const read = (log: RpcLog): { amount0: number; amount1: number; price: number } | null => {
    switch (log.topics[0]) {
      case topics.pairCreated:
        learn(log, addressIn(wordOf(log, 0)))
        return null
      case topics.poolCreated:
        learn(log, addressIn(wordOf(log, 1)))
        return null
      case topics.sync:
        reserves.set(log.address, Number(wordOf(log, 1)) / Number(wordOf(log, 0)))
        return null
      case topics.pairSwap: {
        const [in0, in1, out0, out1] = [0, 1, 2, 3].map((index) => Number(wordOf(log, index)))
        return { amount0: in0! - out0!, amount1: in1! - out1!, price: reserves.get(log.address) ?? Number.NaN }
      }
      case topics.rangeSwap:
        return { amount0: signed(log, 0), amount1: signed(log, 1), price: (Number(wordOf(log, 2)) / Q96) ** 2 }
      default:
        return null
    }
  }
  return ({ block, receipts, arrivals, labels }) =>
    receipts.flatMap(({ logs, from, transactionIndex: place }) => {
      const transactionIndex = Number(place)
      const arrival = arrivals[transactionIndex] ?? null
      return logs.flatMap((log): ScoredSwap[] => {
        const swap = read(log)
        const sides = pools.get(log.address)
        if (swap === null || sides === undefined) return []
        return [
          {
            ...{ pool: log.address, trader: from, transactionIndex, price: swap.price },
            seconds: arrival === null ? Number(block.timestamp) : arrival / MICROSECONDS,
            sign: swap.amount0 < 0 ? 1 : -1,
            usd: usdOf(sides, [swap.amount0, swap.amount1]),
            isVolatile: sides.some(({ usd }) => usd !== 1),
            behaviour: labels.transactions[transactionIndex]?.flow?.behaviour ?? null,
          },
        ]
      })
    })
}

/** By the side whose price does not move, where there is one. */
function usdOf(sides: Sides, amounts: readonly [number, number]): number {
  const side = sides[1].usd === 1 ? 1 : 0
  const { usd, decimals } = sides[side]
  return (Math.abs(amounts[side]) / 10 ** decimals) * usd
}

function wordOf({ data }: RpcLog, index: number): Hex {
  return `0x${data.slice(2 + index * WORD_DIGITS, 2 + (index + 1) * WORD_DIGITS)}`
}

function signed(log: RpcLog, index: number): number {
  return Number(BigInt.asIntN(256, BigInt(wordOf(log, index))))
}

function addressIn(word: Hex): Address {
  return `0x${word.slice(-ADDRESS_DIGITS)}`
}
