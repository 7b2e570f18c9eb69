/**
 * Finest clock known for the arrivals of a block: the sequencer's, that of a node that got the block later,
 * or none but the block's own timestamp.
 */
export type Clock = 'sequencer' | 'node' | 'block'

/** The clock of a block, and whether the block shows it by itself. */
export type BlockClock = { clock: Clock; tested: boolean }
