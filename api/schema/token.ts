import { tokensDocs } from '../../db/schema/tokens.ts'
import type { Entity } from '../builder/entity.ts'

/** `Token`: the rows of `tokens`. */
export const tokenEntity: Entity = {
  name: 'Token',
  docs: tokensDocs,
  list: 'tokens',
  single: {
    field: 'token',
    by: [['address']],
    description: 'The token with an address; null when no known pool has it.',
  },
  defaultOrder: 'address',
  descending: false,
  many: {
    pools: {
      to: 'Pool',
      link: [{ token0Address: 'address' }, { token1Address: 'address' }],
      description: 'Pools that hold the token on either side.',
    },
  },
}
