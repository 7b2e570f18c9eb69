import { readFileSync } from 'node:fs'
import { isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql'
import { describe, expect, test } from 'vitest'
import { renderSdl, sdlPath } from '../../api/printSchema.ts'
import { createApiSchema, entities } from '../../api/schema/index.ts'

const types = Object.values(createApiSchema().getTypeMap()).filter(({ name }) => !name.startsWith('__'))

describe('api/schema.graphql', () => {
  test('is up to date (else: node --import tsx api/printSchema.ts)', () => {
    expect(readFileSync(sdlPath(), 'utf8')).toBe(renderSdl())
  })
})

describe('createApiSchema', () => {
  test('every type, field, argument and value has a description', () => {
    const missing: string[] = []
    const check = (path: string, { description }: { description?: string | null | undefined }) => {
      if (!description?.trim()) missing.push(path)
    }
    for (const type of types) {
      check(type.name, type)
      if (isEnumType(type)) for (const value of type.getValues()) check(`${type.name}.${value.name}`, value)
      if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue
      for (const field of Object.values(type.getFields())) {
        check(`${type.name}.${field.name}`, field)
        if ('args' in field) for (const each of field.args) check(`${type.name}.${field.name}(${each.name})`, each)
      }
    }
    expect(missing).toEqual([])
  })

  test('every column is a field', () => {
    for (const { name, docs } of entities.filter(({ isBare }) => !isBare)) {
      const type = types.find((each) => each.name === name)
      if (!isObjectType(type)) throw new Error(`no type ${name}`)
      expect(Object.keys(type.getFields())).toEqual(expect.arrayContaining(Object.keys(docs.columns)))
    }
  })

  test('every column that names a stored thing has the relation beside it', () => {
    // Traders, factories and the like have no table of their own, nor has anything on L1.
    const without =
      /^(trader|sender|recipient|provider|owner|factory|from|to|block|hooks|market|contract|model|liquidator|borrower|searcher)(Address|Hash)$|^(address|hash)$|^(refund|intent)RecipientAddress$|^rootHash$/
    const onL1 = /^(l1Sender|diamond)Address$|^(l1|commit|prove|execute)TransactionHash$/
    const renamed: Record<string, string> = { emitterAddress: 'emitterPool' }
    // The emitter of a pool is the pool, or a singleton without a row.
    for (const { name, docs, one } of entities.filter(({ isBare }) => !isBare)) {
      for (const column of Object.keys(docs.columns)) {
        if (!/(Address|Hash|^blockNumber)$/.test(column) || without.test(column) || onL1.test(column)) continue
        if (name === 'L1Cursor' && column === 'blockNumber') continue
        if (name === 'Pool' && column === 'emitterAddress') continue
        // `token` is the address, as are all tokens of bundles.
        if (name === 'MevProfit' && column === 'tokenAddress') continue
        const relation = renamed[column] ?? column.replace(/(Address|Hash|Number)$/, '')
        expect(Object.keys(one ?? {}), `${name}.${column}`).toContain(relation)
      }
    }
  })

  test('there is no way to write', () => {
    expect(createApiSchema().getMutationType() ?? null).toBeNull()
    expect(createApiSchema().getSubscriptionType() ?? null).toBeNull()
  })
})
