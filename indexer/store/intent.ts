import type { SwapIntent } from '../types/intent.ts'
import { toParameter } from './load.ts'

/** The columns of an intent with their types in SQL. */
export const INTENT_TYPES = {
  intent_kind: 'text',
  intent_token_in_address: 'bytea',
  intent_token_out_address: 'bytea',
  intent_amount_in: 'numeric',
  intent_amount_out: 'numeric',
  intent_recipient_address: 'bytea',
  intent_deadline: 'bigint',
  intent_path: 'text',
} as const

/** Their names. */
export const INTENT_COLUMNS = Object.keys(INTENT_TYPES) as readonly (keyof typeof INTENT_TYPES)[]

/**
 * The values of `INTENT_COLUMNS` in their order, as JSON and SQL text take them (bytea as `\x…`, numeric in digits);
 * all null for no intent.
 */
export function intentValues(intent: SwapIntent | null): (string | number | null)[] {
  if (intent === null) return INTENT_COLUMNS.map(() => null)
  const { kind, tokenIn, tokenOut, amountIn, amountOut, recipient, deadline, path } = intent
  return [
    kind,
    toParameter(tokenIn),
    tokenOut === null ? null : toParameter(tokenOut),
    amountIn?.toString() ?? null,
    amountOut.toString(),
    toParameter(recipient),
    deadline,
    path,
  ]
}
