import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { chainProfiles } from '../../../contracts/chains/index.ts'

const ADDRESS = /^0x[0-9a-f]{40}$/
const file = new URL('../../../../shared/reference/protocols.json', import.meta.url)

describe.each(chainProfiles.map((profile) => [profile.name, profile] as const))('profile of %s', (_, profile) => {
  const { factories, singletons, lending, create2, stablecoins } = profile

  test('addresses are in lower case', () => {
    const all = [factories, singletons, lending].flatMap((list) => list.map(({ address }) => address))
    for (const address of [...all, ...stablecoins, ...create2.map(({ factory }) => factory)])
      expect(address).toMatch(ADDRESS)
  })

  test('no contract is listed twice for a family', () => {
    for (const list of [factories, singletons, lending]) {
      const keys = list.map(({ address, family }) => `${address} ${family}`)
      expect(new Set(keys).size).toBe(keys.length)
    }
  })

  test('addresses of pools are derived for factories of the profile only', () => {
    for (const { factory } of create2) expect(factories.map(({ address }) => address)).toContain(factory)
  })
})

/** Families of the reference without events that could be decoded, and contracts that are no source of events. */
const WITHOUT_EVENTS = new Set(['other', 'launchpads', 'gtrade_fork', 'iziswap'])
const NO_SOURCE = /^(vault|pool_deployer|liquidity_manager|addresses_provider)$|^pool:/

describe.runIf(existsSync(file))('the reference (skipped without ../shared)', () => {
  type Deployment = { chain: string; family: string; kind: string; address?: string | null; protocol: string }
  const { deployments, chains } = JSON.parse(
    existsSync(file) ? readFileSync(file, 'utf8') : '{"deployments":[],"chains":{}}',
  ) as {
    deployments: Deployment[]
    chains: Record<string, { chainId: number }>
  }

  test('every chain has a profile', () => {
    for (const { chainId } of Object.values(chains)) expect(chainProfiles.map(({ id }) => id)).toContain(chainId)
  })

  const expected = deployments.filter(
    ({ address, family, kind }) =>
      typeof address === 'string' &&
      ADDRESS.test(address.toLowerCase()) &&
      !WITHOUT_EVENTS.has(family) &&
      !NO_SOURCE.test(kind),
  )
  test.each(expected)('$chain $protocol $kind $address', ({ chain, address }) => {
    const profile = chainProfiles.find(({ id }) => id === chains[chain]!.chainId)!
    const all = [profile.factories, profile.singletons, profile.lending].flatMap((list) =>
      list.map((entry) => entry.address),
    )
    expect(all).toContain(address!.toLowerCase())
  })
})
