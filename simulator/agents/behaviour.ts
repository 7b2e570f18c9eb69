import type { Behaviour, FlowLabel } from '../labels.ts'
import type { PlannedTransaction } from './agent.ts'

/** How the agents behave whose trades are all of one kind, by their names in the registry. */
const BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  retail: 'RETAIL_DIRECT',
  aggregator: 'RETAIL_AGGREGATOR',
  noise: 'RETAIL_DIRECT',
  marketMaker: 'MARKET_MAKER',
  sandwich: 'ARBITRAGE_MEV',
  jit: 'ARBITRAGE_MEV',
  arbitrageur: 'ARBITRAGE_MEV',
}

/** Whose trade a transaction is: as its plan says, else by its agent; null where neither tells. */
export function flowLabelOf(agent: string, { flow, role }: PlannedTransaction): FlowLabel | null {
  if (flow !== undefined) return flow
  // People whom an attack or a decoy uses stay people.
  if (role === 'VICTIM' || role === 'TRIGGER' || role === 'LIKE_VICTIM' || role === 'BYSTANDER')
    return { behaviour: 'RETAIL_DIRECT', family: agent, parentId: null }
  const behaviour = BEHAVIOURS[agent]
  return behaviour === undefined ? null : { behaviour, family: agent, parentId: null }
}
