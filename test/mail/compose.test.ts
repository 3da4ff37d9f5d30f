import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ATTACHED_BYTES, composeMail } from '../../src/mail/compose.ts'
import { budgetSpent, failed, MISSING_MODULE, reached, trial } from './factories.ts'

const PNG = Uint8Array.from([137, 80, 78, 71])

/** The text that a reader of the HTML sees. */
const seen = (html: string) =>
  html
    .replace(/<head>[\s\S]*<\/head>/, '')
    .replaceAll('<wbr>', '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')

describe('the subject says it all', () => {
  test.each([
    ['reached', reached(), 'digits #3: accuracy 0.953 reached'],
    ['budget spent', budgetSpent(), 'digits #3: accuracy 0.912, target 0.95 not reached'],
    ['failed', failed(), "digits #3: failed: ModuleNotFoundError: No module named 'foo' (train.py:3)"],
    [
      'no value at all',
      budgetSpent({ best: null, trials: [trial(0, null)] }),
      'digits #3: no value of accuracy',
    ],
    [
      'rounded, but never over the target',
      budgetSpent({ best: trial(7, 0.949876) }),
      'digits #3: accuracy 0.9499, target 0.95 not reached',
    ],
    [
      'a mean that meets the target, unconfirmed',
      budgetSpent({ best: trial(7, 0.951) }),
      'digits #3: accuracy 0.951, target 0.95 not confirmed',
    ],
    [
      'stopped by a person',
      budgetSpent({ conclusion: { kind: 'budget', stopped: true, reason: 'stopped by a person' } }),
      'digits #3: stopped at accuracy 0.912, target 0.95 not reached',
    ],
  ])('%s', (_, input, subject) => {
    expect(composeMail(input).subject).toBe(subject)
  })

  test('turns round for a metric that is made small', () => {
    const run = reached().run
    const settings = { ...run.settings, metric: 'loss', direction: 'minimize', target: 0.1 } as const
    const best = trial(1, 0.05)
    expect(composeMail(reached({ run: { ...run, settings }, best })).subject).toContain('loss 0.05 reached')
    expect(composeMail(budgetSpent({ run: { ...run, settings }, best: trial(1, 0.2) })).subject).toContain(
      'loss 0.2, target 0.1 not reached',
    )
  })

  test('is one bounded line, whatever the repository says', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 600 }),
        fc.string({ unit: 'binary' }),
        (message, file) => {
          const failure = { ...MISSING_MODULE, message, file }
          const { subject } = composeMail(
            failed({ conclusion: { kind: 'failed', reason: message, failure } }),
          )
          return [...subject].length <= 180 && !/[\p{Cc}\u2028\u2029]/u.test(subject)
        },
      ),
    )
  })

  test('cannot bring a header of its own', () => {
    const message = 'Boom\r\nBcc: eve@example.org\r\n\r\nbody'
    const failure = { ...MISSING_MODULE, message }
    expect(composeMail(failed({ conclusion: { kind: 'failed', reason: message, failure } })).subject).toBe(
      'digits #3: failed: Boom Bcc: eve@example.org body (train.py:3)',
    )
  })
})

describe('a sentence that begins with a name', () => {
  test.each([
    ['train.py cannot be read.', 'train.py', 'train.py cannot be read (train.py:3).'],
    ['hone.yaml names b.py.', undefined, 'hone.yaml names b.py.'],
    ['my script.py cannot be read.', 'my script.py', 'my script.py cannot be read (my script.py:3).'],
    ['val_loss is no number.', undefined, 'val_loss is no number.'],
    ['no script trains a model.', undefined, 'No script trains a model.'],
    ['stopped.', undefined, 'Stopped.'],
  ])('%s', (message, file, expected) => {
    const failure = { ...MISSING_MODULE, message, file }
    const { text } = composeMail(failed({ conclusion: { kind: 'failed', reason: message, failure } }))
    expect(text.split('\n')).toContain(expected)
  })
})

describe('text and HTML', () => {
  test.each([
    [
      'reached',
      reached(),
      [
        'digits #3: the target is reached accuracy 0.953, target at least 0.95; in trial 4.',
        'accuracy 0.71 0.953 lr 0.5 0.04',
        'Test accuracy: 0.953 (line 41 of the log)',
        '1 after crashes',
        'git apply digits-run-3-trial-4.patch',
        'git checkout 1a2b3c4d5e6f',
        'git fetch hone hone/run-3-trial-4 git switch --create hone/run-3-trial-4 FETCH_HEAD',
        '-lr = 0.5',
        '+lr = 0.04',
        'model.joblib',
        'The model is attached.',
        '5 of 20',
        'Train on the digits',
        'Ada <ada@example.org>',
      ],
    ],
    [
      'budget',
      budgetSpent(),
      [
        'accuracy 0.912, target at least 0.95; in trial 7. 20 of 20 trials spent.',
        'It is attached as digits-run-3-trial-7.patch:',
        'git apply digits-run-3-trial-7.patch',
      ],
    ],
    [
      'failed',
      failed(),
      [
        "No module named 'foo' (train.py:3).",
        'Add foo to requirements.txt and push again.',
        'File "train.py", line 3, in <module>',
        'line 21 of the log',
        'line 50 of the log',
      ],
    ],
  ])('both tell everything: %s', (_, input, facts) => {
    const { text, html } = composeMail(input)
    const page = seen(html)
    for (const fact of facts) {
      expect(text.replace(/\s+/g, ' ')).toContain(fact)
      expect(page).toContain(fact)
    }
    expect(text).toContain('http://127.0.0.1:8080/runs/3')
    expect(html).toContain('href="http://127.0.0.1:8080/runs/3"')
  })

  test('shows the changed values and no others', () => {
    const { text, html } = composeMail(reached())
    expect(text).toMatch(/name +yours +trial 4\n +accuracy +0.71 +0.953\n +lr +0.5 +0.04\n/)
    expect(seen(html)).toContain('name yours trial 4 accuracy 0.71 0.953 lr 0.5 0.04')
    expect(text).not.toMatch(/\bbatch\b|optimiser/)
  })

  test('shows only the end of a long log', () => {
    expect(composeMail(failed()).text).not.toContain('line 20 of the log')
  })

  test('says that nothing was changed when trial 0 is the best', () => {
    const { text, attachments } = composeMail(reached({ best: trial(0, 0.96), artifacts: [] }))
    expect(text).toContain('The script saved no model.')
    expect(text).toContain('nothing was changed')
    expect(text).not.toContain('git apply')
    expect(attachments).toEqual([])
  })

  test('names no branch that is not there', () => {
    expect(composeMail(reached({ branch: null })).text).not.toContain('hone/run-3')
  })

  test('say the result first, then what to do with it, then how it came about', () => {
    const headings = ['target is reached', 'The values', 'The change', 'How to take it', 'The trained model']
    const { text } = composeMail(reached())
    const places = [...headings, 'All 5 trials', 'The run\n'].map((heading) => text.indexOf(heading))
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((one, other) => one - other))
  })

  test('say no line twice', () => {
    const lines = composeMail(reached())
      .text.split('\n')
      .filter((line) => /[a-z]/i.test(line))
    expect(new Set(lines).size).toBe(lines.length)
  })
})

describe('attachments', () => {
  test('are the patch and the model', () => {
    expect(composeMail(reached()).attachments).toEqual([
      { filename: 'digits-run-3-trial-4.patch', contentType: 'text/x-patch', content: reached().best?.diff },
      {
        filename: 'model.joblib',
        contentType: 'application/octet-stream',
        path: 'artifacts/run-3/trial-4/model.joblib',
      },
    ])
  })

  test('hold a model up to the limit, and a link beyond it', () => {
    const model = { filename: 'model.pt', path: 'artifacts/model.pt' }
    const just = composeMail(reached({ artifacts: [{ ...model, size: ATTACHED_BYTES }] }))
    expect(just.attachments.map(({ filename }) => filename)).toContain('model.pt')
    const half = ATTACHED_BYTES / 2 + 1
    const over = composeMail(
      reached({
        artifacts: [
          { ...model, size: half },
          { ...model, size: half },
        ],
      }),
    )
    expect(over.attachments.map(({ filename }) => filename)).toEqual(['digits-run-3-trial-4.patch'])
    expect(over.text).toContain('too large for a mail (10.0 MiB): get it from http://127.0.0.1:8080/runs/3')
    const small = composeMail(reached({ artifacts: [{ ...model, size: 9114 }] }))
    expect(small.text).toMatch(/model\.pt +8\.9 KiB\n/)
  })

  test('hold the whole of a diff that the mail shows in part', () => {
    const diff = `--- a/x\n+++ b/x\n${Array.from({ length: 5000 }, (_, line) => `+line ${line}`).join('\n')}\n`
    const mail = composeMail(reached({ best: trial(4, 0.953, { diff }) }))
    expect(mail.attachments[0]?.content).toBe(diff)
    expect(mail.text).toContain('The rest is in digits-run-3-trial-4.patch.')
    expect(mail.text.length).toBeLessThan(20_000)
  })

  test('have names without folders', () => {
    const artifacts = [{ filename: '../../etc/a\r\nb.pt', path: 'x', size: 1 }]
    expect(composeMail(reached({ artifacts })).attachments[1]?.filename).toBe('etc_a b.pt')
  })
})

test('the end of the log is not told twice', () => {
  const failure = { ...MISSING_MODULE, detail: 'Traceback\nModuleNotFoundError: here' }
  const { text } = composeMail(
    failed({
      conclusion: { kind: 'failed', reason: '', failure },
      logTail: ['Traceback', 'ModuleNotFoundError: here'],
    }),
  )
  expect(text.split('ModuleNotFoundError: here')).toHaveLength(2)
})

describe('hostile names', () => {
  const evil = `"><script>alert(1)</script><img src=x onerror='alert(2)'>&amp;`

  test('are shown, never run', () => {
    const values = { [evil]: evil }
    const trials = [
      trial(0, 0.1, { values: {} }),
      trial(3, null, { state: 'pruned', pruning: evil }),
      trial(4, 0.953, { values, diff: `+${evil}\n`, origin: evil }),
    ]
    const input = reached({
      project: { name: evil },
      trials,
      best: trials[2] as (typeof trials)[number],
      outlook: {
        ...{ trials: 2, chance: null, best: null, advice: [evil] },
        importance: [{ name: evil, share: 0.5 }],
      },
      branch: evil,
      artifacts: [{ filename: evil, path: 'x', size: 1 }],
      evidence: { text: evil, source: 'log', line: 1 },
      conclusion: { kind: 'target', reason: evil },
      run: { ...reached().run, ref: `refs/heads/${evil}`, message: evil, author: evil },
    })
    const failure = { ...MISSING_MODULE, message: evil, remedy: evil, file: evil, detail: evil }
    const other = failed({ conclusion: { kind: 'failed', reason: evil, failure }, logTail: [evil] })
    for (const { html } of [composeMail(input), composeMail(other)]) {
      const whole = html.replaceAll('<wbr>', '')
      expect(whole).not.toMatch(/<script|<img|onerror='/)
      expect(whole).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
      expect(whole).toContain('&amp;amp;')
    }
  })

  test('have no way to a link but http', () => {
    expect(composeMail(reached({ url: 'javascript:alert(1)' })).html).not.toContain('href')
  })

  test('colours of a terminal and invisible characters are taken out', () => {
    const { text, html } = composeMail(
      failed({ logTail: ['\u001b[31mred\u001b[0m \u202eabc\u0007', 'a\rb'] }),
    )
    expect(text).toContain('    red abc\n    a\n    b')
    expect(html).toContain('red abc\na\nb')
  })
})

describe('the HTML', () => {
  test('needs nothing from elsewhere, and no style sheet for its form', () => {
    const { html } = composeMail(reached(), PNG)
    expect(html).not.toMatch(/<link|@import|url\(|https?:\/\/(?!127\.0\.0\.1:8080\/runs\/3)/)
    expect(html).toContain('name="color-scheme" content="light dark"')
    const sheet = /<style>(.*)<\/style>/.exec(html)?.[1] ?? ''
    expect(sheet.replaceAll(/color-scheme|background|color/g, '')).not.toMatch(/display|width|font|margin/)
  })

  test('shows as code what stands in backticks, wherever it stands', () => {
    const failure = { ...MISSING_MODULE, remedy: 'Add `foo` to `requirements.txt`.' }
    const { html } = composeMail(failed({ conclusion: { kind: 'failed', reason: '', failure } }))
    expect(html).toMatch(/Add <code [^>]*>foo<\/code> to <code [^>]*>requirements.txt<\/code>\./)
    expect(html).not.toContain('`')
  })

  test('lets a long name in a table be broken at its joints, and a short word nowhere', () => {
    const name = 'encoder.layers_of_attention.hidden_size'
    const trials = [
      trial(0, 0.1, { values: { [name]: 'adam' } }),
      trial(1, 0.96, { values: { [name]: 'momentum' } }),
    ]
    const { html } = composeMail(reached({ trials, best: trials[1] as (typeof trials)[number] }))
    expect(html).toContain('encoder.<wbr>layers_<wbr>of_<wbr>attention.<wbr>hidden_<wbr>size')
    expect(html).toContain('>momentum<')
  })
})

describe('the chart', () => {
  const words = 'accuracy of 4 trials with a value: 0.71 in trial 0, best 0.953 in trial 4; target 0.95.'

  test('stands in the HTML as a picture that comes with the mail, and in the text in words', () => {
    const { html, text, attachments } = composeMail(reached(), PNG)
    expect(html).toMatch(new RegExp(`<img src="cid:chart@hone" alt="${words}" [^>]*max-width:560px`))
    expect(text).toContain(words)
    expect(attachments[0]).toEqual({
      filename: 'chart.png',
      contentType: 'image/png',
      content: Buffer.from(PNG).toString('base64'),
      encoding: 'base64',
      cid: 'chart@hone',
    })
  })

  test('is told in words where it could not be drawn', () => {
    const { html, text, attachments } = composeMail(reached(), null)
    expect(html).not.toContain('<img')
    expect(seen(html)).toContain(words)
    expect(text).toContain(words)
    expect(attachments.map(({ filename }) => filename)).not.toContain('chart.png')
  })
})
