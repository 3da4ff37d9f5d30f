import pc from 'picocolors'
import { describe, expect, it } from 'vitest'
import { systemError, userError } from '../../src/domain/failure.ts'
import { createLogger } from '../../src/main/log.ts'
import { type LogRecord, logLine } from '../../src/main/log-line.ts'

const plain = pc.createColors(false)
const MISTAKE = () => userError('wrong-settings', 'There is no key trails.', 'Did you mean trials?')

function logged(logFormat: 'auto' | 'text' | 'json', isTTY: boolean) {
  const written: string[] = []
  const logger = createLogger({ logFormat }, 'info', { write: (text) => written.push(text), isTTY })
  return { logger, written }
}

describe('the format', () => {
  it.each([
    ['auto', true, 'text'],
    ['auto', false, 'json'],
    ['text', false, 'text'],
    ['json', true, 'json'],
  ] as const)('%s, at a terminal: %s, is %s', (format, isTTY, expected) => {
    const { logger, written } = logged(format, isTTY)
    logger.info('one\u001b[31m thing')
    const [line = ''] = written
    expect(written).toHaveLength(1)
    if (expected === 'json') expect(JSON.parse(line)).toMatchObject({ level: 30 })
    else expect(line).toMatch(/^.{0,8}\d\d:\d\d:\d\d.{0,8} {2}one/s)
  })
})

describe('a line', () => {
  const record: LogRecord = { level: 40, time: 0, msg: 'mail not sent', mail: 3, err: { message: 'refused' } }
  it('says what happened, why, and the fields that are short', () => {
    expect(logLine({ ...record, pid: 1, hostname: 'x', next: { action: 'retry' } }, plain)).toMatch(
      /^\d\d:\d\d:\d\d {2}mail not sent: refused mail=3$/,
    )
  })

  it('does not say twice what the message says already, nor the fields of a line for people', () => {
    expect(logLine({ ...record, msg: 'it was refused', quiet: true }, plain)).toMatch(/ {2}it was refused$/)
  })

  it('has no control characters of what came from a repository', () => {
    expect(logLine({ ...record, msg: 'a\u001b[2Jb\r\nc' }, plain)).toMatch(/ {2}ab c: refused mail=3$/)
  })
})

describe('a stack', () => {
  it.each(['text', 'json'] as const)('is never that of a user’s mistake: %s', (format) => {
    const { logger, written } = logged(format, true)
    logger.error({ err: MISTAKE() }, 'no run')
    expect(written.join('')).toContain('There is no key trails.')
    expect(written.join('')).not.toMatch(/^\s+at |\\n\s+at /m)
  })

  it('has no control characters of a message of several lines, nor its text again', () => {
    const { logger, written } = logged('text', true)
    const said = 'remote said:\n\u001b]0;owned\u0007\u001b[2J2. line'
    const cause = new Error('refused\n\u001b[2Jby the hook')
    logger.error({ err: new Error(said, { cause }) }, 'no fetch')
    const text = written.join('')
    expect(text).toContain('no fetch: remote said: 2. line')
    expect(text).toMatch(/\n {4}at .*log\.test\.ts/)
    expect(text).toContain('\ncaused by: Error: refused\n')
    expect(text.split('2. line')).toHaveLength(2)
    for (const sequence of ['\u001b]', '\u001b[2J', '\u0007', '\r']) expect(text).not.toContain(sequence)
  })

  it.each(['text', 'json'] as const)('is kept of what nobody expected: %s', (format) => {
    const { logger, written } = logged(format, true)
    logger.error({ err: systemError('x', 'broke', 'look') }, 'sweep failed')
    expect(written.join('')).toMatch(/at .*log\.test\.ts/)
  })
})
