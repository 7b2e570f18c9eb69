import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ViewBlock } from '../../../contracts/devnet/proxy/block.ts'
import { type BlockList, createBlockList } from '../../../contracts/devnet/proxy/blockList.ts'

function block(number: number): ViewBlock {
  return {
    ...{ number, hash: `0x${number}`, parentHash: '0x', timestamp: number, header: { number }, batchTxOffset: 0 },
    ...{ transactions: [], receipts: [], logs: [], receivedAtUs: [BigInt(number)] },
  }
}

describe('createBlockList', () => {
  let folder: string
  let list: BlockList
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'flowprint-blocks-'))
    list = createBlockList(join(folder, 'old.bin'), 3)
    for (let number = 0; number < 10; number++) list.push(block(number))
  })
  afterEach(() => {
    list.close()
    rmSync(folder, { recursive: true })
  })

  test('reads old blocks back as they were', () => {
    expect(list.length()).toBe(10)
    for (let number = 0; number < 10; number++) expect(list.at(number)).toEqual(block(number))
    expect(list.at(10)).toBeUndefined()
  })

  test('truncates through old blocks, newest first, and goes on', () => {
    expect(list.truncate(4).map(({ number }) => number)).toEqual([9, 8, 7, 6, 5])
    list.push({ ...block(5), hash: '0xother' })
    for (let number = 6; number < 12; number++) list.push(block(number))
    expect(list.at(5)?.hash).toBe('0xother')
    expect(list.at(4)).toEqual(block(4))
  })
})
