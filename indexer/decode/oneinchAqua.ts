import type { Decoder, FamilyDecoders } from './family.ts'
import { parametersOf } from './parameters.ts'
import { addressAt } from './words.ts'

/** Words of the maker, the app and the token. */
const ADDRESSES = [0, 1, 3]

/**
 * 1inch Aqua: makers keep their tokens and publish programs; a trade shows as one Pushed and one Pulled, which a single log does
 * not join, so they are kept as they are. Source: adapters of the protocol; Pulled by its likeness to Pushed.
 */
export const oneinchAqua: FamilyDecoders = {
  family: 'oneinch-aqua',
  decoders: {
    // Pushed(address maker, address app, bytes32 strategyHash, address token, uint256 amount)
    '0x3f18354abbd5306dd1665c2c90f614a4559e39dd620d04fbe5458e613b6588f3': transfer('pushed'),
    // Pulled(address maker, address app, bytes32 strategyHash, address token, uint256 amount)
    '0x3ad61047071575417c75e3311e5d46ff042e292b5dd8769ff18b4b254098ca7a': transfer('pulled'),
  },
}

/** Values: maker, app, hash of the strategy, token, amount. */
function transfer(name: string): Decoder {
  const read = parametersOf(name, 1, 5)
  return (log, families) => {
    const event = read(log, families)
    if (event === null || ADDRESSES.some((index) => addressAt(log.data, index) === null)) return null
    return event
  }
}
