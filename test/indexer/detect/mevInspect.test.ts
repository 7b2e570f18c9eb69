import { describe, expect, test } from 'vitest'
import type { MevBundle } from '../../../indexer/types/mev.ts'
import { hasMevInspect } from '../../support/mevInspect.ts'
import { detectRecorded } from './recorded.ts'

const WETH = '0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2'
const USDC = '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48'
const DAI = '0x6b175474e89094c44da98b954eedeac495271d0f'

const shortOf = ({ kind, ownTransactions, profits, band }: MevBundle) => [
  kind === 'BACKRUN' ? 'ATOMIC_ARBITRAGE' : kind,
  ownTransactions.map((hash) => hash.slice(0, 10)),
  Object.fromEntries(profits.map(({ token, amount }) => [token, amount])),
  band,
]

describe.runIf(hasMevInspect)('recorded blocks of Ethereum (skipped without ../shared)', () => {
  test.each<[number, unknown[]]>([
    [11935012, [['SANDWICH', ['0xfe25d8ec', '0x10ba62d4'], { [WETH]: 80169284351999749n }, 'confirmed']]],
    [
      12483198,
      [
        ['ATOMIC_ARBITRAGE', ['0x22540e53'], { [WETH]: 9952775606184015146n }, 'confirmed'],
        ['ATOMIC_ARBITRAGE', ['0xe3fac192'], { [WETH]: 304971173245779342n }, 'confirmed'],
        ['ATOMIC_ARBITRAGE', ['0x1db6c452'], { [WETH]: 22137247799616742n }, 'confirmed'],
        ['ATOMIC_ARBITRAGE', ['0x9ec86eb0'], { [WETH]: 18231262442915460n, [USDC]: 18938633n }, 'confirmed'],
      ],
    ],
    [12775690, [['SANDWICH', ['0x91a3abe5', '0xc300d1ff'], { [WETH]: 49991481915322274n }, 'confirmed']]],
    [
      12914944,
      [
        ['SANDWICH', ['0x8d701e95', '0xf3fc11e2'], { [WETH]: 412712206907851634n }, 'confirmed'],
        ['ATOMIC_ARBITRAGE', ['0xfcf4558f'], { [WETH]: 53560707941943273628n }, 'confirmed'],
        ['ATOMIC_ARBITRAGE', ['0x448245bf'], { [WETH]: 750005273675102326n }, 'confirmed'],
      ],
    ],
    [
      13666312,
      [['ATOMIC_ARBITRAGE', ['0x2d1f04ed'], { [WETH]: 99275370646050064n, [DAI]: 293881929796n }, 'confirmed']],
    ],
  ])('block %i has these bundles and no other', (number, expected) => {
    const found = detectRecorded(number).map(shortOf)
    expect(found).toHaveLength(expected.length)
    expect(found).toEqual(expect.arrayContaining(expected))
  })

  test('block 12775690: what each of the four victims lost, the first of an exact output', () => {
    const [{ victims, variants }] = detectRecorded(12775690) as [MevBundle]
    expect(variants).toEqual(['multi_victim'])
    expect(victims.map(({ mode, lossAmount, quality }) => [mode, lossAmount, quality])).toEqual([
      ['EXACT_OUT', 2580635624826764n, 'exact'],
      ['EXACT_IN', 109363232232248779n, 'exact'],
      ['EXACT_IN', 45563259212707647n, 'exact'],
      ['EXACT_IN', 10855006322639006651n, 'exact'],
    ])
  })

  test('block 12914944: one sandwich over two pools, whose victim lost over both hops', () => {
    const sandwich = detectRecorded(12914944).find(({ kind }) => kind === 'SANDWICH')!
    expect(sandwich.variants).toEqual(['multi_pool'])
    expect(sandwich.pools).toHaveLength(2)
    expect(sandwich.victims.map(({ lossAmount }) => lossAmount)).toEqual([369417979531413689164n])
    expect(sandwich.evidence).toMatchObject({ naiveProfit: 412712206907851634n })
  })

  test('block 11935012: a front that sells; other tools call its profit 0', () => {
    const [{ victims, evidence }] = detectRecorded(11935012) as [MevBundle]
    expect(victims.map(({ lossAmount }) => lossAmount)).toEqual([141955836710028916n])
    expect(evidence).toMatchObject({ naiveProfit: 0n })
  })

  test.each([
    [13302365, 1],
    [13298725, 1],
    [12674514, 0],
  ])('block %i: its liquidations, and %i cycle', (number, cycles) => {
    const found = detectRecorded(number)
    const kinds = found.map(({ kind }) => (kind === 'BACKRUN' ? 'ATOMIC_ARBITRAGE' : kind)).sort()
    expect(kinds).toEqual([...Array(cycles).fill('ATOMIC_ARBITRAGE'), 'LIQUIDATION'])
  })
})
