import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ComponentProps, lazy, type ReactNode, Suspense, useState } from 'react'
import type { RunView } from '../../../src/http/contract.ts'
import { postJson } from '../api.ts'
import { formatNumber } from '../format.ts'
import { hasEnded } from '../stages.ts'
import { Ask } from './ask.tsx'
import { Loading } from './basics.tsx'

const RunAgain = lazy(() => import('./run-again.tsx'))

interface Asked extends Omit<ComponentProps<typeof Ask>, 'change' | 'keep'> {
  run: RunView
  path: 'cancel' | 'stop'
}

/** Ends the run in one of the two ways, after a question. */
function AskedEnd({ run, path, ...words }: Asked) {
  const client = useQueryClient()
  const act = useMutation({
    mutationFn: () => postJson(`/runs/${run.id}/${path}`),
    onSettled: () => client.invalidateQueries({ queryKey: ['run', run.id] }),
  })
  return <Ask {...words} keep="Keep going" change={act} />
}

/** What a person may do with a run: end it in order or at once, or run it again. */
export function RunActions({ run }: { run: RunView }) {
  const [open, setOpen] = useState(false)
  if (!hasEnded(run.state)) return <Alive run={run} />
  return (
    <>
      <Actions>
        <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          Run again
        </button>
      </Actions>
      {open ? (
        <Suspense fallback={<Loading />}>
          <RunAgain run={run} close={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  )
}

const Actions = ({ children }: { children: ReactNode }) => <div className="actions push">{children}</div>

function Alive({ run }: { run: RunView }) {
  // Before there is a best there is nothing to stop at, and a run that comes to its end stops by itself.
  const canStop = run.best !== null && run.left !== null
  const best = run.best === null ? '' : ` (${run.metric} ${formatNumber(run.best)})`
  return (
    <Actions>
      {canStop ? (
        <AskedEnd
          run={run}
          path="stop"
          label="Stop at best"
          question={`End the search here? What trains is stopped, and trial ${run.bestTrial}${best} is the result.`}
          really="Really stop?"
          isDanger={false}
        />
      ) : null}
      <AskedEnd
        run={run}
        path="cancel"
        label="Cancel run"
        question="Cancel this run? Its training is stopped."
        really="Really cancel?"
      />
    </Actions>
  )
}
