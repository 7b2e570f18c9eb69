import { describe, expect, test } from 'vitest'
import { RpcError } from '../../../indexer/chain/errors.ts'
import { isPassingError, isTooLongBatch } from '../../../indexer/chain/refusals.ts'

const isPassing = (code: number, message: string) => isPassingError(new RpcError('eth_getLogs', code, message))

describe('a refusal that may be another answer when the same is asked again', () => {
  test.each<[number, string]>([
    [-32603, 'Internal error'],
    [-32603, 'upstream request failed'],
    [-32000, 'upstream request failed'],
    [-32000, 'server is overloaded, please try again'],
    [-32000, 'request timed out'],
    [-32002, 'no healthy upstream'],
    [-32016, 'over rate limit'],
    [-32005, 'limit exceeded'],
    [-32005, 'daily request count exceeded, request rate limited'],
    [-32029, 'too many requests'],
    [-32000, 'header not found'],
    [-32000, 'rate limit exceeded'],
    [-32000, 'service temporarily unavailable'],
    [-32603, 'upstream response timeout'],
    [429, 'slow down'],
  ])('%i %s', (code, message) => {
    expect(isPassing(code, message)).toBe(true)
  })
})

test('the name of the method says nothing', () => {
  expect(isPassingError(new RpcError('zks_getL1BatchBlockRange', -32603, 'Internal error'))).toBe(true)
})

describe('a refusal for good', () => {
  test.each<[number, string]>([
    [3, 'execution reverted'],
    [-32000, 'execution reverted'],
    [-32603, 'execution reverted: STF'],
    [-32000, 'missing trie node'],
    [-32000, 'historical state is not available'],
    [-32000, 'block range limit exceeded.'],
    [-32000, 'Log response size exceeded.'],
    [-32602, 'Query returned more than 10000 results. Try with this block range [0x1, 0x9].'],
    [-32005, 'query returned more than 10000 results. Try with this block range [0x1, 0x9].'],
    [-32603, 'eth_getLogs range too large, max is 1024 blocks'],
    [-32601, 'the method does not exist'],
    [-32602, 'invalid params'],
    [-32000, 'out of gas'],
  ])('%i %s', (code, message) => {
    expect(isPassing(code, message)).toBe(false)
  })

  test.each([[null], [undefined], ['0x1'], [new Error('Internal error')]])('%s is no refusal', (answer) => {
    expect(isPassingError(answer)).toBe(false)
  })
})

describe('the refusal of a batch as too large', () => {
  test.each<[number, string, boolean]>([
    [-32600, 'Invalid request', true],
    [-32000, 'batch too large', true],
    [-32010, 'The batch request was too large', true],
    [-32000, 'too many calls', true],
    [-32008, 'Response size exceeded', true],
    [-32005, 'Batch size too large: max 1', true],
    [-32005, 'limit exceeded', false],
    [-32005, 'rate limit exceeded', false],
    [-32603, 'Internal error', false],
    [-32000, 'upstream request failed', false],
  ])('%i %s: %s', (code, message, isTooLarge) => {
    expect(isTooLongBatch(new RpcError('a batch', code, message))).toBe(isTooLarge)
  })
})
