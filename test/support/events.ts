import { type AbiEvent, encodeAbiParameters, encodeEventTopics, parseAbiItem } from 'viem'
import type { Address, Hex, Log } from '../../indexer/types/block.ts'
import { hash } from './logs.ts'

/**
 * A log of the event with this text, such as `Sync(uint112 reserve0, uint112 reserve1)`, encoded by viem.
 * @param values of the arguments in the order of the text.
 */
export function encodeEvent(text: string, emitter: Address, values: readonly unknown[]): Log {
  const item = parseAbiItem(`event ${text}`) as AbiEvent
  const indexed = item.inputs.map((input, index) => (input.indexed ? values[index] : undefined))
  const args = indexed.filter((_, index) => item.inputs[index]!.indexed)
  const topics = encodeEventTopics({
    abi: [{ ...item, inputs: item.inputs.filter((input) => input.indexed) }],
    args,
  } as never)
  const signature = encodeEventTopics({ abi: [item] } as never)[0] as Hex
  const plain = item.inputs.flatMap((input, index) => (input.indexed ? [] : [{ input, value: values[index] }]))
  const data = encodeAbiParameters(
    plain.map(({ input }) => input),
    plain.map(({ value }) => value),
  )
  return {
    ...{ address: emitter, topics: [signature, ...(topics.slice(1) as Hex[])], data },
    ...{ logIndex: 0, transactionIndex: 0, transactionHash: hash(0) },
  }
}
