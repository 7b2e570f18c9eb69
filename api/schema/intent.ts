import { toOne } from '../builder/entity.ts'

/** The relations of the intent columns, for the types of tables that have them. */
export const intentRelations = {
  intentTokenIn: toOne(
    'Token',
    'address',
    'intentTokenInAddress',
    'The token that the swap starts from; null without a swap, for the base token, and when no known pool has it.',
  ),
  intentTokenOut: toOne(
    'Token',
    'address',
    'intentTokenOutAddress',
    'The token that the swap ends in; null without a swap, for the base token, and when no known pool has it.',
  ),
}
