// Who may import what: the layering of ARCHITECTURE.md as rules.
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { pathNot: allowed, dependencyTypesNot: ['npm', 'npm-dev', 'core'] },
})

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: '(^test/|^bench/|\\.config\\.ts$|\\.d\\.ts$|worker\\.mjs$)' },
      to: {},
    },
    only('types-know-contracts', '^indexer/types/', '^(indexer/types|contracts)/', 'the nouns stand alone'),
    only('contracts-know-nobody', '^contracts/', '^contracts/', 'chain facts and the local chain stand alone'),
    only('db-knows-nobody', '^db/', '^db/', 'the store of rows knows no stage'),
    only('chain-stage', '^indexer/chain/', '^(indexer/(types|chain)|contracts)/', 'stage 1 knows types and contracts'),
    only(
      'decode-stage',
      '^indexer/decode/',
      '^(indexer/(types|decode)|contracts)/',
      'stage 2 knows types and contracts',
    ),
    only(
      'derive-stage',
      '^indexer/derive/',
      '^(indexer/(types|decode|derive)|contracts)/',
      'stage 3 knows the pure stages before it',
    ),
    only(
      'detect-stage',
      '^indexer/detect/',
      '^(indexer/(types|decode|derive|detect)|contracts)/',
      'stage 4 knows the pure stages before it',
    ),
    only(
      'flow-stage',
      '^indexer/flow/',
      '^(indexer/(types|decode|derive|detect|flow)|contracts)/',
      'stage 5 knows the pure stages before it',
    ),
    only(
      'store-stage',
      '^indexer/store/',
      '^(indexer/(types|decode|derive|detect|flow|store)|contracts|db)/',
      'stage 6 knows db',
    ),
    only(
      'pipeline',
      '^indexer/pipeline\\.ts$',
      '^(indexer/(types|decode|derive|detect|flow)|contracts)/',
      'stages 2 to 5 composed',
    ),
    only(
      'watchers',
      '^indexer/watchers/',
      '^(indexer/(types|chain|decode|derive|store|watchers)/|contracts/|db/)',
      'the loops beside the blocks: I/O meets the pure stages here, too',
    ),
    only(
      'main',
      '^indexer/(main|ask)\\.ts$',
      '^(indexer/(types|chain|decode|derive|detect|flow|store|watchers)/|indexer/(pipeline|ask)\\.ts|contracts/|db/)',
      'the loop, and what it asks',
    ),
    only(
      'api',
      '^api/',
      '^(api/|db/|contracts/|indexer/(types|derive)/)',
      'the API knows db, types and the pure maths',
    ),
    only(
      'simulator',
      '^simulator/',
      '^(simulator/|contracts/|indexer/(types|derive|flow/stats)/)',
      'no stage knows it; its scorecard measures with the statistics of the flow stage',
    ),
    {
      name: 'nobody-knows-the-simulator',
      comment: 'its truth is for tests and the command that writes it out',
      severity: 'error',
      from: { path: '^(indexer|api|db|contracts)/', pathNot: '^indexer/cli/commands/simulate\\.ts$' },
      to: { path: '^simulator/' },
    },
    {
      name: 'devnet-is-for-the-command-line',
      comment: 'the local chain is started by commands and tests only',
      severity: 'error',
      from: { path: '^(indexer|api|db)/', pathNot: '^indexer/cli/' },
      to: { path: '^contracts/devnet/' },
    },
    {
      name: 'pure-stages-do-no-io',
      comment: 'no client, clock, environment or log in a pure stage',
      severity: 'error',
      from: { path: '^indexer/(types|decode|derive|detect|flow)/|^indexer/pipeline\\.ts$' },
      // ox encodes and hashes; it has no client.
      to: { dependencyTypes: ['npm', 'npm-dev', 'core'], pathNot: 'node_modules/ox/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
}
