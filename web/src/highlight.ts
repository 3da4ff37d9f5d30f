import { useSyncExternalStore } from 'react'
import { Listeners } from './listeners.ts'

/** What the visitor points at, wherever it is shown: every other place that shows it marks it too. */
interface Pointed {
  /** Its number. */
  trial: number
  /** A hyperparameter, by its name. */
  parameter: string
}
type Kind = keyof Pointed

let pointed: { readonly [K in Kind]: Pointed[K] | null } = { trial: null, parameter: null }
const listeners = new Listeners<void>()
const subscribe = (listener: () => void) => listeners.add(listener)

/** Marks it everywhere; null: nothing of that kind. */
export function highlight<K extends Kind>(kind: K, what: Pointed[K] | null): void {
  if (pointed[kind] === what) return
  pointed = { ...pointed, [kind]: what }
  listeners.call()
}

/** Takes the mark away, unless it has gone to another already. */
function release<K extends Kind>(kind: K, what: Pointed[K]): void {
  if (pointed[kind] === what) highlight(kind, null)
}

export function clearHighlight(): void {
  highlight('trial', null)
  highlight('parameter', null)
}

/** What is marked; for charts, which draw it themselves. */
export const useHighlighted = <K extends Kind>(kind: K): Pointed[K] | null =>
  useSyncExternalStore(subscribe, () => pointed[kind])

/** Whether this one is marked. Of hundreds of rows only the two that change are drawn again. */
export const useIsHighlighted = <K extends Kind>(kind: K, what: Pointed[K] | null): boolean =>
  useSyncExternalStore(subscribe, () => what !== null && pointed[kind] === what)

/** What an element gets that marks it, by pointer and by keyboard. */
export const pointingAt = <K extends Kind>(kind: K, what: Pointed[K]) => ({
  onPointerEnter: () => highlight(kind, what),
  onPointerLeave: () => release(kind, what),
  onFocus: () => highlight(kind, what),
  onBlur: () => release(kind, what),
})

/** For one that marks a hyperparameter and is marked with it; the attribute carries it for styles. */
export function useParameter(name: string) {
  const isHighlighted = useIsHighlighted('parameter', name)
  return { ...pointingAt('parameter', name), 'data-highlight': isHighlighted }
}
