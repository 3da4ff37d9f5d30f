import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import { defaultSettings } from '../../src/domain/settings.ts'
import { ErrorView } from '../../src/http/contract.ts'
import { fullRun, type TestServer, testServer } from '../helpers/http.ts'

/** One server for all tests of a file, a fresh project name for each, and short words for what they do. */
export function apiTests() {
  let server: TestServer
  let names = 0
  const api = {
    name: '',
    get hone() {
      return server
    },
    get: (path: string) => server.api(path),
    post: (path: string, body: unknown) => server.api(path, { method: 'POST', body }),
    patch: (path: string, body: unknown) => server.api(path, { method: 'PATCH', body }),
    /** A project with a run that has something of everything. */
    full() {
      const { project } = server.project({ name: api.name })
      return { project, ...fullRun(server.store, project.id, defaultSettings) }
    },
  }
  beforeAll(async () => {
    server = await testServer()
  })
  afterAll(() => server.close())
  beforeEach(() => {
    api.name = `p${++names}`
  })
  return api
}

/** The error of an answer, which must have this status. */
export async function errorOf(answer: Promise<Response>, status: number) {
  const response = await answer
  const { error } = ErrorView.parse(await response.json())
  expect({ status: response.status, error }).toMatchObject({ status })
  return error
}
