import { describe, expect, test } from 'vitest'
import { normalizeInstant } from '../../../api/builder/instants.ts'

describe('normalizeInstant', () => {
  test.each([
    ['six decimals', '2024-03-28T18:24:49.713730Z', '2024-03-28T18:24:49.713730Z'],
    ['a microsecond that no Date holds', '2024-03-28T18:24:49.713731Z', '2024-03-28T18:24:49.713731Z'],
    ['no decimals', '2024-03-28T18:24:49Z', '2024-03-28T18:24:49.000000Z'],
    ['one decimal', '2024-03-28T18:24:49.7Z', '2024-03-28T18:24:49.700000Z'],
    ['lower case', '2024-03-28t18:24:49z', '2024-03-28T18:24:49.000000Z'],
    ['clocks ahead of UTC', '2024-03-28T20:24:49.713731+02:00', '2024-03-28T18:24:49.713731Z'],
    ['clocks behind UTC', '2024-03-28T12:54:49.713731-05:30', '2024-03-28T18:24:49.713731Z'],
    ['no known offset', '2024-03-28T18:24:49-00:00', '2024-03-28T18:24:49.000000Z'],
    ['an offset into the next year', '2023-12-31T23:30:00.000001-01:00', '2024-01-01T00:30:00.000001Z'],
    ['an offset into a leap day', '2024-03-01T00:30:00+01:00', '2024-02-29T23:30:00.000000Z'],
    ['before 1970', '1969-12-31T23:59:59.999999Z', '1969-12-31T23:59:59.999999Z'],
    ['the first year', '0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000000Z'],
    ['the last year', '9999-12-31T23:59:59.999999Z', '9999-12-31T23:59:59.999999Z'],
  ])('%s: %s', (_, text, expected) => {
    expect(normalizeInstant(text)).toBe(expected)
  })

  test.each([
    ['nothing', ''],
    ['no zone', '2024-03-28T18:24:49'],
    ['a day alone', '2024-03-28'],
    ['a space between', '2024-03-28 18:24:49Z'],
    ['seven decimals', '2024-03-28T18:24:49.7137301Z'],
    ['a point without decimals', '2024-03-28T18:24:49.Z'],
    ['no seconds', '2024-03-28T18:24Z'],
    ['text before', ' 2024-03-28T18:24:49Z'],
    ['text behind', '2024-03-28T18:24:49Z\n'],
    ['an offset without colon', '2024-03-28T18:24:49+0200'],
    ['a month 13', '2024-13-28T18:24:49Z'],
    ['a day that does not exist', '2023-02-29T18:24:49Z'],
    ['an hour 24', '2024-03-28T24:00:00Z'],
    ['a minute 60', '2024-03-28T18:60:00Z'],
    ['a leap second', '2016-12-31T23:59:60Z'],
    ['an offset of 24 hours', '2024-03-28T18:24:49+24:00'],
    ['an offset of 60 minutes', '2024-03-28T18:24:49+01:60'],
    ['the year 0', '0000-06-01T00:00:00Z'],
    ['an offset into the year 0', '0001-01-01T00:00:00+00:01'],
    ['an offset into the year 10000', '9999-12-31T23:59:59-00:01'],
    ['an offset before the year 0', '0000-01-01T00:00:00+00:01'],
    ['Unix time', '1711650289'],
  ])('%s: %s', (_, text) => {
    expect(normalizeInstant(text)).toBeUndefined()
  })
})
