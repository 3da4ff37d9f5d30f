import type { JobView, RunView } from '../../src/http/contract.ts'
import { branchOf, firstLine, formatNumber, plural, shortSha } from './format.ts'
import { wordOf } from './stages.ts'

type Run = Pick<
  RunView,
  'sha' | 'ref' | 'message' | 'detection' | 'trials' | 'mails' | 'state' | 'metric' | 'rerun'
>

/** What a job of a run did, or does, in words; null where there is nothing to tell yet. Pure. */
export function didWords(job: Pick<JobView, 'name' | 'state' | 'trial'>, run: Run): string | null {
  if (job.state !== 'done' && job.name !== 'train') return null
  switch (job.name) {
    case 'git-import':
      return `${shortSha(run.sha)} of ${branchOf(run.ref)}${run.message ? `: ${firstLine(run.message)}` : ''}`
    case 'detect-model':
      return detected(run)
    case 'train':
      return trained(job.trial, run)
    case 'tweak':
      return proposed(job.trial, run)
    case 'notify':
      return run.mails.length === 0 ? 'no mail' : `${plural(run.mails.length, 'mail')} into the outbox`
  }
}

function detected({ detection, rerun }: Run): string | null {
  if (detection === null) return null
  const { framework, family, entry, hyperparameters } = detection
  const from = rerun?.from === 'train' ? `, as run #${rerun.number} found it` : ''
  return `${framework}, ${family}, in ${entry}: ${plural(hyperparameters.length, 'hyperparameter')} to search${from}`
}

function trained(number: number | null, run: Run): string | null {
  const trial = run.trials.find((one) => one.number === number)
  if (trial === undefined) return null
  const result = trial.metric === null ? '' : `, ${run.metric} ${formatNumber(trial.metric)}`
  const attempts = trial.attempts.length > 1 ? `, ${trial.attempts.length} attempts` : ''
  return `trial ${trial.number}: ${wordOf(trial.state, run.state)}${result}${attempts}`
}

function proposed(number: number | null, { trials }: Run): string {
  const trial = trials.find((one) => one.number === number)
  return trial === undefined ? 'nothing to train then' : `trial ${trial.number}, from ${trial.origin}`
}

/** Of one job, ms; null before it began. Pure. */
export const tookMs = ({ startedAt, endedAt }: Pick<JobView, 'startedAt' | 'endedAt'>): number | null =>
  startedAt === null || endedAt === null ? null : endedAt - startedAt
