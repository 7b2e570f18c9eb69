import { chainsDocs, cursorsDocs, finalityDocs, l1CursorsDocs } from '../../db/schema/chains.ts'
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
    finality: {
      to: 'Finality',
      link: [{}],
      description: 'Up to where the chain was seen to be final; null when that was not seen yet.',
    },
    l1Cursor: {
      to: 'L1Cursor',
      link: [{}],
      description: 'How far the L1 of the chain has been read; null when it is not read.',
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

/** `Finality`: the rows of `finality`. */
export const finalityEntity: Entity = {
  name: 'Finality',
  docs: finalityDocs,
  defaultOrder: 'chainId',
  descending: false,
  one: { block: toOne('Block', 'number', 'blockNumber', 'The last final block; null when it is not indexed.') },
}

/** `L1Cursor`: the rows of `l1_cursors`; its blocks are those of the L1, which are not stored. */
export const l1CursorEntity: Entity = {
  name: 'L1Cursor',
  docs: l1CursorsDocs,
  defaultOrder: 'chainId',
  descending: false,
}
