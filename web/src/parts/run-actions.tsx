import { useMutation, useQueryClient } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import type { RunView } from '../../../src/http/contract.ts'
import { postJson } from '../api.ts'
import { formatNumber } from '../format.ts'
import { hasEnded } from '../stages.ts'
import { ErrorBox } from './basics.tsx'

const RunAgain = lazy(() => import('./run-again.tsx'))

const focus = (element: HTMLElement | null) => element?.focus()

interface Asked {
  run: RunView
  path: 'cancel' | 'stop'
  label: string
  question: string
  really: string
  isDanger?: boolean
}

/** A button that asks once before it does what cannot be taken back. */
function AskedButton({ run, path, label, question, really, isDanger = false }: Asked) {
  const [asking, setAsking] = useState(false)
  const client = useQueryClient()
  const act = useMutation({
    mutationFn: () => postJson(`/runs/${run.id}/${path}`),
    onSettled: () => client.invalidateQueries({ queryKey: ['run', run.id] }),
  })
  const className = isDanger ? 'danger' : undefined
  return (
    <>
      {asking ? (
        // The safe answer takes the place and the focus of the button, so that a double click does no harm.
        <div className="ask">
          <span role="status">{question}</span>
          <button type="button" className={className} disabled={act.isPending} onClick={() => act.mutate()}>
            {really}
          </button>
          <button type="button" ref={focus} onClick={() => setAsking(false)}>
            Keep going
          </button>
        </div>
      ) : (
        <button type="button" className={className} onClick={() => setAsking(true)}>
          {label}
        </button>
      )}
      {act.isError ? <ErrorBox error={act.error} /> : null}
    </>
  )
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
        <Suspense fallback={<p className="loading">Loading…</p>}>
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
        <AskedButton
          run={run}
          path="stop"
          label="Stop at best"
          question={`End the search here? What trains is stopped, and trial ${run.bestTrial}${best} is the result.`}
          really="Really stop?"
        />
      ) : null}
      <AskedButton
        run={run}
        path="cancel"
        label="Cancel run"
        question="Cancel this run? Its training is stopped."
        really="Really cancel?"
        isDanger
      />
    </Actions>
  )
}
