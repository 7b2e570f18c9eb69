import { describe, expect, test } from 'vitest'
import { type Flags, readConfig } from '../../../indexer/cli/config.ts'
import { UsageError } from '../../../indexer/cli/errors.ts'

const defaults = {
  rpc: [],
  l1Rpc: [],
  pending: true,
  databaseUrl: 'pglite://./.flowprint',
  host: '127.0.0.1',
  port: 4000,
  logLevel: 'info',
  json: false,
}

describe('readConfig', () => {
  test('nothing is set', () => {
    expect(readConfig({}, {})).toEqual(defaults)
  })

  test('everything by the environment', () => {
    const environment = {
      RPC_URL: 'http://a, http://b ,,',
      L1_RPC_URL: 'http://l1',
      CHAIN: 'zksync-era',
      DATABASE_URL: 'postgres://db',
      START_BLOCK: '0',
      END_BLOCK: '999999999999999',
      HOST: '0.0.0.0',
      PORT: '0',
      LOG_LEVEL: 'silent',
    }
    expect(readConfig({}, environment)).toEqual({
      rpc: ['http://a', 'http://b'],
      l1Rpc: ['http://l1'],
      pending: true,
      chain: 'zksync-era',
      databaseUrl: 'postgres://db',
      start: 0,
      end: 999_999_999_999_999,
      host: '0.0.0.0',
      port: 0,
      logLevel: 'silent',
      json: false,
    })
  })

  test.each<[string, Flags, NodeJS.ProcessEnv, object]>([
    ['rpc', { rpc: 'http://flag' }, { RPC_URL: 'http://env' }, { rpc: ['http://flag'] }],
    ['l1Rpc', { l1Rpc: 'http://flag' }, { L1_RPC_URL: 'http://env' }, { l1Rpc: ['http://flag'] }],
    ['pending, which has no variable', { pending: false }, {}, { pending: false }],
    ['chain', { chain: 'flag' }, { CHAIN: 'env' }, { chain: 'flag' }],
    ['databaseUrl', { databaseUrl: 'flag' }, { DATABASE_URL: 'env' }, { databaseUrl: 'flag' }],
    ['start', { start: '1' }, { START_BLOCK: '2' }, { start: 1 }],
    ['end', { end: '1' }, { END_BLOCK: '2' }, { end: 1 }],
    ['host', { host: 'flag' }, { HOST: 'env' }, { host: 'flag' }],
    ['port', { port: '1' }, { PORT: '2' }, { port: 1 }],
    ['logLevel', { logLevel: 'warn' }, { LOG_LEVEL: 'debug' }, { logLevel: 'warn' }],
    ['a flag over a wrong variable', { port: '1' }, { PORT: 'x' }, { port: 1 }],
    ['json, which has no variable', { json: true }, { JSON: '' }, { json: true }],
  ])('a flag wins over its variable: %s', (_, flags, environment, expected) => {
    expect(readConfig(flags, environment)).toEqual({ ...defaults, ...expected })
  })

  test('an empty variable counts as not set', () => {
    const names = 'RPC_URL L1_RPC_URL CHAIN DATABASE_URL START_BLOCK END_BLOCK HOST PORT LOG_LEVEL'.split(' ')
    expect(readConfig({}, Object.fromEntries(names.map((name) => [name, ''])))).toEqual(defaults)
  })

  test('the result cannot be changed', () => {
    expect(Object.isFrozen(readConfig({}, {}))).toBe(true)
  })

  test.each(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])('log level %s', (logLevel) => {
    expect(readConfig({ logLevel }, {})).toMatchObject({ logLevel })
  })

  test.each<[Flags, NodeJS.ProcessEnv, string]>([
    [{ start: 'abc' }, {}, '--start (START_BLOCK) must be a block number such as 0 or 1200000, not "abc"'],
    [{ start: '-1' }, {}, '--start (START_BLOCK) must be a block number such as 0 or 1200000, not "-1"'],
    [{ start: '1.5' }, {}, '--start (START_BLOCK) must be a block number such as 0 or 1200000, not "1.5"'],
    [{ start: '0x10' }, {}, '--start (START_BLOCK) must be a block number such as 0 or 1200000, not "0x10"'],
    [{}, { START_BLOCK: ' 5' }, '--start (START_BLOCK) must be a block number such as 0 or 1200000, not " 5"'],
    [{}, { END_BLOCK: '1e6' }, '--end (END_BLOCK) must be a block number such as 0 or 1200000, not "1e6"'],
    [
      { end: '1234567890123456' },
      {},
      '--end (END_BLOCK) must be a block number such as 0 or 1200000, not "1234567890123456"',
    ],
    [{ port: 'http' }, {}, 'PORT must be a number from 0 to 65535, not "http"'],
    [{ port: '-1' }, {}, 'PORT must be a number from 0 to 65535, not "-1"'],
    [{}, { PORT: '65536' }, 'PORT must be a number from 0 to 65535, not "65536"'],
    [{}, { LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, not "loud"'],
    [{ start: '9', end: '8' }, {}, '--start 9 is above --end 8; the range would be empty'],
    [{ start: '9' }, { END_BLOCK: '8' }, '--start 9 is above --end 8; the range would be empty'],
  ])('%j with %j is refused', (flags, environment, message) => {
    expect(() => readConfig(flags, environment)).toThrow(UsageError)
    expect(() => readConfig(flags, environment)).toThrow(message)
  })

  test('start = end is one block', () => {
    expect(readConfig({ start: '9', end: '9' }, {})).toMatchObject({ start: 9, end: 9 })
  })
})
