import { expect, test } from 'vitest'
import { address } from '../../support/logs.ts'
import { createScene, type Sender, USD, WETH, whole } from './scene.ts'

const SWAPS = 5_000
const LIMIT_MS = 1_000

/** Milliseconds to judge one block in which so many swaps hit one pool. */
function measure(senderOf: (index: number) => Sender): number {
  const scene = createScene()
  const pool = scene.pool(WETH, USD, 1_000_000n, 1_000_000n)
  for (let index = 0; index < SWAPS; index++) {
    scene.send(senderOf(index), { pool, tokenIn: index % 2 ? USD : WETH, amountIn: whole(1 + (index % 13)) })
  }
  const began = performance.now()
  scene.detect()
  return performance.now() - began
}

test('a provider who sets its range anew 8,000 times in ten blocks takes less than a second', () => {
  const bot = { from: address(1), to: address(2) }
  const scene = createScene()
  const pool = scene.pool(WETH, USD, 1_000_000n, 1_000_000n)
  for (let block = 0; block < 10; block++) {
    if (block > 0) scene.nextBlock()
    for (let index = 0; index < 400; index++) {
      scene.send(bot, { pool, add: [whole(5), whole(5)] })
      scene.send(bot, { pool, add: [-whole(5), -whole(5)] })
    }
  }
  const began = performance.now()
  scene.detect(9)
  expect(performance.now() - began).toBeLessThan(LIMIT_MS)
})

test('a bot in thirty pools with each of 500 transactions takes less than two seconds', () => {
  const scene = createScene()
  const pools = Array.from({ length: 30 }, (_, index) =>
    scene.pool(address(0x5000 + index), USD, 1_000_000n, 1_000_000n),
  )
  for (let index = 0; index < 500; index++) {
    const steps = pools.map((pool) => ({
      pool,
      tokenIn: index % 2 ? USD : pool.tokens[0]!,
      amountIn: whole(1 + index),
    }))
    scene.send({ from: address(1), to: address(2) }, ...steps)
  }
  const began = performance.now()
  scene.detect()
  expect(performance.now() - began).toBeLessThan(2 * LIMIT_MS)
})

test.each<[who: string, senderOf: (index: number) => Sender]>([
  ['by as many people', (index) => ({ from: address(0x10_0000 + index) })],
  ['by one bot that trades both ways', () => ({ from: address(1) })],
  ['by ten bots', (index) => ({ from: address(1 + (index % 10)) })],
  ['by a bot between people', (index) => ({ from: index % 3 ? address(0x10_0000 + index) : address(1) })],
])(`${SWAPS} swaps in one pool of one block ${'%s'} take less than a second`, (_, senderOf) => {
  const ms = measure(senderOf)
  console.info(`${Math.round(ms)} ms`)
  expect(ms).toBeLessThan(LIMIT_MS)
})
