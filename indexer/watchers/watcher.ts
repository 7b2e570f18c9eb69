/** Something on or beside the chain that is read again and again, apart from the blocks. */
export type Watcher = {
  /** For messages: what is watched. */
  name: string
  /**
   * One idempotent round: reads what has changed and writes it.
   * @returns milliseconds until the next round.
   * @throws the errors of the chain layer and the database; the round is then tried again later.
   */
  round(signal: AbortSignal): Promise<number>
  close(): Promise<void>
}
