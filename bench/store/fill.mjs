/** Runs as the store itself writes them: found by a real detection, with a log line as the evidence of each epoch. */

import { openParser } from '../../dist/src/cli/inspect/grammar.js'
import { loadSources } from '../../dist/src/cli/sources.js'
import { resolveSettings } from '../../dist/src/domain/settings.js'
import { analyse } from '../../dist/src/python/analyse.js'

const python = await openParser()

export async function detectionOf(folder) {
  const { files, hints } = await loadSources(folder)
  return { ...analyse(python, files, hints), image: null }
}

/** Numbers that are the same at each call of the benchmark. */
export function randomNumbers(seed) {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

const sha = (random) => Array.from({ length: 40 }, () => Math.floor(random() * 16).toString(16)).join('')

/** @param lines gets the log of each attempt */
export function aRun(store, projectId, detection, { trials, epochs, random }, lines) {
  const settings = resolveSettings({ target: 0.97, trials })
  return store.transaction(() => {
    const run = store.runs.insert({
      ...{ projectId, ref: 'refs/heads/main', sha: sha(random), trigger: 'push', author: 'Ada Lovelace' },
      ...{ message: 'Train a small network on the digits', overrides: {}, settings },
    })
    store.deliveries.insert({
      ...{ projectId, deliveryId: sha(random), event: 'push', outcome: 'run', reason: null, runId: run.id },
      payload: Buffer.from(payload(run, random)),
    })
    store.runs.transition(run.id, 'running')
    store.runs.update(run.id, { detection, data: [], outlook: outlook(detection, trials) })
    aJob(store, run, 'git-import', 'git-import')
    aJob(store, run, 'detect-model', 'detect-model')
    let best
    for (let number = 0; number < trials; number++) {
      const trial = aTrial(store, run, detection, { number, epochs, random }, lines)
      if (!best || trial.metric > best.metric) best = trial
    }
    store.runs.update(run.id, { bestTrialId: best.id })
    aJob(store, run, 'notify', 'notify')
    aMail(store, run, best)
    const reason = `All ${trials} trials are trained; the best accuracy is ${best.metric}.`
    store.endRun(run.id, 'exhausted', { kind: 'budget', reason })
    return store.runs.get(run.id)
  })
}

function aJob(store, run, name, key) {
  store.jobs.enqueue(run.id, name, key, { number: 7 })
  const job = store.jobs.claim({ names: [name], exclusive: [] }, 'bench', 60_000)
  store.jobs.complete(job, { trial: 7 })
}

function aTrial(store, run, detection, { number, epochs, random }, lines) {
  if (number > 0) aJob(store, run, 'tweak', `tweak:${number}`)
  const values = Object.fromEntries(detection.hyperparameters.map(({ name }) => [name, random()]))
  const { id } = store.trials.insert({
    ...{
      runId: run.id,
      number,
      values,
      origin: 'the sampler',
      repeats: null,
      seed: number,
      sha: sha(random),
    },
    diff: number === 0 ? '' : diff(values),
  })
  store.trials.transition(id, 'running')
  const attempt = store.attempts.insert({
    ...{ trialId: id, number: 1, container: `hone-bench-trial-${id}-attempt-1`, deadline: store.now() },
  })
  store.attempts.transition(attempt.id, 'running')
  const about = { runId: run.id, trialId: id, attemptId: attempt.id }
  const log = []
  const limit = 0.6 + 0.35 * random()
  for (let step = 1; step <= epochs; step++) {
    const value = limit * (1 - 0.9 ** step) + 0.01 * random()
    const evidence = `Epoch ${step}/${epochs} - loss: ${(2 - value).toFixed(4)} - val_accuracy: ${value.toFixed(4)} - ${(9 * random()).toFixed(2)}s`
    log.push(evidence)
    const metric = { name: 'accuracy', split: 'validation', value: Number(value.toFixed(4)), step }
    store.metrics.insert(about, { ...metric, source: 'log', evidence, line: step })
  }
  log.push(`Test accuracy: ${limit.toFixed(4)}`)
  const final = {
    name: 'accuracy',
    split: 'test',
    value: Number(limit.toFixed(4)),
    step: null,
    source: 'log',
  }
  store.metrics.insert(about, { ...final, evidence: log.at(-1), line: epochs + 1 })
  store.metrics.decide(attempt.id, { ...final, line: epochs + 1 })
  store.attempts.transition(attempt.id, 'succeeded', { exitCode: 0, report: report(final, epochs) })
  store.jobs.enqueue(run.id, 'train', `train:${number}`, { number })
  const job = store.jobs.claim({ names: ['train'], exclusive: [] }, 'bench', 60_000)
  store.jobs.complete(job, {})
  lines(run.id, attempt.id, log)
  return store.trials.transition(id, 'completed', { metric: final.value })
}

const diff = (values) =>
  `diff --git a/train.py b/train.py\nindex 5b1c7f1..9c3de02 100644\n--- a/train.py\n+++ b/train.py\n${Object.entries(
    values,
  )
    .map(([name, value]) => `@@ -10,7 +10,7 @@ def build():\n-    ${name}=0.5,\n+    ${name}=${value},\n`)
    .join(' \n')}`

const report = ({ name, split, value }, step) => ({
  ...{ python: '3.13.5', frameworks: { 'scikit-learn': '1.4.2', numpy: '2.2.4' }, resumed: null },
  checkpoint: { step, at: 1_800_000_000_000, bytes: 184_320, seconds: 0.02, count: step, totalSeconds: 0.9 },
  ...{
    memory: 312_000_000,
    heartbeatAt: 1_800_000_000_000,
    warnings: [],
    last: { name, split, value, step },
    end: 'finished',
  },
})

const outlook = ({ hyperparameters }, trials) => ({
  ...{ trials, chance: 0.12, best: { trial: 7, mean: 0.94, sd: 0.01 } },
  importance: hyperparameters.map(({ name }, index) => ({ name, share: 1 / (index + 2) })),
  advice: ['The best learning rates lie at the lower end of their range: a wider one may hold better ones.'],
})

/** As long as those of a repository of some age. */
const payload = ({ ref, sha: after }, random) =>
  JSON.stringify({
    ...{ ref, after, before: sha(random) },
    commits: Array.from({ length: 3 }, () => ({
      id: sha(random),
      message: 'A change',
      author: { name: 'Ada' },
    })),
    repository: Object.fromEntries(
      Array.from({ length: 90 }, (_, n) => [
        `url_${n}`,
        `https://api.example.org/repos/ada/digits/${n}{/sha}`,
      ]),
    ),
  })

function aMail(store, run, best) {
  const row =
    '<tr><td style="padding:2px 8px">Epoch</td><td style="padding:2px 8px">accuracy 0.9412</td></tr>'
  store.mails.insert({
    ...{ runId: run.id, kind: 'budget', messageId: `<run-${run.id}@bench.hone>`, to: 'ada@example.org' },
    subject: `[hone] digits #${run.number}: best accuracy ${best.metric}`,
    text: `The best accuracy is ${best.metric}.\n\n${best.diff}\n${'Epoch 50/50 - loss: 1.1 - val_accuracy: 0.9\n'.repeat(30)}`,
    html: `<!doctype html><html><body>${row.repeat(100)}<pre>${best.diff}</pre></body></html>`,
    attachments: [{ filename: 'best.diff', contentType: 'text/x-diff', content: best.diff }],
  })
  for (const mail of store.mails.list({ runId: run.id })) store.mails.markSent(mail)
}
