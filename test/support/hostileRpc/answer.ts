import type { Dice } from './dice.ts'
import { type FaultName, faultsOf } from './registry.ts'
import type { Switchboard } from './switchboard.ts'
import type { Answer, Call, Exchange, Reply, Settings } from './types.ts'
import type { Upstream } from './upstream.ts'

/** What answers are made with. */
export type AnswerContext = {
  upstream: Upstream
  settings: Settings
  switchboard: Switchboard
  diceFor: (request: string) => Dice
}

/** Answers the body of one HTTP request, with what goes wrong before, in and after the honest answer. */
export async function answerBody(context: AnswerContext, body: string): Promise<Reply> {
  const calls = [JSON.parse(body) as Call | Call[]].flat()
  const dice = context.diceFor(JSON.stringify(calls.map(({ method, params }) => [method, params])))
  const aim = aimAt(context, calls, dice)
  for (const [name, fault] of faultsOf('request')) {
    const exchange = aim(name, null)
    const reply = exchange && fault.reply(exchange)
    if (reply) return counted(context, name, reply)
  }
  const text = await spoilAnswers(context, calls, aim, await context.upstream.post(body))
  for (const [name, fault] of faultsOf('delivery')) {
    const exchange = aim(name, null)
    const reply = exchange && fault.deliver(text, exchange)
    if (reply) return counted(context, name, reply)
  }
  return { status: 200, body: text }
}

/** What a fault may do to the request; null when it does not strike, or has nothing to strike. */
type Aim = (fault: FaultName, methods: readonly string[] | null) => Exchange | null

function aimAt({ switchboard, settings, upstream }: AnswerContext, calls: readonly Call[], dice: Dice): Aim {
  return (fault, methods) => {
    const random = dice(fault)
    if (!switchboard.strikes(fault, random())) return null
    const targets = switchboard.findTargets(calls, methods)
    return targets.length === 0 ? null : { calls, targets, random, settings, ask: upstream.ask }
  }
}

async function spoilAnswers(context: AnswerContext, calls: readonly Call[], aim: Aim, text: string): Promise<string> {
  let answers: Answer[] | null = null
  for (const [name, fault] of faultsOf('answers')) {
    const exchange = aim(name, fault.methods)
    if (exchange === null) continue
    answers ??= parseAnswers(text, calls)
    const spoilt = await fault.spoil(exchange, answers)
    if (spoilt) answers = counted(context, name, spoilt)
  }
  if (answers === null) return text
  return JSON.stringify(text.trimStart().startsWith('[') ? answers : (answers[0] ?? null))
}

/** The answers in the order of the calls. */
function parseAnswers(text: string, calls: readonly Call[]): Answer[] {
  const byId = new Map([JSON.parse(text) as Answer | Answer[]].flat().map((answer) => [answer.id, answer]))
  return calls.map(({ id }) => byId.get(id) ?? { jsonrpc: '2.0', id, error: { code: -32603, message: 'no answer' } })
}

function counted<T>({ switchboard }: AnswerContext, fault: FaultName, outcome: T): T {
  switchboard.count(fault)
  return outcome
}
