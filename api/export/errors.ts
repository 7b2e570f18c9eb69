import { FlowprintError } from '../../db/errors.ts'

/** An export is asked for that cannot be: a data set, format, chain or range that does not exist. */
export class ExportRequestError extends FlowprintError {
  override name = 'ExportRequestError'
}

/** As many exports run as are allowed at once. */
export class ExportBusyError extends FlowprintError {
  override name = 'ExportBusyError'
  /** When to ask again, in seconds. */
  readonly retryAfterSeconds = 5
  constructor(limit: number) {
    super(`${limit} exports are running, which is the limit; try again later`)
  }
}

/** The file to write, or an unfinished one of another export, exists already. */
export class ExportFileError extends FlowprintError {
  override name = 'ExportFileError'
}

/** The chain was reorganised while it was exported, so that the rows read do not belong together. */
export class ExportReorganisedError extends FlowprintError {
  override name = 'ExportReorganisedError'
  constructor(blockNumber: number) {
    super(`block ${blockNumber} was replaced while it was exported; start the export again`)
  }
}
