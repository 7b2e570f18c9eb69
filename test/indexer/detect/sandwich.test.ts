import { describe, expect, test } from 'vitest'
import type { Address } from '../../../indexer/types/block.ts'
import type { MevFinding } from '../../../indexer/types/mev.ts'
import type { Pool } from '../../../indexer/types/pool.ts'
import { address } from '../../support/logs.ts'
import { createScene, DAI, ROUTER, type Scene, type Step, USD, WETH, whole } from './scene.ts'

const BOT = address(0xb0)
const BOT_CONTRACT = address(0xb1)
const OTHER_BOT = address(0xb2)
const ALICE = address(0xa0)
const BOB = address(0xa1)
const UNKNOWN_ROUTER = address(0xee)

const bot = { from: BOT, to: BOT_CONTRACT, holder: BOT_CONTRACT }
const alice = { from: ALICE, to: ROUTER, holder: ALICE }
const bob = { from: BOB, to: ROUTER, holder: BOB }

const buy = (pool: Pool, amount: number): Step => ({ pool, tokenIn: USD, amountIn: whole(amount) })
const sell = (pool: Pool, amountIn: bigint): Step => ({ pool, tokenIn: WETH, amountIn })

/** What the last action of a scene gave. */
const lastOut = (scene: Scene): bigint => {
  const action = scene.blocks().at(-1)!.actions.at(-1)!
  return action.kind === 'swap' ? action.trade!.amountOut : 0n
}

const sandwiches = (findings: readonly MevFinding[]) => findings.filter(({ kind }) => kind === 'SANDWICH')

/** Front, victims and back in one pool; each part may be replaced. */
function play({
  front = (scene, pool) => void scene.send(bot, buy(pool, 50)),
  victims = (scene, pool) => void scene.send(alice, buy(pool, 30)),
  back = (scene, pool, bought) => void scene.send(bot, sell(pool, bought)),
  length = 0,
}: {
  front?: (scene: Scene, pool: Pool) => void
  victims?: (scene: Scene, pool: Pool) => void
  back?: (scene: Scene, pool: Pool, bought: bigint) => void
  length?: number
} = {}): MevFinding[] {
  const scene = createScene()
  const pool = scene.pool(WETH, USD)
  front(scene, pool)
  const bought = lastOut(scene)
  victims(scene, pool)
  back(scene, pool, bought)
  return sandwiches(scene.detect(length))
}

describe('each clause of the definition', () => {
  test('front, victim and back are one sandwich', () => {
    const [found, ...others] = play()
    expect(others).toEqual([])
    expect(found).toMatchObject({ variants: [], searcher: BOT_CONTRACT, quality: 'exact' })
    expect(found!.legs.map(({ role }) => role)).toEqual(['FRONT', 'VICTIM', 'BACK'])
  })

  test.each<[clause: string, parts: Parameters<typeof play>[0]]>([
    ['somebody is in between', { victims: () => {} }],
    ['in the direction of the front', { victims: (scene, pool) => void scene.send(alice, sell(pool, whole(30))) }],
    ['who is not of the actor', { victims: (scene, pool) => void scene.send(bot, buy(pool, 0.001)) }],
    [
      'front and back are other transactions',
      {
        front: (scene, pool) => void scene.send(bot, buy(pool, 50), { pool, tokenIn: WETH, amountIn: 'all' }),
        back: () => {},
      },
    ],
    ['in opposite directions', { back: (scene, pool) => void scene.send(bot, buy(pool, 50)) }],
    ['of one actor', { back: (scene, pool, bought) => void scene.send({ from: OTHER_BOT }, sell(pool, bought)) }],
    [
      'who is not known by a public router alone',
      {
        front: (scene, pool) => void scene.send({ from: BOT, to: ROUTER }, buy(pool, 50)),
        back: (scene, pool, bought) => void scene.send({ from: OTHER_BOT, to: ROUTER }, sell(pool, bought)),
      },
    ],
    [
      'the victims come after the front',
      {
        front: (scene, pool) => {
          scene.send(alice, buy(pool, 30))
          scene.send(bot, buy(pool, 50))
        },
        victims: () => {},
      },
    ],
  ])('%s', (_, parts) => {
    expect(play(parts)).toEqual([])
  })

  test('in the same pool: a back elsewhere is none', () => {
    const scene = createScene()
    const [pool, other] = [scene.pool(WETH, USD), scene.pool(WETH, USD)]
    scene.send(bot, buy(pool, 50))
    const bought = lastOut(scene)
    scene.send(alice, buy(pool, 30))
    scene.send(bot, sell(other, bought))
    expect(sandwiches(scene.detect())).toEqual([])
  })

  test.each([
    ['all', 1, 'closes-exactly'],
    ['all but 0.5 %', 0.995, 'closes'],
    ['all but 4 %', 0.96, 'closes-nearly'],
    ['half', 0.5, 'imbalanced'],
    ['a tenth', 0.1, null],
  ])('the position comes back: %s', (_, part, fact) => {
    const found = play({
      back: (scene, pool, bought) => void scene.send(bot, sell(pool, (bought * BigInt(part * 1_000)) / 1_000n)),
    })
    expect(found.map(({ facts }) => facts.find((each) => each.startsWith('closes') || each === 'imbalanced'))).toEqual(
      fact === null ? [] : [fact],
    )
  })

  test('somebody has lost: a victim that would have got less is none', () => {
    // The victim's pool was moved for its good by another trade of the bot in the front transaction.
    const found = play({
      front: (scene, pool) => {
        scene.send(bot, { pool, tokenIn: WETH, amountIn: whole(60) })
        scene.send(bot, buy(pool, 5))
      },
      back: (scene, pool, bought) => void scene.send(bot, sell(pool, bought)),
    })
    expect(found.every(({ victims }) => victims.every(({ lossAmount }) => lossAmount! > 0n))).toBe(true)
  })
})

describe('who is one actor', () => {
  const between = (from: Address, to: Address, holder: Address, backHolder = holder) =>
    play({
      front: (scene, pool) => void scene.send({ from: BOT, to, holder }, buy(pool, 50)),
      back: (scene, pool, bought) => void scene.send({ from, to, holder: backHolder }, sell(pool, bought)),
    }).map(({ facts, variants }) => [facts.find((fact) => fact.startsWith('identity')), variants])

  test.each<[situation: string, found: unknown[], expected: unknown[]]>([
    ['one sender', between(BOT, BOT_CONTRACT, BOT), [['identity-same-sender', []]]],
    [
      'two senders over one contract that holds what it trades',
      between(OTHER_BOT, BOT_CONTRACT, BOT_CONTRACT),
      [['identity-same-holder', ['split_accounts']]],
    ],
    [
      'two senders over one contract that nobody knows, weakly',
      between(OTHER_BOT, UNKNOWN_ROUTER, BOT, OTHER_BOT),
      [['identity-same-contract', ['split_accounts']]],
    ],
    ['two senders over a known router', between(OTHER_BOT, ROUTER, ROUTER), []],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected)
  })
})

describe('variants', () => {
  test.each<[variant: string, parts: Parameters<typeof play>[0], variants: string[]]>([
    [
      'several victims',
      {
        victims: (scene, pool) => {
          scene.send(alice, buy(pool, 30))
          scene.send(bob, buy(pool, 3))
        },
      },
      ['multi_victim'],
    ],
    [
      'others in between',
      {
        victims: (scene, pool) => {
          scene.send(alice, buy(pool, 30))
          scene.send(bob, { pool: scene.pool(WETH, DAI), tokenIn: DAI, amountIn: whole(1) })
        },
      },
      ['wide_block'],
    ],
    [
      'a victim from L1',
      { victims: (scene, pool) => void scene.send({ ...alice, type: 255 }, buy(pool, 30)) },
      ['cross_layer'],
    ],
    [
      'two backs',
      {
        back: (scene, pool, bought) => {
          scene.send(bot, sell(pool, bought / 2n))
          scene.send(bot, sell(pool, bought - bought / 2n))
        },
      },
      ['layered'],
    ],
    [
      'a later block',
      {
        length: 10,
        back: (scene, pool, bought) => {
          scene.nextBlock()
          scene.nextBlock()
          scene.send(bot, sell(pool, bought))
        },
      },
      ['cross_block'],
    ],
  ])('%s', (_, parts, variants) => {
    expect(play(parts).map((found) => found.variants)).toEqual([variants])
  })

  test('across blocks only as far as the window reaches', () => {
    const apart = (blocks: number, length: number) =>
      play({
        length,
        back: (scene, pool, bought) => {
          for (let block = 0; block < blocks; block++) scene.nextBlock()
          scene.send(bot, sell(pool, bought))
        },
      }).length
    expect([apart(1, 0), apart(3, 3), apart(4, 3)]).toEqual([0, 1, 0])
  })

  test('two fronts', () => {
    const scene = createScene()
    const pool = scene.pool(WETH, USD)
    scene.send(bot, buy(pool, 20))
    const first = lastOut(scene)
    scene.send(alice, buy(pool, 30))
    scene.send(bot, buy(pool, 20))
    const second = lastOut(scene)
    scene.send(bob, buy(pool, 10))
    scene.send(bot, sell(pool, first + second))
    const [found, ...others] = sandwiches(scene.detect())
    expect(others).toEqual([])
    expect(found!.variants).toEqual(['layered', 'multi_victim'])
    expect(found!.legs.map(({ role }) => role)).toEqual(['FRONT', 'VICTIM', 'FRONT', 'VICTIM', 'BACK'])
  })

  test('a front that sells: the profit is in what it sold', () => {
    const scene = createScene()
    const pool = scene.pool(WETH, USD)
    scene.send(bot, sell(pool, whole(50)))
    const got = lastOut(scene)
    scene.send(alice, sell(pool, whole(30)))
    scene.send(bot, { pool, tokenIn: USD, amountIn: got })
    const [found] = sandwiches(scene.detect())
    expect(found!.profits.map(({ token }) => token)).toEqual([WETH])
    expect(found!.profits[0]!.amount).toBeGreaterThan(0n)
    expect(found!.residuals).toEqual([])
  })

  test('two pools with a victim over both are one sandwich, and the victim counts once', () => {
    const scene = createScene()
    const [first, second] = [scene.pool(WETH, USD), scene.pool(DAI, WETH)]
    const path = (amount: number): Step[] => [buy(first, amount), { pool: second, tokenIn: WETH, amountIn: 'all' }]
    scene.send(bot, ...path(50))
    const bought = lastOut(scene)
    scene.send(alice, ...path(30))
    scene.send(bot, { pool: second, tokenIn: DAI, amountIn: bought }, { pool: first, tokenIn: WETH, amountIn: 'all' })
    const [found, ...others] = sandwiches(scene.detect())
    expect(others).toEqual([])
    expect(found!.variants).toEqual(['multi_pool'])
    expect(new Set(found!.pools)).toEqual(new Set([first.address, second.address]))
    expect(found!.victims.map(({ lossToken }) => lossToken)).toEqual([DAI])
  })
})

describe('what a victim lost', () => {
  /** The same without the bot. */
  const alone = (step: (pool: Pool) => Step) => {
    const scene = createScene()
    const pool = scene.pool(WETH, USD)
    scene.send(alice, step(pool))
    const { trade } = scene.blocks()[0]!.actions[0] as { trade: { amountIn: bigint; amountOut: bigint } }
    return trade
  }

  test('an exact input in what comes out', () => {
    const [{ victims, legs }] = play() as [MevFinding]
    const { amountOut } = alone((pool) => buy(pool, 30))
    expect(victims[0]).toMatchObject({
      mode: 'EXACT_IN',
      lossToken: WETH,
      counterfactualAmount: amountOut,
      quality: 'exact',
    })
    expect(victims[0]!.lossAmount).toBeGreaterThan(0n)
    expect(legs[1]!.transactionHash).toBe(victims[0]!.transactionHash)
  })

  test('an exact output in what is paid', () => {
    const step = (pool: Pool): Step => ({ pool, tokenIn: USD, amountOut: whole(20) })
    const buyer = { ...alice, selector: '0x8803dbee' as const }
    const [{ victims }] = play({ victims: (scene, pool) => void scene.send(buyer, step(pool)) }) as [MevFinding]
    const { amountIn } = alone(step)
    expect(victims[0]).toMatchObject({
      mode: 'EXACT_OUT',
      lossToken: USD,
      counterfactualAmount: amountIn,
      quality: 'exact',
    })
  })

  test.each<[where: string, add: readonly [bigint, bigint]]>([
    ['on one side', [0n, whole(30)]],
    ['on both sides', [whole(3), whole(3)]],
    ['taken out', [whole(-3), whole(-3)]],
  ])('liquidity %s: who, but not how much', (_, add) => {
    const found = play({ victims: (scene, pool) => void scene.send(alice, { pool, add }) })
    expect(found.map(({ victims }) => victims)).toMatchObject([[{ mode: 'LIQUIDITY', lossAmount: null }]])
  })
})

describe('what speaks for and against it', () => {
  const limited = (part: bigint) => (scene: Scene, pool: Pool) => {
    scene.send(alice, buy(pool, 30))
    scene.ask({ kind: 'EXACT_IN', amountIn: whole(30), amountOut: (lastOut(scene) * part) / 1_000n })
  }

  test.each<[string, number, bigint, string]>([
    ['takes all that the limit leaves', 20, 1_000n, 'limit-reached'],
    ['takes most of it', 20, 970n, 'limit-neared'],
    ['takes little of it', 5, 970n, 'limit-spared'],
  ])('who %s', (_, front, part, fact) => {
    const [found] = play({
      front: (scene, pool) => void scene.send(bot, buy(pool, front)),
      victims: limited(part),
    })
    expect(found!.facts.filter((each) => each.startsWith('limit-'))).toEqual([fact])
  })

  test('a limit that is not known counts only where somebody else stands between', () => {
    const wide = (scene: Scene, pool: Pool) => {
      scene.send(alice, buy(pool, 30))
      scene.send(bob, sell(pool, whole(0.001)))
    }
    expect(play()[0]!.facts).not.toContain('limit-unknown-apart')
    expect(play({ victims: wide })[0]!.facts).toContain('limit-unknown-apart')
    const provider = (scene: Scene, pool: Pool) => {
      scene.send(alice, { pool, add: [whole(3), whole(3)] })
      scene.send(bob, sell(pool, whole(0.001)))
    }
    expect(play({ victims: provider })[0]!.facts).not.toContain('limit-unknown-apart')
  })

  test.each([
    ['few other trades', 4, false],
    ['many other trades', 5, true],
  ])('%s', (_, others, isTold) => {
    const scene = createScene()
    const pool = scene.pool(WETH, USD)
    scene.send(bot, buy(pool, 50))
    const bought = lastOut(scene)
    scene.send(alice, buy(pool, 30))
    scene.send(bot, sell(pool, bought))
    const [found] = sandwiches(scene.detect(0, others))
    expect(found!.facts.includes('trades-otherwise')).toBe(isTold)
    expect(found!.evidence.otherTrades).toBe(others)
  })

  test('what is left of a position is no loss of the attack', () => {
    const half = (scene: Scene, pool: Pool, bought: bigint) => {
      scene.send(bot, sell(pool, (bought * 6n) / 10n))
      for (let block = 0; block < 3; block++) scene.nextBlock()
    }
    const [found] = play({ back: half, length: 3 })
    expect(found!.variants).toContain('imbalanced')
    expect(found!.facts).not.toContain('gross-negative')
  })
})
