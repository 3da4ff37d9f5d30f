import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { z } from 'zod'
import type { JobModule, NextJob, Running } from '../src/chain/contract.ts'
import type { Attempt } from '../src/domain/attempt.ts'
import { changeOf } from '../src/domain/data.ts'
import { describeFailure, type Failure, toFailure } from '../src/domain/failure.ts'
import type { Project } from '../src/domain/project.ts'
import type { Conclusion as Ending, RunState } from '../src/domain/run.ts'
import { branchName, takeMessage } from '../src/domain/take.ts'
import type { Trial } from '../src/domain/trial.ts'
import { winnerOf } from '../src/domain/winner.ts'
import { reached } from '../src/fault-points.ts'
import { chartOf, composeMail, type MailInput } from '../src/mail/compose.ts'
import { curveOf } from '../src/metrics/curve.ts'
import { readableEvidence } from '../src/metrics/events.ts'
import { bestTrial } from '../src/search/stop.ts'
import { type JobContext, sourceUrl } from './context.ts'
import { keepWinner } from './notify/winner.ts'
import { outlookNow } from './progress.ts'
import { Conclusion } from './schemas.ts'
import { studyOf } from './study.ts'

const Input = z.object({ conclusion: Conclusion })
export type NotifyInput = z.infer<typeof Input>

/** What brings a run to its end. */
export const notifyOf = (input: NotifyInput): NextJob => ({
  name: 'notify',
  key: 'notify',
  input,
  concludes: true,
})

const STATES: Record<Ending['kind'], RunState> = {
  target: 'succeeded',
  budget: 'exhausted',
  failed: 'failed',
}
const LOG_LINES = 30
/** Where mails go when nobody is named: the mailbox folder and the dashboard show them. */
const NOBODY = 'you@localhost'

/** Longer than a weekend. */
const PATIENCE_MS = 5 * 86_400_000

/** The end of a run whose mails could not be made: what it came to all the same. Pure. */
export const withoutMail = ({ conclusion }: NotifyInput, failure: Failure) => ({
  to: STATES[conclusion.kind],
  conclusion: {
    ...conclusion,
    reason: `${conclusion.reason} No mail tells of it: ${describeFailure(failure)}`,
  },
})

/** finished run -> its end, and the mails that tell of it, in one transaction; the outbox sends them. */
export const notify: JobModule<JobContext, NotifyInput, { mails: number }> = {
  name: 'notify',
  lane: 'light',
  patienceMs: PATIENCE_MS,
  input: Input,
  output: z.object({ mails: z.number().int() }),
  async run(context, { conclusion }) {
    const { store, run, instance } = context
    const project = store.projects.byId(run.projectId) as Project
    const trials = store.trials.ofRun(run.id)
    const best = bestTrial(trials, run.settings)
    const outlook = run.detection === null ? null : outlookNow(store, run, studyOf(store, run))
    const winner = conclusion.kind === 'target' || conclusion.stopped ? best : null
    const branch = winner && (await pushWinner(context, project, trials, winner))
    const image = conclusion.kind === 'target' && best ? await keepWinner(context, project, best) : null
    const about: MailInput = {
      project,
      run,
      conclusion,
      trials,
      best,
      evidence: best && evidenceOf(context, best),
      curve: best ? curveOf(store.metrics.ofTrial(best.id), run.settings) : [],
      outlook,
      data: dataOf(context),
      restarts: restartsOf(store.attempts.ofRun(run.id)),
      logTail: conclusion.kind === 'failed' ? await lastLines(context) : [],
      artifacts: best ? await filesOf(context, best) : [],
      leftOut: best?.artifacts?.leftOut ?? [],
      branch,
      image: winnerOf(image, run),
      url: `${context.url()}/runs/${run.id}`,
    }
    const mail = composeMail(about, await pictureFor(context, about))
    reached('notify')
    const recipients = recipientsOf(context, run.settings.mail)
    return {
      commit() {
        for (const to of recipients) {
          const messageId = `<run-${run.id}.${conclusion.kind}.${hash(to)}@${instance}.hone>`
          store.mails.insert({ ...mail, runId: run.id, kind: conclusion.kind, messageId, to })
        }
        if (outlook) store.runs.update(run.id, { outlook })
        if (image) store.runs.update(run.id, { image })
        store.endRun(run.id, STATES[conclusion.kind], conclusion)
        reached('notify')
        return { mails: recipients.length }
      },
    }
  },
}

/** The chart of a mail; a mail that has to go without one says in words what it would have shown. */
async function pictureFor({ drawPicture, logger }: JobContext, about: MailInput): Promise<Uint8Array | null> {
  const chart = chartOf(about)
  if (chart === null) return null
  try {
    return await drawPicture(chart.svg)
  } catch (error) {
    logger.warn({ err: error }, 'the chart of a mail could not be drawn')
    return null
  }
}

/** Attempts after a crash; one that goes on after the search had stopped the one before it is none. */
const restartsOf = (attempts: readonly Attempt[]) =>
  attempts.filter(({ trialId, number }) => {
    const before = attempts.find((other) => other.trialId === trialId && other.number === number - 1)
    return before !== undefined && before.state !== 'stopped'
  }).length

function recipientsOf({ config }: JobContext, own: readonly string[]): string[] {
  const named = [...new Set([...own, ...config.mailTo])]
  if (named.length > 0) return named
  return [config.smtpUrl === null ? NOBODY : config.mailFrom]
}

/** Tells the recipients of one run apart. */
const hash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)

/**
 * Its source as the branch that the dashboard makes of it, too. Into Hone's own remote only: the user's repository elsewhere
 * is never written to without being asked.
 */
async function pushWinner(
  context: JobContext & Running,
  project: Project,
  trials: readonly Trial[],
  { number }: Trial,
): Promise<string | null> {
  const { git, paths, run, progress } = context
  const trial = trials.find((one) => one.number === number) as Trial
  if (project.repoUrl !== null || trial.diff === '') return null
  const branch = branchName(run, trial)
  const workspace = paths.workspace(run.id)
  try {
    const message = takeMessage({ run, trial, first: trials[0] })
    const sha = await git.squash(workspace, trial.sha, run.sha, message)
    await git.pushBranch(workspace, sha, sourceUrl(context, project), branch)
    return branch
  } catch (error) {
    const failure = toFailure(error)
    if (failure.kind !== 'user') throw error
    // The target is met all the same, and the mail carries the diff.
    progress(`The branch ${branch} was not made: ${describeFailure(failure)}`)
    return null
  }
}

function dataOf({ store, run: { id } }: JobContext & Running) {
  const run = store.runs.get(id)
  const before = store.runs.dataBefore(run)
  const earlier = before && { run: before.number, data: before.data ?? [] }
  return (run.data ?? []).map((data) => ({ ...data, change: changeOf(data, earlier) }))
}

function evidenceOf({ store }: JobContext, best: Trial) {
  const metric = store.metrics.ofTrial(best.id).find(({ decisive }) => decisive)
  return metric ? { text: readableEvidence(metric), source: metric.source, line: metric.line } : null
}

async function lastLines({ store, paths, run, readTail }: JobContext & Running): Promise<string[]> {
  const attempt = store.attempts.ofRun(run.id).at(-1)
  return attempt ? readTail(paths.attemptLog(run.id, attempt.id), LOG_LINES) : []
}

/** Those that are still there. */
async function filesOf({ paths, run }: JobContext & Running, best: Trial) {
  const folder = paths.trialArtifacts(run.id, best.number)
  const files = await Promise.all(
    (best.artifacts?.kept ?? []).map(async ({ name }) => {
      const path = join(folder, name)
      const about = await stat(path).catch(() => null)
      return about && { filename: name, path: relative(paths.data, path), size: about.size }
    }),
  )
  return files.filter((file) => file !== null)
}
