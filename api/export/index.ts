export { ExportBusyError, ExportRequestError } from './errors.ts'
export { createExportHandler, type ExportHandler, type ExportHandlerOptions, matchExportPath } from './handler.ts'
