import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { chainProfiles } from '../../../contracts/chains/index.ts'
import {
  findRouter,
  ROUTER_FAMILIES,
  ROUTER_KINDS,
  type RouterKind,
  router,
} from '../../../contracts/chains/routers.ts'

type Listed = { name: string; address: string; kind: string }

const PROTOCOLS = fileURLToPath(new URL('../../../../shared/reference/protocols.json', import.meta.url))
const isThere = existsSync(PROTOCOLS)
if (!isThere) console.info(`skipped: routers against ${PROTOCOLS}, which is absent`)
const listed = isThere ? (JSON.parse(readFileSync(PROTOCOLS, 'utf8')) as { routers: Record<string, Listed[]> }) : null

/** Of two words in the list the first counts. */
const KINDS: Record<string, RouterKind> = {
  ...{ dex: 'router', intent: 'solver', aggregator: 'aggregator', 'aggregator/bridge': 'aggregator' },
  ...{ bridge: 'bridge', 'bridge/aggregator': 'bridge', wallet: 'wallet', helper: 'helper' },
}
const NAMES: Record<string, string> = { era: 'zksync-era', cronos_zkevm: 'cronos-zkevm', zklink: 'zklink-nova' }
const profileOf = (name: string) => chainProfiles.find((profile) => profile.name === (NAMES[name] ?? name))
const cow = '0x9008d19f58aabd9ed0d60971565aa8510560ab41'

describe.skipIf(!isThere)('the routers of the profiles against protocols.json', () => {
  const chains = Object.entries(listed?.routers ?? {})

  test('has routers of six chains', () => {
    expect(chains.filter(([, routers]) => routers.length > 0).length).toBe(6)
  })

  test.each(chains)('%s', (chain, routers) => {
    const profile = profileOf(chain)!
    const expected = routers.map(({ address, kind }) => ({ address: address.toLowerCase(), kind: KINDS[kind] }))
    const known = expected.map(({ address }) => {
      const found = findRouter(profile, address as `0x${string}`)
      return { address, kind: found?.kind }
    })
    expect(known).toEqual(expected)
    // Nothing else stands there but CoW's settlement, which the list has not.
    const others = profile.routers.filter(({ address }) => !expected.some((one) => one.address === address))
    expect(others.map(({ address }) => address)).toEqual(chain === 'lens' ? [cow] : [])
  })

  test.each(chains)('%s: names say which contract it is', (chain, routers) => {
    const profile = profileOf(chain)!
    for (const { address, name } of routers) {
      const known = findRouter(profile, address.toLowerCase() as `0x${string}`)!.name
      expect(known.split(' ')[0]).toBe(name.split(' ')[0])
    }
  })
})

describe.each(chainProfiles.map((profile) => [profile.name, profile] as const))('the routers of %s', (_, profile) => {
  const addresses = profile.routers.map(({ address }) => address)

  test('are addresses in lower case, none twice', () => {
    expect(addresses.filter((address) => !/^0x[0-9a-f]{40}$/.test(address))).toEqual([])
    expect(new Set(addresses).size).toBe(addresses.length)
  })

  test('have a name, a kind, and a family only where they are routers', () => {
    for (const { name, kind, family } of profile.routers) {
      expect(name).toMatch(/^\S.*\S$/)
      expect(ROUTER_KINDS).toContain(kind)
      if (family !== null) expect([ROUTER_FAMILIES.includes(family), kind]).toEqual([true, 'router'])
    }
  })

  test('are no factories', () => {
    const factories = new Set<string>(profile.factories.map(({ address }) => address))
    expect(addresses.filter((address) => factories.has(address))).toEqual([])
  })
})

test('CoW’s settlement is a solver on Ethereum and on Lens', () => {
  const chains = chainProfiles.filter((profile) => findRouter(profile, cow)?.kind === 'solver')
  expect(chains.map(({ name }) => name).sort()).toEqual(['ethereum', 'lens'])
})

test('the routers of Ethereum and their families', () => {
  const profile = profileOf('ethereum')!
  expect(profile.routers.map(({ name, kind, family }) => [name, kind, family])).toEqual([
    ['Uniswap V2 Router02', 'router', 'uniswap-v2-router02'],
    ['Uniswap V3 SwapRouter', 'router', 'uniswap-v3-swap-router'],
    ['Uniswap SwapRouter02', 'router', 'uniswap-swap-router02'],
    ['Uniswap UniversalRouter V1', 'router', 'uniswap-universal-router'],
    ['Uniswap UniversalRouter V1.2', 'router', 'uniswap-universal-router'],
    ['Uniswap UniversalRouter V2', 'router', 'uniswap-universal-router'],
    ['SushiSwap Router', 'router', 'uniswap-v2-router02'],
    ['1inch AggregationRouterV5', 'aggregator', null],
    ['1inch AggregationRouterV6', 'aggregator', null],
    ['0x ExchangeProxy', 'aggregator', null],
    ['Odos RouterV2', 'aggregator', null],
    ['CoW Protocol GPv2Settlement', 'solver', null],
  ])
})

test('the families of Era', () => {
  const profile = profileOf('era')!
  const families = profile.routers.flatMap(({ name, family }) => (family === null ? [] : [`${name}: ${family}`]))
  expect(families).toEqual([
    'SyncSwap Router: syncswap-router',
    'SyncSwap RouterV2: syncswap-router',
    'SyncSwap RouterV3: syncswap-router',
    'Mute/Koi Router: mute-router',
    'SpaceFi Router: uniswap-v2-router02',
    'ZKSwap Finance Router: uniswap-v2-router02',
    'PancakeSwap V2 Router: uniswap-v2-router02',
    'PancakeSwap SmartRouter: pancake-smart-router',
    'PancakeSwap UniversalRouter: pancake-universal-router',
    'PancakeSwap V3 SwapRouter: uniswap-v3-swap-router',
    'Uniswap UniversalRouter: uniswap-universal-router',
    'Uniswap SwapRouter02: uniswap-swap-router02',
    'iZiSwap Swap v2: iziswap-swap',
    'iZiSwap Swap v1: iziswap-swap',
    ...Array.from({ length: 3 }, () => 'Velocore V1 router: solidly-router'),
    'VeSync Router: solidly-router',
  ])
})

describe('findRouter', () => {
  const known = router('0x00000000000000000000000000000000000000aa', 'A router', 'router', 'mute-router')
  const helper = router('0x00000000000000000000000000000000000000bb', 'A helper', 'helper')

  test('what is known of an account, and null for others', () => {
    const profile = { routers: [known, helper] }
    expect(findRouter(profile, known.address)).toBe(known)
    expect(findRouter(profile, helper.address)).toEqual({ ...helper, family: null })
    expect(findRouter(profile, '0x00000000000000000000000000000000000000cc')).toBeNull()
    expect(findRouter({ routers: [] }, known.address)).toBeNull()
  })
})
