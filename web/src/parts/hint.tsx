import { type FocusEvent, type KeyboardEvent, type MouseEvent, useEffect, useState } from 'react'
import './hint.css'

interface Shown {
  words: string
  /** Where in the window, in pixels: under the middle of what it is about. */
  x: number
  y: number
}

type On = MouseEvent<Element> | FocusEvent<Element>

/** What an element gets that has a hint: shown on hover and focus, gone on Escape. */
export type Hinted = (words: string) => {
  onMouseEnter: (event: On) => void
  onMouseLeave: () => void
  onFocus: (event: On) => void
  onBlur: () => void
  onKeyDown: (event: KeyboardEvent) => void
}

const EDGE = 160

/** A hint that stands over everything, so that no box that scrolls can cut it off. */
export function useHint(): { shown: Shown | null; on: Hinted } {
  const [shown, setShown] = useState<Shown | null>(null)
  const hide = () => setShown(null)
  useEffect(() => {
    if (shown === null) return
    const hide = () => setShown(null)
    addEventListener('scroll', hide, { capture: true, passive: true })
    return () => removeEventListener('scroll', hide, { capture: true })
  }, [shown])
  const on: Hinted = (words) => {
    const show = ({ currentTarget }: On) => {
      const { left, width, bottom } = currentTarget.getBoundingClientRect()
      const x = Math.min(Math.max(left + width / 2, EDGE + 8), innerWidth - EDGE - 8)
      setShown({ words, x, y: bottom + 6 })
    }
    return {
      onMouseEnter: show,
      onMouseLeave: hide,
      onFocus: show,
      onBlur: hide,
      onKeyDown: ({ key }) => key === 'Escape' && hide(),
    }
  }
  return { shown, on }
}

/** What it says is said to a screen reader by `aria-describedby` of what it is about. */
export function Hint({ of: shown }: { of: Shown | null }) {
  if (shown === null) return null
  return (
    <div className="hint" aria-hidden="true" style={{ left: shown.x, top: shown.y }}>
      {shown.words}
    </div>
  )
}
