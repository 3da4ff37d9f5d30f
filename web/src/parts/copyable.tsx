import { useEffect, useRef, useState } from 'react'
import { type CopyOutcome, copy } from '../copy.ts'

const SAID_MS = 2500
const WORDS = { copied: 'Copied', selected: 'Selected: press Ctrl+C', refused: 'Copy it by hand' }

/** Text to copy, with a button that says for a moment what became of it. */
export function Copyable({ text, label }: { text: string; label: string }) {
  const [done, setDone] = useState<{ text: string; outcome: CopyOutcome } | null>(null)
  const shown = useRef<HTMLPreElement>(null)
  useEffect(() => {
    if (done === null) return
    const timer = setTimeout(() => setDone(null), SAID_MS)
    return () => clearTimeout(timer)
  }, [done])
  const words = done?.text === text ? WORDS[done.outcome] : null
  return (
    <div className="copyable">
      <pre className="code" ref={shown}>
        {text}
      </pre>
      <button
        type="button"
        aria-label={`Copy ${label}`}
        onClick={() => void copy(text, shown.current).then((outcome) => setDone({ text, outcome }))}
      >
        {words ?? 'Copy'}
      </button>
      <span className="unseen" role="status">
        {words}
      </span>
    </div>
  )
}
