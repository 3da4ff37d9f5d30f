import type { Store } from '../../store/store.ts'
import { RunState } from '../contract.ts'
import { badRequest } from '../errors.ts'
import { lookUp, numberOf } from './params.ts'

const MAX_TEXT = 200

export const fullRef = (ref: string) => (ref.startsWith('refs/') ? ref : `refs/heads/${ref}`)

/** Null where the query does not have it, or has it empty. @throws HttpError 400 */
function textOf(query: Record<string, unknown>, name: string): string | null {
  const text = query[name]
  if (text === undefined || text === '') return null
  if (typeof text === 'string' && text.length <= MAX_TEXT) return text
  throw badRequest('bad-parameter', `${name}: give it once, with at most ${MAX_TEXT} characters.`)
}

/** Null where the query does not have it. @throws HttpError 400 */
function flagOf(query: Record<string, unknown>, name: string): boolean | null {
  const text = textOf(query, name)
  if (text === null) return null
  if (text !== 'true' && text !== 'false') {
    throw badRequest('bad-parameter', `${name}: '${text}' is neither true nor false.`)
  }
  return text === 'true'
}

/** What of a query says which runs are meant. @throws HttpError 400, 404 for a project that is not there */
export function runFilterOf(store: Store, query: Record<string, unknown>) {
  const project = textOf(query, 'project')
  const branch = textOf(query, 'branch')
  const author = textOf(query, 'author')
  const text = textOf(query, 'q')
  const state = textOf(query, 'state')
  const known = state === null ? null : RunState.safeParse(state)
  if (known?.success === false) {
    throw badRequest(
      'bad-parameter',
      `state: '${state}' is none.`,
      `It is one of ${RunState.options.join(', ')}.`,
    )
  }
  const stopped = flagOf(query, 'stopped')
  const before = numberOf(query, 'before')
  return {
    ...(project === null ? {} : { projectId: lookUp(store).project(project).id }),
    ...(branch === null ? {} : { ref: fullRef(branch) }),
    ...(author === null ? {} : { author }),
    ...(text === null ? {} : { text }),
    ...(known === null ? {} : { state: known.data }),
    ...(stopped === null ? {} : { stopped }),
    ...(before === undefined ? {} : { before }),
    limit: numberOf(query, 'limit', 200) ?? 50,
  }
}
