import Anser from 'anser'

/** A piece of a line that looks the same throughout. */
export interface Span {
  text: string
  /** Names of styles, such as `ansi-red` and `ansi-bold`. */
  classes: string[]
  /** Colours that have no name, as `r, g, b`. */
  color?: string
  background?: string
  /** Part of what is searched for. */
  found?: boolean
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is made visible
const CONTROLS = /[\0-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g

/** Control characters, and those that turn text around or hide it, as something to see. Pure. */
const visible = (text: string) =>
  text.replaceAll(CONTROLS, (character) => {
    const code = character.charCodeAt(0)
    if (code < 0x20) return String.fromCharCode(0x2400 + code)
    return code === 0x7f ? '\u2421' : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
  })

/** Of a line with more of what is searched for, only so many are marked. */
const MOST_FOUND = 1000
const DECORATIONS = ['bold', 'dim', 'italic', 'underline', 'strikethrough']

/** A line with the colours of a terminal, as pieces of text. Pure. */
export function spansOf(line: string): Span[] {
  const text = visible(line)
  if (!text.includes('\u001b')) return text === '' ? [] : [{ text, classes: [] }]
  return Anser.ansiToJson(text, { use_classes: true, remove_empty: true }).map((chunk) => {
    const front = colourOf(chunk.fg, chunk.fg_truecolor)
    const behind = colourOf(chunk.bg, chunk.bg_truecolor)
    const classes = chunk.decorations.filter((one) => DECORATIONS.includes(one)).map((one) => `ansi-${one}`)
    if (front.name !== undefined) classes.push(front.name)
    if (behind.name !== undefined) classes.push(`${behind.name}-behind`)
    return {
      // An escape that is not one of a colour.
      text: chunk.content.replaceAll('\u001b', '\u241b'),
      classes,
      ...(front.rgb === undefined ? {} : { color: front.rgb }),
      ...(behind.rgb === undefined ? {} : { background: behind.rgb }),
    }
  })
}

function colourOf(name: string | null, rgb: string | null): { name?: string; rgb?: string } {
  if (!name) return {}
  if (name === 'ansi-truecolor') return rgb ? { rgb } : {}
  const palette = /^ansi-palette-(\d+)$/.exec(name)?.[1]
  return palette === undefined ? { name } : { rgb: paletteColour(Number(palette)) }
}

/** Colours 16 to 255 as xterm has them: a cube of six steps, then greys. */
function paletteColour(number: number): string {
  if (number >= 232)
    return Array(3)
      .fill(8 + 10 * (number - 232))
      .join(', ')
  const steps = [36, 6, 1].map((weight) => Math.floor((number - 16) / weight) % 6)
  return steps.map((step) => (step === 0 ? 0 : 55 + 40 * step)).join(', ')
}

export const plainOf = (spans: readonly Span[]) => spans.map(({ text }) => text).join('')

/** Spans with each place of a text, in any case, marked as found. Pure. */
export function withFound(spans: readonly Span[], wanted: string): Span[] {
  const text = wanted.toLowerCase()
  const whole = plainOf(spans).toLowerCase()
  const cuts: [from: number, to: number][] = []
  for (let at = text === '' ? -1 : whole.indexOf(text); at >= 0; at = whole.indexOf(text, at + text.length)) {
    if (cuts.push([at, at + text.length]) >= MOST_FOUND) break
  }
  if (cuts.length === 0) return [...spans]
  const result: Span[] = []
  let start = 0
  for (const span of spans) {
    const end = start + span.text.length
    let at = start
    for (const [from, to] of cuts) {
      if (to <= at || from >= end) continue
      if (from > at) result.push({ ...span, text: span.text.slice(at - start, from - start) })
      const stop = Math.min(to, end)
      result.push({ ...span, text: span.text.slice(Math.max(at, from) - start, stop - start), found: true })
      at = stop
    }
    if (at < end) result.push({ ...span, text: span.text.slice(at - start) })
    start = end
  }
  return result
}
