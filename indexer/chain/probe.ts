import { EndpointError } from './errors.ts'
import { toNumber } from './format.ts'
import { pause } from './pause.ts'
import { createRpc } from './rpc.ts'

/** At the start somebody waits for the answer. */
const TIMEOUT_MS = 5_000
const ATTEMPTS = 5
const WAIT_MS = 200

/**
 * Asks an endpoint for its chain id, at the start. One that is not there fails at once; one that answers with anything
 * else gets a few more tries, as a hiccup must not end the program before it began.
 * @throws the errors of the chain layer.
 */
export async function probeChainId(url: string): Promise<number> {
  const rpc = createRpc(url, { attempts: 2, timeoutMs: TIMEOUT_MS, waitMaxMs: TIMEOUT_MS })
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        return toNumber(await rpc.request('eth_chainId', []), 'eth_chainId')
      } catch (error) {
        if (attempt >= ATTEMPTS || (error instanceof EndpointError && error.fault === 'connection')) throw error
        await pause(WAIT_MS * 2 ** (attempt - 1))
      }
    }
  } finally {
    await rpc.close()
  }
}
