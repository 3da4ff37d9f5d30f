/** Widths of Verdana's characters from the space to the tilde, in pixels at 11 pixels. */
const WIDTHS = [
  ...[3.87, 4.33, 5.05, 9.0, 6.99, 11.84, 7.99, 2.95, 5.0, 5.0, 6.99, 9.0, 4.0, 5.0, 4.0, 5.0],
  ...[6.99, 6.99, 6.99, 6.99, 6.99, 6.99, 6.99, 6.99, 6.99, 6.99, 5.0, 5.0, 9.0, 9.0, 9.0, 6.0],
  ...[11.0, 7.52, 7.54, 7.68, 8.48, 6.96, 6.32, 8.53, 8.27, 4.63, 5.0, 7.62, 6.12, 9.27, 8.23, 8.66],
  ...[6.63, 8.66, 7.65, 7.52, 6.78, 8.05, 7.52, 10.88, 7.54, 6.77, 7.54, 5.0, 5.0, 5.0, 9.0, 6.99],
  ...[6.99, 6.61, 6.85, 5.73, 6.85, 6.55, 3.87, 6.85, 6.96, 3.02, 3.79, 6.51, 3.02, 10.7, 6.96, 6.68],
  ...[6.85, 6.85, 4.69, 5.73, 4.33, 6.96, 6.51, 9.0, 6.51, 6.51, 5.78, 6.98, 5.0, 6.98, 9.0],
]
const FIRST = 0x20
const OTHER = 7
/** Letters of East Asia and signs beyond: about as wide as they are high. */
const WIDE = 11
const WIDE_FROM = 0x1100

/** In pixels, at the size of a badge's letters. Pure. */
export function textWidth(text: string): number {
  let width = 0
  for (const character of text) {
    const code = character.codePointAt(0) as number
    width += WIDTHS[code - FIRST] ?? (code < WIDE_FROM || character === '…' ? OTHER : WIDE)
  }
  return width
}
