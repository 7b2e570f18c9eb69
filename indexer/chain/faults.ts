/** Kinds of things that go wrong with an endpoint; each occurrence is counted under one of them. */
export const FAULTS = {
  connection: 'refused, reset or broken off',
  timeout: 'no complete answer in time',
  rateLimit: 'HTTP 429, or a JSON-RPC error that says "later"',
  httpStatus: 'another HTTP status than 200',
  malformed: 'an answer that is not JSON, or no JSON-RPC',
  wrongIds: 'answers of a batch that are missing, doubled, or of an unknown id',
  serverError: 'a JSON-RPC error of the server, not of the question',
  tooLarge: 'a range, result or batch above the limit of the endpoint',
  missingBlock: 'a block that should be there is not',
  contradiction: 'an answer that contradicts itself or the question',
  otherAnswer: 'the same question answered in two ways',
  lagging: 'a head below one that was seen before',
  replaced: 'a block that is no longer the one that was read',
  otherChain: 'the chain id of another chain',
} as const

/** One of `FAULTS`. */
export type Fault = keyof typeof FAULTS

/** How often each fault occurred; those that never did are 0. */
export type FaultCounts = Record<Fault, number>

/** Counts of zero. */
export function createFaultCounts(): FaultCounts {
  return Object.fromEntries(Object.keys(FAULTS).map((fault) => [fault, 0])) as FaultCounts
}
