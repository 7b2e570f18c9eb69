import type { ExportPage } from '../../../db/queries/export.ts'
import type { Dataset } from '../datasets.ts'

/** What an encoder has to know of a page that is written, to go on after it; JSON. */
export type PageState = unknown

/** Makes the bytes of a file, in the order begin, page …, end. */
export type Encoder = {
  begin(): Buffer
  page(page: ExportPage): { bytes: Buffer; state: PageState }
  end(): Buffer
}

/** Makes an encoder that goes on after so many bytes and the pages that are written. */
export type CreateEncoder = (dataset: Dataset, written: { bytes: number; states: readonly PageState[] }) => Encoder
