/** A request to the devnet itself that makes no sense. */
export class DevnetError extends Error {
  override name = 'DevnetError'
}
