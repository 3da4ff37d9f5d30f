import type { ReactNode, RefObject } from 'react'
import { apiPath } from '../../api.ts'

interface SearchProps {
  input: RefObject<HTMLInputElement | null>
  text: string
  /** What came of it, in words. */
  outcome: string
  onText: (text: string) => void
  onWalk: (step: 1 | -1) => void
  onLeave: () => void
}

/** The search field: Enter and Shift+Enter walk the hits, Escape leaves. */
export function SearchField({ input, text, outcome, onText, onWalk, onLeave }: SearchProps) {
  return (
    <search className="log-search">
      <input
        ref={input}
        type="search"
        value={text}
        maxLength={500}
        placeholder="Search the log"
        aria-label="Search the log"
        title="Press / to come here, Enter and Shift+Enter to walk the hits, l in the log to copy a link to the hit or the first line that is seen"
        spellCheck={false}
        autoComplete="off"
        onChange={({ target }) => onText(target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onWalk(event.shiftKey ? -1 : 1)
          else if (event.key === 'Escape') onLeave()
          else return
          event.preventDefault()
        }}
      />
      <span className="log-outcome" role="status">
        {outcome}
      </span>
      <span className="log-steps" hidden={text === ''}>
        <button type="button" aria-label="Previous hit" onClick={() => onWalk(-1)}>
          ↑
        </button>
        <button type="button" aria-label="Next hit" onClick={() => onWalk(1)}>
          ↓
        </button>
      </span>
    </search>
  )
}

interface BarProps {
  search: ReactNode
  status: string
  errors: string
  onError: () => void
  /** Null where no line is known to be the evidence. */
  onEvidence: (() => void) | null
  wrap: boolean
  onWrap: () => void
  /** The attempt that is seen. */
  attemptId: number | undefined
}

export function Bar({ search, status, errors, onError, onEvidence, wrap, onWrap, attemptId }: BarProps) {
  return (
    <div className="log-bar">
      {search}
      <button type="button" onClick={onError} title="Jump to the next error (e)">
        {errors}
      </button>
      {onEvidence === null ? null : (
        <button type="button" onClick={onEvidence} title="Jump to the line that the metric was read from">
          Evidence
        </button>
      )}
      <button type="button" aria-pressed={wrap} onClick={onWrap} title="Break long lines">
        Wrap
      </button>
      {attemptId === undefined ? null : (
        <a
          className="log-download"
          href={apiPath(`/attempts/${attemptId}/log?download`)}
          download
          title="The log of this attempt as it was printed"
        >
          Download
        </a>
      )}
      <span className="log-status dim small" role="status">
        {status}
      </span>
    </div>
  )
}
