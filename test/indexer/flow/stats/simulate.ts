/** A draw from the normal distribution of mean 0 and deviation 1 (Box-Muller). */
export function drawNormal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** A draw from the exponential distribution of mean 1. */
export function drawExponential(random: () => number): number {
  return -Math.log(1 - random())
}

/** A draw from the Poisson distribution: arrivals within the mean. */
export function drawPoisson(mean: number, random: () => number): number {
  let count = 0
  for (let time = drawExponential(random); time < mean; time += drawExponential(random)) count++
  return count
}

/** Times of a Poisson process. */
export function simulatePoisson(rate: number, events: number, random: () => number): number[] {
  let time = 0
  return Array.from({ length: events }, () => {
    time += drawExponential(random) / rate
    return time
  })
}

/** Times of an exponential Hawkes process that begins empty, by thinning (Ogata 1981). */
export function simulateHawkes(
  { mu, branching, decay }: { mu: number; branching: number; decay: number },
  events: number,
  random: () => number,
): number[] {
  const times: number[] = []
  let [time, excited] = [0, 0]
  while (times.length < events) {
    const bound = mu + excited
    const wait = drawExponential(random) / bound
    time += wait
    excited *= Math.exp(-decay * wait)
    if (random() * bound > mu + excited) continue
    times.push(time)
    excited += branching * decay
  }
  return times
}
