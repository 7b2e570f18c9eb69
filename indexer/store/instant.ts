const MICROSECONDS = 1_000_000

/** Unix microseconds as the text of a `timestamptz` with six decimals, in UTC. */
export function toInstant(microseconds: number): string {
  const seconds = Math.floor(microseconds / MICROSECONDS)
  const fraction = String(microseconds - seconds * MICROSECONDS).padStart(6, '0')
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction}Z`
}
