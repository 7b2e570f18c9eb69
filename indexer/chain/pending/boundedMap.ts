/** A map that forgets its oldest entries above `limit`; setting a key again keeps its age. */
export function createBoundedMap<K, V>(limit: number): Map<K, V> {
  const map = new Map<K, V>()
  const set = map.set.bind(map)
  map.set = (key, value) => {
    set(key, value)
    if (map.size > limit) map.delete(map.keys().next().value as K)
    return map
  }
  return map
}
