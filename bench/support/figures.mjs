// Figures and how they are shown.
import { execFileSync } from 'node:child_process'
import os from 'node:os'

/**
 * The value at or below which a share of the values lies (nearest rank); NaN when there is none.
 * @param {readonly number[]} values
 * @param {number} share 0 to 1
 */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

/**
 * A number with that many decimals; a dash for what is not known.
 * @param {number | null} value
 * @param {number} decimals
 */
export function shown(value, decimals) {
  return value === null || Number.isNaN(value) ? '–' : value.toFixed(decimals)
}

/**
 * Prints a Markdown table.
 * @param {readonly string[]} columns
 * @param {readonly (readonly (string | number)[])[]} rows
 */
export function printTable(columns, rows) {
  const line = (/** @type {readonly (string | number)[]} */ cells) => `| ${cells.join(' | ')} |`
  console.log([line(columns), `|${'---|'.repeat(columns.length)}`, ...rows.map(line)].join('\n'))
}

/**
 * Calls by method in a few words, most frequent first, divided by the number of blocks.
 * @param {Record<string, number>} methods
 * @param {number} blocks
 */
export function showMethods(methods, blocks) {
  const counted = Object.entries(methods).sort(([, a], [, b]) => b - a)
  return counted.map(([method, count]) => `${method} ${(count / blocks).toFixed(2)}`).join(', ') || '–'
}

/**
 * What a figure was measured on.
 * @param {string} root the checkout
 */
export function describeMachine(root) {
  const git = (/** @type {string[]} */ ...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
  const changed = git('status', '--porcelain') === '' ? '' : ' with changes'
  const commit = `${git('rev-parse', '--short', 'HEAD')}${changed}`
  const load = os.loadavg()[0]?.toFixed(1)
  return `${os.cpus()[0]?.model.trim()}, ${os.cpus().length} cores, load ${load}, Node ${process.version}, commit ${commit}`
}
