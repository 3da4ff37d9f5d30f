/** A mail's content before it becomes text and HTML: both say the same. */
export type Block =
  | { type: 'title'; text: string }
  | { type: 'heading'; text: string }
  | { type: 'paragraph'; text: string }
  /** What is looked at with its name before it. */
  | { type: 'facts'; rows: [name: string, value: string][] }
  | { type: 'table'; header: string[]; rows: string[][] }
  | { type: 'list'; items: readonly string[] }
  /** Word for word, in letters of one width. */
  | { type: 'code'; text: string }
  | { type: 'diff'; text: string }
  | { type: 'link'; text: string; url: string }

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours in logs begin with one
const ANSI = /\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

/** Without terminal colours and characters that nobody sees; line breaks and tabs stay. */
export const clean = (text: string) => text.replace(ANSI, '').replace(/\r\n?/g, '\n').replace(CONTROL, '')

/** Safe as HTML text and between the quotes of an attribute. */
export const escapeHtml = (text: string) =>
  clean(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')

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

const oneLine = (text: string) => clean(text).replace(/\s+/g, ' ').trim()

function blockText(block: Block): string {
  switch (block.type) {
    case 'title':
      return oneLine(block.text)
    case 'heading':
      return `${oneLine(block.text)}\n${'-'.repeat(oneLine(block.text).length)}`
    case 'paragraph':
      return clean(block.text)
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

const GREY = 'rgba(127,127,127,0.14)'
const LINE = '1px solid rgba(127,127,127,0.35)'
const MONO = 'font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:13px'
const PRE = `${MONO};line-height:1.45;background:${GREY};border-radius:6px;padding:10px 12px;margin:0 0 16px;white-space:pre-wrap;overflow-wrap:anywhere`
const CELL = `text-align:left;vertical-align:top;padding:4px 14px 4px 0;border-bottom:${LINE};overflow-wrap:anywhere`

/** Half-transparent, so that they do on a white and on a black page. */
const lineColour = (line: string) => {
  if (line.startsWith('+++') || line.startsWith('---')) return ''
  if (line.startsWith('+')) return 'background:rgba(46,160,67,0.22)'
  if (line.startsWith('-')) return 'background:rgba(248,81,73,0.22)'
  return ''
}

const diffLine = (line: string) => {
  const colour = lineColour(line)
  return colour ? `<span style="${colour}">${escapeHtml(line)}</span>` : escapeHtml(line)
}

const tableRow = (tag: 'td' | 'th', cells: readonly string[]) =>
  `<tr>${cells.map((cell) => `<${tag} style="${CELL}">${escapeHtml(cell)}</${tag}>`).join('')}</tr>`

const table = (rows: string) =>
  `<table role="presentation" style="border-collapse:collapse;margin:0 0 16px;font-size:14px">${rows}</table>`

/** What stands in backticks as code. */
const withCode = (html: string) => html.replaceAll(/`([^`\n]+)`/g, `<code style="${MONO}">$1</code>`)

function blockHtml(block: Block): string {
  switch (block.type) {
    case 'title':
      return `<h1 style="font-size:20px;line-height:1.3;margin:0 0 12px;overflow-wrap:anywhere">${escapeHtml(block.text)}</h1>`
    case 'heading':
      return `<h2 style="font-size:15px;margin:20px 0 8px">${escapeHtml(block.text)}</h2>`
    case 'paragraph':
      return `<p style="margin:0 0 16px;overflow-wrap:anywhere">${escapeHtml(block.text).replaceAll('\n', '<br>')}</p>`
    case 'facts':
      return table(block.rows.map((row) => tableRow('td', row)).join(''))
    case 'table':
      return table(tableRow('th', block.header) + block.rows.map((row) => tableRow('td', row)).join(''))
    case 'list':
      return `<ul style="margin:0 0 16px;padding-left:20px;overflow-wrap:anywhere">${block.items.map((item) => `<li>${withCode(escapeHtml(item))}</li>`).join('')}</ul>`
    case 'code':
      return `<pre style="${PRE}">${escapeHtml(block.text.trimEnd())}</pre>`
    case 'diff':
      return `<pre style="${PRE}">${clean(block.text).trimEnd().split('\n').map(diffLine).join('\n')}</pre>`
    case 'link':
      return /^https?:\/\//.test(block.url)
        ? `<p style="margin:0 0 16px"><a href="${escapeHtml(block.url)}">${escapeHtml(block.text)}</a></p>`
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
</head>
<body style="margin:0;padding:16px;font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;font-size:15px;line-height:1.5">
<div style="max-width:760px;margin:0 auto">
${blocks.map(blockHtml).join('\n')}
</div>
</body>
</html>
`
