import type { Family } from '../../types/event.ts'
import { cryptoSwapRules } from './cryptoSwap.ts'
import { iziswapRules } from './iziswap.ts'
import { kyberElasticRules } from './kyberElastic.ts'
import { maverickV1Rules } from './maverickV1.ts'
import { maverickV2Rules } from './maverickV2.ts'
import {
  ezkaliburRules,
  kyberClassicRules,
  muteRules,
  solidlyRules,
  syncswapAquaRules,
  syncswapClassicRules,
  syncswapStableRules,
  uniswapV2Rules,
  velodromeV2Rules,
} from './pairs.ts'
import type { FamilyRules } from './rules.ts'
import { stableSwapRules } from './stableSwap.ts'
import { ticksRules } from './ticks.ts'
import { untracked } from './untracked.ts'
import { weightedRules } from './weighted.ts'

/** How the state of each family's pools comes about. A new family is a line here. */
const RULES: Readonly<Record<Family, FamilyRules>> = {
  'uniswap-v2': uniswapV2Rules,
  ezkalibur: ezkaliburRules,
  solidly: solidlyRules,
  mute: muteRules,
  'velodrome-v2': velodromeV2Rules,
  'syncswap-classic': syncswapClassicRules,
  'syncswap-stable': syncswapStableRules,
  'syncswap-aqua': syncswapAquaRules,
  'uniswap-v3': ticksRules,
  'pancake-v3': ticksRules,
  slipstream: ticksRules,
  algebra: ticksRules,
  'kyber-elastic': kyberElasticRules,
  'uniswap-v4': ticksRules,
  iziswap: iziswapRules,
  'kyber-classic': kyberClassicRules,
  'maverick-v1': maverickV1Rules,
  'maverick-v2': maverickV2Rules,
  'curve-stable': stableSwapRules,
  'curve-crypto': cryptoSwapRules,
  'pancake-stable': stableSwapRules,
  'balancer-v2': weightedRules,
  'velocore-v2': untracked,
  woofi: untracked,
  wombat: untracked,
  'clober-v2': untracked,
  'oneinch-aqua': untracked,
  'gmx-v1': untracked,
  amigo: untracked,
  copump: untracked,
}

/** The rules of a family. */
export function rulesOf(family: Family): FamilyRules {
  return RULES[family]
}
