import type { LeftView, RunView } from '../../../src/http/contract.ts'
import { useNow } from '../clock.ts'
import { conclusionWords } from '../conclusion.ts'
import { etaReason, etaWords, limitWords } from '../eta.ts'
import { branchOf, formatNumber, shortSha } from '../format.ts'
import {
  chanceWords,
  firstImpression,
  formatChance,
  giveUpWords,
  isMetSoFar,
  leftWords,
  trialsLeft,
} from '../outlook.ts'
import { seedsInMean } from '../points.ts'
import { Link } from '../router.tsx'
import { hasEnded } from '../stages.ts'
import { ForAdmins } from '../who.tsx'
import { Elapsed, FailureBox, RunState, Time, Words } from './basics.tsx'
import { RunActions } from './run-actions.tsx'

/** What began a run, before the time at which it did. */
const TRIGGERS: Record<string, string> = {
  push: 'pushed',
  poll: 'found in the repository',
  manual: 'started by hand',
  api: 'started through the API',
}

const isAlive = ({ state }: RunView) => !hasEnded(state)

/** The runs of the same branch right before and after. */
function Neighbours({ run: { neighbours, ref } }: { run: RunView }) {
  const { before, after } = neighbours
  if (before === null && after === null) return null
  return (
    <nav className="neighbours" aria-label={`Runs of ${branchOf(ref)}`}>
      {before === null ? null : (
        <Link to={`/runs/${before.id}`} aria-label={`Run ${before.number}, the one before`}>
          ‹ #{before.number}
        </Link>
      )}
      {after === null ? null : (
        <Link to={`/runs/${after.id}`} aria-label={`Run ${after.number}, the one after`}>
          #{after.number} ›
        </Link>
      )}
    </nav>
  )
}

/** When the budgets will have been spent. */
function TimeLeft({ left }: { left: LeftView }) {
  const now = useNow()
  const limit = limitWords(left, now)
  return (
    <div title={etaReason(left)}>
      <dt>time left</dt>
      <dd>
        {left.eta === null ? <span title={etaReason(left)}>–</span> : etaWords(left.eta, now)}
        {limit === null ? null : <span className="dim small"> at most {limit}</span>}
      </dd>
    </div>
  )
}

/** What the run is of, how it stands, and its figures. */
export function RunHead({ run }: { run: RunView }) {
  const [subject, ...rest] = (run.message ?? '').split('\n')
  const seeds = run.bestTrial === null ? 0 : seedsInMean(run.bestTrial, run.trials)
  const left = leftWords(run)
  const chance =
    isAlive(run) && trialsLeft(run) > 0 && !isMetSoFar(run) ? (run.outlook?.chance ?? null) : null
  const impression = run.outlook && firstImpression(run.outlook)
  return (
    <>
      <div className="page-head">
        <h1>
          <Link to={`/projects/${encodeURIComponent(run.project)}`}>{run.project}</Link> #{run.number}
        </h1>
        <RunState run={run} />
        <Neighbours run={run} />
        <ForAdmins>
          <RunActions run={run} />
        </ForAdmins>
      </div>
      <p className="commit-line">
        <code>{branchOf(run.ref)}</code> <code>{shortSha(run.sha)}</code>{' '}
        <span className="strong" title={rest.join('\n').trim()}>
          {subject}
        </span>{' '}
        <span className="dim">
          {run.author ? `by ${run.author}, ` : ''}
          {TRIGGERS[run.trigger] ?? run.trigger} <Time at={run.createdAt} />
        </span>
        {run.rerun === null ? null : (
          <span>
            <Link to={`/runs/${run.rerun.run}`}>run #{run.rerun.number}</Link> again, from {run.rerun.from}
          </span>
        )}
      </p>
      <dl className="numbers">
        <div data-met={run.met}>
          <dt>best {run.metric}</dt>
          <dd>
            {run.best === null ? '–' : formatNumber(run.best)}
            {seeds > 1 ? <span className="dim small"> mean of {seeds} seeds</span> : null}
          </dd>
        </div>
        <div>
          <dt>target</dt>
          <dd>
            {run.direction === 'maximize' ? '≥ ' : '≤ '}
            {formatNumber(run.target)}
          </dd>
        </div>
        <div>
          <dt>trials</dt>
          <dd>
            {run.trialCount} <span className="dim">of {run.trialBudget}</span>
            {left === null ? null : <span className="dim small wide-only"> {left}</span>}
          </dd>
        </div>
        {chance === null ? null : (
          <div
            title={`${formatChance(chance)} ${chanceWords(run)}. ${impression ?? ''} ${giveUpWords(run) ?? ''}`.trim()}
          >
            <dt>chance to reach it</dt>
            <dd>
              {formatChance(chance)}
              {impression === null ? null : <span className="dim small"> a first impression</span>}
            </dd>
          </div>
        )}
        <div>
          <dt>elapsed</dt>
          <dd>
            <Elapsed from={run.startedAt} to={run.endedAt} />
          </dd>
        </div>
        {run.left === null ? null : <TimeLeft left={run.left} />}
      </dl>
    </>
  )
}

const TONES = { target: 'ok', budget: 'warn', failed: 'bad' }

/** How the run ended, and why. */
export function Conclusion({ run }: { run: RunView }) {
  const words = conclusionWords(run)
  if (run.conclusion === null || words === null) return null
  const { kind, failure } = run.conclusion
  return (
    <div className="notice conclusion" data-tone={TONES[kind]}>
      <p>
        <strong>{words.title}</strong> {words.why === null ? null : <Words text={words.why} />}
      </p>
      {failure === undefined ? null : <FailureBox failure={failure} open />}
    </div>
  )
}
