import { describe, expect, test } from 'vitest'
import { createPatience } from '../../../indexer/chain/patience.ts'

const afterAnswers = (mostMs: number, ...answers: number[]) => {
  const patience = createPatience(mostMs)
  for (const elapsedMs of answers) patience.answered(elapsedMs)
  return patience
}

describe('createPatience', () => {
  test('before the first answer: ten seconds, then twice as long each time', () => {
    const patience = createPatience(30_000)
    expect([1, 2, 3, 4].map(patience.timeoutMs)).toEqual([10_000, 20_000, 30_000, 30_000])
  })

  test.each([
    ['quick answers: four seconds at least', [5, 5, 5], 4_000],
    ['slow answers: eight times as long', [1_000], 8_000],
    ['one slow answer among quick ones counts at once', [5, 2_000], 16_000],
    ['a slow answer is forgotten slowly', [2_000, 0], 14_400],
    ['a slow answer is forgotten at last', [2_000, ...new Array(60).fill(5)], 4_000],
    ['slower than what is allowed', [9_000], 30_000],
  ])('%s', (_, answers, timeoutMs) => {
    expect(afterAnswers(30_000, ...answers).timeoutMs(1)).toBe(timeoutMs)
  })

  test.each([1, 2, 9])('attempt %i never takes more than allowed', (attempt) => {
    expect(createPatience(300).timeoutMs(attempt)).toBe(300)
    expect(afterAnswers(300, 5).timeoutMs(attempt)).toBe(300)
  })
})
