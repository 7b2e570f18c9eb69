import type { Fault } from './types.ts'

/** The node's answer is right and suffers on its way. */
export const deliveryFaults = {
  /** The connection is cut in the middle of the body. */
  reset: { stage: 'delivery', deliver: (body) => ({ status: 200, body, manner: 'reset' }) },
  /** The body arrives complete, in slow pieces: late, but no fault. See `dripMs`. */
  slowDrip: { stage: 'delivery', deliver: (body) => ({ status: 200, body, manner: 'drip' }) },
  /** A well-formed HTTP answer whose JSON ends in the middle. */
  truncatedJson: {
    stage: 'delivery',
    deliver: (body, { random }) => ({ status: 200, body: body.slice(0, Math.floor(random() * body.length)) }),
  },
  /** One sign of the structure is doubled, so that it does not parse. */
  malformedJson: {
    stage: 'delivery',
    deliver: (body) => (body.includes('":') ? { status: 200, body: body.replace('":', '"::') } : null),
  },
} satisfies Record<string, Fault>
