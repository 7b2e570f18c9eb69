import * as Hash from 'ox/Hash'
import * as OxHex from 'ox/Hex'
import { checkModel, type FlowModel } from '../scorecard.ts'
import model from './flow.json' with { type: 'json' }

/** The model that swaps are tagged with: what `npm run train:flow` has written. */
export const flowModel: FlowModel = checkModel(model as unknown as FlowModel)

/** Names it: keccak256 of its JSON without spaces. */
export const flowModelHash: OxHex.Hex = Hash.keccak256(OxHex.fromString(JSON.stringify(model)))
