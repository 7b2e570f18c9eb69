import { RpcError } from '../rpc.ts'
import type { Hex } from '../types.ts'
import type { Method, ProxyContext } from './context.ts'
import { methodNotFound, ProxyError } from './errors.ts'
import { ethMethods } from './ethMethods.ts'
import { filterMethods } from './filters.ts'
import { modeMethods } from './modeMethods.ts'
import { pinBlock } from './tags.ts'

/** Prefixes of what anvil may answer in the played server's place. */
const passedOn: Readonly<Record<ProxyContext['mode'], RegExp>> = {
  era: /^(eth|web3|net)_/,
  'zksync-os': /^(eth|web3|net|debug|ots)_/,
  evm: /^(eth|web3|net|debug|txpool|trace|ots)_/,
}

/** Needs an unlocked account, which no server of these kinds holds; mining is the devnet's own. */
const neverPassedOn = /^eth_(sendTransaction|sign|signTransaction|mining|coinbase|submit|getWork|sendUnsigned)/

/**
 * Answers one call as JSON text: from the mode's own methods, from the copy, or from anvil.
 * @throws ProxyError or RpcError with the answer's error
 */
export async function dispatch(
  context: ProxyContext,
  method: string,
  params: readonly unknown[],
  receivedAtUs: bigint,
): Promise<string> {
  const own: Method | undefined = modeMethods[context.mode][method] ?? ethMethods[method] ?? filterMethods[method]
  if (own) return own(context, params, receivedAtUs)
  if (!passedOn[context.mode].test(method) || neverPassedOn.test(method)) throw methodNotFound()
  try {
    const inner = withInnerHashes(context, pinBlock(context, method, params))
    return JSON.stringify((await context.anvil.call(method, inner)) ?? null)
  } catch (error) {
    throw isPrunedState(error) ? statePruned(context) : error
  }
}

/** anvil knows what came from L1 under hashes of its own. */
function withInnerHashes({ l1 }: ProxyContext, params: readonly unknown[]): readonly unknown[] {
  return l1 ? params.map((param) => l1.operation(String(param) as Hex)?.innerHash ?? param) : params
}

/** The block exists, or `pinBlock` had thrown: anvil has let go of its state. */
function isPrunedState(error: unknown): boolean {
  return error instanceof RpcError && error.message.startsWith('BlockOutOfRange')
}

function statePruned({ mode, chain, keptStates }: ProxyContext): ProxyError {
  const first = Math.max(0, chain.tip() - keptStates)
  if (mode === 'era')
    return new ProxyError(-32602, `Block with such an ID is pruned; the first retained block is ${first}`)
  return new ProxyError(-32000, `historical state is not available below block ${first}`)
}
