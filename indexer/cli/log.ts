import pino, { type Logger } from 'pino'
import type { Config } from './config.ts'

/** The program's log on standard error: JSON lines with `--json`, otherwise one readable line an entry. */
export async function createLog({ json, logLevel }: Pick<Config, 'json' | 'logLevel'>): Promise<Logger> {
  if (json) return pino({ level: logLevel, base: null }, pino.destination({ dest: 2, sync: true }))
  // pino's own transports run in threads that a build does not carry along; as a stream it works everywhere.
  const { default: pretty } = await import('pino-pretty')
  const stream = pretty({
    colorize: process.stderr.isTTY === true,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'pid,hostname',
    singleLine: true,
    destination: 2,
    sync: true,
  })
  return pino({ level: logLevel, base: null }, stream)
}
