/** Which L1 blocks the L2 node had seen at each of its own blocks. */
export type Timeline = {
  /** Says that L1 reached `l1Block` while L2 stood at `l2Tip`. */
  add(l1Block: number, l2Tip: number): void
  /** Returns the last L1 block that existed when L2 block `l2Block` was the last. */
  seenAt(l2Block: number): number
  /** Moves what happened above L2 block `l2Block` down to it: L1 forgets nothing. */
  rolledBack(l2Block: number): void
}

/** Creates the timeline of an L1 at block 0. */
export function createTimeline(): Timeline {
  const l2Tips = [0]
  return {
    add(l1Block, l2Tip) {
      while (l2Tips.length <= l1Block) l2Tips.push(l2Tip)
    },
    seenAt: (l2Block) => l2Tips.findLastIndex((tip) => tip <= l2Block),
    rolledBack(l2Block) {
      for (let block = l2Tips.length - 1; (l2Tips[block] ?? 0) > l2Block; block--) l2Tips[block] = l2Block
    },
  }
}
