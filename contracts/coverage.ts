import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Address } from './address.ts'
import { chainProfiles } from './chains/index.ts'
import type { ChainProfile } from './chains/profile.ts'
import { IN_DUNE, KNOWN_TWICE, NOT_COVERED } from './evidence.ts'
import { FAMILY_FACTS, type FamilyFacts, LENDING_FACTS } from './families.ts'

/** A contract of a chain profile with what is known about it. */
export type Deployment = {
  address: Address
  protocol: string
  family: string
  role: 'factory' | 'singleton' | 'lending'
  startBlock: number | null
  /** `derived`: addresses of its pools follow from it; else how many public sources agree on its address. */
  knownBy: 'derived' | 'two sources' | 'one source'
  /** Null where nobody looked, and for lending, which `dex.trades` is not about. */
  inDune: boolean | null
  facts: FamilyFacts
}

/** The page of this checkout as it stands in docs. */
export const coveragePath = fileURLToPath(new URL('../docs/coverage.md', import.meta.url))

/** Every deployment that a profile names, in the order of its lists. */
export function listDeployments(profile: ChainProfile): Deployment[] {
  const { factories, singletons, lending } = profile
  const describe = (role: Deployment['role'], facts: Readonly<Record<string, FamilyFacts>>) => {
    return (entry: { address: Address; protocol: string; family: string; startBlock: number | null }): Deployment => ({
      ...{ address: entry.address, protocol: entry.protocol, family: entry.family, role, startBlock: entry.startBlock },
      knownBy: howKnown(profile, entry.address),
      inDune: role === 'lending' ? null : isInDune(profile, entry.address),
      facts: facts[entry.family]!,
    })
  }
  return [
    ...factories.map(describe('factory', FAMILY_FACTS)),
    ...singletons.map(describe('singleton', FAMILY_FACTS)),
    ...lending.map(describe('lending', LENDING_FACTS)),
  ]
}

function howKnown({ name, create2 }: ChainProfile, address: Address): Deployment['knownBy'] {
  if (create2.some(({ factory }) => factory === address)) return 'derived'
  return KNOWN_TWICE[name]?.includes(address) ? 'two sources' : 'one source'
}

function isInDune({ name, stack }: ChainProfile, address: Address): boolean | null {
  return stack === 'evm' ? null : (IN_DUNE[name]?.includes(address) ?? false)
}

/** The page docs/coverage.md, made from the chain profiles, the facts of the families and what is known about addresses. */
export function renderCoverage(): string {
  const chains = chainProfiles.filter(({ name }) => name !== 'devnet')
  return `${[
    INTRODUCTION,
    '## Chains',
    table(['chain', 'id', 'deployments', 'families', 'in Dune'], chains.map(chainRow)),
    '## Families that trade',
    table(FAMILY_HEAD, Object.entries(FAMILY_FACTS).map(familyRow)),
    '## Families whose liquidations are read',
    table(['family', 'of', 'event texts', 'note'], Object.entries(LENDING_FACTS).map(lendingRow)),
    ...chains.flatMap(chainSection),
    '## What is missing',
    table(['chain', 'protocol', 'contract', 'why'], NOT_COVERED.map(missingRow)),
  ].join('\n\n')}\n`
}

const INTRODUCTION = `# Coverage

Made by \`npm run coverage\` from \`contracts/chains/\`, \`contracts/families.ts\` and \`contracts/evidence.ts\`; a test fails when it is old.
Pools of these families that no deployment below names are found as well, by their events, and asked what they are.

- **events**: what is decoded. \`state\` are reserves and first prices; \`parameters\` is kept as it stands in the log.
- **event texts**: from the protocol's own sources, from a third party's adapter, or by lineage alone (for at least one event).
- **state**: stated by the logs themselves, replayed from all of them, or not followed (–). A replayed state begins at the creation of the
  pool or at a snapshot read by calls.
- **quote**: the best it can be. Each stored state says what it is (\`quality\`), and a swap that differs from its replay lowers it.
- **maths**: what the quotes were compared with: the protocol's own contract, the contract of the family it descends from (relative), our
  rendering of its public definition in Solidity, or nothing (–).
- **address**: known because addresses of its pools are derived from it and agree, from two or more independent public sources, or from one.
- **in Dune**: whether \`dex.trades\` has it; – where it was not looked up.`

const FAMILY_HEAD = ['family', 'of', 'invariant', 'events', 'event texts', 'state', 'quote', 'maths', 'note']
const SOURCES = { own: 'own sources', adapter: 'adapter', lineage: 'lineage' } as const
const NOTHING = '–'

function familyRow([family, facts]: [string, FamilyFacts]): string[] {
  const { name, invariant, events, source, note } = facts
  return [code(family), name, invariant, events.join(', '), SOURCES[source], ...qualities(facts), note ?? '']
}

function qualities({ state, quote, maths }: FamilyFacts): string[] {
  return [state === 'none' ? NOTHING : state, quote === 'unknown' ? NOTHING : quote, maths === 'none' ? NOTHING : maths]
}

function lendingRow([family, { name, source, note }]: [string, FamilyFacts]): string[] {
  return [code(family), name, SOURCES[source], note ?? '']
}

function chainRow(profile: ChainProfile): string[] {
  const deployments = listDeployments(profile)
  const asked = deployments.filter(({ inDune }) => inDune !== null)
  const inDune = asked.filter((deployment) => deployment.inDune).length
  const families = new Set(deployments.map(({ family }) => family)).size
  return [
    ...[profile.name, `${profile.id}`, `${deployments.length}`, `${families}`],
    asked.length === 0 ? NOTHING : `${inDune} of ${asked.length}`,
  ]
}

function chainSection(profile: ChainProfile): string[] {
  const deployments = listDeployments(profile)
  const head = ['protocol', 'family', 'role', 'contract', 'from block', 'address', 'in Dune', 'state', 'quote']
  return [
    `## ${profile.name} (${profile.id})`,
    deployments.length === 0 ? 'No deployment is known.' : table(head, deployments.map(deploymentRow)),
  ]
}

function deploymentRow(deployment: Deployment): string[] {
  const { protocol, family, role, address, startBlock, knownBy, inDune, facts } = deployment
  const dune = inDune === null ? NOTHING : inDune ? 'yes' : 'no'
  const [state, quote] = qualities(facts)
  return [protocol, code(family), role, code(address), `${startBlock ?? NOTHING}`, knownBy, dune, state!, quote!]
}

function missingRow({ chain, protocol, address, why }: (typeof NOT_COVERED)[number]): string[] {
  return [chain, protocol, address === null ? NOTHING : code(address), why]
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function code(text: string): string {
  return `\`${text}\``
}

// Run as a program (`npx tsx contracts/coverage.ts`) it writes the page anew.
if (process.argv[1]?.endsWith('contracts/coverage.ts')) writeFileSync(coveragePath, renderCoverage())
