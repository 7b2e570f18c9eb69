const RFC_3339 = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?([Zz]|[+-]\d\d:\d\d)$/

/** Length of a moment in ISO 8601 up to its whole seconds. */
const SECONDS_LENGTH = 19

/**
 * The same instant in the form of the `instant` columns: UTC, six decimals, such as `2024-03-28T18:24:49.713730Z`.
 * @param text RFC 3339 with `Z` or an offset and at most six decimals, from the year 1 to 9999 in UTC.
 * @returns undefined for anything else, a day or an hour that does not exist and a leap second among them.
 */
export function normalizeInstant(text: string): string | undefined {
  const [, day, time, decimals = '', zone = ''] = RFC_3339.exec(text) ?? []
  const wall = `${day}T${time}`
  const wallMs = Date.parse(`${wall}Z`)
  // Date.parse takes the 30th of February for a day of March.
  if (Number.isNaN(wallMs) || printSeconds(wallMs) !== wall) return undefined
  const offset = offsetMs(zone)
  if (offset === undefined) return undefined
  const seconds = printSeconds(wallMs - offset)
  // Only whole seconds went through a Date, so the decimals are those that were given.
  return isStorable(seconds) ? `${seconds}.${decimals.padEnd(6, '0')}Z` : undefined
}

function printSeconds(ms: number): string {
  return new Date(ms).toISOString().slice(0, SECONDS_LENGTH)
}

/** Milliseconds by which the clocks of a zone are ahead of UTC; undefined for an offset that does not exist. */
function offsetMs(zone: string): number | undefined {
  if (zone.toUpperCase() === 'Z') return 0
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(4))]
  if (hours > 23 || minutes > 59) return undefined
  return (hours * 60 + minutes) * 60_000 * (zone.startsWith('-') ? -1 : 1)
}

/** Whether the year has four digits, which an offset can undo, and is none that Postgres refuses. */
function isStorable(seconds: string): boolean {
  return /^\d{4}-/.test(seconds) && !seconds.startsWith('0000')
}
