import { afterEach, expect, it } from 'vitest'
import { defaultSettings } from '../../src/domain/settings.ts'
import { createApp } from '../../src/http/app.ts'
import { startServer } from '../../src/http/server.ts'
import { fullRun, type TestServer, testServer } from '../helpers/http.ts'

let hone: TestServer | null = null
afterEach(() => hone?.close())

it('rejects when the port is taken', async () => {
  hone = await testServer()
  const again = startServer(createApp(hone.deps), { host: '127.0.0.1', port: hone.server.port })
  await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

it('ends connections that do not end themselves', async () => {
  hone = await testServer()
  let read: (() => void) | undefined
  const reading = new Promise<void>((resolve) => {
    read = resolve
  })
  hone.deps.readLog = () => {
    read?.()
    return new Promise(() => {})
  }
  const { project } = hone.project({ name: 'a' })

  const { attempt } = fullRun(hone.store, project.id, defaultSettings)
  const answer = hone.api(`/attempts/${attempt.id}/log`).catch((error: Error) => error.message)
  await reading
  await hone.server.close(10)
  expect(await answer).toBe('fetch failed')
})
