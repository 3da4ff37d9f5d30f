import type { UseMutationResult } from '@tanstack/react-query'
import { type ReactNode, useId, useState } from 'react'
import { ErrorBox } from './basics.tsx'

const focus = (element: HTMLElement | null) => element?.focus()

interface Props {
  /** On the button. */
  label: string
  /** For a screen reader: what it is done to. */
  about?: string
  question: ReactNode
  /** On the button that does it. */
  really: string
  /** On the one that leaves all as it is. */
  keep?: string
  isDanger?: boolean
  /** False while the question asks for something that is not there yet. */
  isReady?: boolean
  change: Pick<UseMutationResult<unknown, Error, void>, 'mutate' | 'isPending' | 'error' | 'reset'>
}

/**
 * A button that asks once before it does what cannot be undone. The safe answer stands last, where the button stood, and
 * has the focus, so that a double click does no harm; Escape gives it, too.
 */
export function Ask({
  label,
  about,
  question,
  really,
  keep = 'Keep',
  isDanger = true,
  isReady = true,
  change,
}: Props) {
  const [stage, setStage] = useState<'unasked' | 'asking' | 'answered'>('unasked')
  const id = useId()
  const className = isDanger ? 'danger' : undefined
  const leave = () => {
    change.reset()
    setStage('answered')
  }
  const error = change.error === null ? null : <ErrorBox error={change.error} />
  if (stage !== 'asking')
    return (
      <>
        <button
          type="button"
          className={className}
          aria-label={about === undefined ? undefined : `${label} ${about}`}
          ref={stage === 'answered' ? focus : null}
          onClick={() => setStage('asking')}
        >
          {label}
        </button>
        {error}
      </>
    )
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Escape is a second way to what the button does */}
      <span className="ask" onKeyDown={({ key }) => (key === 'Escape' ? leave() : undefined)}>
        <span id={id}>{question}</span>
        <button
          type="button"
          className={className}
          disabled={change.isPending || !isReady}
          onClick={() => change.mutate(undefined, { onSuccess: () => setStage('answered') })}
        >
          {really}
        </button>
        <button type="button" aria-describedby={id} ref={focus} onClick={leave}>
          {keep}
        </button>
      </span>
      {error}
    </>
  )
}
