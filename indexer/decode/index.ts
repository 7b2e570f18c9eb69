import type { BlockBundle, Hex, Log } from '../types/block.ts'
import type { ChainEvent, Family, LendingFamily } from '../types/event.ts'
import type { UndecodedRow } from '../types/rows.ts'
import { algebra } from './algebra.ts'
import { amigo } from './amigo.ts'
import { balancerV2 } from './balancerV2.ts'
import { cloberV2 } from './cloberV2.ts'
import { copump } from './copump.ts'
import { curveCrypto } from './curveCrypto.ts'
import { curveStable } from './curveStable.ts'
import { ezkalibur } from './ezkalibur.ts'
import type { FamilyDecoders, LendingDecoders } from './family.ts'
import { gmxV1 } from './gmxV1.ts'
import { iziswap } from './iziswap.ts'
import { kyberClassic } from './kyberClassic.ts'
import { kyberElastic } from './kyberElastic.ts'
import { aaveV3 } from './lending/aaveV3.ts'
import { compoundV2 } from './lending/compoundV2.ts'
import { gmxV1Liquidations } from './lending/gmxV1.ts'
import { morphoBlue } from './lending/morphoBlue.ts'
import { venus } from './lending/venus.ts'
import { maverickV1 } from './maverickV1.ts'
import { maverickV2 } from './maverickV2.ts'
import { mute } from './mute.ts'
import { oneinchAqua } from './oneinchAqua.ts'
import { pancakeStable } from './pancakeStable.ts'
import { pancakeV3 } from './pancakeV3.ts'
import { slipstream } from './slipstream.ts'
import { solidly } from './solidly.ts'
import { syncswapAqua } from './syncswapAqua.ts'
import { syncswapClassic } from './syncswapClassic.ts'
import { syncswapStable } from './syncswapStable.ts'
import { uniswapV2 } from './uniswapV2.ts'
import { uniswapV3 } from './uniswapV3.ts'
import { uniswapV4 } from './uniswapV4.ts'
import { velocoreV2 } from './velocoreV2.ts'
import { velodromeV2 } from './velodromeV2.ts'
import { wombat } from './wombat.ts'
import { woofi } from './woofi.ts'

/** Every protocol family that is decoded. A new one is a file beside this and a line here. */
const families: readonly FamilyDecoders[] = [
  uniswapV2,
  ezkalibur,
  solidly,
  mute,
  velodromeV2,
  syncswapClassic,
  syncswapStable,
  syncswapAqua,
  uniswapV3,
  pancakeV3,
  slipstream,
  algebra,
  kyberElastic,
  uniswapV4,
  iziswap,
  kyberClassic,
  maverickV1,
  maverickV2,
  curveStable,
  curveCrypto,
  pancakeStable,
  balancerV2,
  velocoreV2,
  woofi,
  wombat,
  cloberV2,
  oneinchAqua,
  gmxV1,
  amigo,
  copump,
]

/** Every lending family whose liquidations are decoded. */
const lendingFamilies: readonly LendingDecoders[] = [aaveV3, compoundV2, venus, morphoBlue, gmxV1Liquidations]

/** One shape under a topic0, with the families that emit it. */
type Shape = { families: string[]; decode: (log: Log, families: readonly never[]) => ChainEvent | null }

const shapes = collectShapes()

/** The topic0 of every event that is decoded: the filter for eth_getLogs. */
export const knownTopics: readonly Hex[] = [...shapes.keys()]

/** Families whose events, shared with many others, most blocks with any of our logs have. */
const COMMON: readonly FamilyDecoders[] = [uniswapV2, uniswapV3, pancakeV3, solidly]

/**
 * The topic0 of the events that nearly every block with one of our logs has. A bloom filter says of any list of topics
 * that one of them is there by chance, the longer the list the more often, so blooms are asked about these only.
 */
export const commonTopics: readonly Hex[] = [
  ...new Set(COMMON.flatMap(({ decoders }) => Object.keys(decoders) as Hex[])),
]

/** A block with its logs decoded, events by logIndex ascending. */
export type DecodedBlock = { bundle: BlockBundle; events: ChainEvent[]; undecoded: UndecodedRow[] }

/** Decodes the logs of one block; those that have no shape we know come back with the reason. */
export function decodeBlock(bundle: BlockBundle): DecodedBlock {
  const events: ChainEvent[] = []
  const undecoded: UndecodedRow[] = []
  for (const log of bundle.logs) {
    // A system log may carry the index of a transaction it does not belong to.
    const belongs = bundle.transactions.get(log.transactionIndex)?.hash === log.transactionHash
    const event = belongs ? decodeLog(log) : 'no-transaction'
    if (event === null) undecoded.push(toUndecoded(bundle.block.number, log, 'malformed'))
    else if (event === 'no-transaction') undecoded.push(toUndecoded(bundle.block.number, log, 'no-transaction'))
    else events.push(event)
  }
  return { bundle, events, undecoded }
}

/**
 * The event a log holds; null when topic0 is not known or the log has none of the shapes of that topic0. Topic0 and shape
 * leave several families where these share an event byte for byte: `families` names them, the pool decides.
 */
export function decodeLog(log: Log): ChainEvent | null {
  const candidates = log.topics[0] === undefined ? undefined : shapes.get(log.topics[0])
  if (candidates === undefined) return null
  for (const { decode, families } of candidates) {
    const event = decode(log, families as never[])
    if (event !== null) return event
  }
  return null
}

/** The families that may emit an event with this topic0, whatever its shape. */
export function familiesOf(topic0: Hex): readonly string[] {
  return [...new Set((shapes.get(topic0) ?? []).flatMap((shape) => shape.families))]
}

/** A log as it is kept when it cannot be used. */
export function toUndecoded(blockNumber: number, log: Log, reason: UndecodedRow['reason']): UndecodedRow {
  const { logIndex, transactionHash, address, topics, data } = log
  return { blockNumber, logIndex, transactionHash, address, topics, data, reason }
}

function collectShapes(): Map<Hex, Shape[]> {
  const all = new Map<Hex, Shape[]>()
  for (const { family, decoders } of [...families, ...lendingFamilies]) {
    for (const [topic0, decode] of Object.entries(decoders) as [Hex, Shape['decode']][])
      addShape(all, topic0, family, decode)
  }
  return all
}

function addShape(all: Map<Hex, Shape[]>, topic0: Hex, family: Family | LendingFamily, decode: Shape['decode']): void {
  const shapes = all.get(topic0) ?? []
  all.set(topic0, shapes)
  const same = shapes.find((shape) => shape.decode === decode)
  if (same) same.families.push(family)
  else shapes.push({ families: [family], decode })
}
