import { clean, oneLine } from '../../domain/clean.ts'
import type { Block } from '../render.ts'

const indent = (text: string) =>
  text
    .split('\n')
    .map((line) => (line === '' ? '' : `    ${line}`))
    .join('\n')

/** Cells under each other, as wide as the widest. */
function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length)
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function blockText(block: Block): string {
  switch (block.type) {
    case 'title':
      return oneLine(block.text)
    case 'heading':
      return `${oneLine(block.text)}\n${'-'.repeat(oneLine(block.text).length)}`
    case 'paragraph':
      return clean(block.text)
    case 'picture':
      return oneLine(block.alt)
    case 'facts':
      return columns(block.rows.map(([name, value]) => [`${oneLine(name)}:`, oneLine(value)]))
    case 'table':
      return indent(columns([block.header, ...block.rows].map((row) => row.map(oneLine))))
    case 'list':
      return block.items.map((item) => `- ${oneLine(item)}`).join('\n')
    case 'code':
    case 'diff':
      return indent(clean(block.text).trimEnd())
    case 'link':
      return `${oneLine(block.text)}: ${oneLine(block.url)}`
  }
}

export const renderText = (blocks: readonly Block[]) => `${blocks.map(blockText).join('\n\n')}\n`
