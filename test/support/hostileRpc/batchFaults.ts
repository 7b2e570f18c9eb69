import { pick, shuffle } from './spoil.ts'
import type { Answer, Fault } from './types.ts'

/** Batches whose answers are right one by one. */
export const batchFaults = {
  /** One answer has an id that nobody used, that another answer has too, or none. */
  wrongIds: spoilBatch((answers, random) => {
    const index = Math.floor(random() * answers.length)
    const other = answers[(index + 1) % answers.length]!.id
    const id = pick(answers.length > 1 ? [other, 1_000_000, null] : [1_000_000, null], random)
    return answers.with(index, { ...answers[index]!, id })
  }),
  missingAnswer: spoilBatch((answers, random) => answers.toSpliced(Math.floor(random() * answers.length), 1)),
  /** Another order than asked, which JSON-RPC allows: no fault. */
  shuffledBatch: spoilBatch((answers, random) => (answers.length > 1 ? shuffle(answers, random) : null)),
} satisfies Record<string, Fault>

function spoilBatch(change: (answers: readonly Answer[], random: () => number) => Answer[] | null): Fault {
  return { stage: 'answers', methods: null, spoil: ({ random }, answers) => change(answers, random) }
}
