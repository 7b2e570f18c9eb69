import { z } from 'zod'
import { DEFAULT_DATABASE_URL } from '../../db/open.ts'
import { UsageError } from './errors.ts'

/** Everything that can be set, after flags and environment are merged and checked. */
export type Config = Readonly<z.infer<typeof schema>>

/** Values of the command line; undefined = not given. */
export type Flags = Record<string, string | boolean | undefined>

const blockNumber = (name: string) =>
  z
    .string()
    .regex(/^\d{1,15}$/, `${name} must be a block number such as 0 or 1200000`)
    .transform(Number)

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'PORT must be a number from 0 to 65535')
  .transform(Number)
  .refine((value) => value <= 65_535, 'PORT must be a number from 0 to 65535')

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const urls = z.string().transform((text) =>
  text
    .split(',')
    .map((url) => url.trim())
    .filter((url) => url !== ''),
)

const schema = z.object({
  rpc: urls.default([]),
  l1Rpc: urls.default([]),
  pending: z.boolean().default(true),
  chain: z.string().optional(),
  databaseUrl: z.string().default(DEFAULT_DATABASE_URL),
  start: blockNumber('--start (START_BLOCK)').optional(),
  end: blockNumber('--end (END_BLOCK)').optional(),
  host: z.string().default('127.0.0.1'),
  port: port.default(4000),
  logLevel: z.enum(LOG_LEVELS, `LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
  json: z.boolean().default(false),
})

/** Which environment variable stands behind each setting. */
const ENVIRONMENT: Partial<Record<keyof z.input<typeof schema>, string>> = {
  rpc: 'RPC_URL',
  l1Rpc: 'L1_RPC_URL',
  chain: 'CHAIN',
  databaseUrl: 'DATABASE_URL',
  start: 'START_BLOCK',
  end: 'END_BLOCK',
  host: 'HOST',
  port: 'PORT',
  logLevel: 'LOG_LEVEL',
}

/**
 * Merges flags over environment and checks the result; an empty variable counts as not set.
 * @throws UsageError naming the first value that is wrong.
 */
export function readConfig(flags: Flags, environment: NodeJS.ProcessEnv): Config {
  const merged: Record<string, unknown> = { json: flags.json === true, pending: flags.pending !== false }
  for (const [key, variable] of Object.entries(ENVIRONMENT)) {
    const value = flags[key] ?? environment[variable]
    if (value !== undefined && value !== '') merged[key] = value
  }
  const result = schema.safeParse(merged)
  if (!result.success) {
    const issue = result.error.issues[0]!
    throw new UsageError(`${issue.message}, not "${String(merged[String(issue.path[0])])}"`)
  }
  const { start, end } = result.data
  if (start !== undefined && end !== undefined && start > end) {
    throw new UsageError(`--start ${start} is above --end ${end}; the range would be empty`)
  }
  return Object.freeze(result.data)
}
