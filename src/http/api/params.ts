import type { Response } from 'express'
import type { z } from 'zod'
import type { Project } from '../../domain/project.ts'
import type { Run, Trigger } from '../../domain/run.ts'
import type { Trial } from '../../domain/trial.ts'
import type { Store } from '../../store/store.ts'
import { visitorOf } from '../access.ts'
import { badRequest, notFound } from '../errors.ts'
import { bytesOf, parseJson } from '../json-body.ts'

/** @throws HttpError 404 when the text is no id */
function idOf(what: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw notFound(`${what} '${text}'`)
  return Number(text)
}

function found<T>(what: string, text: string, byId: (id: number) => T | null): T {
  const row = byId(idOf(what, text))
  if (row === null) throw notFound(`${what} ${text}`)
  return row
}

/** What an address names. All throw HttpError 404 when it is not there. */
export const lookUp = (store: Store) => ({
  project(name: string): Project {
    const project = store.projects.byName(name)
    if (!project) throw notFound(`The project '${name}'`)
    return project
  },
  run: (id: string): Run => found('The run', id, store.runs.byId),
  trial: (id: string): Trial => found('The trial', id, store.trials.byId),
  attempt: (id: string) => found('The attempt', id, store.attempts.byId),
  user: (id: string) => found('The user', id, store.users.byId),
  token: (id: string) => found('The token', id, store.tokens.byId),
  mail: (id: string) => found('The mail', id, (number) => store.mails.byId(number)),
})

/** A whole number from the query. @throws HttpError 400 */
export function numberOf(query: Record<string, unknown>, name: string, most = Number.MAX_SAFE_INTEGER) {
  const text = query[name]
  if (text === undefined) return undefined
  if (typeof text !== 'string' || !/^\d{1,15}$/.test(text)) {
    throw badRequest('bad-parameter', `${name}: '${text}' is no whole number.`)
  }
  return Math.min(Number(text), most)
}

/** The body as the schema wants it. @throws HttpError 400 that names every wrong field */
export function bodyOf<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(parseJson(bytesOf(body)))
  if (result.success) return result.data
  const issues = result.error.issues.map(({ path, message }) => `${path.join('.') || 'the body'}: ${message}`)
  throw badRequest('bad-request', issues.join('; '), '/api/v1/openapi.json describes every request.')
}

/** Whether a person at the dashboard asks, or a program. */
export const triggerOf = (response: Response): Trigger =>
  visitorOf(response).via === 'session' ? 'manual' : 'api'
