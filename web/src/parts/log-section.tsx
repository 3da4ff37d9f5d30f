import type { RunView, TrialSummary } from '../../../src/http/contract.ts'
import { useTrial } from '../queries.ts'
import { useParams } from '../router.tsx'
import { Attempts } from './attempts.tsx'
import { Card, Empty } from './basics.tsx'
import { TrialLog } from './log/index.tsx'
import { TrialPicker } from './trial-link.tsx'

/** The attempts of a trial and their log, at its end or at the attempt that the address names. */
export function AttemptLog({ run, trial }: { run: RunView; trial: TrialSummary }) {
  const [params, setParams] = useParams()
  const { data: full } = useTrial(trial.id)
  const number = Number(params.get('attempt'))
  const attempt = trial.attempts.find((one) => one.number === number) ?? trial.attempts.at(-1)
  if (attempt === undefined) return <Empty>No container yet.</Empty>
  const select = (id: number) =>
    setParams({
      trial: trial.number,
      attempt: trial.attempts.find((one) => one.id === id)?.number ?? null,
    })
  return (
    <>
      <Attempts
        run={run}
        attempts={trial.attempts}
        told={trial.failure}
        selected={attempt.id}
        onSelect={select}
      />
      <TrialLog run={run} trial={trial} metrics={full?.metrics} chosen={number || null} />
    </>
  )
}

export function LogSection({ run, trial }: { run: RunView; trial: TrialSummary | undefined }) {
  return (
    <Card
      title="Log"
      aside={trial === undefined ? null : <TrialPicker run={run} label="Log of" selected={trial.number} />}
    >
      {trial === undefined ? (
        <Empty>Nothing has been trained yet.</Empty>
      ) : (
        <AttemptLog key={trial.id} run={run} trial={trial} />
      )}
    </Card>
  )
}
