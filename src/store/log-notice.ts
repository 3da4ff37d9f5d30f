const UNITS: Record<string, number> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 }
const PATTERN = /^\[hone\] (\d+(?:\.\d)?) (B|kB|MB|GB) \(([\d,]+) lines?\) not kept: the log limit is /

/** What of a log was left out. */
export interface Cut {
  /** Of the lines themselves, newlines included. */
  bytes: number
  lines: number
}

/** `[hone] 83.1 MB (1,204,332 lines) not kept: the log limit is 16 MiB`. */
export function cutNotice({ bytes, lines }: Cut, limitBytes: number): string {
  const unit = bytes >= 1e9 ? 'GB' : bytes >= 1e6 ? 'MB' : bytes >= 1e3 ? 'kB' : 'B'
  const amount = unit === 'B' ? String(bytes) : (bytes / (UNITS[unit] as number)).toFixed(1)
  const count = `${lines.toLocaleString('en-US')} ${lines === 1 ? 'line' : 'lines'}`
  return `[hone] ${amount} ${unit} (${count}) not kept: the log limit is ${binarySize(limitBytes)}`
}

/** The notice read again, bytes as precise as it says them; null when the text is none. */
export function parseNotice(text: string): Cut | null {
  const match = PATTERN.exec(text)
  if (!match) return null
  const [, amount, unit, lines] = match as unknown as [string, string, string, string]
  return {
    bytes: Math.round(Number(amount) * (UNITS[unit] as number)),
    lines: Number(lines.replaceAll(',', '')),
  }
}

function binarySize(bytes: number): string {
  const names = ['bytes', 'KiB', 'MiB', 'GiB']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < names.length - 1) {
    value /= 1024
    unit++
  }
  return `${Number(value.toFixed(1))} ${names[unit]}`
}
