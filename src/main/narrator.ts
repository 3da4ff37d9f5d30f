import type { Logger } from 'pino'
import type { StoredEvent } from '../domain/event.ts'
import { describeFailure } from '../domain/failure.ts'
import { branchOf, type Run, runMachine } from '../domain/run.ts'
import type { Store } from '../store/store.ts'

interface Said {
  text: string
  level: 'info' | 'warn'
}

const firstLine = (message: string | null) => (message ?? '').split('\n')[0]?.trim() ?? ''

function beginning({ ref, sha, message, trigger }: Run): string {
  const what = firstLine(message)
  return `begins: ${trigger} of ${branchOf(ref)} ${sha.slice(0, 7)}${what === '' ? '' : ` (${what})`}`
}

function ending({ state, conclusion }: Run): Said {
  const reason = conclusion?.failure ? describeFailure(conclusion.failure) : (conclusion?.reason ?? '')
  switch (state) {
    case 'succeeded':
      return { level: 'info', text: `target reached: ${reason.replace(/^reached /, '')}` }
    case 'exhausted':
      return { level: 'info', text: `${conclusion?.stopped ? '' : 'target not reached: '}${reason}` }
    case 'failed':
      return { level: 'warn', text: `failed: ${reason}` }
    default:
      return { level: 'info', text: state === 'superseded' ? 'gave way to a newer push' : state }
  }
}

/** What the server's log says of a run's new state; null: nothing. */
function ofRun(run: Run, state: unknown, project: string, url: string): Said | null {
  const name = `${project} #${run.number}`
  if (state === 'running') return { level: 'info', text: `${name} ${beginning(run)} ${url}/runs/${run.id}` }
  // By now it may have gone on: its end has an event of its own.
  if (!runMachine.isFinal(run.state) || state !== run.state) return null
  const { level, text } = ending(run)
  return { level, text: `${name} ${text}` }
}

/** What came by webhook or `git push` and made no run. */
function ofDelivery({ event, outcome, reason }: Record<string, unknown>, project: string): Said | null {
  if (outcome === 'run' || outcome === 'ping' || outcome === 'duplicate') return null
  return { level: outcome === 'refused' ? 'warn' : 'info', text: `${project} ${event} ${outcome}: ${reason}` }
}

function said(store: Store, { type, runId, projectId, data }: StoredEvent, url: string): Said | null {
  if (type === 'run' && runId !== null) {
    const run = store.runs.byId(runId)
    const project = run && store.projects.byId(run.projectId)
    return project ? ofRun(run, data.state, project.name, url) : null
  }
  if (type === 'delivery' && projectId !== null) {
    const project = store.projects.byId(projectId)
    return project && ofDelivery(data, project.name)
  }
  if (type === 'project' && data.state === 'deleted')
    return { level: 'info', text: `${data.name} deleted, with its runs` }
  return null
}

const TOLD = ['run', 'delivery', 'project'] as const

/**
 * Logs, a line each, that a run began, how it ended, what came and made none, and that a project was deleted: what happens from now on.
 * @param url of the dashboard
 * @returns a function that ends it
 */
export function narrate(store: Store, logger: Pick<Logger, 'info' | 'warn'>, url: () => string): () => void {
  let cursor = store.events.lastId()
  const tell = (event: StoredEvent) => {
    cursor = event.id
    const line = said(store, event, url())
    if (line === null) return
    const { runId: run, projectId: project } = event
    logger[line.level]({ quiet: true, event: event.type, run, project }, line.text)
  }
  return store.events.subscribe((types) => {
    if (!TOLD.some((type) => types.has(type))) return
    let found: StoredEvent[]
    do {
      found = store.events.ofTypes(TOLD, cursor)
      found.forEach(tell)
    } while (found.length > 0)
  })
}
