import { useSyncExternalStore } from 'react'
import { Listeners } from './listeners.ts'

const SECOND_MS = 1000

const ticks = new Listeners<void>()
let watchers = 0
let timer: ReturnType<typeof setInterval> | undefined

/** Calls a listener each second; all listeners share one timer, so that times on a page change together. */
export function onSecond(listener: () => void): () => void {
  const remove = ticks.add(listener)
  watchers += 1
  timer ??= setInterval(() => ticks.call(), SECOND_MS)
  return () => {
    remove()
    watchers -= 1
    if (watchers > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

const never = () => () => {}

/** When the second that runs began: the same for all that is drawn within it. */
export const secondNow = () => Math.floor(Date.now() / SECOND_MS) * SECOND_MS

/** The time now to the second, in ms, refreshed while the component is shown. */
export const useNow = (): number => useSyncExternalStore(onSecond, secondNow)

/**
 * A text that tells the time; the component is drawn again only when the text is another.
 * @param ticks whether it changes by itself
 */
export const useTimeText = (textAt: (now: number) => string, ticks = true): string =>
  useSyncExternalStore(ticks ? onSecond : never, () => textAt(secondNow()))
