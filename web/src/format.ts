/** Numbers and times as the pages show them. Pure: the time of now comes in. */

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** `850 ms`, `4.2 s`, `3 min 12 s`, `2 h 5 min`, `3 d 4 h` */
export function formatDuration(ms: number): string {
  if (ms < SECOND) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < 10 * SECOND) return `${(ms / SECOND).toFixed(1)} s`
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ${Math.floor((ms % MINUTE) / SECOND)} s`
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h ${Math.floor((ms % HOUR) / MINUTE)} min`
  return `${Math.floor(ms / DAY)} d ${Math.floor((ms % DAY) / HOUR)} h`
}

/** `just now`, `5 min ago`, `in 30 s`; what came a moment after the page's clock was read is just now. */
export function formatRelative(at: number, now: number): string {
  const distance = Math.abs(now - at)
  if (distance < (at <= now ? 5 : 1) * SECOND) return 'just now'
  const unit =
    distance < MINUTE
      ? `${Math.round(distance / SECOND)} s`
      : distance < HOUR
        ? `${Math.round(distance / MINUTE)} min`
        : distance < DAY
          ? `${Math.round(distance / HOUR)} h`
          : `${Math.round(distance / DAY)} d`
  return at <= now ? `${unit} ago` : `in ${unit}`
}

/** Four decimals for values around one, four digits otherwise, without zeros at the end. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(3).replace(/\.?0+e/, 'e')
  return String(size < 10 ? Number(value.toFixed(4)) : Number(value.toPrecision(6)))
}

export const formatValue = (value: unknown): string =>
  typeof value === 'number' ? formatNumber(value) : typeof value === 'string' ? value : JSON.stringify(value)

/** A value of a hyperparameter, as Python spells it; a text without its quotes. */
export const formatParameter = (value: unknown): string =>
  typeof value === 'boolean' ? (value ? 'True' : 'False') : formatValue(value)

export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB']
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10))
  return `${power === 0 ? bytes : (bytes / 1024 ** power).toFixed(1)} ${units[power]}`
}

export const shortSha = (sha: string) => sha.slice(0, 7)
export const branchOf = (ref: string) => ref.replace(/^refs\/(heads|tags)\//, '')
export const firstLine = (text: string | null) => text?.split('\n', 1)[0] ?? ''
export const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`
