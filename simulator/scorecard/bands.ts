/** A measure of the scorecard. */
export type FactName =
  | 'returnTail'
  | 'returnAutocorrelation'
  | 'volatilityAutocorrelation'
  | 'sizeTail'
  | 'signMemory'
  | 'burstiness'
  | 'diurnalRatio'
  | 'arbitrageShare'

/** What a measure is, and what is accepted of it. */
export type Band = {
  title: string
  low: number
  high: number
  /** Fewer observations say nothing. */
  least: number
}

/**
 * The bands, from the targets of the reference on flow (section 5). Where it says only `about 0`, `slow` or `above 0`, the
 * figures are ours.
 */
export const bands: Readonly<Record<FactName, Band>> = {
  returnTail: { title: 'tail exponent of returns, 1 minute', low: 2.5, high: 4, least: 1_000 },
  returnAutocorrelation: { title: 'ACF of returns, mean of lags 2 to 10', low: -0.05, high: 0.05, least: 1_000 },
  volatilityAutocorrelation: { title: 'ACF of |returns|, mean of lags 1 to 10', low: 0.02, high: 0.6, least: 1_000 },
  sizeTail: { title: 'tail exponent of sizes', low: 1.2, high: 2, least: 1_000 },
  signMemory: { title: 'exponent by which the ACF of signs falls', low: 0.3, high: 0.7, least: 20_000 },
  burstiness: { title: "burstiness of the traders' gaps, pooled", low: 0.05, high: 0.95, least: 500 },
  diurnalRatio: { title: 'busiest quarter of the day to the quietest', low: 1.2, high: 10, least: 1_000 },
  arbitrageShare: { title: 'share of arbitrage in the volume', low: 0.3, high: 0.75, least: 500 },
}
