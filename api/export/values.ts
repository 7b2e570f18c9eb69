/** The values of a `text` or `json` column as `wireSql` gives them; null = absent. */
export function splitTexts(wire: string): (string | null)[] {
  const values = wire.split('\n')
  if (!wire.includes('\\')) return values
  return values.map((value) => (value === '\\N' ? null : value.includes('\\') ? restore(value) : value))
}

function restore(value: string): string {
  return value.replace(/\\(n|\\)/g, (_, letter) => (letter === 'n' ? '\n' : '\\'))
}
