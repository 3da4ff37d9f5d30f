/** Numbers and times as the pages show them. Pure: the time of now comes in. */

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** `850 ms`, `4.2 s`, `3 min 12 s`, `2 h 5 min`, `3 d 4 h` */
export function formatDuration(ms: number): string {
  if (Math.round(ms) < SECOND) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < 10 * SECOND) return `${(Math.floor(Math.round(ms) / 100) / 10).toFixed(1)} s`
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ${Math.floor((ms % MINUTE) / SECOND)} s`
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h ${Math.floor((ms % HOUR) / MINUTE)} min`
  return `${Math.floor(ms / DAY)} d ${Math.floor((ms % DAY) / HOUR)} h`
}

const UNITS = [
  { unit: 's', ms: SECOND, most: 60 },
  { unit: 'min', ms: MINUTE, most: 60 },
  { unit: 'h', ms: HOUR, most: 24 },
  { unit: 'd', ms: DAY, most: Number.POSITIVE_INFINITY },
] as const

/** `just now`, `5 min ago`, `in 30 s`: whole units that have passed, or after which it has come. */
export function formatRelative(at: number, now: number): string {
  const distance = Math.abs(now - at)
  // What came a moment after the page's clock was read is just now.
  if (distance < (at <= now ? 5 : 1) * SECOND) return 'just now'
  const whole = at <= now ? Math.floor : Math.ceil
  const { unit, ms } = UNITS.find(({ ms, most }) => whole(distance / ms) < most) as (typeof UNITS)[number]
  const words = `${whole(distance / ms)} ${unit}`
  return at <= now ? `${words} ago` : `in ${words}`
}

/** Four decimals for values around one, four digits otherwise, without zeros at the end. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(3).replace(/\.?0+e/, 'e')
  return String(size < 10 ? Number(value.toFixed(4)) : Number(value.toPrecision(6)))
}

/** For values that stand below each other: all with as many decimals as the one that needs most. Pure. */
export function columnFormat(values: readonly (number | null | undefined)[]): (value: number) => string {
  const decimals = (text: string) => (text.includes('e') ? 0 : (text.split('.')[1]?.length ?? 0))
  const most = Math.max(0, ...values.map((value) => decimals(formatNumber(value ?? 0))))
  return (value) => {
    const text = formatNumber(value)
    return text.includes('e') || !Number.isFinite(value) ? text : value.toFixed(most)
  }
}

/** With every digit that stands in the source; only what floating point added is left out. */
function exactly(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const said = Number(value.toPrecision(12))
  return said !== 0 && Math.abs(said) < 1e-4 ? said.toExponential() : String(said)
}

/** A value of a hyperparameter, the same at each place of the dashboard: as Python spells it; a text without its quotes. */
export function formatParameter(value: unknown): string {
  if (typeof value === 'number') return exactly(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const SIZES = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** `512 B`, `180.0 KiB`, `1.5 TiB` */
export function formatBytes(bytes: number): string {
  const sizeIn = (power: number) => (power === 0 ? String(bytes) : (bytes / 1024 ** power).toFixed(1))
  const fits = SIZES.findIndex((_, power) => Number(sizeIn(power)) < 1024)
  const power = fits === -1 ? SIZES.length - 1 : fits
  return `${sizeIn(power)} ${SIZES[power]}`
}

export const shortSha = (sha: string) => sha.slice(0, 7)
export const branchOf = (ref: string) => ref.replace(/^refs\/(heads|tags)\//, '')
export const firstLine = (text: string | null) => text?.split('\n', 1)[0] ?? ''
export const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`
