import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const require = createRequire(import.meta.url)
const long = process.env.FLOWPRINT_TESTS === 'long'

export default defineConfig({
  // Two copies of graphql (module and CommonJS) would not know each other's types.
  resolve: { alias: [{ find: /^graphql$/, replacement: require.resolve('graphql') }] },
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: [long ? 'test/**/*.long.ts' : 'test/**/*.test.ts'],
    maxWorkers: 2,
    testTimeout: long ? 1_200_000 : 30_000,
    hookTimeout: long ? 600_000 : 60_000,
    reporters: ['default'],
  },
})
