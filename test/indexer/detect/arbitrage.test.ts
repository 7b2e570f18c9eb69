import { describe, expect, test } from 'vitest'
import type { MevFinding } from '../../../indexer/types/mev.ts'
import { address } from '../../support/logs.ts'
import { createScene, DAI, ROUTER, type Scene, type Sender, USD, WETH, whole } from './scene.ts'

const BOT = address(0xb0)
const BOT_CONTRACT = address(0xb1)
const ALICE = address(0xa0)
const bot: Sender = { from: BOT, to: BOT_CONTRACT, holder: BOT_CONTRACT }

/** UniswapV2Library.getAmountOut at 0.3 %, of reserves in whole tokens. */
const constantProductOut = (amountIn: bigint, reserveIn: bigint, reserveOut: bigint) =>
  (amountIn * 997n * reserveOut * 10n ** 18n) / (reserveIn * 10n ** 18n * 1_000n + amountIn * 997n)

const kinds = (findings: readonly MevFinding[]) => findings.map(({ kind, variants }) => [kind, variants])

/** Two pools of which one gives more dollars for ether, and a third over another token. */
function setUp(): {
  scene: Scene
  cheap: ReturnType<Scene['pool']>
  dear: ReturnType<Scene['pool']>
  side: ReturnType<Scene['pool']>
} {
  const scene = createScene()
  return {
    scene,
    cheap: scene.pool(WETH, USD, 1_000n, 1_000n),
    dear: scene.pool(WETH, USD, 1_000n, 1_100n),
    side: scene.pool(DAI, USD, 1_000n, 1_000n),
  }
}

describe('each clause of a cycle', () => {
  test('two pools, and more of what went in', () => {
    const { scene, cheap, dear } = setUp()
    scene.send(bot, { pool: dear, tokenIn: WETH, amountIn: whole(10) }, { pool: cheap, tokenIn: USD, amountIn: 'all' })
    const [found, ...others] = scene.detect()
    expect(others).toEqual([])
    expect(found).toMatchObject({ kind: 'ATOMIC_ARBITRAGE', variants: ['two_pool'], searcher: BOT_CONTRACT })
    expect(found!.profits).toEqual([{ token: WETH, amount: expect.any(BigInt) }])
    expect(found!.profits[0]!.amount > 0n).toBe(true)
  })

  test('less of what went in is none', () => {
    const { scene, cheap, dear } = setUp()
    scene.send(bot, { pool: cheap, tokenIn: WETH, amountIn: whole(10) }, { pool: dear, tokenIn: USD, amountIn: 'all' })
    expect(scene.detect()).toEqual([])
  })

  test('an asset that is given is none, whatever else comes', () => {
    const { scene, cheap, dear, side } = setUp()
    const cycle = [
      { pool: dear, tokenIn: WETH, amountIn: whole(10) },
      { pool: cheap, tokenIn: USD, amountIn: 'all' as const },
    ]
    scene.send(bot, ...cycle, { pool: side, tokenIn: DAI, amountIn: whole(1) })
    expect(scene.detect()).toEqual([])
  })

  test('there and back in one pool is none', () => {
    const { scene, cheap } = setUp()
    scene.send(bot, { pool: cheap, tokenIn: WETH, amountIn: whole(10) }, { pool: cheap, tokenIn: USD, amountIn: 'all' })
    expect(scene.detect()).toEqual([])
  })

  test('a route that does not come back is none', () => {
    const { scene, cheap, side } = setUp()
    scene.send(bot, { pool: cheap, tokenIn: WETH, amountIn: whole(10) }, { pool: side, tokenIn: USD, amountIn: 'all' })
    expect(scene.detect()).toEqual([])
  })

  test('a cycle of a public router is its users own business', () => {
    const { scene, cheap, dear } = setUp()
    const steps = [
      { pool: dear, tokenIn: WETH, amountIn: whole(10) },
      { pool: cheap, tokenIn: USD, amountIn: 'all' as const },
    ]
    scene.send({ from: ALICE, to: ROUTER, holder: ROUTER }, ...steps)
    expect(scene.detect()).toEqual([])
  })

  test('in two transactions it is none', () => {
    const { scene, cheap, dear } = setUp()
    scene.send(bot, { pool: dear, tokenIn: WETH, amountIn: whole(10) })
    scene.send(bot, { pool: cheap, tokenIn: USD, amountIn: whole(10.5) })
    expect(kinds(scene.detect())).toEqual([])
  })
})

describe('shapes', () => {
  test('three pools', () => {
    const scene = createScene()
    const [a, b, c] = [scene.pool(WETH, USD), scene.pool(USD, DAI), scene.pool(WETH, DAI, 1_100n, 1_000n)]
    scene.send(
      bot,
      { pool: a, tokenIn: WETH, amountIn: whole(10) },
      { pool: b, tokenIn: USD, amountIn: 'all' },
      { pool: c, tokenIn: DAI, amountIn: 'all' },
    )
    expect(kinds(scene.detect())).toEqual([['ATOMIC_ARBITRAGE', ['triangle']]])
  })

  test('a leg split over two pools', () => {
    const scene = createScene()
    const pools = [scene.pool(WETH, USD, 1_000n, 1_200n), scene.pool(WETH, USD), scene.pool(WETH, USD)]
    // 1,200 * 9.97 / 1,009.97 dollars come out of the first.
    const [half, rest] = [whole(5.9), constantProductOut(whole(10), 1_000n, 1_200n) - whole(5.9)]
    scene.send(
      bot,
      { pool: pools[0]!, tokenIn: WETH, amountIn: whole(10) },
      { pool: pools[1]!, tokenIn: USD, amountIn: half },
      { pool: pools[2]!, tokenIn: USD, amountIn: rest },
    )
    expect(kinds(scene.detect())).toEqual([['ATOMIC_ARBITRAGE', ['split', 'two_pool']]])
  })

  test('two cycles in one transaction are told apart', () => {
    const scene = createScene()
    const [a, b] = [scene.pool(WETH, USD, 1_000n, 1_100n), scene.pool(WETH, USD)]
    const [c, d] = [scene.pool(WETH, DAI, 1_000n, 1_100n), scene.pool(WETH, DAI)]
    scene.send(
      bot,
      { pool: a, tokenIn: WETH, amountIn: whole(10) },
      { pool: b, tokenIn: USD, amountIn: 'all' },
      { pool: c, tokenIn: WETH, amountIn: whole(10) },
      { pool: d, tokenIn: DAI, amountIn: 'all' },
    )
    const [found] = scene.detect()
    expect(found!.variants).toEqual(['multi_cycle'])
    expect(found!.evidence.cycles).toHaveLength(2)
  })

  test('sums that no token has come from logs that are made up, and are not told', () => {
    const scene = createScene()
    const [first, second] = [scene.pool(WETH, USD), scene.pool(WETH, USD)]
    scene.send(bot, { pool: first, tokenIn: USD, amountIn: whole(1) }, { pool: second, tokenIn: WETH, amountIn: 'all' })
    for (const action of scene.blocks()[0]!.actions) {
      if (action.kind !== 'swap') continue
      const isFirst = action.pool === first
      action.trade = {
        ...action.trade!,
        amountIn: isFirst ? 1n : 2n ** 255n,
        amountOut: isFirst ? 2n ** 255n : 2n ** 257n,
      }
    }
    expect(scene.detect()).toEqual([])
  })

  test('a transaction of 2,000 swaps takes less than a second', () => {
    const scene = createScene()
    const pools = Array.from({ length: 20 }, () => scene.pool(WETH, USD, 1_000_000n, 1_000_000n))
    scene.send(
      bot,
      ...Array.from({ length: 2_000 }, (_, n) => ({
        pool: pools[n % 20]!,
        tokenIn: n % 2 ? USD : WETH,
        amountIn: whole(1 + (n % 7)),
      })),
    )
    const began = performance.now()
    scene.detect()
    expect(performance.now() - began).toBeLessThan(1_000)
  })
})

describe('backruns', () => {
  /** Somebody sells into one of two equal pools, and the bot evens them out. */
  function play(
    trigger: (scene: Scene, first: ReturnType<Scene['pool']>, second: ReturnType<Scene['pool']>) => void,
    length = 0,
  ) {
    const scene = createScene()
    const [first, second] = [scene.pool(WETH, USD), scene.pool(WETH, USD)]
    trigger(scene, first, second)
    scene.send(
      bot,
      { pool: first, tokenIn: USD, amountIn: whole(10) },
      { pool: second, tokenIn: WETH, amountIn: 'all' },
    )
    return scene.detect(length)
  }
  const sale = (scene: Scene, pool: ReturnType<Scene['pool']>, amount = 40) =>
    scene.send({ from: ALICE }, { pool, tokenIn: WETH, amountIn: whole(amount) })

  test('the transaction that made it possible, and how far off it is', () => {
    const [found, ...others] = play((scene, first) => void sale(scene, first))
    expect(others).toEqual([])
    expect(found).toMatchObject({
      kind: 'BACKRUN',
      quality: 'exact',
      evidence: { trigger: { blocks: 0, transactions: 1, share: 1 } },
    })
    expect(found!.legs.map(({ role }) => role)).toEqual(['TRIGGER', 'ARBITRAGE', 'ARBITRAGE'])
  })

  test.each<[clause: string, trigger: Parameters<typeof play>[0]]>([
    ['of somebody else', (scene, first) => void scene.send(bot, { pool: first, tokenIn: WETH, amountIn: whole(40) })],
    [
      'that moved the pool the other way',
      (scene, first, second) => {
        scene.nextBlock()
        void [first, second]
        scene.send({ from: ALICE }, { pool: second, tokenIn: WETH, amountIn: whole(0.001) })
      },
    ],
  ])('%s', (_, trigger) => {
    expect(play(trigger).filter(({ kind }) => kind === 'BACKRUN')).toEqual([])
  })

  test('a small push before a gain that was there already is no trigger', () => {
    const scene = createScene()
    const [first, second] = [scene.pool(WETH, USD, 1_100n, 1_000n), scene.pool(WETH, USD)]
    sale(scene, first, 1)
    scene.send(
      bot,
      { pool: first, tokenIn: USD, amountIn: whole(10) },
      { pool: second, tokenIn: WETH, amountIn: 'all' },
    )
    expect(kinds(scene.detect())).toEqual([['ATOMIC_ARBITRAGE', ['two_pool']]])
  })

  test('blocks later, as far as the window reaches', () => {
    const later = (scene: Scene, first: ReturnType<Scene['pool']>) => {
      sale(scene, first)
      scene.nextBlock()
      scene.nextBlock()
    }
    expect(kinds(play(later, 10))).toEqual([['BACKRUN', ['cross_block', 'two_pool']]])
    expect(kinds(play(later, 1))).toEqual([['ATOMIC_ARBITRAGE', ['two_pool']]])
  })

  test('of several the nearest', () => {
    const [found] = play((scene, first) => {
      sale(scene, first, 0.01)
      sale(scene, first, 40)
      scene.send({ from: address(0xa7) }, { pool: scene.pool(WETH, DAI), tokenIn: DAI, amountIn: whole(1) })
    })
    expect(found!.evidence).toMatchObject({ trigger: { transactions: 2 } })
  })
})
