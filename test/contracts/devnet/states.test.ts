import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '../../../contracts/devnet/index.ts'
import { type Caller, createCaller } from './caller.ts'

const syncTopic = '0x1c411e9a96e071241c2f21f7726b17ae89e3cab4c78be50e062b03a9fffbbad1'
const getReserves = '0x0902f1ac'

describe('state of old blocks', () => {
  let devnet: Devnet
  let rpc: Caller
  beforeAll(async () => {
    devnet = await startDevnet({ history: 60, keptStates: 40 })
    rpc = createCaller(devnet.url)
  })
  afterAll(async () => {
    await rpc.close()
    await devnet.close()
  })

  test('eth_call reads the reserves that the last Sync up to the block left', async () => {
    const pair = devnet.pools.v2WethUsdc.address
    const filter = { fromBlock: '0x0', toBlock: 'latest', address: pair, topics: [syncTopic] }
    const syncs = await rpc.call<{ blockNumber: string; data: string }[]>('eth_getLogs', filter)
    expect(syncs.length).toBeGreaterThan(30)
    for (let number = devnet.tip() - 35; number <= devnet.tip(); number++) {
      const last = syncs.findLast((log) => Number(log.blockNumber) <= number)
      const reserves = await rpc.call<string>('eth_call', { to: pair, data: getReserves }, `0x${number.toString(16)}`)
      expect(reserves.slice(0, 130)).toBe(last!.data)
    }
  })

  test('below the kept states the server says that the block is pruned', async () => {
    const call = { to: devnet.pools.v2WethUsdc.address, data: getReserves }
    const { code, message } = await rpc.refusal('eth_call', call, '0x6')
    expect(code).toBe(-32602)
    expect(message).toMatch(/^Block with such an ID is pruned; the first retained block is \d+$/)
    const first = Number(/\d+$/.exec(message)?.[0])
    expect(await rpc.call('eth_call', call, `0x${first.toString(16)}`)).toHaveLength(2 + 3 * 64)
  })
})
