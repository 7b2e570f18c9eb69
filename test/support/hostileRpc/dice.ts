import { createRandom } from '../random.ts'

/** Random numbers for a fault and a request: the same for the same seed, however the requests overtake each other. */
export type Dice = (fault: string) => () => number

/** Makes the dice of one request after the other. A repeated request gets other numbers than the first time. */
export function createDice(seed: number): (request: string) => Dice {
  const seen = new Map<number, number>()
  return (request) => {
    const key = hashText(request)
    const times = seen.get(key) ?? 0
    seen.set(key, times + 1)
    return (fault) => createRandom(hashText(`${seed} ${key} ${times} ${fault}`))
  }
}

/** FNV-1a, 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash >>> 0
}
