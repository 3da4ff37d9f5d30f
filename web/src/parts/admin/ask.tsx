import type { UseMutationResult } from '@tanstack/react-query'
import { useState } from 'react'
import { ErrorBox } from '../basics.tsx'

const focus = (element: HTMLElement | null) => element?.focus()

interface Props {
  /** On the button. */
  label: string
  /** For a screen reader: what it is done to. */
  about: string
  question: string
  change: Pick<UseMutationResult<unknown, Error, void>, 'mutate' | 'isPending' | 'error'>
}

/** A button that asks once before it does what cannot be undone; the safe answer has its place and the focus. */
export function Ask({ label, about, question, change }: Props) {
  const [asking, setAsking] = useState(false)
  if (!asking)
    return (
      <>
        <button
          type="button"
          className="danger"
          aria-label={`${label} ${about}`}
          onClick={() => setAsking(true)}
        >
          {label}
        </button>
        {change.error === null ? null : <ErrorBox error={change.error} />}
      </>
    )
  return (
    <span className="ask">
      <span role="status">{question}</span>
      <button type="button" ref={focus} onClick={() => setAsking(false)}>
        Keep
      </button>
      <button
        type="button"
        className="danger"
        disabled={change.isPending}
        onClick={() => {
          change.mutate()
          setAsking(false)
        }}
      >
        Really {label.toLowerCase()}
      </button>
    </span>
  )
}
