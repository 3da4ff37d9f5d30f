import type { RunView, TrialSummary } from '../../../src/http/contract.ts'
import { useBranch } from '../queries.ts'
import { Link } from '../router.tsx'
import { runAddress, withParams } from '../sections.ts'
import { hasEnded } from '../stages.ts'
import { Card } from './basics.tsx'
import { Copyable } from './copyable.tsx'

/** Where the winner's source is: its branch, and the page that has its diff and patch. */
function WinnerSource({ run, trial }: { run: RunView; trial: TrialSummary }) {
  const { data } = useBranch(trial.id)
  const code = (
    <Link to={runAddress(run.id, 'code', withParams('', { trial: trial.number }))}>diff and patch</Link>
  )
  if (data === undefined) return null
  return (
    <Card title="Take the winner">
      {data === null ? (
        <p>
          Trial {trial.number} can be taken as a patch or a branch: its {code}.
        </p>
      ) : (
        <>
          <p>
            Trial {trial.number} is on the branch <code>{data.branch}</code>, one commit on yours; its {code}.
          </p>
          <Copyable text={data.commands} label="the commands that fetch the winner" />
          {data.commands.startsWith('git fetch hone ') ? (
            <p className="dim small note">
              <code>hone</code> is the remote that you push to; where it has another name, write that.
            </p>
          ) : null}
        </>
      )}
    </Card>
  )
}

function WinnerImage({ image }: { image: NonNullable<RunView['image']> }) {
  return (
    <Card title="The winner as an image">
      <p>
        <code>{image.name}</code> holds the source of the best trial
        {image.hasFiles ? ', what it trained in, and the files that it wrote' : ' and what it trained in'}.
        This trains it again; a script that sets no seed of its own comes to a slightly different value each
        time.
        {image.hasFiles
          ? ' Another command after the name runs with the model in place, such as a prediction.'
          : null}
      </p>
      <Copyable text={image.command} label="the command" />
    </Card>
  )
}

/** What is left of a run that has its winner. */
export function Winner({ run }: { run: RunView }) {
  const isWon = run.conclusion?.kind === 'target' || run.conclusion?.stopped === true
  const trial = run.trials.find(({ number }) => number === run.bestTrial)
  const isChanged = trial !== undefined && trial.sha !== run.trials[0]?.sha
  return (
    <>
      {hasEnded(run.state) && isWon && isChanged ? <WinnerSource run={run} trial={trial} /> : null}
      {run.image === null ? null : <WinnerImage image={run.image} />}
    </>
  )
}
