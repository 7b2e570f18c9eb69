import type { Field } from './columns.ts'
import type { ExportPlan, Format } from './plan.ts'

/** What is known of an export before its rows are read. */
export type ManifestHead = {
  dataset: string
  format: Format
  chainId: number
  blocks: {
    /** Null = no bound was given. */
    asked: { from: number | null; to: number | null }
    covered: { from: number; to: number }
    /** Hash of the last block covered. */
    lastHash: string
    /** Last block indexed at the start; settled columns hold what was decided up to it. */
    asOf: number
  }
  order: readonly string[]
}

/** What a file holds; written beside it. It tells no time, so that the same rows give the same manifest. */
export type Manifest = ManifestHead & {
  rows: number
  bytes: number
  sha256: string
  schema: readonly Pick<Field, 'name' | 'type' | 'nullable' | 'description'>[]
  program: { name: 'flowprint'; version: string }
}

/** What a plan says of its export. */
export function manifestHead({ dataset, format, asked, scope, blockHash }: ExportPlan): ManifestHead {
  return {
    ...{ dataset: dataset.name, format, chainId: scope.chainId },
    blocks: { asked, covered: { from: scope.from, to: scope.to }, lastHash: blockHash, asOf: scope.asOfBlock },
    order: dataset.source.key.map(({ name }) => name),
  }
}

/** The manifest of a finished file. */
export function createManifest(
  plan: ExportPlan,
  file: { rows: number; bytes: number; sha256: string },
  version: string,
): Manifest {
  const schema = plan.dataset.fields.map(({ name, type, nullable, description }) => ({
    ...{ name, type, nullable, description },
  }))
  return { ...manifestHead(plan), ...file, schema, program: { name: 'flowprint', version } }
}
