import { FlowprintError } from '../../db/errors.ts'
import { ChainError } from '../chain/errors.ts'

/** The command line or the environment asks for something that cannot be. */
export class UsageError extends FlowprintError {
  override name = 'UsageError'
}

/** True for failures that the user can mend: they are told in one line, without a stack trace. */
export function isExpected(error: unknown): error is Error {
  return error instanceof FlowprintError || error instanceof ChainError
}
