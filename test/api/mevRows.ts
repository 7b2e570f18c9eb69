import type { Row } from '../../db/database.ts'
import { address, CHAIN_ID, hash, PAIR, TICKED, UINT256_MAX, USDC, WETH } from './values.ts'

/** Ids of bundles: what stands in the rows of every test. */
export const SANDWICH = hash(800, 1)
export const ARBITRAGE = hash(800, 2)
export const PROBE = hash(800, 3)

/** What a bundle has when nothing special is told of it. */
export const mevBundleRow = (id: string, decidedBlock: number, more: Row): Row => ({
  ...{ chainId: CHAIN_ID, id, kind: 'SANDWICH', variants: ['cross_block'], confidence: 0.875, band: 'confirmed' },
  ...{ ruleVersion: '1', scoreParts: { base: 0.25, adjacent: -0.125 }, searcherAddress: address(0x71) },
  ...{ firstBlock: decidedBlock, lastBlock: decidedBlock, decidedBlock, poolAddresses: [TICKED] },
  timestamp: 1_700_000_000 + Math.floor(decidedBlock / 3),
  ...{ gasCostWei: 21_000n * 10n ** 9n, grossProfitUsd: 2.5, gasCostUsd: 0.5, netProfitUsd: 2 },
  ...{ victimCount: 0, victimLossUsd: null, quality: 'exact' },
  evidence: { idleTrips: 0, large: UINT256_MAX.toString(), list: [true, null] },
  ...more,
})

/** One action of a bundle. */
export const mevLegRow = (bundleId: string, position: number, role: string, blockNumber: number, more: Row): Row => ({
  ...{ chainId: CHAIN_ID, bundleId, position, role, blockNumber, transactionIndex: position % 2 },
  ...{ transactionHash: hash(blockNumber, position % 2), logIndex: position, poolAddress: TICKED },
  ...{ band: 'confirmed', decidedBlock: blockNumber },
  ...more,
})

/** One victim of a bundle. */
export const mevVictimRow = (bundleId: string, position: number, blockNumber: number, more: Row): Row => ({
  ...{ chainId: CHAIN_ID, bundleId, position, blockNumber, transactionHash: hash(blockNumber, 1), logIndex: position },
  ...{ traderAddress: address(0x10), mode: 'EXACT_IN', lossToken: USDC, lossAmount: 1_250_000n, lossBps: 12.5 },
  ...{ lossUsd: 1.25, counterfactualAmount: UINT256_MAX, quality: 'exact' },
  ...{ kind: 'SANDWICH', band: 'confirmed', decidedBlock: blockNumber },
  ...more,
})

const unknown = { lossAmount: null, lossBps: null, lossUsd: null, counterfactualAmount: null, quality: 'unknown' }
const unpriced = { gasCostWei: null, grossProfitUsd: null, gasCostUsd: null, netProfitUsd: null }

/** Rows of bundles that are not candidates: of three kinds, the first of them in final blocks. */
export const mevRows = {
  mevBundles: [
    mevBundleRow(SANDWICH, 103, { firstBlock: 102, variants: ['multi_victim'], victimCount: 2, victimLossUsd: 1.25 }),
    mevBundleRow(ARBITRAGE, 106, {
      ...{ kind: 'ATOMIC_ARBITRAGE', confidence: 0.625, band: 'probable', poolAddresses: [PAIR] },
      ...{ searcherAddress: address(0x72), grossProfitUsd: 10, gasCostUsd: 0.25, netProfitUsd: 9.75 },
    }),
    mevBundleRow(PROBE, 108, { kind: 'PROBE', quality: 'unknown', searcherAddress: address(0x73), ...unpriced }),
  ],
  mevLegs: [
    mevLegRow(SANDWICH, 0, 'FRONT', 102, { decidedBlock: 103 }),
    mevLegRow(SANDWICH, 1, 'VICTIM', 102, { decidedBlock: 103 }),
    mevLegRow(SANDWICH, 2, 'VICTIM', 103, {}),
    mevLegRow(SANDWICH, 3, 'BACK', 103, {}),
    mevLegRow(ARBITRAGE, 0, 'TRIGGER', 106, { band: 'probable', poolAddress: PAIR }),
    mevLegRow(ARBITRAGE, 1, 'ARBITRAGE', 106, { band: 'probable', poolAddress: PAIR }),
    mevLegRow(PROBE, 0, 'PROBE', 108, { transactionHash: hash(970, 0), logIndex: null, poolAddress: null }),
  ],
  mevVictims: [
    mevVictimRow(SANDWICH, 0, 102, { decidedBlock: 103 }),
    mevVictimRow(SANDWICH, 1, 103, { traderAddress: address(0x12), mode: 'LIQUIDITY', lossToken: WETH, ...unknown }),
  ],
  mevProfits: [
    { chainId: CHAIN_ID, bundleId: SANDWICH, tokenAddress: WETH, amount: -5n, isResidual: true, decidedBlock: 103 },
    {
      chainId: CHAIN_ID,
      bundleId: SANDWICH,
      tokenAddress: USDC,
      amount: UINT256_MAX,
      isResidual: false,
      decidedBlock: 103,
    },
    { chainId: CHAIN_ID, bundleId: ARBITRAGE, tokenAddress: WETH, amount: 7n, isResidual: false, decidedBlock: 106 },
  ],
  mevControls: [{ chainId: CHAIN_ID, blockNumber: 103, kind: 'SANDWICH', observed: 1, placebo: 0 }],
} satisfies Record<string, Row[]>
