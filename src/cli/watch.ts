import { runMachine } from '../domain/run.ts'
import type { Store } from '../store/store.ts'
import { chainPrinter } from './printer.ts'

export interface WatchOptions {
  /** Gets each line for a person, or each event as one line of JSON. */
  print: (line: string) => void
  json: boolean
  /** Folder that mails lie in where no mail server is set; null: one is. */
  mailbox: string | null
  signal?: AbortSignal
}

/** Prints what happens to a run until it has ended and its mails are sent or were refused once. */
export function watchRun(
  store: Store,
  runId: number,
  { print, json, mailbox, signal }: WatchOptions,
): Promise<void> {
  const toLine = chainPrinter(store, runId, mailbox)
  let cursor = 0
  const ended = () => {
    if (!runMachine.isFinal(store.runs.get(runId).state)) return false
    return store.mails.list({ runId }).every((mail) => mail.state === 'sent' || mail.tries > 0)
  }
  return new Promise((resolve) => {
    const done = () => {
      unsubscribe()
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const look = () => {
      for (const event of store.events.after(cursor, { runId })) {
        cursor = event.id
        const line = json ? JSON.stringify(event) : toLine(event)
        if (line !== null) print(line)
      }
      if (ended()) done()
    }
    const unsubscribe = store.events.subscribe(look)
    signal?.addEventListener('abort', done)
    look()
  })
}
