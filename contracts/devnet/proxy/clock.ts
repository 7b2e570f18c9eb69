/** Returns the time in Unix microseconds; it never runs backwards within a process. */
export function nowMicroseconds(): bigint {
  return BigInt(Math.floor((performance.timeOrigin + performance.now()) * 1000))
}
