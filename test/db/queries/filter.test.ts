import { sql } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import { describe, expect, test } from 'vitest'
import { type Filter, filterSql, type Operator } from '../../../db/queries/filter.ts'
import { swaps } from '../../../db/schema/swaps.ts'

const render = (filter: Filter) => {
  const { sql: text, params } = new PgDialect().sqlToQuery(sql`${filterSql(swaps, filter)}`)
  return [text.replaceAll('"swaps".', ''), params]
}

const tickIs = (operator: Operator, value: number): Filter => ({ column: 'tick', operator, value })

describe('filterSql', () => {
  const cases: [text: string, filter: Filter, parameters: unknown[]][] = [
    ['true', { all: [] }, []],
    ['false', { any: [] }, []],
    ['"tick" is null', { column: 'tick', operator: 'equals', value: null }, []],
    ['"tick" is distinct from $1', { column: 'tick', operator: 'not', value: 5 }, [5]],
    ['false', { column: 'tick', operator: 'in', value: [] }, []],
    ['("tick" in ($1, $2)) is not true', { column: 'tick', operator: 'not_in', value: [1, 2] }, [1, 2]],
    ['"amount0" < $1', { column: 'amount0', operator: 'lt', value: -(2n ** 255n) }, [(-(2n ** 255n)).toString()]],
    ['strpos("protocol", $1) > 0', { column: 'protocol', operator: 'contains', value: "'; drop" }, ["'; drop"]],
    ['"pool_address" = $1', { column: 'poolAddress', operator: 'equals', value: '0x01ff' }, [Uint8Array.of(1, 255)]],
    ['("tick" >= $1 and ("tick" <= $2))', { all: [tickIs('gte', 1), { any: [tickIs('lte', 2)] }] }, [1, 2]],
  ]

  test.each(cases)('%s', (text, filter, parameters) => {
    expect(render(filter)).toEqual([text, parameters])
  })

  test('a column that is not there', () => {
    expect(() => render({ column: 'nothing', operator: 'equals', value: 1 })).toThrow('no column nothing')
  })
})
