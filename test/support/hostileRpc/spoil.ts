import type { Answer, Call, Exchange, Fault, RpcErrorBody } from './types.ts'

/** Changes a result; undefined when this one cannot be spoilt in that way. */
type Change = (result: unknown, call: Call, exchange: Exchange) => unknown | Promise<unknown>

/** A fault that changes the result of one call of a request. */
export function spoilOne(methods: readonly string[], change: Change): Fault {
  return {
    stage: 'answers',
    methods,
    spoil: async (exchange, answers) => {
      for (const target of shuffle(exchange.targets, exchange.random)) {
        const answer = answers[target]
        if (answer === undefined || answer.error !== undefined) continue
        const result = await change(answer.result, exchange.calls[target]!, exchange)
        if (result !== undefined) return answers.with(target, { ...answer, result })
      }
      return null
    },
  }
}

/** The answer with an error in place of a result. */
export function refuse({ id }: Answer, error: RpcErrorBody): Answer {
  return { jsonrpc: '2.0', id, error }
}

/** The items in another order; the same for the same random numbers. */
export function shuffle<T>(items: readonly T[], random: () => number): T[] {
  const shuffled = [...items]
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    ;[shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!]
  }
  return shuffled
}

/** One of the items, which must not be empty. */
export function pick<T>(items: readonly T[], random: () => number): T {
  return items[Math.floor(random() * items.length)]!
}

/** A hash that no block has. */
export function falseHash(random: () => number): string {
  const digits = Array.from({ length: 64 }, () => Math.floor(random() * 16).toString(16))
  return `0x${digits.join('')}`
}
