// A reader who asks the GraphQL API again and again how far it is, over one connection.
import { Agent } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { clock, post } from './rpcProxy.mjs'

const QUERY = Buffer.from(JSON.stringify({ query: '{ _meta { block { number } } }' }))

/**
 * Begins to read; each question follows the answer before it, `pauseMs` later.
 * @param {string} url of the API, without /graphql
 * @param {number} pauseMs
 */
export function startReader(url, pauseMs) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  /** @type {Map<number, number>} when each block was first seen, see `clock` */
  const seen = new Map()
  /** @type {{ at: number, ms: number }[]} */
  const roundTrips = []
  let newest = -1
  let isReading = true
  /** @type {unknown} */
  let failure = null

  async function read() {
    while (isReading) {
      const asked = clock()
      const { status, body } = await post(`${url}/graphql`, QUERY, agent)
      const answered = clock()
      const { data } = JSON.parse(body.toString('utf8'))
      if (status !== 200 || !data) throw new Error(`GraphQL answers ${status} ${body.toString('utf8', 0, 200)}`)
      roundTrips.push({ at: asked, ms: (answered - asked) / 1000 })
      const number = data._meta.block?.number ?? -1
      for (let block = newest + 1; block <= number; block++) seen.set(block, answered)
      newest = Math.max(newest, number)
      if (pauseMs > 0) await delay(pauseMs)
    }
  }
  const reading = read().catch((error) => {
    if (isReading) failure = error
  })
  return {
    seen,
    roundTrips,
    /** The newest block seen; -1 before the first. Throws what ended the reading. */
    newest: () => {
      if (failure) throw failure
      return newest
    },
    stop: async () => {
      isReading = false
      await reading
      agent.destroy()
    },
  }
}
