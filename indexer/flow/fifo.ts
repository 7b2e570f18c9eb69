/** What is cut off at once, at least. */
const CUT_MIN = 1_000

/** A queue in the order of the chain: the oldest goes first, and what stands in it can be looked at by place. */
export type Fifo<Item> = {
  push(item: Item): void
  /** The oldest; null when it is empty. */
  oldest(): Item | null
  /** Takes the oldest out; there must be one. */
  shift(): Item
  /** The item at a place from 0, the oldest; undefined beyond the last. */
  at(place: number): Item | undefined
  size(): number
}

/** An empty queue, which cuts off what was taken only now and then. */
export function createFifo<Item>(): Fifo<Item> {
  const items: Item[] = []
  let taken = 0
  return {
    push: (item) => void items.push(item),
    oldest: () => items[taken] ?? null,
    shift: () => {
      const item = items[taken++]!
      if (taken > CUT_MIN && taken * 2 > items.length) {
        items.splice(0, taken)
        taken = 0
      }
      return item
    },
    at: (place) => items[taken + place],
    size: () => items.length - taken,
  }
}
