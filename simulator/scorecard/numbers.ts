/** Numbers that become more, eight bytes each. */
export type Numbers = {
  add(value: number): void
  /** All so far, in order; not to be changed. */
  values(): Float64Array
}

const FIRST = 64

/** An empty list. */
export function createNumbers(): Numbers {
  let held = new Float64Array(FIRST)
  let length = 0
  return {
    add: (value) => {
      if (length === held.length) {
        const larger = new Float64Array(held.length * 2)
        larger.set(held)
        held = larger
      }
      held[length++] = value
    },
    values: () => held.subarray(0, length),
  }
}
