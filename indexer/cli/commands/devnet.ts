import { STACKS, type Stack } from '../../../contracts/chains/profile.ts'
import { startDevnet } from '../../../contracts/devnet/index.ts'
import type { Config, Flags } from '../config.ts'
import { UsageError } from '../errors.ts'
import { createLog } from '../log.ts'
import { assertPortFree } from '../port.ts'
import { stopOnSignal, untilAborted } from '../stop.ts'

/** `flowprint devnet`: the local chain alone, for other programs to follow. */
export async function runDevnet(config: Config, flags: Flags): Promise<void> {
  const log = await createLog(config)
  const signal = stopOnSignal()
  const port = wholeNumber(flags, 'rpcPort') ?? 8545
  await assertPortFree('127.0.0.1', port)
  const seed = wholeNumber(flags, 'seed')
  const history = wholeNumber(flags, 'history')
  if (flags.l1 === true && flags.mode === 'evm')
    throw new UsageError('--l1 is for era and zksync-os: a plain chain settles nowhere')
  const devnet = await startDevnet({
    mode: readMode(flags.mode),
    port,
    traffic: flags.traffic !== false,
    l1: flags.l1 === true ? { swapShare: 0.05 } : false,
    ...(seed === undefined ? {} : { seed }),
    ...(history === undefined ? {} : { history }),
    log: (message, fields) => log.info(fields, message),
  })
  log.info(
    {
      rpc: devnet.url,
      webSocket: devnet.webSocketUrl,
      ...(devnet.l1 ? { l1: devnet.l1.url, diamond: devnet.l1.diamond } : {}),
      chainId: devnet.chainId,
      mode: devnet.mode,
      labels: devnet.labelsPath,
    },
    'local chain is up',
  )
  if (config.json) {
    const { url, webSocketUrl, chainId, l1 } = devnet
    process.stdout.write(`${JSON.stringify({ url, webSocketUrl, l1Url: l1?.url ?? null, chainId })}\n`)
  }
  await untilAborted(signal)
  await devnet.close()
}

function readMode(value: Flags[string]): Stack {
  const mode = STACKS.find((stack) => stack === (value ?? 'era'))
  if (mode === undefined) throw new UsageError(`--mode must be one of ${STACKS.join(', ')}, not "${String(value)}"`)
  return mode
}

function wholeNumber(flags: Flags, name: string): number | undefined {
  const value = flags[name]
  if (value === undefined) return undefined
  if (typeof value !== 'string' || !/^\d{1,9}$/.test(value)) {
    throw new UsageError(`--${name.replace('rpcPort', 'rpc-port')} must be a whole number, not "${String(value)}"`)
  }
  return Number(value)
}
