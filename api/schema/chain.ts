import { chainsDocs, cursorsDocs } from '../../db/schema/chains.ts'
import { type Entity, toOne } from '../builder/entity.ts'

/** `Chain`: the rows of `chains`. */
export const chainEntity: Entity = {
  name: 'Chain',
  docs: chainsDocs,
  defaultOrder: 'chainId',
  descending: false,
  one: {
    cursor: {
      to: 'IndexingCursor',
      link: [{}],
      description: 'How far the chain has been read; null before the first step is committed.',
    },
  },
}

/** `IndexingCursor`: the rows of `cursors`. */
export const indexingCursorEntity: Entity = {
  name: 'IndexingCursor',
  docs: cursorsDocs,
  defaultOrder: 'chainId',
  descending: false,
  one: {
    block: toOne(
      'Block',
      'number',
      'blockNumber',
      'The last block whose rows are committed; null when there is none yet.',
    ),
  },
}
