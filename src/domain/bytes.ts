const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** `8.9 KiB`, as the dashboard has it. */
export function bytesInWords(bytes: number): string {
  const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10))
  return `${power === 0 ? bytes : (bytes / 1024 ** power).toFixed(1)} ${UNITS[power]}`
}
