import { expect, it } from 'vitest'
import { endingLines, openingLines, shortPath } from '../../src/cli/demo-words.ts'
import { defaultSettings } from '../../src/domain/settings.ts'

const places = { data: '/srv/hone/data', cwd: '/srv/hone', port: 8080 }
const ended = {
  ...places,
  run: {
    ...{ id: 1, state: 'succeeded' as const, settings: defaultSettings },
    conclusion: { kind: 'target', reason: 'reached 0.99 ≥ 0.97 in trial 4' },
  },
  best: { number: 4, metric: 0.99123, values: { hidden: 64, batch: 4 } },
  first: { metric: 0.52, values: { hidden: 24, batch: 4 } },
  mails: [{ subject: 'digits #1: reached', to: 'a@b', file: '/srv/hone/data/mailbox/run-1.eml' }],
  ...{ url: 'http://127.0.0.1:8080', token: 'the-token', once: true },
} as const

it('begins with what is pushed, for which target, in what, and where it lies', () => {
  const text = openingLines({ example: 'digits-sklearn', target: 0.97, trials: 40, ...places }).join('\n')
  for (const word of ['examples/digits-sklearn', 'accuracy 0.97', 'container', './data:'])
    expect(text).toContain(word)
})

it('ends with the mail in short, the best values, how to see it again, and, last, the result', () => {
  const lines = endingLines(ended)
  const text = lines.join('\n')
  expect(text).toContain('digits #1: reached to a@b')
  expect(text).toContain('it lies in ./data/mailbox/run-1.eml')
  expect(text).toContain('accuracy 0.9912 in trial 4, your own values 0.52')
  expect(text).toContain('hidden 24 -> 64')
  expect(text).not.toContain('batch')
  expect(text).toContain('npm start shows it again at http://127.0.0.1:8080/runs/1; the token is the-token')
  expect(lines.at(-1)).toBe('Target met: 0.99 ≥ 0.97 in trial 4')
})

it('names the data folder where it is not the usual one, and no token that it does not know', () => {
  const text = endingLines({ ...ended, data: '/tmp/x', token: null }).join('\n')
  expect(text).toContain('HONE_DATA=/tmp/x npm start')
  expect(endingLines({ ...ended, port: 8081 }).join('\n')).toContain('Later      HONE_PORT=8081 npm start')
  expect(text).toContain('the token of the first start signs in')
  expect(endingLines({ ...ended, once: false }).join('\n')).toContain('until Ctrl-C')
})

it('says of a run without a value what went wrong', () => {
  const failure = { kind: 'user', code: 'x', message: 'No module named foo.', remedy: 'Add it.' } as const
  const run = { ...ended.run, state: 'failed', conclusion: { kind: 'failed', reason: 'x', failure } } as const
  expect(endingLines({ ...ended, run, best: null, mails: [] }).at(-1)).toBe(
    'Run failed: No module named foo.',
  )
})

it('has no control characters of what a training says of itself', () => {
  const hostile = 'one\u001b]0;owned\u0007\u001b[2J\r\ntwo'
  const failure = { kind: 'user', code: 'x', message: hostile, remedy: '' } as const
  const run = { ...ended.run, state: 'failed', conclusion: { kind: 'failed', reason: 'x', failure } } as const
  const best = { ...ended.best, values: { name: hostile } }
  const mails = [{ ...ended.mails[0], subject: hostile }]
  const lines = endingLines({ ...ended, run, best, first: { metric: 0.5, values: { name: 'x' } }, mails })
  expect(lines.at(-1)).toBe('Run failed: one two')
  expect(lines.join('\n')).toContain('name x -> one two')
  expect(lines.join('\n')).toContain('one two to a@b')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be there
  expect(lines.join('')).not.toMatch(/[\u0000-\u001f]/)
})

it('shortens a path below the folder only', () => {
  expect(shortPath('/a/b/c', '/a')).toBe('./b/c')
  expect(shortPath('/x', '/a')).toBe('/x')
})
