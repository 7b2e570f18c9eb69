import { ContradictionError } from './errors.ts'

const MICROSECONDS_PER_MILLISECOND = 1_000
/** RFC 3339 as the servers print it: any number of decimals, `Z` or an offset. */
const RFC_3339 = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)$/

/**
 * Unix time of an RFC 3339 instant in whole microseconds, exact; decimals beyond the sixth are cut off.
 * @throws ContradictionError for anything else, a day or an hour that does not exist among them.
 */
export function parseInstant(text: string): number {
  const match = typeof text === 'string' ? RFC_3339.exec(text) : null
  if (match === null) throw new ContradictionError(`${String(text)} is no RFC 3339 time`)
  const [, day, time, decimals = '', zone] = match
  const wall = `${day}T${time}`
  const wallMs = Date.parse(`${wall}Z`)
  // Date.parse moves a 30th of February on to March, and knows no hour 24 but one.
  if (Number.isNaN(wallMs) || new Date(wallMs).toISOString().slice(0, 19) !== wall) {
    throw new ContradictionError(`${text} is no RFC 3339 time`)
  }
  const utcMs = wallMs - offsetMs(text, zone!)
  return utcMs * MICROSECONDS_PER_MILLISECOND + Number(decimals.slice(0, 6).padEnd(6, '0'))
}

function offsetMs(text: string, zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(4))]
  if (hours > 23 || minutes > 59) throw new ContradictionError(`${text} is no RFC 3339 time`)
  return (hours * 60 + minutes) * 60_000 * (zone[0] === '-' ? -1 : 1)
}
