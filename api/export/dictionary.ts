import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Field } from './columns.ts'
import { type Dataset, datasets } from './datasets.ts'

/** The page of this checkout as it stands in docs. */
export const dictionaryPath = fileURLToPath(new URL('../../docs/data.md', import.meta.url))

/** The page docs/data.md, made from the registry of data sets and the sentences of the schema. */
export function renderDictionary(): string {
  const all = [...datasets.values()]
  return `${[INTRODUCTION, listOf(all), TYPES, OPENING, ...all.flatMap(section)].join('\n\n')}\n`
}

const INTRODUCTION = `# Data sets

Made by \`npm run data-dictionary\` from \`api/export/\` and \`db/schema/\`; a test fails when it is old.

\`\`\`
flowprint export swaps --from 1000000 --to 1999999 --format parquet --out swaps.parquet
curl -OJ 'http://127.0.0.1:4000/v1/export/swaps.parquet?from=1000000&to=1999999&chainId=324'
\`\`\`

- The range is cut to the blocks indexed at the start; the manifest (\`<file>.manifest.json\`) says what was covered, with the number of
  rows, the schema, the hash of the last block and the SHA-256 of the file. Over HTTP the same stands in headers and trailers.
- The rows are in the order given below, which no two rows share. The same request of the same rows gives the same bytes.
- An interrupted export is taken up by the same command: \`<file>.part\` goes on where \`<file>.progress.jsonl\` says, and becomes the file
  that an uninterrupted one would have been. When blocks were replaced since, it begins anew.`

const TYPES = `## Types

| type | Parquet | CSV | NDJSON |
| --- | --- | --- | --- |
| string | UTF8 | text, in quotes unless it is an amount or 0x hex | string |
| int64 | INT64 | digits | number |
| double | DOUBLE | shortest digits that give it back | number |
| boolean | BOOLEAN | \`true\`, \`false\` | \`true\`, \`false\` |
| timestamp | TIMESTAMP, microseconds, UTC | ISO 8601 ending in Z | string, ISO 8601 ending in Z |

- Amounts are exact decimal strings, since they have up to 78 digits; beside each stands the nearest double as \`<name>_float\`.
- Hashes, addresses and other bytes are \`0x\` and lower-case hex. JSON values are text.
- What is absent is null in Parquet and NDJSON and an empty field in CSV, where an empty text is \`""\`. What null means, the columns say;
  of a double it can also mean that it was no finite number.
- CSV has a header and CR LF, as in RFC 4180.`

const OPENING = `## Opening the files

DuckDB takes an address of a CSV file for a number unless it is told not to:

\`\`\`sql
select * from 'swaps.parquet';
select * from read_csv('swaps.csv', all_varchar = true);
select * from read_csv('swaps.csv', types = {'trader_address': 'VARCHAR', 'amount0': 'VARCHAR', 'timestamp': 'TIMESTAMPTZ'});
select * from read_ndjson('swaps.ndjson');
\`\`\`

\`\`\`python
import pandas as pd
pd.read_parquet('swaps.parquet')
pd.read_csv('swaps.csv', dtype=str, keep_default_na=False, na_values=[''])
pd.read_json('swaps.ndjson', lines=True, dtype=False, convert_dates=False)
\`\`\`

Exact sums need integers that are wide enough: \`sum(amount0::hugeint)\` in DuckDB up to 38 digits,
\`df.amount0.map(int).sum()\` in pandas.`

function listOf(all: readonly Dataset[]): string {
  const rows = all.map(({ name, row, fields }) => [`[${name}](#${name})`, `${fields.length}`, row])
  return `## Which there are\n\n${table(['data set', 'columns', 'one row is'], rows)}`
}

function section({ name, row, range, fields, source }: Dataset): string[] {
  const order = source.key.map((key) => `\`${key.name}\``).join(', ')
  return [
    `## ${name}`,
    row,
    `**Range:** ${range}\n\n**Order:** ${order}.`,
    table(['column', 'type', 'null', 'meaning'], fields.map(fieldRow)),
  ]
}

function fieldRow({ name, type, kind, nullable, description }: Field): string[] {
  const detail = type === 'string' && kind !== 'text' ? `, ${kind === 'bytes' ? '0x hex' : kind}` : ''
  return [`\`${name}\``, `${type}${detail}`, nullable ? 'yes' : '', description]
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const escaped = rows.map((cells) => cells.map((cell) => cell.replaceAll('|', '\\|')))
  return [head, head.map(() => '---'), ...escaped].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

// Run as a program (`npx tsx api/export/dictionary.ts`) it writes the page anew.
if (process.argv[1]?.endsWith('api/export/dictionary.ts')) writeFileSync(dictionaryPath, renderDictionary())
