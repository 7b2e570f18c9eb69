import { setTimeout as delay } from 'node:timers/promises'
import { keccak256 } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import type { Address } from '../address.ts'
import { type Core, devnetChainId } from './core.ts'
import { type Driver, nextTimestamp } from './driver.ts'
import type { LabelWriter } from './labels.ts'
import { createRpc, RpcError } from './rpc.ts'
import { defaultGas, feesOf, sendThroughL1 } from './submit.ts'
import type { Hex, PlannedTransaction } from './types.ts'

/** Blocks made by the wall clock, with or without agents. */
export type Traffic = {
  /** Ends the current slot and waits; nothing is sent or mined until `resume`. */
  pause(): Promise<void>
  resume(): void
  /** Ends for good. */
  stop(): Promise<void>
}

/** Settings of the traffic. */
export type TrafficOptions = {
  core: Core
  /** Null leaves the agents out: blocks then hold what others send. */
  driver: Driver | null
  labels: LabelWriter
  /** The proxy's address; agents use it as anyone else would. */
  url: string
  blockTimeMs: number
}

/** Part of a slot in which agents send; the rest lets the last ones arrive. */
const sendingShare = 0.8

/** Starts a loop of slots: agents send signed transactions, then a block is made of what arrived. */
export function startTraffic({ core, driver, labels, url, blockTimeMs }: TrafficOptions): Traffic {
  const rpc = createRpc(url)
  let isRunning = true
  let loop = run()

  async function run(): Promise<void> {
    while (isRunning) {
      const end = performance.now() + blockTimeMs
      try {
        if (driver) await sendAll(driver.planSlot(blockTimeMs * sendingShare))
        await delay(Math.max(0, end - performance.now()))
        // Under load a slot runs late; blocks are made only when there is something to put in.
        if (core.sequencer.all().length > 0 || (core.l1?.view.pending().length ?? 0) > 0)
          await core.producer.produce(nextTimestamp(core, Math.floor(Date.now() / 1000)))
        else await core.l1?.idle(Math.floor(Date.now() / 1000))
      } catch (error) {
        core.log('devnet slot failed', { error: String(error) })
        await delay(blockTimeMs)
      }
    }
  }

  async function sendAll(planned: readonly PlannedTransaction[]): Promise<void> {
    const start = performance.now()
    for (const transaction of planned) if (transaction.isThroughL1) await sendThroughL1(core, labels, transaction)
    const direct = planned.filter(({ isThroughL1 }) => !isThroughL1)
    const signed = await signAll(core, direct)
    const chains = new Map<string, { atMs: number; raw: Hex }[]>()
    for (const { transaction, raw, hash } of signed) {
      const { label, from, atMs } = transaction
      labels.write([{ transactionHash: hash, from: from.address, ...label }])
      // The legs of a group and the children of one account must arrive in order.
      const key = label.groupId ?? from.address
      chains.set(key, [...(chains.get(key) ?? []), { atMs, raw }])
    }
    await Promise.all([...chains.values()].map((chain) => sendChain(chain, start)))
  }

  async function sendChain(chain: readonly { atMs: number; raw: Hex }[], start: number): Promise<void> {
    for (const { atMs, raw } of chain) {
      // At least two milliseconds after the leg before it: the sequencer's clock counts whole ones.
      await delay(Math.max(2, start + atMs - performance.now()))
      try {
        await rpc.call('eth_sendRawTransaction', [raw])
      } catch (error) {
        if (!(error instanceof RpcError)) throw error
        core.log('transaction refused', { reason: error.message })
      }
    }
  }

  return {
    async pause() {
      isRunning = false
      await loop
    },
    resume() {
      isRunning = true
      loop = run()
    },
    async stop() {
      isRunning = false
      await loop
      await rpc.close()
    },
  }
}

type Signed = { transaction: PlannedTransaction; raw: Hex; hash: Hex }

async function signAll(core: Core, planned: readonly PlannedTransaction[]): Promise<Signed[]> {
  const nonces = new Map<Address, number>()
  const signed: Signed[] = []
  for (const transaction of planned) {
    const { from, to, data, valueWei = 0n, gas = defaultGas, tipWei } = transaction
    const nonce = nonces.get(from.address) ?? core.sequencer.nextNonce(from.address, core.chain.nonce(from.address))
    nonces.set(from.address, nonce + 1)
    const raw = await privateKeyToAccount(from.privateKey).signTransaction({
      ...{ type: 'eip1559', chainId: devnetChainId, nonce, to, data, value: valueWei, gas },
      ...feesOf(core.mode, tipWei),
    })
    signed.push({ transaction, raw, hash: keccak256(raw) })
  }
  return signed
}
