import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { accountCount, devMnemonic } from './accounts.ts'
import { createRpc, type Rpc } from './rpc.ts'

/** anvil could not be found, or ended before it answered. */
export class AnvilError extends Error {
  override name = 'AnvilError'
}

/** A running anvil node. */
export type Anvil = { url: string; rpc: Rpc; stop(): Promise<void> }

/** Settings of the node that must be fixed for a chain to be reproducible. */
export type AnvilOptions = {
  chainId: number
  /** Unix seconds of block 0. */
  genesisTimestamp: number
  baseFeePerGas: bigint
  gasLimit: number
  /** How many of the last blocks keep their state; older ones answer no call. */
  keptStates: number
  /** Blocks of an epoch: a block is safe after one and final after two; left out means anvil's 32. */
  slotsInEpoch?: number
}

const startAttempts = 5
const readyDeadlineMs = 20_000

/**
 * Starts anvil on a free port of 127.0.0.1 with mining switched off.
 * @throws AnvilError when the binary is missing or never answers
 */
export async function startAnvil(options: AnvilOptions): Promise<Anvil> {
  const binary = findAnvilBinary()
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const anvil = await tryStart(binary, port, options)
    if (anvil) return anvil
    // Another process may have taken the port between the probe and anvil's own bind.
    if (attempt === startAttempts)
      throw new AnvilError(`${binary} ended before it answered, ${attempt} times, last on port ${port}`)
  }
}

/**
 * Returns the path of the binary inside the npm package for this platform.
 * @throws AnvilError when npm installed no package for it
 */
export function findAnvilBinary(): string {
  const platform = process.platform === 'win32' ? 'win32' : process.platform
  const arch = process.arch === 'x64' ? 'amd64' : process.arch
  const executable = process.platform === 'win32' ? 'anvil.exe' : 'anvil'
  const require = createRequire(import.meta.url)
  try {
    // The platform package is a dependency of @foundry-rs/anvil, so it is resolved from there.
    const fromAnvil = createRequire(require.resolve('@foundry-rs/anvil/package.json'))
    return fromAnvil.resolve(`@foundry-rs/anvil-${platform}-${arch}/bin/${executable}`)
  } catch (cause) {
    throw new AnvilError(`no anvil binary for ${platform} ${arch} in node_modules`, { cause })
  }
}

async function tryStart(binary: string, port: number, options: AnvilOptions): Promise<Anvil | undefined> {
  const child = spawnGuarded(binary, anvilArguments(port, options))
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const isAlive = () => child.exitCode === null && child.signalCode === null && child.pid !== undefined
  const url = `http://127.0.0.1:${port}`
  const rpc = createRpc(url)
  async function stop(): Promise<void> {
    await rpc.close()
    child.stdin?.destroy()
    if (process.platform === 'win32') child.kill()
    await ended
  }
  if (await isReady(rpc, isAlive)) return { url, rpc, stop }
  await stop()
  return undefined
}

function anvilArguments(port: number, options: AnvilOptions): string[] {
  return [
    ...['--host', '127.0.0.1', '--port', `${port}`, '--quiet', '--no-mining', '--order', 'fifo'],
    // Cancun: from Prague on each block adds a slot to the history contract, and so to every later state.
    ...['--hardfork', 'cancun'],
    ...['--chain-id', `${options.chainId}`, '--timestamp', `${options.genesisTimestamp}`],
    ...['--accounts', `${accountCount}`, '--balance', '1000000', '--mnemonic', devMnemonic],
    ...['--auto-impersonate', '--no-request-size-limit', '--gas-limit', `${options.gasLimit}`],
    ...['--block-base-fee-per-gas', `${options.baseFeePerGas}`],
    // The proxy keeps every block itself, so anvil may forget the traces of old transactions as well.
    ...['--prune-history', `${options.keptStates}`, '--transaction-block-keeper', `${options.keptStates}`],
    ...(options.slotsInEpoch === undefined ? [] : ['--slots-in-an-epoch', `${options.slotsInEpoch}`]),
  ]
}

/**
 * Starts a command that ends with this process, however this process ends (SIGKILL included):
 * a shell holds the read end of our pipe, and when that reads end-of-file it ends the command.
 * The group of its own keeps a terminal's Ctrl-C from anvil, so the parent can still read from it
 * while it shuts down.
 */
function spawnGuarded(binary: string, args: string[]): ChildProcess {
  const stdio: ['pipe', 'ignore', 'ignore'] = ['pipe', 'ignore', 'ignore']
  if (process.platform === 'win32') {
    const child = spawn(binary, args, { stdio, windowsHide: true })
    process.once('exit', () => child.kill())
    return child
  }
  const script = [
    'exec 3<&0',
    '"$@" </dev/null 3<&- & pid=$!',
    '(cat <&3 >/dev/null; kill -9 $pid) 2>/dev/null & guard=$!',
    'wait $pid',
    'kill $guard 2>/dev/null',
  ].join('\n')
  return spawn('/bin/sh', ['-c', script, 'flowprint-anvil', binary, ...args], { stdio, detached: true })
}

async function isReady(rpc: Rpc, isAlive: () => boolean): Promise<boolean> {
  for (const start = Date.now(); isAlive() && Date.now() - start < readyDeadlineMs; ) {
    try {
      await rpc.call('eth_chainId')
      return isAlive()
    } catch {
      // Connection refused until anvil listens; the loop is bounded by the deadline.
      await delay(10)
    }
  }
  return false
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new AnvilError('no free port')
  return address.port
}
