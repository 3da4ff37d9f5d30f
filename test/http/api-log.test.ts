import { randomBytes } from 'node:crypto'
import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { describe, expect, test } from 'vitest'
import { defaultSettings } from '../../src/domain/settings.ts'
import { LogLinesView, LogSearchView } from '../../src/http/contract.ts'
import type { HttpDeps } from '../../src/http/deps.ts'
import { fullRun, testServer } from '../helpers/http.ts'
import { apiTests, errorOf } from './support.ts'

const api = apiTests()
const AT = '2026-01-02T03:04:05.006000000Z'

/** An attempt with these lines in its log. */
async function aLog(lines: string[]) {
  const { run, attempt } = api.full()
  const path = api.hone.deps.paths.attemptLog(run.id, attempt.id)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, lines.map((line) => `${AT} ${line}\n`).join(''))
  const lineAt = async (query: string) =>
    LogLinesView.parse(await (await api.get(`/attempts/${attempt.id}/log/lines${query}`)).json())
  const search = async (query: string) =>
    LogSearchView.parse(await (await api.get(`/attempts/${attempt.id}/log/search${query}`)).json())
  return { id: attempt.id, path, lines: lineAt, search }
}

describe('lines of a log', () => {
  test('come by number, the last ones when none is given', async () => {
    const log = await aLog(['one', '10%\r\u001b[32m100%\u001b[0m\u001b[K', 'three'])
    expect(await log.lines('?from=2&count=1')).toEqual({
      from: 2,
      total: 3,
      lines: [{ text: '\u001b[32m100%\u001b[0m', at: Date.parse('2026-01-02T03:04:05.006Z') }],
    })
    expect(await log.lines('?count=2')).toMatchObject({ from: 2, lines: [{}, { text: 'three' }] })
    await appendFile(log.path, 'no-time\n')
    expect(await log.lines('?count=1')).toMatchObject({ total: 4, lines: [{ at: null }] })
  })

  test('long ones are cut unless the whole is asked for', async () => {
    const log = await aLog(['x'.repeat(30_000)])
    expect((await log.lines('')).lines).toMatchObject([{ text: 'x'.repeat(2000), length: 30_000 }])
    const { lines } = await log.lines('?from=1&count=1&whole')
    expect(lines[0]).toEqual({ text: 'x'.repeat(30_000), at: expect.any(Number) })
  })

  test('a log that is not there has none; an attempt that is not there is 404', async () => {
    const { attempt } = api.full()
    expect(await (await api.get(`/attempts/${attempt.id}/log/lines`)).json()).toEqual({
      from: 1,
      lines: [],
      total: 0,
    })
    expect((await errorOf(api.get('/attempts/4711/log/lines'), 404)).message).toContain('4711')
    const error = await errorOf(api.get(`/attempts/${attempt.id}/log/lines?from=x`), 400)
    expect(error.message).toBe("from: 'x' is no whole number.")
  })
})

describe('a search in a log', () => {
  test('finds what is shown, in any case, page by page', async () => {
    const log = await aLog([
      'Accuracy 1',
      'none',
      'acc\u001b[1mURACY\u001b[0m 3',
      'accuracy\rgone',
      'accuracy',
    ])
    expect(await log.search('?q=accuracy&limit=2')).toEqual({ hits: [1, 3], next: 4, through: 3 })
    expect(await log.search('?q=accuracy&from=4')).toEqual({ hits: [5], next: null, through: 5 })
  })

  test('finds where errors begin', async () => {
    const log = await aLog([
      'ok',
      'Traceback (most recent call last):',
      '  File "t.py"',
      'ValueError: x',
      'Killed',
    ])
    expect(await log.search('?errors')).toEqual({ hits: [2, 5], next: null, through: 5 })
  })

  test('finds each error once, wherever the log is cut', async () => {
    const filler = (lines: number) => Array.from({ length: lines }, (_, index) => `Epoch ${index}`)
    const log = await aLog([
      ...filler(998),
      'Traceback (most recent call last):',
      '  File "t.py"',
      'my.Failed: no',
      ...filler(999),
      'ValueError: x',
      'Traceback (most recent call last):',
    ])
    const errors = [999, 2001, 2002]
    expect(await log.search('?errors')).toEqual({ hits: errors, next: null, through: 2002 })
    expect(await log.search('?errors&limit=1')).toEqual({ hits: [999], next: 1000, through: 999 })
    expect((await log.search('?errors&from=1000')).hits).toEqual([2001, 2002])
    await appendFile(log.path, `${AT}   File "t.py"\n${AT} KeyError: x\n${AT} Killed\n`)
    expect(await log.search('?errors&from=2003')).toEqual({ hits: [2005], next: null, through: 2005 })
    expect(await log.search('?errors&from=2006')).toEqual({ hits: [], next: null, through: 2005 })
  })

  test('that looks for nothing, or for too much, says what to give', async () => {
    const { id } = await aLog(['x'])
    for (const query of ['', '?q=', `?q=${'x'.repeat(501)}`, '?q=a&q=b']) {
      const error = await errorOf(api.get(`/attempts/${id}/log/search${query}`), 400)
      expect(error.message).toBe('q: give a text of 1 to 500 characters, or errors.')
    }
  })
})

test('a log of many pieces is downloaded as it is, and leaves no listeners behind', async () => {
  const pieces = 40
  const text = randomBytes(60_000).toString('base64')
  const readLog: HttpDeps['readLog'] = async (_, { offset }) =>
    offset < pieces ? { text, next: offset + 1 } : { text: '', next: offset }
  const hone = await testServer({ readLog })
  const warnings: string[] = []
  const note = ({ name }: Error) => void warnings.push(name)
  process.on('warning', note)
  const { project } = hone.project({ name: 'long' })
  const { attempt } = fullRun(hone.store, project.id, defaultSettings)
  const answer = await hone.api(`/attempts/${attempt.id}/log?download`)
  expect((await answer.text()) === text.repeat(pieces)).toBe(true)
  await hone.close()
  process.off('warning', note)
  expect(warnings).toEqual([])
})
