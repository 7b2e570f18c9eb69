import type { ChainProfile, LendingProfile } from '../../contracts/chains/profile.ts'
import type { Address, Hex } from '../types/block.ts'
import type { LendingFamily, LiquidationEvent } from '../types/event.ts'
import type { LiquidationFacts } from '../types/rows.ts'
import { type ContractCall, fetchCalls } from './calls.ts'
import { callData, selector, toAddress, wordAt, wordCount } from './pools/probe.ts'
import type { Rpc } from './rpc.ts'

/** A liquidation with the block it is in. */
export type PlacedLiquidation = { event: LiquidationEvent; blockNumber: number }

/** Asks for one market, and reads what the answers say of one liquidation. */
type Reader = {
  ask(event: LiquidationEvent): { to: Address; data: Hex }[]
  /** Null when the emitter is no market of the family. */
  read(event: LiquidationEvent, answers: readonly (Hex | null)[], profile: ChainProfile): LiquidationFacts | null
}

/** A seized amount of shares is worth its exchange rate, scaled by 1e18. Source: Compound CToken.exchangeRateStored. */
const RATE_SCALE = 10n ** 18n
const BASE_TOKEN: Address = '0x0000000000000000000000000000000000000000'

const compoundLike = (family: LendingFamily): Reader => ({
  ask: ({ emitter, collateral: { market } }) => [
    { to: emitter, data: selector('comptroller()') },
    { to: emitter, data: selector('underlying()') },
    { to: emitter, data: selector('borrowIndex()') },
    ...(market === null
      ? []
      : ['comptroller()', 'underlying()', 'exchangeRateStored()'].map((name) => ({
          to: market,
          data: selector(name),
        }))),
  ],
  read: ({ collateral }, [comptroller, debt, index, otherComptroller, underlying, rate], profile) => {
    const [owner, otherOwner] = [toAddress(comptroller), toAddress(otherComptroller)]
    // A market has a comptroller, which is that of the collateral, or at least an underlying token.
    if (owner === null ? toAddress(debt) === null : wordCount(index) !== 1 || otherOwner !== owner) return null
    const scale = wordCount(rate) === 1 ? wordAt(rate, 0) : null
    return {
      protocol: nameOf(profile, family, owner),
      // A market without an underlying token is the one of the base token.
      debtToken: toAddress(debt) ?? BASE_TOKEN,
      collateralToken: toAddress(underlying) ?? BASE_TOKEN,
      collateralAmount: scale === null || collateral.amount === null ? null : (collateral.amount * scale) / RATE_SCALE,
    }
  },
})

const READERS: Readonly<Record<LendingFamily, Reader>> = {
  'aave-v3': {
    ask: ({ emitter, debt }) => [
      { to: emitter, data: selector('getReservesList()') },
      ...(debt.token === null
        ? []
        : [{ to: emitter, data: callData(selector('getReserveData(address)'), debt.token) }]),
    ],
    // The list names the reserves, and both tokens must be among them.
    read: ({ emitter, debt, collateral }, [reserves], profile) => {
      const isListed = (token: Address | null) => token !== null && reserves?.includes(token.slice(2)) === true
      if (!isKnown(profile, 'aave-v3', emitter) && !(isListed(debt.token) && isListed(collateral.token))) return null
      const tokens = { debtToken: debt.token, collateralToken: collateral.token }
      return { protocol: nameOf(profile, 'aave-v3', emitter), ...tokens, collateralAmount: collateral.amount }
    },
  },
  'compound-v2': compoundLike('compound-v2'),
  venus: compoundLike('venus'),
  'morpho-blue': {
    ask: ({ emitter, marketId }) =>
      marketId === null ? [] : [{ to: emitter, data: callData(selector('idToMarketParams(bytes32)'), marketId) }],
    // (address loanToken, address collateralToken, address oracle, address irm, uint256 lltv)
    read: ({ emitter, collateral }, [params], profile) => {
      if (wordCount(params) !== 5) return null
      const [debtToken, collateralToken] = [addressAt(params!, 0), addressAt(params!, 1)]
      if (debtToken === null || collateralToken === null) return null
      const protocol = nameOf(profile, 'morpho-blue', emitter)
      return { protocol, debtToken, collateralToken, collateralAmount: collateral.amount }
    },
  },
  'gmx-v1': fromProfileOnly('gmx-v1'),
}

/** Vaults of perpetuals have no getters to know them by: the profile has to name them. */
function fromProfileOnly(family: LendingFamily): Reader {
  return {
    ask: () => [],
    read: ({ emitter, debt, collateral }, _, profile) =>
      isKnown(profile, family, emitter)
        ? {
            protocol: nameOf(profile, family, emitter),
            ...{ debtToken: debt.token, collateralToken: collateral.token, collateralAmount: collateral.amount },
          }
        : null,
  }
}

function addressAt(answer: Hex, index: number): Address | null {
  return toAddress(`0x${answer.slice(2 + index * 64, 66 + index * 64)}`)
}

function findKnown(profile: ChainProfile, family: LendingFamily, address: Address): LendingProfile | undefined {
  return profile.lending.find((known) => known.family === family && known.address === address)
}

function isKnown(profile: ChainProfile, family: LendingFamily, address: Address): boolean {
  return findKnown(profile, family, address) !== undefined
}

function nameOf(profile: ChainProfile, family: LendingFamily, address: Address | null): string {
  if (address === null) return `${family}-fork`
  return findKnown(profile, family, address)?.protocol ?? `${family}-fork`
}

/**
 * Asks the contracts that emitted `liquidations` for their market's tokens, at the end of each block.
 * @returns the facts of each whose emitter answers as a market of its family, or is named in the profile.
 * @throws EndpointError when the endpoint fails.
 */
export async function fetchLiquidations(
  rpc: Rpc,
  liquidations: readonly PlacedLiquidation[],
  profile: ChainProfile,
  signal?: AbortSignal,
): Promise<Map<LiquidationEvent, LiquidationFacts>> {
  const asked = liquidations.flatMap(({ event, blockNumber }) =>
    event.families.map((family) => ({
      ...{ event, family },
      calls: READERS[family].ask(event).map((question): ContractCall => ({ ...question, blockNumber })),
    })),
  )
  const answers = await fetchCalls(
    rpc,
    asked.flatMap(({ calls }) => calls),
    'latest',
    signal,
  )
  const facts = new Map<LiquidationEvent, LiquidationFacts>()
  let position = 0
  for (const { event, family, calls } of asked) {
    const its = answers.slice(position, position + calls.length)
    position += calls.length
    const read = READERS[family].read(event, its, profile)
    if (read !== null && !facts.has(event)) facts.set(event, read)
  }
  return facts
}
