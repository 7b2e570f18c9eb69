import type { Finding } from './finding.ts'

/** Characters of a line: a wide terminal. */
const LINE_MAX = 150
const GAP = '  '

/** The findings as lines of text, in columns; what does not fit into its column goes on in the line below. */
export function toTable(findings: readonly Finding[]): string {
  const checkWidth = Math.max(...findings.map(({ check }) => check.length))
  const rest = LINE_MAX - `${GAP}+ `.length - checkWidth - 2 * GAP.length
  const longest = Math.max(...findings.map(({ result }) => result.length))
  const resultWidth = Math.min(longest, Math.floor(rest / 2))
  return findings
    .flatMap(({ check, result, consequence, good }) => {
      const results = wrap(result, resultWidth)
      const consequences = wrap(consequence, rest - resultWidth)
      const height = Math.max(results.length, consequences.length)
      return Array.from({ length: height }, (_, line) => {
        const head = line === 0 ? `${good ? '+' : '-'} ${check.padEnd(checkWidth)}` : ' '.repeat(2 + checkWidth)
        const cells = [head, (results[line] ?? '').padEnd(resultWidth), consequences[line] ?? '']
        return `${GAP}${cells.join(GAP)}`.trimEnd()
      })
    })
    .join('\n')
}

/** Breaks a text between words into lines of up to `width` characters, and a longer word where it must be. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).flatMap((each) => cut(each, width))) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

function cut(word: string, width: number): string[] {
  return word.length <= width ? [word] : [word.slice(0, width), ...cut(word.slice(width), width)]
}
