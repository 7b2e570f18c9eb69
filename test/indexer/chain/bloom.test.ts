import { describe, expect, test } from 'vitest'
import { promisesMore, toBloomTopics } from '../../../indexer/chain/bloom.ts'
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
