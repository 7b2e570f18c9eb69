// Adds up vitest's JSON results and prints the closing line; a file that is missing or empty counts as a failure.
import { readFileSync } from 'node:fs'

let passed = 0
let failed = 0
let skipped = 0
for (const path of process.argv.slice(2)) {
  const result = JSON.parse(readFileSync(path, 'utf8'))
  passed += result.numPassedTests
  // A suite that breaks before its tests run has none that failed.
  failed += result.success ? 0 : Math.max(1, result.numFailedTests)
  skipped += result.numPendingTests
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0
