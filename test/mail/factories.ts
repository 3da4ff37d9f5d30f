import type { Failure } from '../../src/domain/failure.ts'
import type { Mail } from '../../src/domain/mail.ts'
import { resolveSettings } from '../../src/domain/settings.ts'
import type { MailInput } from '../../src/mail/compose.ts'

type TestTrial = MailInput['trials'][number]

export const trial = (number: number, metric: number | null, change: Partial<TestTrial> = {}): TestTrial => ({
  number,
  state: metric === null ? 'failed' : 'completed',
  values: { lr: number === 0 ? 0.5 : 0.01 * number, batch: 32, optimiser: 'adam' },
  origin: number === 0 ? 'your own values' : 'the gaussian-process sampler',
  repeats: null,
  seed: 0,
  pruning: null,
  metric,
  diff:
    number === 0 ? '' : `--- a/train.py\n+++ b/train.py\n@@ -1 +1 @@\n-lr = 0.5\n+lr = ${0.01 * number}\n`,
  failure: null,
  ...change,
})

const base = {
  project: { name: 'digits' },
  run: {
    number: 3,
    ref: 'refs/heads/main',
    sha: '1a2b3c4d5e6f'.padEnd(40, '0'),
    settings: resolveSettings({ target: 0.95 }),
    message: 'Train on the digits\n\nMore words',
    author: 'Ada <ada@example.org>',
  },
  curve: [],
  outlook: null,
  evidence: { text: 'Test accuracy: 0.953', source: 'log', line: 41 },
  data: [],
  restarts: 1,
  logTail: [],
  artifacts: [
    { filename: 'model.joblib', path: 'artifacts/run-3/trial-4/model.joblib', size: 2 * 1024 * 1024 },
  ],
  leftOut: [],
  image: null,
  branch: 'hone/run-3-trial-4',
  url: 'http://127.0.0.1:8080/runs/3',
}

export function reached(change: Partial<MailInput> = {}): MailInput {
  const trials = [trial(0, 0.71), trial(1, 0.8), trial(2, null), trial(3, 0.9), trial(4, 0.953)]
  const conclusion = { kind: 'target', reason: 'reached 0.953 ≥ 0.95 in trial 4' } as const
  return { ...base, trials, best: trials[4] as TestTrial, conclusion, ...change }
}

export function budgetSpent(change: Partial<MailInput> = {}): MailInput {
  const trials = Array.from({ length: 20 }, (_, number) => trial(number, number === 7 ? 0.912 : 0.5))
  const conclusion = { kind: 'budget', reason: '20 of 20 trials spent; best 0.912 in trial 7' } as const
  return { ...base, trials, best: trials[7] as TestTrial, conclusion, branch: null, ...change }
}

export const MISSING_MODULE: Failure = {
  kind: 'user',
  code: 'exception',
  message: "ModuleNotFoundError: No module named 'foo'.",
  remedy: 'Add foo to requirements.txt and push again.',
  file: 'train.py',
  line: 3,
  detail: 'Traceback (most recent call last):\n  File "train.py", line 3, in <module>',
}

export function failed(change: Partial<MailInput> = {}): MailInput {
  const conclusion = { kind: 'failed', reason: MISSING_MODULE.message, failure: MISSING_MODULE } as const
  const logTail = Array.from({ length: 50 }, (_, line) => `line ${line + 1} of the log`)
  return {
    ...base,
    trials: [trial(0, null)],
    best: null,
    conclusion,
    logTail,
    evidence: null,
    branch: null,
    ...change,
  }
}

export const aMail = (change: Partial<Mail> = {}): Mail => ({
  id: 1,
  runId: 3,
  kind: 'target',
  messageId: '<run-3-target@hone.example>',
  to: 'ada@example.org',
  subject: 'Größe ≥ 0.95 — ✓',
  text: 'Hello\nÄ line\n',
  html: '<p>Hello Ä</p>',
  attachments: [],
  state: 'pending',
  tries: 0,
  refusals: 0,
  nextTryAt: 0,
  error: null,
  createdAt: Date.UTC(2026, 0, 2, 3, 4, 5),
  sentAt: null,
  ...change,
})
