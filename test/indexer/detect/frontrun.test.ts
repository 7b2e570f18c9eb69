import { describe, expect, test } from 'vitest'
import type { MevFinding } from '../../../indexer/types/mev.ts'
import { address } from '../../support/logs.ts'
import { createScene, ROUTER, type Scene, USD, WETH, whole } from './scene.ts'

const BOT = address(0xb0)
const bot = { from: BOT, to: address(0xb1), holder: address(0xb1) }
const alice = { from: address(0xa0), to: ROUTER, holder: address(0xa0) }

type Pools = { scene: Scene; pool: ReturnType<Scene['pool']>; other: ReturnType<Scene['pool']> }

/** The bot buys in one pool before Alice does, and sells in another that pays more. */
function play({
  front = ({ scene, pool }: Pools) => void scene.send(bot, { pool, tokenIn: USD, amountIn: whole(20) }),
  victim = ({ scene, pool }: Pools) => void scene.send(alice, { pool, tokenIn: USD, amountIn: whole(30) }),
  back = ({ scene, other }: Pools, bought: bigint) =>
    void scene.send(bot, { pool: other, tokenIn: WETH, amountIn: bought }),
} = {}): MevFinding[] {
  const scene = createScene()
  const pools = { scene, pool: scene.pool(WETH, USD), other: scene.pool(WETH, USD, 1_000n, 1_100n) }
  front(pools)
  const action = scene.blocks()[0]!.actions.at(-1)
  const bought = action?.kind === 'swap' ? action.trade!.amountOut : whole(19)
  victim(pools)
  back(pools, bought)
  return scene.detect().filter(({ kind }) => kind === 'FRONTRUN')
}

test('bought before somebody, and sold elsewhere with a gain', () => {
  const [found, ...others] = play()
  expect(others).toEqual([])
  expect(found!.legs.map(({ role }) => role)).toEqual(['FRONT', 'VICTIM', 'BACK'])
  expect(found!.victims[0]!.lossAmount).toBeGreaterThan(0n)
  expect(found!.facts).toContain('no-back')
})

describe('each clause of the definition', () => {
  test.each<[clause: string, parts: Parameters<typeof play>[0]]>([
    ['somebody trades after the front', { victim: () => {} }],
    [
      'in its direction',
      { victim: ({ scene, pool }) => void scene.send(alice, { pool, tokenIn: WETH, amountIn: whole(30) }) },
    ],
    [
      'at least 5 basis points worse',
      { front: ({ scene, pool }) => void scene.send(bot, { pool, tokenIn: USD, amountIn: whole(0.1) }) },
    ],
    [
      'the position is closed',
      { back: ({ scene, other }) => void scene.send(bot, { pool: other, tokenIn: WETH, amountIn: whole(5) }) },
    ],
    [
      'with a gain',
      {
        back: ({ scene }, bought) =>
          void scene.send(bot, { pool: scene.pool(WETH, USD), tokenIn: WETH, amountIn: bought }),
      },
    ],
    [
      'elsewhere',
      { back: ({ scene, pool }, bought) => void scene.send(bot, { pool, tokenIn: WETH, amountIn: bought }) },
    ],
    [
      'by the same actor',
      {
        back: ({ scene, other }, bought) =>
          void scene.send({ from: address(0xb7) }, { pool: other, tokenIn: WETH, amountIn: bought }),
      },
    ],
  ])('%s', (_, parts) => {
    expect(play(parts)).toEqual([])
  })
})
