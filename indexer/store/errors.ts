import { FlowprintError } from '../../db/errors.ts'

/** The stored rows begin at another block than asked for. */
export class StartBlockError extends FlowprintError {
  override name = 'StartBlockError'
  constructor(location: string, stored: number, asked: number) {
    super(
      `${location} holds this chain from block ${stored}, but --start is ${asked}; leave --start out to go on, or use another database`,
    )
  }
}

/** The cursor is not where this process left it: another one has written. */
export class CursorMovedError extends FlowprintError {
  override name = 'CursorMovedError'
  constructor(chainId: number, expected: number) {
    super(
      `the cursor of chain ${chainId} is no longer at block ${expected}: another process has written; this one stops`,
    )
  }
}

/** Rows of final blocks were to be removed. */
export class FinalRowsError extends FlowprintError {
  override name = 'FinalRowsError'
  constructor(chainId: number, keep: number, final: number) {
    super(
      `rows of chain ${chainId} above block ${keep} were to be removed, but block ${final} is final; nothing was changed`,
    )
  }
}
