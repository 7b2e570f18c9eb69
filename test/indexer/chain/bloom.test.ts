import { describe, expect, test } from 'vitest'
import { isKnownBloom, promisesMore, toBloomTopics } from '../../../indexer/chain/bloom.ts'
import { knownTopics } from '../../../indexer/decode/index.ts'
import type { Hex } from '../../../indexer/types/block.ts'
import { bloomOf } from '../../support/bloom.ts'
import { address, hash } from '../../support/logs.ts'

const wanted = toBloomTopics(knownTopics)
const [first, second] = knownTopics as [Hex, Hex]
const nothing = new Set<Hex>()

describe('promisesMore', () => {
  test.each(knownTopics.map((topic) => [topic]))('a bloom with %s', (topic) => {
    const bloom = bloomOf([address(1), topic, hash(7)])
    expect(promisesMore(bloom, wanted, nothing)).toBe(true)
    expect(promisesMore(bloom, wanted, new Set([topic]))).toBe(false)
  })

  test('all topics seen, one of two seen', () => {
    const bloom = bloomOf([first, second])
    expect(promisesMore(bloom, wanted, new Set([first, second]))).toBe(false)
    expect(promisesMore(bloom, wanted, new Set([first]))).toBe(true)
    expect(promisesMore(bloom, wanted, new Set([second]))).toBe(true)
  })

  test('topics that are not wanted promise nothing', () => {
    expect(promisesMore(bloomOf([hash(1), hash(2), address(3)]), wanted, nothing)).toBe(false)
  })

  test.each<[string, Hex | undefined]>([
    ['none', undefined],
    ['an empty one, as old blocks of ZKsync Era have', `0x${'0'.repeat(512)}`],
    ['one of no length', '0x'],
    ['one of another length', `0x${'f'.repeat(510)}`],
  ])('%s promises nothing', (_, bloom) => {
    expect(promisesMore(bloom, wanted, nothing)).toBe(false)
  })

  test('a full one promises whatever was not seen', () => {
    const full: Hex = `0x${'f'.repeat(512)}`
    expect(promisesMore(full, wanted, nothing)).toBe(true)
    expect(promisesMore(full, wanted, new Set(knownTopics))).toBe(false)
  })
})

describe('a bloom that is full of other things', () => {
  /** A bloom with `values` values that are not wanted, and those of `topics`. */
  const crowded = (values: number, ...topics: Hex[]) =>
    bloomOf([...Array.from({ length: values }, (_, index) => hash(1_000 + index)), ...topics])

  test('none of our logs came: any promise counts, however full it is', () => {
    expect(promisesMore(crowded(2_000), wanted, nothing)).toBe(true)
  })

  test('some came, and few bits are set: a further topic is no chance', () => {
    expect(promisesMore(crowded(20, first, second), wanted, new Set([first]))).toBe(true)
  })

  test('some came, and most bits are set: a further topic may be chance', () => {
    expect(promisesMore(crowded(1_500, first, second), wanted, new Set([first]))).toBe(false)
  })

  test('all that are promised came', () => {
    expect(promisesMore(crowded(20, first), wanted, new Set([first]))).toBe(false)
  })
})

describe('isKnownBloom', () => {
  test.each<[string, Hex | undefined, boolean]>([
    ['one with a bit', bloomOf([hash(1)]), true],
    ['a full one', `0x${'f'.repeat(512)}`, true],
    ['none', undefined, false],
    ['one without a bit', `0x${'0'.repeat(512)}`, false],
    ['one of another length', `0x${'f'.repeat(510)}`, false],
    ['nothing', '0x', false],
  ])('%s', (_, bloom, isKnown) => {
    expect(isKnownBloom(bloom)).toBe(isKnown)
  })
})
