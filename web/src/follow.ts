import { type RefObject, useEffect, useRef, useState } from 'react'
import type { RunView, TrialSummary } from '../../src/http/contract.ts'
import { useTrial } from './queries.ts'
import { trialToShow } from './selection.ts'

/** Whether somebody reads, marks or types in an element, so that another in its place would be in the way. */
function isRead(element: HTMLElement | null): boolean {
  if (element === null) return false
  if (scrollY > 0 && element.getBoundingClientRect().top < innerHeight) return true
  if (element.contains(document.activeElement)) return true
  const selection = getSelection()
  return selection !== null && !selection.isCollapsed && selection.containsNode(element, true)
}

const MOVES = ['scroll', 'focusin', 'selectionchange'] as const

export interface Followed {
  /** The trial to show; null before the first. */
  number: number | null
  /** The one that would be shown, were the other not being read. */
  next: number | null
  /** Shows it. */
  follow: () => void
  /** For the element that shows the trial. */
  card: RefObject<HTMLDivElement | null>
}

/**
 * The trial that a page shows: what the visitor has chosen, else the one that trains, but not while another is read.
 * @param chosen by the visitor
 */
export function useFollowed(run: RunView, chosen: number | null): Followed {
  const card = useRef<HTMLDivElement>(null)
  const [shown, setShown] = useState<number | null>(null)
  const wanted = trialToShow(run, chosen, shown)
  const isChosen = chosen !== null && wanted === chosen
  const wasChosen = useRef(isChosen)
  useEffect(() => {
    // To choose, and to take the choice back, is to ask for another.
    const isAsked = isChosen || wasChosen.current
    wasChosen.current = isChosen
    if (wanted === shown) return
    const move = () => {
      if (shown === null || isAsked || !isRead(card.current)) setShown(wanted)
    }
    move()
    for (const name of MOVES) document.addEventListener(name, move)
    return () => {
      for (const name of MOVES) document.removeEventListener(name, move)
    }
  }, [wanted, shown, isChosen])
  const number = isChosen || shown === null ? wanted : shown
  const follow = () => {
    card.current?.scrollIntoView()
    setShown(wanted)
  }
  return { number, next: number === wanted ? null : wanted, follow, card }
}

/** The trial before until all of the next is there, so that the page keeps its height. */
export function useReady(run: RunView, trial: TrialSummary): TrialSummary {
  const { data, isError } = useTrial(trial.id)
  const [ready, setReady] = useState(trial.id)
  const isThere = data !== undefined || isError
  if (isThere && ready !== trial.id) setReady(trial.id)
  return run.trials.find(({ id }) => id === ready) ?? trial
}
