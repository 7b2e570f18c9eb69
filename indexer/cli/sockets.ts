/**
 * The WebSocket that belongs to each HTTP endpoint, in the order of `httpUrls`: the one of the same host and port, and of
 * those that are left over, on both sides, the first to the first and so on. Null for an endpoint that gets none.
 */
export function pairSockets(httpUrls: readonly string[], socketUrls: readonly string[]): (string | null)[] {
  const left = [...socketUrls]
  const paired = httpUrls.map((url) => {
    const host = hostOf(url)
    const index = left.findIndex((socket) => host !== null && hostOf(socket) === host)
    return index === -1 ? null : left.splice(index, 1)[0]!
  })
  return paired.map((socket) => socket ?? left.shift() ?? null)
}

/** Null for a URL that cannot be read, or has no host. */
function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host || null : null
}
