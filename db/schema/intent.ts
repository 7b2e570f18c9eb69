import { text } from 'drizzle-orm/pg-core'
import { bytes, count, integer256 } from './columns.ts'

/** Columns for the swap that the calldata of a transaction asks a router for; all null when it asks for none that is known. */
export const intentColumns = () => ({
  intentKind: text('intent_kind'),
  intentTokenInAddress: bytes('intent_token_in_address'),
  intentTokenOutAddress: bytes('intent_token_out_address'),
  intentAmountIn: integer256('intent_amount_in'),
  intentAmountOut: integer256('intent_amount_out'),
  intentRecipientAddress: bytes('intent_recipient_address'),
  intentDeadline: count('intent_deadline'),
  intentPath: text('intent_path'),
})

/** What each of them means. */
export const intentDocs = {
  intentKind:
    'Swap that the calldata asks a known router for: EXACT_IN or EXACT_OUT; null when it asks for none, and then all intent columns are null.',
  intentTokenInAddress: 'Token that the swap starts from; the zero address stands for the base token.',
  intentTokenOutAddress:
    'Token that the swap ends in; the zero address stands for the base token. Null where only the pools are named (SyncSwap).',
  intentAmountIn:
    'Amount given in base units: exact for EXACT_IN, the most that is given for EXACT_OUT; null when it is what the router holds.',
  intentAmountOut:
    'Amount wanted in base units: the least that is accepted for EXACT_IN (by the swap or by the payment behind it), exact for EXACT_OUT.',
  intentRecipientAddress: 'Account that gets the output.',
  intentDeadline:
    'Unix time in seconds after which the router refuses; null when the call has none, or one beyond 2^53.',
  intentPath:
    'Way of the swap: token addresses with the pool between two of them, which is a fee in pips, v2, v4:<fee>:<tick spacing>:<hooks>, volatile, stable (with :<coins> or :<factory>), izi:<fee>, pool:<address>, or wrap and unwrap where the base token changes its form; parts of a split are parted by a plus sign. Its ends may be the wrapped token where the intent says base token.',
}
