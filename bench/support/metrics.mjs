/**
 * Reads our program's own counters: the sum of each over its labels, by name.
 * @param {string} url of the API
 * @returns {Promise<Record<string, number>>}
 */
export async function readMetrics(url) {
  const text = await (await fetch(`${url}/metrics`)).text()
  /** @type {Record<string, number>} */
  const sums = {}
  for (const line of text.split('\n')) {
    const [, name, value] = /^(flowprint_\w+)(?:\{[^}]*\})? (\S+)/.exec(line) ?? []
    if (name && value) sums[name] = (sums[name] ?? 0) + Number(value)
  }
  return sums
}
