import { textWidth } from './text-width.ts'

export type BadgeColour = 'green' | 'yellow' | 'red' | 'grey' | 'blue'

/** Dark enough for white letters on them. */
const COLOURS: Record<BadgeColour, string> = {
  green: '#2f7d32',
  yellow: '#8a6100',
  red: '#c0362c',
  grey: '#5f6670',
  blue: '#1f66b5',
}

const HEIGHT = 20
const PADDING = 6
const LONGEST = 60

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}
/** What XML does not allow in a text at all. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu

export const escapeXml = (text: string) =>
  text.replaceAll(FORBIDDEN, '\ufffd').replaceAll(/[&<>"']/g, (character) => ESCAPES[character] as string)

const shortened = (text: string) =>
  [...text].length > LONGEST ? `${[...text].slice(0, LONGEST - 1).join('')}…` : text

/**
 * A flat badge: a word on grey, and what it is about on a colour. Nothing in it is loaded or styled from elsewhere, so that any
 * content security policy lets it be shown. Pure.
 */
export function drawBadge(label: string, message: string, colour: BadgeColour): string {
  const left = boxOf(shortened(label), 0)
  const right = boxOf(shortened(message), left.width)
  const width = left.width + right.width
  const title = escapeXml(`${shortened(label)}: ${shortened(message)}`)
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" role="img" aria-label="${title}">
<title>${title}</title>
<clipPath id="r"><rect width="${width}" height="${HEIGHT}" rx="3"/></clipPath>
<g clip-path="url(#r)"><rect width="${left.width}" height="${HEIGHT}" fill="#444c56"/><rect x="${left.width}" width="${right.width}" height="${HEIGHT}" fill="${COLOURS[colour]}"/></g>
<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">${left.text}${right.text}</g>
</svg>
`
}

/** `textLength` holds the text to its box in any font. */
function boxOf(text: string, from: number): { width: number; text: string } {
  const length = Math.round(textWidth(text))
  const attributes = `x="${from + PADDING}" y="14" textLength="${length}" lengthAdjust="spacingAndGlyphs"`
  return { width: length + 2 * PADDING, text: `<text ${attributes}>${escapeXml(text)}</text>` }
}
