import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** A compiled contract as committed under `artifacts/`: the ABI and the creation bytecode. */
export type Artifact = { name: string; abi: readonly unknown[]; bytecode: `0x${string}` }

/** The Solidity compiler refused the sources; the message holds its report. */
export class CompileError extends Error {
  override name = 'CompileError'
}

type SolcOutput = {
  errors?: { severity: string; formattedMessage: string }[]
  contracts: Record<string, Record<string, { abi: unknown[]; evm: { bytecode: { object: string } } }>>
}

const sourceFolder = new URL('../src/', import.meta.url)
const artifactFolder = new URL('./artifacts/', import.meta.url)

/** solc's standard-JSON settings; changing one changes every bytecode. */
const settings = {
  optimizer: { enabled: true, runs: 200 },
  evmVersion: 'cancun',
  // Without the metadata hash the bytecode depends on the code alone, not on comments or paths.
  metadata: { bytecodeHash: 'none', appendCBOR: false },
  outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
}

/**
 * Compiles `contracts/src/*.sol` with solc from npm.
 * @returns the deployable contracts (interfaces and abstract contracts left out), sorted by name
 * @throws CompileError on any compiler error
 */
export function compileContracts(): Artifact[] {
  const solc = createRequire(import.meta.url)('solc') as { compile(input: string): string }
  const files = readdirSync(sourceFolder).filter((file) => file.endsWith('.sol'))
  const sources = Object.fromEntries(
    files.map((file) => [file, { content: readFileSync(new URL(file, sourceFolder), 'utf8') }]),
  )
  const output = JSON.parse(solc.compile(JSON.stringify({ language: 'Solidity', sources, settings }))) as SolcOutput
  const failures = (output.errors ?? []).filter((error) => error.severity === 'error')
  if (failures.length > 0) throw new CompileError(failures.map((error) => error.formattedMessage).join('\n'))
  return Object.values(output.contracts)
    .flatMap((contracts) => Object.entries(contracts))
    .filter(([, contract]) => contract.evm.bytecode.object !== '')
    .map(([name, { abi, evm }]) => ({ name, abi, bytecode: `0x${evm.bytecode.object}` as const }))
    .sort((a, b) => a.name.localeCompare(b.name))
}

/** Returns the TypeScript module that `artifacts/<name>.ts` holds for a compiled contract. */
export function formatArtifact(artifact: Artifact): string {
  const variable = artifact.name.charAt(0).toLowerCase() + artifact.name.slice(1)
  const abi = artifact.abi.map((item) => `    ${JSON.stringify(item)},`).join('\n')
  return [
    `/** Compiled from \`contracts/src/${artifact.name}.sol\` by \`contracts/devnet/compile.ts\`; do not edit. */`,
    `export const ${variable} = {`,
    `  abi: [\n${abi}\n  ],`,
    `  bytecode: '${artifact.bytecode}',`,
    '} as const\n',
  ].join('\n')
}

/** Returns where the artifact of a contract is committed. */
export function artifactPath(name: string): URL {
  return new URL(`${name}.ts`, artifactFolder)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  mkdirSync(fileURLToPath(artifactFolder), { recursive: true })
  for (const artifact of compileContracts()) writeFileSync(artifactPath(artifact.name), formatArtifact(artifact))
}
