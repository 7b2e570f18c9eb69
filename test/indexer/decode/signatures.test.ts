import { readdirSync, readFileSync } from 'node:fs'
import { toEventSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import { knownTopics } from '../../../indexer/decode/index.ts'

const folder = new URL('../../../indexer/decode/', import.meta.url)
const files = [...readdirSync(folder), ...readdirSync(new URL('lending/', folder)).map((name) => `lending/${name}`)]
const ENTRY = /\/\/ (\w+\(.*\))\n\s*(?:'(0x[0-9a-f]{64})'|\[(\w+)\])/g

/** Each event text of a file with the topic0 it stands above. */
function entriesOf(file: string): [string, string][] {
  const text = readFileSync(new URL(file, folder), 'utf8')
  return [...text.matchAll(ENTRY)].map(([, event, topic, name]) => {
    const named = new RegExp(`const ${name} = '(0x[0-9a-f]{64})'`).exec(text)?.[1]
    return [event!, topic ?? named ?? '']
  })
}

const entries = files
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => entriesOf(file).map((entry) => [file, ...entry] as const))

describe('topic0 of every decoded event', () => {
  test.each(entries)('%s: %s', (_, event, topic) => {
    expect(toEventSelector(`event ${event}`)).toBe(topic)
  })

  test('each has its event text beside it', () => {
    const described = new Set(entries.map(([, , topic]) => topic))
    expect(knownTopics.filter((topic) => !described.has(topic))).toEqual([])
  })
})
