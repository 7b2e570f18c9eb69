import type { Fault, Reply } from './types.ts'

/** Answers of whatever stands between client and node: limiters, gateways, login pages. The node is not asked. */
export const httpFaults = {
  http429: answered({ status: 429, body: 'Too Many Requests' }),
  http429RetryAfter0: answered({ status: 429, headers: { 'retry-after': '0' }, body: 'Too Many Requests' }),
  http429RetryAfter1: answered({ status: 429, headers: { 'retry-after': '1' }, body: 'Too Many Requests' }),
  http502: answered({ status: 502, body: '<html><body>502 Bad Gateway</body></html>' }),
  /** 200 without a body. */
  emptyBody: answered({ status: 200, body: '' }),
  /** 200 with a page for people. */
  htmlPage: answered({
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: '<!DOCTYPE html><title>One moment</title>',
  }),
  /** 200 with JSON that is no JSON-RPC, as gateways say that they are busy. */
  foreignJson: answered({ status: 200, body: '{"message":"Too Many Requests"}' }),
  /** No answer at all; see `stallMs`. */
  stall: answered({ status: 200, body: '', manner: 'stall' }),
} satisfies Record<string, Fault>

function answered(reply: Reply): Fault {
  return { stage: 'request', reply: () => reply }
}
