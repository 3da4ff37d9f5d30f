import type { RunView, TrialSummary } from '../../../src/http/contract.ts'
import { apiPath } from '../api.ts'
import { type Change, changesOf } from '../code/known.ts'
import { branchCommands } from '../code/take.ts'
import { useParameter } from '../highlight.ts'
import { usePatch } from '../queries.ts'
import { useParams } from '../router.tsx'
import { Card, Empty, Loaded } from './basics.tsx'
import { Branch } from './branch.tsx'
import { Copyable } from './copyable.tsx'
import { CodeDiff } from './shown-diff.tsx'
import { TrialPicker } from './trial-link.tsx'

interface Props {
  run: RunView
  trial: TrialSummary | undefined
}

/** What the source of a trial is against that of another, what was changed, and how to take it. */
export function CodeSection({ run, trial }: Props) {
  const [params, setParams] = useParams()
  if (trial === undefined) {
    return (
      <Card title="What Hone changed">
        <Empty>Nothing has been changed yet.</Empty>
      </Card>
    )
  }
  const from =
    run.trials.find(({ number }) => number === Number(params.get('against'))) ??
    (run.trials[0] as TrialSummary)
  const split = params.get('view') === 'split'
  return (
    <>
      <Card title="What Hone changed">
        <div className="toolbar">
          <span>From</span>
          <TrialPicker run={run} label="From" selected={from.number} param="against" />
          <span>to</span>
          <TrialPicker run={run} label="To" selected={trial.number} />
          <button
            type="button"
            className="push wide-only"
            aria-pressed={split}
            onClick={() => setParams({ view: split ? null : 'split' })}
          >
            Side by side
          </button>
        </div>
        <Changed run={run} from={from} to={trial} />
        <PatchOf run={run} from={from} to={trial} split={split} />
      </Card>
      {trial.number === 0 ? null : <Take key={trial.id} run={run} trial={trial} />}
    </>
  )
}

interface Between {
  run: RunView
  from: TrialSummary
  to: TrialSummary
}

const isOwn = ({ number }: TrialSummary) => number === 0

/** The patch that leads from one trial to another. */
export function PatchOf({ run, from, to, split }: Between & { split: boolean }) {
  const patch = usePatch(to.id, from.number)
  return (
    <Loaded query={patch}>
      {(diff) =>
        diff === '' ? (
          <Empty>{isOwn(from) && isOwn(to) ? 'Nothing: this is your own source.' : 'The same source.'}</Empty>
        ) : (
          <CodeDiff
            diff={diff}
            split={split}
            hyperparameters={run.detection?.hyperparameters ?? []}
            importance={run.outlook?.importance ?? []}
          />
        )
      }
    </Loaded>
  )
}

function Changed({ run, from, to }: Between) {
  const all = changesOf(from, to, run.detection?.hyperparameters ?? [], run.outlook?.importance ?? [])
  if (all.length === 0) return null
  return (
    <div className="scroll">
      <table className="changes">
        <thead>
          <tr>
            <th>Changed</th>
            <th className="num">from</th>
            <th className="num">to</th>
            <th>may be</th>
            <th className="num">importance</th>
            <th>where the range is from</th>
          </tr>
        </thead>
        <tbody>
          {all.map((change) => (
            <ChangedRow key={change.name} change={change} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function ChangedRow({ change: { name, before, after, known } }: { change: Change }) {
  return (
    <tr {...useParameter(name)}>
      <td>
        <code>{name}</code>
      </td>
      <td className="num">{before}</td>
      <td className="num" data-changed="true">
        {after}
      </td>
      <td>{known?.range ?? '–'}</td>
      <td className="num">{known?.importance ?? '–'}</td>
      <td className="wide dim small">{known?.source ?? ''}</td>
    </tr>
  )
}

/** The patch as a file, the branch of it, and what makes one by hand. */
function Take({ run, trial }: { run: RunView; trial: TrialSummary }) {
  return (
    <Card title={`Take trial ${trial.number}`}>
      <p className="take">
        <a className="button" href={apiPath(`/trials/${trial.id}/diff?download`)} download>
          Download the patch
        </a>
        <span className="dim">
          against your own commit, for <code>git apply</code>
        </span>
      </p>
      <Branch run={run} trial={trial} />
      <h3>As a branch of your commit, from the downloaded patch</h3>
      <Copyable text={branchCommands(run, trial)} label="the commands that make a branch" />
    </Card>
  )
}
