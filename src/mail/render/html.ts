import { clean } from '../../domain/clean.ts'
import type { Block, Tone } from '../render.ts'
import { escapeHtml } from './escape.ts'

/** Half-transparent colours do on a white and on a black page; mail programs bring their own. */
const GREY = 'rgba(127,127,127,0.13)'
const LINE = '1px solid rgba(127,127,127,0.3)'
const MONO = 'font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:13px'
const PRE = `${MONO};line-height:1.5;background:${GREY};border-radius:8px;padding:10px 12px;margin:0 0 16px;white-space:pre-wrap;overflow-wrap:anywhere`
const CELL = `vertical-align:top;border-bottom:${LINE}`
const TONES: Record<Tone, string> = { good: '#18794a', warn: '#b7791f', bad: '#c02a2a' }
const ACCENT = '#0b6f69'

const lineColour = (line: string) => {
  if (line.startsWith('+')) return 'background:rgba(46,160,67,0.22)'
  if (line.startsWith('-')) return 'background:rgba(248,81,73,0.22)'
  return 'opacity:0.7'
}

const diffLine = (line: string) =>
  line === '' ? '' : `<span style="${lineColour(line)}">${breakable(line, UNBROKEN_CODE)}</span>`

/** What stands in backticks as code. */
const withCode = (html: string) =>
  html.replaceAll(/`([^`\n]+)`/g, `<code style="${MONO};overflow-wrap:anywhere">$1</code>`)

const words = (text: string) => withCode(escapeHtml(text)).replaceAll('\n', '<br>')

/** Longer ones may be broken, so that a table is never wider than a phone. */
const UNBROKEN = 18
/** What fits on a line of code on a phone. */
const UNBROKEN_CODE = 40
/** A cell of so many characters stands on one line. */
const WHOLE = 14

/** A cell's words are never broken where they fit; a long name may be, at its own joints first. Pure. */
const cellText = (text: string) => withCode(breakable(text, UNBROKEN))

const breakable = (text: string, unbroken: number) =>
  clean(text)
    .split(/(\s+)/)
    .map((word) => (word.length <= unbroken ? [word] : pieces(word)).map(escapeHtml).join('<wbr>'))
    .join('')

const pieces = (word: string): string[] =>
  (word.match(/[^_./\\:=-]*[_./\\:=-]+|[^_./\\:=-]+/g) ?? []).flatMap(
    (part) => part.match(new RegExp(`.{1,${UNBROKEN}}`, 'gsu')) ?? [],
  )

const isNumber = (text: string) => /^[–-]?[\d.,]+(e[+-]?\d+)?( %)?$|^–$|^$/.test(text.trim())

/** Columns of numbers stand under each other by their ends; the last column takes the room that is left. */
function table({ header, rows }: { header: readonly string[]; rows: readonly string[][] }): string {
  const numeric = header.map((_, column) => rows.every((row) => isNumber(row[column] ?? '')))
  const row = (tag: 'td' | 'th', cells: readonly string[]) =>
    `<tr>${cells
      .map((cell, column) => {
        const whole = numeric[column] || cell.length <= WHOLE ? ';white-space:nowrap' : ''
        const side = `${numeric[column] ? 'right' : 'left'}${whole}`
        const room = column === cells.length - 1 ? '0' : '16px'
        const dim = tag === 'th' ? ';font-weight:600;opacity:0.75' : ''
        return `<${tag} style="${CELL};padding:5px ${room} 5px 0;text-align:${side}${dim}">${cellText(cell)}</${tag}>`
      })
      .join('')}</tr>`
  return `<table style="border-collapse:collapse;margin:0 0 16px;font-size:14px">${row('th', header)}${rows.map((cells) => row('td', cells)).join('')}</table>`
}

const facts = (rows: readonly [string, string][]) =>
  `<table role="presentation" style="border-collapse:collapse;width:100%;margin:0 0 16px;font-size:14px">${rows
    .map(
      ([name, value]) =>
        `<tr><td style="${CELL};padding:5px 14px 5px 0;white-space:nowrap;opacity:0.75">${escapeHtml(name)}</td><td style="${CELL};padding:5px 0;width:100%;overflow-wrap:anywhere">${words(value)}</td></tr>`,
    )
    .join('')}</table>`

const picture = (cid: string, alt: string) =>
  `<p style="margin:0 0 16px"><img src="cid:${escapeHtml(cid)}" alt="${escapeHtml(alt)}" width="560" style="display:block;width:100%;max-width:560px;height:auto;border:0"></p>`

function blockHtml(block: Block): string {
  switch (block.type) {
    case 'title':
      return `<h1 style="font-size:21px;line-height:1.3;margin:0 0 12px;padding-left:12px;border-left:5px solid ${TONES[block.tone]};overflow-wrap:anywhere">${escapeHtml(block.text)}</h1>`
    case 'heading':
      return `<h2 style="font-size:15px;margin:24px 0 8px">${escapeHtml(block.text)}</h2>`
    case 'paragraph':
      return `<p style="margin:0 0 16px;overflow-wrap:anywhere">${words(block.text)}</p>`
    case 'picture':
      return block.cid === null
        ? `<p style="margin:0 0 16px">${words(block.alt)}</p>`
        : picture(block.cid, block.alt)
    case 'facts':
      return facts(block.rows)
    case 'table':
      return table(block)
    case 'list':
      return `<ul style="margin:0 0 16px;padding-left:20px;overflow-wrap:anywhere">${block.items.map((item) => `<li>${words(item)}</li>`).join('')}</ul>`
    case 'code':
      return `<pre style="${PRE}">${breakable(block.text.trimEnd(), UNBROKEN_CODE)}</pre>`
    case 'diff':
      return `<pre style="${PRE}">${clean(block.text).trimEnd().split('\n').map(diffLine).join('\n')}</pre>`
    case 'link':
      return /^https?:\/\//.test(block.url)
        ? `<p style="margin:0 0 20px"><a href="${escapeHtml(block.url)}" target="_blank" rel="noopener noreferrer" style="display:inline-block;padding:9px 16px;border-radius:8px;background:${ACCENT};color:#ffffff;font-weight:600;text-decoration:none">${escapeHtml(block.text)}</a></p>`
        : ''
  }
}

export const renderHtml = (blocks: readonly Block[]) =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<style>:root{color-scheme:light dark}@media (prefers-color-scheme:dark){body{background:#151b22;color:#e4e9f0}}</style>
</head>
<body style="margin:0;padding:16px;font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;font-size:15px;line-height:1.5">
<div style="max-width:680px;margin:0 auto">
${blocks.map(blockHtml).join('\n')}
</div>
</body>
</html>
`
